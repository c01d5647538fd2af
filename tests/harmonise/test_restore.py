import csv
from pathlib import Path

import pytest

from consilience.errors import MappingError, SnapshotError
from consilience.harmonise.load import Source, import_sources
from consilience.harmonise.mapping import load_mapping
from consilience.harmonise.restore import restore_source

LIST = (Path(__file__).parent / "data" / "visits.csv").read_text(encoding="utf-8")


def test_every_cell_comes_back(importing, mapping):
    table = restore_source(importing(LIST, mapping), "s", mapping)
    header, *rows = csv.reader(LIST.splitlines())
    assert table.column_names == header
    assert [[cell or "" for cell in row.values()] for row in table.to_pylist()] == rows


def test_without_the_sealed_columns_nothing_is_restored(importing, mapping):
    snapshot = importing(LIST, mapping)
    (snapshot.path / "sealed" / "s.parquet").unlink()
    with pytest.raises(SnapshotError, match="not in this snapshot"):
        restore_source(snapshot, "s", mapping)


def test_another_mapping_restores_nothing(importing, mapping):
    with pytest.raises(MappingError, match="another mapping"):
        restore_source(importing(LIST, mapping), "s", mapping.model_copy(update={"version": "2"}))


def test_the_chilean_list_goes_there_and_back_with_no_field_lost(real_data, tmp_path, registry, engine):
    path = real_data / "lists" / "chile_truth_commission.csv"
    mapping = load_mapping("chile_truth_commission")
    snapshot = import_sources([Source("victims", path, mapping)], tmp_path / "s", registry, engine=engine)
    assert snapshot.source("victims").accepted == 2398
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    table = restore_source(snapshot, "victims", mapping)
    assert table.column_names == header
    assert len(header) == 59
    assert [[cell or "" for cell in row.values()] for row in table.to_pylist()] == rows
    snapshot.register(engine)
    assert engine.fetch("SELECT count(*) AS n FROM events")["n"][0].as_py() == len({row[1] for row in rows})
    at = {name: place for place, name in enumerate(header)}
    killed_and_tortured = {row[0] for row in rows if row[at["violence"]] == "Killed" and row[at["torture"]] == "1"}
    both = engine.fetch(
        "SELECT record_id FROM acts GROUP BY record_id "
        "HAVING bool_or(violation = 'KILLING') AND bool_or(violation = 'TORTURE')"
    )["record_id"].to_pylist()
    assert set(both) == killed_and_tortured
