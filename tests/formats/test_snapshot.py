import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from consilience.engine.duck import DuckEngine
from consilience.errors import SnapshotError
from consilience.formats.snapshot import SNAPSHOT_FILE, Input, MappingOrigin, Snapshot, SourceRecord, seal_snapshot
from consilience.model.schema import TABLES


@pytest.fixture
def snapshot(tmp_path):
    for name in ("records/s.parquet", "tables/statements/s.parquet"):
        (tmp_path / name).parent.mkdir(parents=True)
        pq.write_table(pa.table({"statement_id": ["s:1"], "record_id": ["1"]}), tmp_path / name)
    read = Input(name="a.csv", sha256="0" * 64, bytes=1, format="csv", rows=1, accepted=1, rejected=0)
    origin = MappingOrigin(name="m", version="1", sha256="1" * 64)
    record = SourceRecord(
        name="s", mapping=origin, inputs=(read,), rows=1, accepted=1, rejected=0, faults=0, columns=(("a", "kept"),)
    )
    seal_snapshot(tmp_path, [record], {"records/s.parquet": 1, "tables/statements/s.parquet": 1})
    return Snapshot.open(tmp_path)


def test_every_table_can_be_read_even_one_that_no_source_fills(snapshot):
    with DuckEngine() as engine:
        snapshot.register(engine)
        assert engine.fetch("SELECT count(*) AS n FROM statements")["n"][0].as_py() == 1
        assert engine.fetch("SELECT count(*) AS n FROM records_s")["n"][0].as_py() == 1
        events = engine.fetch("SELECT * FROM events")
    assert events.num_rows == 0
    assert events.column_names == [column.name for column in TABLES["events"].columns]


def test_a_whole_snapshot_verifies(snapshot):
    snapshot.verify()


def test_a_changed_an_absent_and_a_strange_file_are_each_named(snapshot):
    path = snapshot.path / "records" / "s.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    (snapshot.path / "tables" / "statements" / "s.parquet").unlink()
    (snapshot.path / "extra.txt").write_text("x")
    with pytest.raises(SnapshotError) as caught:
        snapshot.verify()
    for words in ("records/s.parquet differs", "statements/s.parquet is absent", "extra.txt is not listed"):
        assert words in str(caught.value)


def test_the_digest_names_the_content_whatever_the_layout_of_the_json(snapshot):
    place = snapshot.path / SNAPSHOT_FILE
    place.write_text(json.dumps(json.loads(place.read_text())))
    assert Snapshot.open(snapshot.path).digest == snapshot.digest
    place.write_text(place.read_text().replace('"rows": 1', '"rows": 2', 1))
    assert Snapshot.open(snapshot.path).digest != snapshot.digest


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"sources": 1, "files": {}}', '{"schema_version": "99", "sources": [], "files": {}}']
)
def test_what_is_no_snapshot_is_refused(tmp_path, text):
    (tmp_path / SNAPSHOT_FILE).write_text(text)
    with pytest.raises(SnapshotError):
        Snapshot.open(tmp_path)


def test_a_folder_without_the_file_is_refused(tmp_path):
    with pytest.raises(SnapshotError, match="is no snapshot"):
        Snapshot.open(tmp_path / "nothing")


def test_a_source_that_is_not_there_is_a_sentence(snapshot):
    with pytest.raises(SnapshotError, match="no source called x"):
        snapshot.source("x")
