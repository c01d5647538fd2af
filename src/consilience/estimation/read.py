"""From a table of text columns to capture tables, one for each stratum.

Two shapes are understood: one row per pattern, with a column of counts, and one row per person, without. A list's
column holds 1 or 0 (also true or false, yes or no). It is left empty on every row of a stratum where the list could
not have recorded anybody; the list is then no part of that stratum.

>>> import pyarrow as pa
>>> people = pa.table({"A": ["1", "1", "0"], "B": ["0", "1", "1"], "area": ["N", "N", "N"]})
>>> (stratum,) = read_tables(people, Columns(("A", "B"), strata=("area",)))
>>> stratum.name, stratum.table.observed, stratum.table.overlaps[0, 1].item()
('N', 3, 1)
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from consilience.errors import FormatError, InputError, UsageError
from consilience.estimation.capture import CaptureTable, pattern_codes

ONE = ("1", "true", "yes", "1.0", "t", "y")
ZERO = ("0", "false", "no", "0.0", "f", "n")
ABSENT = -1
ALL = "all"


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns hold what; `count` is None where each row is one person."""

    lists: tuple[str, ...]
    count: str | None = None
    strata: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stratum:
    """A stratum's name (values joined by ' / ', or 'all'), its capture table, and the lists that held nobody."""

    name: str
    table: CaptureTable
    empty_lists: tuple[str, ...] = ()


def read_tables(rows: pa.Table, columns: Columns) -> list[Stratum]:
    """Read capture tables from rows of text.

    Args:
        rows: any types; values are read as text.
        columns: which columns hold lists, counts and strata.

    Returns:
        The strata in the order of their names.

    Raises:
        UsageError: fewer than two lists, or a named column that does not exist or is named for two purposes.
        FormatError: a value is not what its column holds; the row is named.
        InputError: a table contradicts itself (see `CaptureTable.build`), or a pattern stands twice.
    """
    _check_columns(rows, columns)
    marks = np.column_stack([_marks(rows, name) for name in columns.lists])
    counts = _counts(rows, columns.count)
    keys = _keys(rows, columns.strata)
    return list(_split(marks, counts, keys, columns))


def _check_columns(rows: pa.Table, columns: Columns) -> None:
    if len(columns.lists) < 2:
        raise UsageError(
            "One list cannot say how many it missed",
            found=", ".join(columns.lists) or "no list",
            expected="two lists or more (three or more for every method but Chapman's)",
            remedy="Link it with an independent list first.",
        )
    named = [*columns.lists, *columns.strata, *([columns.count] if columns.count else [])]
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
        raise FormatError("The table has no rows", expected="one row per pattern or per person")


def _text(rows: pa.Table, name: str) -> pa.ChunkedArray:
    trimmed = pc.utf8_trim_whitespace(pc.cast(rows[name], pa.string()))
    return pc.fill_null(trimmed, "")


def _marks(rows: pa.Table, name: str) -> NDArray[np.int8]:
    text = pc.utf8_lower(_text(rows, name))
    marks = np.full(len(text), 2, dtype=np.int8)
    marks[_isin(text, ONE)] = 1
    marks[_isin(text, ZERO)] = 0
    marks[_isin(text, ("",))] = ABSENT
    wrong = np.flatnonzero(marks == 2)
    if wrong.size:
        raise FormatError(
            f"The list {name} holds something else than 0 or 1 in row {wrong[0] + 1}",
            found=f"{wrong.size} such row" + ("s" if wrong.size > 1 else ""),
            expected="1 (on the list), 0 (not on it), or nothing (the list could not have recorded this stratum)",
            remedy="Correct the table, or choose another column.",
        )
    return marks


def _isin(text: pa.ChunkedArray, words: tuple[str, ...]) -> NDArray[np.bool_]:
    return np.asarray(pc.is_in(text, value_set=pa.array(words)).to_numpy(), dtype=bool)


def _counts(rows: pa.Table, name: str | None) -> NDArray[np.int64]:
    if name is None:
        return np.ones(rows.num_rows, dtype=np.int64)
    text = _text(rows, name)
    whole = np.asarray(pc.match_substring_regex(text, r"^[0-9]{1,12}(\.0+)?$").to_numpy(), dtype=bool)
    wrong = np.flatnonzero(~whole)
    if wrong.size:
        found = text[int(wrong[0])].as_py() or "nothing"
        raise FormatError(
            f"The count in row {wrong[0] + 1} of column {name} is not a whole number of people",
            found=found[:40],
            expected="0, 1, 2, ...: nobody can be counted in fractions, below zero or as missing",
            remedy="Correct the count, or leave the row out where it is zero.",
        )
    return np.asarray(pc.cast(pc.cast(text, pa.float64()), pa.int64()).to_numpy(), dtype=np.int64)


def _keys(rows: pa.Table, strata: tuple[str, ...]) -> NDArray[np.object_]:
    if not strata:
        return np.full(rows.num_rows, ALL, dtype=object)
    parts = [pc.if_else(pc.equal(_text(rows, name), ""), "unknown", _text(rows, name)) for name in strata]
    joined = pc.binary_join_element_wise(*parts, " / ")
    return np.asarray(joined.to_numpy(), dtype=object)


def _split(
    marks: NDArray[np.int8], counts: NDArray[np.int64], keys: NDArray[np.object_], columns: Columns
) -> Iterator[Stratum]:
    names, which = np.unique(keys.astype(str), return_inverse=True)
    order = np.argsort(which, kind="stable")
    ends = np.cumsum(np.bincount(which))
    for name, start, end in zip(names, [0, *ends[:-1]], ends, strict=True):
        chosen = order[start:end]
        yield _stratum(str(name), marks[chosen], counts[chosen], chosen, columns)


def _stratum(
    name: str, marks: NDArray[np.int8], counts: NDArray[np.int64], row_numbers: NDArray[np.intp], columns: Columns
) -> Stratum:
    absent = marks == ABSENT
    unable = absent.all(axis=0)
    mixed = absent.any(axis=0) & ~unable
    if mixed.any():
        wrong = columns.lists[int(np.flatnonzero(mixed)[0])]
        raise FormatError(
            f"The list {wrong} is empty on some rows of stratum {name} and not on others",
            expected="0 or 1 on every row, or nothing on every row where the list could not have recorded the stratum",
            remedy="Fill in 0 where the list did not hold the person.",
        )
    held = marks[:, ~unable].astype(np.uint8)
    if columns.count is not None:
        _check_distinct(name, held, row_numbers)
    lists = [list_name for list_name, out in zip(columns.lists, unable, strict=True) if not out]
    barred = [list_name for list_name, out in zip(columns.lists, unable, strict=True) if out]
    return _without_empty_lists(name, CaptureTable.build(lists, held, counts, unable=barred))


def _check_distinct(name: str, held: NDArray[np.uint8], row_numbers: NDArray[np.intp]) -> None:
    codes = pattern_codes(held)
    _, first, times = np.unique(codes, return_index=True, return_counts=True)
    if (times > 1).any():
        twice = np.flatnonzero(codes == codes[first[np.argmax(times > 1)]])
        where = ", ".join(str(row_numbers[index] + 1) for index in twice[:3])
        raise InputError(
            f"One pattern stands {len(twice)} times" + ("" if name == ALL else f" in stratum {name}"),
            found=f"rows {where}",
            expected="one row per pattern",
            remedy="Add the counts up, name the stratum columns, or name all the lists of the file.",
        )


def _without_empty_lists(name: str, table: CaptureTable) -> Stratum:
    empty = tuple(list_name for list_name, total in zip(table.lists, table.list_totals, strict=True) if total == 0)
    if not empty:
        return Stratum(name, table)
    columns = [index for index, list_name in enumerate(table.lists) if list_name not in empty]
    kept = tuple(table.lists[index] for index in columns)
    smaller = CaptureTable.build(kept, table.patterns[:, columns], table.counts, unable=table.unable)
    return Stratum(name, smaller, empty)
