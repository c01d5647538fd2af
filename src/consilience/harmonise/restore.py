"""The way back: a source's accepted rows as the source wrote them, cell by cell."""

import pyarrow as pa
import pyarrow.parquet as pq

from consilience.errors import MappingError, SnapshotError
from consilience.formats.snapshot import Snapshot
from consilience.harmonise.mapping import SourceMapping
from consilience.harmonise.stage import stored_name


def restore_source(snapshot: Snapshot, source: str, mapping: SourceMapping) -> pa.Table:
    """Return the accepted rows of a source: all columns as text, in the file's order of columns and rows.

    Whoever may not read the sealed columns cannot restore a source that has some.

    Args:
        snapshot: the snapshot.
        source: the source's name.
        mapping: the mapping it was imported with.

    Raises:
        MappingError: the source was imported with another mapping.
        SnapshotError: there is no such source, or its sealed columns are not there.
    """
    record = snapshot.source(source)
    if record.mapping.sha256 != mapping.sha256:
        raise MappingError(
            f"Source {source} was imported with another mapping",
            found=f"{mapping.name} {mapping.version}",
            expected=f"{record.mapping.name} {record.mapping.version}, unchanged",
        )
    held = pq.read_table(snapshot.records(source))
    sealed = _sealed(snapshot, source) if "sealed" in dict(record.columns).values() else held
    if not held["record_id"].equals(sealed["record_id"]):
        raise SnapshotError(
            f"The records of source {source} and its sealed columns do not belong together",
            remedy="Take the snapshot from a copy, or import again.",
        )
    columns = {
        name: (sealed if fate == "sealed" else held)[stored_name(name)].combine_chunks()
        for name, fate in record.columns
    }
    return pa.table(columns)


def _sealed(snapshot: Snapshot, source: str) -> pa.Table:
    path = snapshot.sealed(source)
    if path is None or not path.is_file():
        raise SnapshotError(
            f"The sealed columns of source {source} are not in this snapshot",
            expected=f"sealed/{source}.parquet",
            remedy="Only the node that imported the source holds them.",
        )
    return pq.read_table(path)
