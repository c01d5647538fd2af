"""From a table of counts to series over one line of periods, with gaps shown as gaps.

A period without a row is missing, not zero: a silent source has not counted nothing. Who knows that their table leaves
out zeros says so (`gaps_are_zero`).

>>> import pyarrow as pa
>>> rows = pa.table({"month": ["2024-01", "2024-03"], "count": ["4", "7"], "area": ["N", "N"]})
>>> found = read_series(rows, Columns("month", "count", ("area",)))
>>> found.keys, found.counts.tolist(), found.missing
((('N',),), [[4.0, nan, 7.0]], 1)
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from consilience.errors import FormatError, UsageError
from consilience.warning.periods import PeriodLine

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
LARGEST = 1e15
"""Above it, a double no longer tells neighbouring counts apart."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns hold the period, the count and the names of the series."""

    period: str
    value: str
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class SeriesSet:
    """Many series over one line of periods.

    Attributes:
        by: names of the parts of a key.
        keys: one a series, sorted.
        line: the periods.
        labels: one a column of `counts`.
        counts: series x periods; NaN where missing.
        starts: position of each series' first count.
    """

    by: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    line: PeriodLine
    labels: tuple[str, ...]
    counts: Floats
    starts: Ints

    def consecutive(self) -> "SeriesSet":
        """Return the series over the periods that occur, taken as neighbours.

        The reference program knows rows only: years of 52 weeks, and no gap that all series share.
        """
        there = np.flatnonzero(np.isfinite(self.counts).any(axis=0))
        counts = self.counts[:, there]
        labels = tuple(self.labels[place] for place in there)
        return SeriesSet(self.by, self.keys, self.line, labels, counts, np.argmax(np.isfinite(counts), axis=1))

    @property
    def missing(self) -> int:
        """How many counts are missing between a series' first and its last period."""
        there = np.isfinite(self.counts)
        ends = self.counts.shape[1] - np.argmax(there[:, ::-1], axis=1)
        return int((ends - self.starts - there.sum(axis=1)).sum())

    def name(self, row: int) -> dict[str, str]:
        """Return a series' key by part."""
        return dict(zip(self.by, self.keys[row], strict=True))


def read_series(
    rows: pa.Table, columns: Columns, *, per_year: float | None = None, gaps_are_zero: bool = False
) -> SeriesSet:
    """Read series from rows of any types, one row per series and period.

    Args:
        rows: the table; values are read as text.
        columns: which columns hold what.
        per_year: periods in a year, where the labels do not say.
        gaps_are_zero: whether a period without a row, after a series' first, counts 0.

    Raises:
        UsageError: a column is not there.
        FormatError: no rows, a period or a count that cannot be understood, a negative count, or a period twice.
    """
    _check(rows, columns)
    labels = pc.dictionary_encode(_text(rows, columns.period)).combine_chunks()
    names = [str(label) for label in labels.dictionary.to_pylist()]
    line = PeriodLine.of(names, per_year)
    places = np.array([line.position(name) for name in names], dtype=np.int64)[labels.indices.to_numpy()]
    keys, numbers = _keys(rows, columns.by)
    _check_twice(numbers, places, line.length)
    counts = np.full((len(keys), line.length), np.nan)
    counts[numbers, places] = _counts(rows, columns.value)
    starts = np.argmax(np.isfinite(counts), axis=1)
    if gaps_are_zero:
        counts = np.where(np.isnan(counts) & (np.arange(line.length) >= starts[:, None]), 0.0, counts)
    return SeriesSet(columns.by, keys, line, line.labels(), counts, starts)


def _check(rows: pa.Table, columns: Columns) -> None:
    named = (columns.period, columns.value, *columns.by)
    for name in named:
        if name not in rows.column_names:
            raise UsageError(
                f"The table has no column {name}",
                expected=f"one of {', '.join(rows.column_names)}",
                remedy="Correct the option that names it.",
            )
        if named.count(name) > 1:
            raise UsageError(f"The column {name} is named for two purposes", remedy="Name each column once.")
    if rows.num_rows == 0:
        raise FormatError("The table has no rows", expected="one row per series and period")


def _text(rows: pa.Table, name: str) -> pa.ChunkedArray:
    return pc.fill_null(pc.utf8_trim_whitespace(pc.cast(rows[name], pa.string())), "")


def _counts(rows: pa.Table, name: str) -> Floats:
    """Read counts; an empty value, NA or NaN is missing."""
    text = _text(rows, name)
    absent = pc.is_in(pc.utf8_lower(text), value_set=pa.array(["", "na", "nan", "null", "none"]))
    shaped = pc.match_substring_regex(text, r"^[+]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
    wrong = np.flatnonzero(~np.asarray(pc.or_(absent, shaped).to_numpy(), dtype=bool))
    if wrong.size:
        _refuse(name, wrong, "a count of 0 or more; empty where nothing is known")
    counts = pc.cast(pc.if_else(absent, None, text), pa.float64()).to_numpy()
    large = np.flatnonzero(counts > LARGEST)
    if large.size:
        _refuse(name, large, f"a count of at most {LARGEST:.0e}")
    return np.asarray(counts, dtype=np.float64)


def _refuse(name: str, wrong: npt.NDArray[np.intp], expected: str) -> None:
    raise FormatError(
        f"The column {name} holds something else than a count in row {wrong[0] + 1}",
        found=f"{wrong.size} such row" + ("s" if wrong.size > 1 else ""),
        expected=expected,
        remedy="Correct the table, or name another column.",
    )


def _keys(rows: pa.Table, by: tuple[str, ...]) -> tuple[tuple[tuple[str, ...], ...], Ints]:
    """Return the distinct keys, sorted, and the number of each row's key."""
    if not by:
        return ((),), np.zeros(rows.num_rows, dtype=np.int64)
    parts = [pc.dictionary_encode(_text(rows, name)).combine_chunks() for name in by]
    words = [np.asarray(part.dictionary.to_pylist(), dtype=object) for part in parts]
    codes = np.column_stack([part.indices.to_numpy() for part in parts])
    found, numbers = np.unique(codes, axis=0, return_inverse=True)
    keys = [tuple(str(word[code]) for word, code in zip(words, row, strict=True)) for row in found]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    ranks = np.empty(len(keys), dtype=np.int64)
    ranks[order] = np.arange(len(keys))
    return tuple(keys[place] for place in order), ranks[numbers.reshape(-1)]


def _check_twice(numbers: Ints, places: Ints, length: int) -> None:
    cells, first, times = np.unique(numbers * length + places, return_index=True, return_counts=True)
    if len(cells) < len(numbers):
        doubled = int(first[times > 1].min())
        raise FormatError(
            f"The period of row {doubled + 1} stands more than once for the same series",
            found=f"{int((times - 1).sum())} rows too many",
            expected="one row per series and period",
            remedy="Sum the rows first, or name the columns that tell the series apart with --by.",
        )
