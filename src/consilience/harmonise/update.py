"""Updates: corrections by the source's own identifiers, with the old values kept (requirement DO4).

Records that the update does not mention stay. A record that is the same word for word stays as it is, its line
included; so running the same update again changes nothing. A row of the update that is rejected leaves the record it
meant as it was.
"""

from pathlib import Path

from consilience.engine.base import quote_identifier, quote_literal
from consilience.errors import MappingError
from consilience.formats.snapshot import Snapshot, SourceRecord
from consilience.harmonise.stage import Stage

HISTORY = ("record_id", "column", "old", "new", "update")


def check_same_shape(stage: Stage, before: SourceRecord, sha256: str) -> None:
    """Refuse an update that could not be told from the records it corrects.

    Raises:
        MappingError: the mapping or the columns are not those of the first import.
    """
    if before.mapping.sha256 != sha256:
        raise MappingError(
            f"Source {before.name} was imported with another mapping",
            found=f"{stage.columns.mapping.name} {stage.columns.mapping.version}, or an edited one",
            expected=f"{before.mapping.name} {before.mapping.version}, unchanged",
            remedy="Import the whole list again without --update.",
        )
    if set(stage.columns.names) != set(dict(before.columns)):
        odd = sorted(set(stage.columns.names) ^ set(dict(before.columns)))
        raise MappingError(
            f"The update of source {before.name} has other columns than its records",
            found=f"{len(stage.columns.names)} columns; only one side has {', '.join(map(repr, odd[:10]))}",
            expected=f"the same {len(before.columns)} columns, in any order",
            remedy="Add the missing columns to the update, or import the whole list again.",
        )


def merge(stage: Stage, record_id: str, base: Snapshot, before: SourceRecord) -> tuple[Stage, int]:
    """Put the records as they are after the update on the stage.

    Makes the table `changes` for the history: `place`, the record's place before (NULL for a new one), and each cell
    before (`o<i>`) and after (`w<i>`).

    Returns:
        The stage with all records, and how many records changed or are new.
    """
    engine, width = stage.engine, len(stage.columns.names)
    _load_before(stage, base, before)
    olds = ", ".join(f"b.o{at}" for at in range(width))
    news = ", ".join(f"a.w{at}" for at in range(width))
    differs = " OR ".join(f"a.w{at} IS DISTINCT FROM b.o{at}" for at in range(width))
    engine.execute(
        f"CREATE OR REPLACE TABLE changes AS SELECT b.place, a.line, a.id, {olds}, {news} FROM "
        f"(SELECT *, {record_id} AS id FROM accepted) a LEFT JOIN before b ON b.id = a.id "
        f"WHERE b.place IS NULL OR {differs} ORDER BY a.line"
    )
    kept = ", ".join(f"o{at} AS c{at}" for at in range(width))
    changed = ", ".join(f"w{at} AS c{at}" for at in range(width))
    engine.execute(
        f"CREATE OR REPLACE TABLE merged AS SELECT * EXCLUDE (place) FROM ("
        f"SELECT place, line, {kept} FROM before "
        "WHERE place NOT IN (SELECT place FROM changes WHERE place IS NOT NULL) "
        f"UNION ALL SELECT place, line, {changed} FROM changes) ORDER BY place NULLS LAST, line"
    )
    count: int = engine.fetch("SELECT count(*) AS n FROM changes")["n"][0].as_py()
    for view in ("clean", "accepted", "stage"):
        engine.execute(f"DROP VIEW IF EXISTS {view}")
    engine.execute("DROP TABLE stage_rows")
    engine.execute("ALTER TABLE merged RENAME TO stage_rows")
    return Stage.open(engine, "line", stage.columns), count


def _load_before(stage: Stage, base: Snapshot, before: SourceRecord) -> None:
    """Make the table `before`: the records word for word, sealed columns included, in the update's order of columns."""
    engine = stage.engine
    engine.register_parquet("before_records", [base.records(before.name)])
    sealed_file = base.sealed(before.name)
    cells = {at: cell for sealed in (False, True) for at, cell in _stored(stage, sealed=sealed)}
    picked = ", ".join(f"{cells[at]} AS o{at}" for at in sorted(cells))
    joined = ""
    if sealed_file is not None:
        engine.register_parquet("before_sealed", [sealed_file])
        joined = "JOIN before_sealed s ON s.record_id = r.record_id"
    engine.execute(
        f"CREATE OR REPLACE TABLE before AS SELECT r.place, r.line, r.record_id AS id, {picked} FROM "
        f"(SELECT *, row_number() OVER () AS place FROM before_records) r {joined}"
    )


def _stored(stage: Stage, *, sealed: bool) -> list[tuple[int, str]]:
    table = "s" if sealed else "r"
    return [(int(cell[1:]), f"{table}.{quote_identifier(name)}") for cell, name in stage.cells(sealed=sealed)]


def write_history(stage: Stage, source: str, base: Snapshot, number: int, workdir: Path) -> dict[Path, int]:
    """Write what changed after what changed before; sealed columns go to a file of their own.

    Args:
        stage: the stage after `merge`.
        source: the source's name.
        base: the snapshot that was updated.
        number: the number of this update, from 1.
        workdir: the folder of the new snapshot.

    Returns:
        Rows of each file written.
    """
    written: dict[Path, int] = {}
    for sealed, suffix in ((False, ""), (True, ".identities")):
        name = f"history/{source}{suffix}.parquet"
        query = _history(stage, number, sealed=sealed)
        old = base.path / name
        parts = [f"SELECT * FROM read_parquet({quote_literal(str(old))})"] if old.exists() else []
        parts += [query] if query else []
        if parts:
            written |= _write_some(stage, " UNION ALL ".join(parts), workdir / name)
    return written


def _history(stage: Stage, number: int, *, sealed: bool) -> str:
    """Return the query of one row for each cell that changed, in the order of the update's lines and of the columns."""
    parts = [
        f'SELECT line, {at} AS turn, id AS record_id, {quote_literal(stage.columns.names[at])} AS "column", '
        f"o{at} AS old, w{at} AS new FROM changes WHERE place IS NOT NULL AND o{at} IS DISTINCT FROM w{at}"
        for at, _ in _stored(stage, sealed=sealed)
    ]
    if not parts:
        return ""
    return (
        f'(SELECT record_id, "column", old, new, CAST({number} AS BIGINT) AS "update" '
        f"FROM ({' UNION ALL '.join(parts)}) ORDER BY line, turn)"
    )


def _write_some(stage: Stage, query: str, target: Path) -> dict[Path, int]:
    stage.engine.execute(f"CREATE OR REPLACE TABLE history_rows AS {query}")
    count: int = stage.engine.fetch("SELECT count(*) AS n FROM history_rows")["n"][0].as_py()
    if not count:
        return {}
    target.parent.mkdir(parents=True, exist_ok=True)
    stage.engine.write_parquet("SELECT * FROM history_rows", target)
    return {target: count}
