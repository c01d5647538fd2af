"""Plain tables: from the rows of a CSV or Arrow table to cells, and back to what is published.

Input holds one row for each inner cell; totals are made. Rows for totals may stand in it and are checked. In output a
zero, a suppressed cell, a missing one and one that was not collected are four different things.

>>> table = pa.table({"region": ["A", "B"], "n": ["3", "0"]})
>>> grid = read_tables([table], dimensions=["region"], value="n")
>>> grid.cells.values.tolist()
[3, 0, 3]
>>> published(grid, np.array([True, False, True]), grid.cells.values).to_pydict()
{'region': ['A', 'B', '_T'], 'n': [None, 0, None], 'status': ['suppressed', 'published', 'suppressed']}
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from consilience.disclosure.cells import Cells, Inner, Mask, build_cells, roll_up, total_index
from consilience.disclosure.hierarchy import TOTAL, Dimension, Hierarchy, Ints
from consilience.errors import FormatError, InputError

SUPPRESSED = "suppressed"
PUBLISHED = "published"
MISSING = "missing"
NOT_COLLECTED = "not collected"
ABSENT = {"": MISSING, MISSING: MISSING, NOT_COLLECTED: NOT_COLLECTED}


@dataclass(frozen=True)
class Grid:
    """The cells of the tables that are published together, and what the tables say besides.

    Attributes:
        cells: every cell, with totals.
        inner: the inner cells of each table.
        value: the name of the value column.
        absent: codes and status of the inner cells that hold no number.
        strangers: how many codes no hierarchy of their dimension names.
    """

    cells: Cells
    inner: tuple[Inner, ...]
    value: str
    absent: tuple[tuple[tuple[str, ...], str], ...] = ()
    strangers: int = 0

    @property
    def dimensions(self) -> list[str]:
        """The names of the dimensions."""
        return [d.name for d in self.cells.dimensions]


@dataclass(frozen=True)
class _Rows:
    """The rows of one table: text codes by dimension (None where the table has no such column), and numbers."""

    codes: dict[str, list[str]]
    values: Ints
    who: Ints | None
    absent: list[tuple[dict[str, str], str]] = field(default_factory=list)


def read_tables(
    tables: Sequence[pa.Table],
    *,
    dimensions: Sequence[str],
    value: str,
    hierarchies: Sequence[Hierarchy] = (),
    by: Sequence[str] = (),
    contributor: str | None = None,
) -> Grid:
    """Make the cells of one table, or of several linked ones.

    Args:
        tables: columns of text, one row for each inner cell (and contributor). The first has all of `dimensions`; in
            the others every column that is neither value nor contributor is a dimension.
        dimensions: the first table's dimensions.
        value: the column of counts.
        hierarchies: any number for each dimension; several for one dimension are linked.
        by: dimensions whose codes do not add up (indicators).
        contributor: the column that names who contributed.

    Raises:
        InputError: a column is missing, a count is not a whole number of zero or more, a row stands twice, or totals
            contradict their parts.
    """
    names = list(dimensions)
    for table in tables[1:]:
        names += [c for c in table.column_names if c not in {*names, value, contributor, "status"}]
    rows = [_rows(tables[0], dimensions, value, contributor)]
    rows += [_rows(own, [n for n in names if n in own.column_names], value, contributor) for own in tables[1:]]
    compiled = [_dimension(name, rows, hierarchies, total=name not in by) for name in names]
    found = [_inner(own, compiled, unique=contributor is None) for own in rows]
    cells = build_cells(compiled, [inner for inner, _, _ in found])
    for _, codes, values in found:
        _check_totals(cells, codes, values)
    named = {(h.dimension, code) for h in hierarchies for pair in h.parents.items() for code in pair}
    treed = {h.dimension for h in hierarchies}
    strangers = sum((d.name, c) not in named for d in compiled if d.name in treed for c in d.codes[: d.leaves])
    absent = tuple((tuple(said.get(n, TOTAL) for n in names), status) for own in rows for said, status in own.absent)
    return Grid(cells, tuple(inner for inner, _, _ in found), value, absent, strangers)


def _rows(table: pa.Table, names: Sequence[str], value: str, contributor: str | None) -> _Rows:
    for column in (*names, value, *([contributor] if contributor else [])):
        if column not in table.column_names:
            raise FormatError(
                f"The table has no column {column}", found=", ".join(table.column_names), remedy="Check the names."
            )
    codes = {n: pc.utf8_trim_whitespace(table[n].cast(pa.string()).fill_null("")).to_pylist() for n in names}
    for name, column in codes.items():
        if "" in column:
            raise InputError(f"The column {name} has an empty code", found=f"line {column.index('') + 2}")
    text = pc.utf8_trim_whitespace(table[value].cast(pa.string()).fill_null(""))
    gone = pc.is_in(text, pa.array(list(ABSENT))).to_numpy(zero_copy_only=False)
    absent = [({n: codes[n][i] for n in names}, ABSENT[text[i].as_py()]) for i in np.flatnonzero(gone).tolist()]
    kept = np.flatnonzero(~gone)
    who = None
    if contributor:
        who = table[contributor].cast(pa.string()).combine_chunks().dictionary_encode().indices.to_numpy()[kept]
    values = _counts(text.take(pa.array(kept)), value, kept)
    return _Rows({n: [codes[n][i] for i in kept.tolist()] for n in names}, values, who, absent)


def _counts(text: pa.ChunkedArray, value: str, lines: Ints) -> Ints:
    whole = pc.match_substring_regex(text, r"^\d{1,15}(\.0+)?$").to_numpy(zero_copy_only=False)
    if not whole.all():
        raise InputError(
            f"The column {value} holds something that is not a count",
            found=f"a negative, broken or non-numeric value in line {int(lines[np.argmin(whole)]) + 2}",
            expected="whole numbers of zero or more; empty where missing, 'not collected' where nobody asked",
            remedy="Correct the value, or leave it empty.",
        )
    return np.asarray(text.cast(pa.float64()).to_numpy(), np.int64)


def _dimension(name: str, rows: Sequence[_Rows], hierarchies: Sequence[Hierarchy], *, total: bool) -> Dimension:
    codes = {code for own in rows for code in own.codes.get(name, ())}
    return Dimension.over(name, codes, [h for h in hierarchies if h.dimension == name], total=total)


def _inner(rows: _Rows, dimensions: Sequence[Dimension], *, unique: bool) -> tuple[Inner, Ints, Ints]:
    """Return the inner cells of a table, and the codes and values of the totals it states."""
    count = len(rows.values)
    codes = np.column_stack(
        [
            d.index(rows.codes[d.name]) if d.name in rows.codes else np.full(count, total_index(d), np.int64)
            for d in dimensions
        ]
    ).reshape(count, len(dimensions))
    inner = np.ones(count, bool)
    for d, column in zip(dimensions, codes.T, strict=True):
        if d.name in rows.codes:
            inner &= column < d.leaves
    if unique and len(np.unique(codes, axis=0)) < count:
        raise InputError(
            "A cell stands in the table twice",
            expected="one row for each inner cell",
            remedy="Add the rows up, or name the column that tells contributors apart.",
        )
    if not inner.any():
        raise InputError("The table has no inner cell", remedy="Give one row for each combination of codes.")
    who = None if rows.who is None else rows.who[inner]
    return Inner(codes[inner], rows.values[inner], who), codes[~inner], rows.values[~inner]


def _check_totals(cells: Cells, codes: Ints, values: Ints) -> None:
    if not len(values):
        return
    keys = cells.keys(cells.codes)
    wanted, sums = _added(cells.keys(codes), values)
    at = np.searchsorted(keys, wanted).clip(0, len(keys) - 1)
    wrong = int(((keys[at] != wanted) | (cells.values[at] != sums)).sum())
    if wrong:
        raise InputError(
            "Totals in the table contradict its cells",
            found=f"{wrong} totals that are not the sum of their parts",
            expected="equal sums, or no totals: they are made here",
            remedy="Correct the cells, or remove the rows of totals.",
        )


def _added(keys: Ints, values: Ints) -> tuple[Ints, Ints]:
    return roll_up((), keys, values) if not len(keys) else _group(keys, values)


def _group(keys: Ints, values: Ints) -> tuple[Ints, Ints]:
    found, place = np.unique(keys, return_inverse=True)
    return found, np.bincount(place, weights=values).astype(np.int64)


def published(grid: Grid, suppressed: Mask, values: Ints) -> pa.Table:
    """Return every cell as it is published: its codes, its value (empty where suppressed) and its status."""
    cells = grid.cells
    columns = [
        pa.array(np.array(d.codes, object)[codes].tolist() + [said[i] for said, _ in grid.absent], pa.string())
        for i, (d, codes) in enumerate(zip(cells.dimensions, cells.codes.T, strict=True))
    ]
    numbers = pa.array(np.where(suppressed, 0, values), pa.int64(), mask=suppressed)
    nothing = pa.nulls(len(grid.absent), pa.int64())
    status = np.where(suppressed, SUPPRESSED, PUBLISHED).tolist() + [s for _, s in grid.absent]
    return pa.table(
        [*columns, pa.concat_arrays([numbers, nothing]), pa.array(status, pa.string())],
        names=[*grid.dimensions, grid.value, "status"],
    )
