"""Labels: who is truly one person, told by people, to measure the error with.

A table with `record_id` and a column that names the person (`cluster`, `entity_id`, `person_id`, `label`); with
`source` where there are several sources (a source is called as its file is, without the ending). Or a table of pairs:
`source_l`, `record_id_l`, `source_r`, `record_id_r` and `same` (1 or 0); pairs of one person are taken together.
"""

import csv
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq

from consilience.errors import FormatError, MappingError
from consilience.linkage.entities import Ref

_PERSON = ("cluster", "entity_id", "person_id", "entity", "label", "cluster_id", "person")
_RECORD = ("record_id", "unique_id", "rec_id", "id")
_PAIR = ("source_l", "record_id_l", "source_r", "record_id_r")
_YES = {"1", "true", "yes", "positive", "match"}


def read_labels(path: Path, sources: Sequence[str]) -> dict[Ref, str]:
    """Read labels.

    Args:
        path: CSV in UTF-8 with a header, or Parquet.
        sources: the sources there are; a table without `source` speaks of the only one, or of all alike.

    Raises:
        FormatError: the file cannot be read.
        MappingError: it has no column of records or of people, or tells of no record at all.
    """
    rows = _rows(path)
    names = list(rows[0]) if rows else []
    if set(_PAIR) <= set(names):
        return _from_pairs(rows)
    record = next((name for name in _RECORD if name in names), None)
    person = next((name for name in _PERSON if name in names), None)
    if record is None or person is None:
        raise MappingError(
            f"{path.name} tells of no labels",
            found=", ".join(names) or "no row",
            expected="record_id and cluster (and source), or source_l, record_id_l, source_r, record_id_r and same",
            remedy="Rename its columns.",
        )
    told = [row for row in rows if row[person] not in {"", None}]
    if "source" in names:
        return {(str(row["source"]), str(row[record])): str(row[person]) for row in told}
    return {(source, str(row[record])): str(row[person]) for row in told for source in sources}


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        if path.suffix.lower() in {".parquet", ".pq"}:
            found: list[dict[str, str]] = pq.read_table(path).to_pylist()
            return found
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error, ValueError) as fault:
        raise FormatError(
            f"{path.name} cannot be read", found=type(fault).__name__, expected="CSV in UTF-8, or Parquet"
        ) from None


def _from_pairs(rows: Sequence[dict[str, str]]) -> dict[Ref, str]:
    """Join the pairs that are one person; every record named in any pair gets a label."""
    parent: dict[Ref, Ref] = {}

    def top(ref: Ref) -> Ref:
        parent.setdefault(ref, ref)
        while parent[ref] != ref:
            parent[ref] = parent[parent[ref]]
            ref = parent[ref]
        return ref

    for row in rows:
        ends = top((row["source_l"], row["record_id_l"])), top((row["source_r"], row["record_id_r"]))
        if str(row.get("same", "1")).strip().lower() in _YES:
            parent[max(ends)] = min(ends)
    return {ref: "\0".join(top(ref)) for ref in list(parent)}
