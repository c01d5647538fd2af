import copy
import tomllib
from pathlib import Path

import pytest

from consilience.engine.duck import DuckEngine
from consilience.errors import MappingError, UsageError
from consilience.harmonise.load import Source, import_sources
from consilience.harmonise.mapping import load_mapping, parse_mapping
from consilience.harmonise.restore import restore_source

LIST = (Path(__file__).parent / "data" / "visits.csv").read_text(encoding="utf-8")
MAPPING = tomllib.loads((Path(__file__).parent / "data" / "visits.toml").read_text(encoding="utf-8"))


HEADER = LIST.splitlines()[0]
UPDATE = (
    HEADER + "\n2,A,2021-04-04,,Ori,North,10.5,20.25,f,Bo Corrected,31,no,beaten,army,3\n"
    "4,D,2021-06-01,,Ori,South,,,f,Dee Invented,40,,beaten,police,\n"
    "1,A,2021-04-03,2021-04-05,Ori,North,10.5,20.25,m,Ana Invented,25,yes,beaten,police,\n"
    "3,B,never,NA,,South,,,x,,under 18,,shot,,\n"
)


@pytest.fixture(scope="module")
def corrected(tmp_path_factory, registry):
    """A list and an update of it, imported once for all tests."""
    folder = tmp_path_factory.mktemp("update")
    mapping, snapshot = load_mapping(Path(__file__).parent / "data" / "visits.toml"), None
    with DuckEngine(threads=2) as engine:
        for name, text in (("list.csv", LIST), ("update.csv", UPDATE)):
            (folder / name).write_text(text, encoding="utf-8")
            source = Source("s", folder / name, mapping)
            snapshot = import_sources([source], folder / "snapshot", registry, engine=engine, update=snapshot)
    return snapshot


@pytest.fixture
def updated(corrected, engine):
    corrected.register(engine)
    return corrected


def test_corrections_are_applied_and_everything_else_stays(updated, importing, mapping):
    table = restore_source(updated, "s", mapping).to_pylist()
    assert [(row["case"], row["from"], row["years"]) for row in table] == [
        ("1", "2021-04-03", "25"), ("2", "2021-04-04", "31"), ("3", "March 2021", "under 18"),
        ("4", "2021-06-01", "40"),
    ]  # fmt: skip
    assert [row["line"] for row in importing.rows("records_s", "record_id, line")] == [2, 2, 4, 3]
    updated.verify()


def test_totals_add_up_after_an_update(updated):
    source = updated.source("s")
    assert (source.rows, source.accepted, source.rejected) == (5, 4, 1)
    assert [(each.name, each.rows, each.accepted, each.rejected) for each in source.inputs] == [
        ("list.csv", 3, 3, 0), ("update.csv", 4, 3, 1),
    ]  # fmt: skip
    assert (updated.path / "rejected" / "s.2.csv").is_file()


def test_old_values_are_kept_and_those_of_sealed_columns_apart(updated, importing, engine):
    engine.register_parquet("history", [updated.path / "history" / "s.parquet"])
    history = [tuple(row.values()) for row in importing.rows("history")]
    assert history == [("2", "from", "2021-04-03", "2021-04-04", 1), ("2", "years", "about 30", "31", 1)]
    engine.register_parquet("history", [updated.path / "history" / "s.identities.parquet"])
    assert [tuple(row.values()) for row in importing.rows("history")] == [
        ("2", "full_name", "Bo Invented", "Bo Corrected", 1)
    ]


def test_the_same_update_twice_changes_nothing(updated, importing, mapping):
    assert importing(UPDATE, mapping, name="update.csv", update=updated).digest == updated.digest


def test_a_second_update_adds_to_the_history(updated, importing, mapping, engine):
    second = importing(
        HEADER + "\n2,A,2021-04-07,,Ori,North,10.5,20.25,f,Bo Corrected,31,no,beaten,army,3\n",
        mapping, name="second.csv", update=updated,
    )  # fmt: skip
    engine.register_parquet("history", [second.path / "history" / "s.parquet"])
    assert [row["update"] for row in importing.rows("history", '"update"')] == [1, 1, 2]
    second.verify()


def test_an_update_with_another_mapping_or_other_columns_is_refused(updated, importing, mapping):
    data = copy.deepcopy(MAPPING)
    data["version"] = "2"
    with pytest.raises(MappingError, match="another mapping"):
        importing(UPDATE, parse_mapping(data), name="u.csv", update=updated)
    with pytest.raises(MappingError, match="other columns"):
        importing(
            UPDATE.replace("people\n", "people,more\n").replace(",\n", ",,\n"), mapping, name="u.csv", update=updated
        )


def test_an_update_of_a_source_that_is_not_there_is_refused(updated, mapping, tmp_path, registry):
    with pytest.raises(UsageError, match="no source called other"):
        import_sources(
            [Source("other", tmp_path / "update.csv", mapping)], tmp_path / "snapshot", registry, update=updated
        )
