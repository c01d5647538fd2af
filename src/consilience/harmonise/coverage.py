"""How much of a source its crosswalks cover: by code and by share of rows (requirement ST3)."""

from collections.abc import Sequence
from pathlib import Path

from consilience.engine.base import Engine, quote_literal
from consilience.formats.snapshot import Coverage
from consilience.harmonise.recode import Recoded

RELATIONS = ("exact", "broader", "narrower", "partial", "none", "unknown")
_SHOWN = 50


def coverage(engine: Engine, recoded: Sequence[Recoded], tables: dict[str, Path]) -> tuple[Coverage, ...]:
    """Return the coverage of every coded column, counted over the rows that were written.

    Args:
        engine: any engine.
        recoded: how each coded column was recoded; several blocks may have filled one column.
        tables: shared table to the Parquet file just written.
    """
    columns = dict.fromkeys((each.table, each.column) for each in recoded)
    return tuple(
        _column(engine, [each for each in recoded if (each.table, each.column) == key], tables[key[0]])
        for key in columns
        if key[0] in tables
    )


def _column(engine: Engine, recoded: list[Recoded], path: Path) -> Coverage:
    column, targets = recoded[0].column, {word: t for each in recoded for word, t in each.targets.items()}
    words = engine.fetch(
        f"SELECT {column}_local AS word, count(*) AS n FROM read_parquet({quote_literal(str(path))}) "
        f"WHERE {column}_local IS NOT NULL GROUP BY ALL ORDER BY n DESC, word"
    ).to_pylist()
    codes, records = dict.fromkeys(RELATIONS, 0), dict.fromkeys(RELATIONS, 0)
    unknown: list[tuple[str, int]] = []
    for row in words:  # one row for each different word, not for each row of the table
        target = targets.get(row["word"])
        relation = target.relation if target is not None else "unknown"
        codes[relation] += 1
        records[relation] += row["n"]
        if relation == "unknown":
            unknown.append((row["word"], row["n"]))
    crosswalk = ", ".join(dict.fromkeys(each.crosswalk for each in recoded if each.crosswalk))
    return Coverage(
        table=recoded[0].table,
        column=column,
        crosswalk=crosswalk,
        codes=codes,
        records=records,
        unknown=tuple(unknown[:_SHOWN]),
    )
