"""Planned events as context: elections, anniversaries, states of emergency.

Two tests. The one without the calendar decides the alert; the one that allows for it only words it, so that an event
never explains abuses away. What is usual for a time of a kind is learned from the series' own earlier such times.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from consilience.errors import FormatError, UsageError
from consilience.warning.detect import Findings
from consilience.warning.series import SeriesSet
from consilience.warning.settings import Settings
from consilience.warning.texts import Sentence, number
from consilience.warning.thresholds import limits

Ints = npt.NDArray[np.int64]
COLUMNS = ("name", "first", "last")
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Planned:
    """One entry: a name, its kind (for learning from earlier ones), its days, and the parts of a series it concerns."""

    name: str
    kind: str
    first: dt.date
    last: dt.date
    only: tuple[tuple[str, str], ...] = ()


def read_calendar(rows: pa.Table, by: tuple[str, ...] = ()) -> tuple[Planned, ...]:
    """Read `name`, `first`, `last`, optionally `kind`, and columns named like parts of a series (empty: all).

    Raises:
        UsageError: a column is missing.
        FormatError: a day is no date, or the last day lies before the first.
    """
    missing = [name for name in COLUMNS if name not in rows.column_names]
    if missing:
        raise UsageError("The calendar lacks columns", found=", ".join(missing), expected="name, first, last")
    text = rows.select(rows.column_names).cast(pa.schema([(name, pa.string()) for name in rows.column_names]))
    return tuple(_entry(row, line + 1, by) for line, row in enumerate(text.to_pylist()))


def _entry(row: dict[str, str | None], line: int, by: tuple[str, ...]) -> Planned:
    try:
        first, last = (dt.date.fromisoformat((row[name] or "").strip()) for name in ("first", "last"))
    except ValueError:
        raise FormatError(f"Row {line} of the calendar holds no dates", expected="days such as 2023-06-18") from None
    if last < first:
        raise FormatError(f"Row {line} of the calendar ends before it begins", remedy="Exchange the two days.")
    only = tuple((name, value) for name in by if (value := (row.get(name) or "").strip()))
    name = (row["name"] or "").strip()
    return Planned(name, (row.get("kind") or name).strip(), first, last, only)


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What the calendar says of one result: entries in force, and the bound that allows for them (None if unknown)."""

    names: tuple[str, ...]
    upper: float | None
    unusual_even_then: bool | None

    def sentences(self, *, alarm: bool) -> tuple[Sentence, ...]:
        """Return the wording; the verdict only where there is an alert to word."""
        if not self.names:
            return ()
        told: list[Sentence] = [("event", {"names": "; ".join(self.names)})]
        if alarm and self.upper is None:
            told.append(("event_unknown", {}))
        elif alarm and self.upper is not None:
            key = "event_unusual" if self.unusual_even_then else "event_usual"
            told.append((key, {"upper": number(self.upper)}))
        return tuple(told)


def adjusted(series: SeriesSet, found: Findings, calendar: tuple[Planned, ...], row: int, column: int) -> Adjusted:
    """Judge one result with the calendar: the expected count times what earlier times of the kind came to.

    The factor is the ratio of observed to expected counts over earlier tested periods of the kind, at least 1.
    """
    at = found.first + column
    now = [one for one in calendar if _concerns(one, series, row) and at in _places(one, series)]
    if not now or not np.isfinite(found.upper[row, column]):
        return Adjusted(tuple(one.name for one in now), None, None)
    kinds = {one.kind for one in now}
    current = {place for one in now for place in _places(one, series)}
    past = sorted(
        {
            place
            for one in calendar
            if one.kind in kinds and _concerns(one, series, row)
            for place in _places(one, series)
        }
        - current
    )
    columns = np.array([place - found.first for place in past if found.first <= place < at], dtype=np.int64)
    known = columns[np.isfinite(found.observed[row, columns] + found.expected[row, columns])]
    names = tuple(one.name for one in now)
    if len(known) < _FEWEST:
        return Adjusted(names, None, None)
    expected = max(float(found.expected[row, known].sum()), 0.5)
    factor = max(float(found.observed[row, known].sum()) / expected, 1.0)
    upper = _upper(found, row, column, factor)
    return Adjusted(names, upper, bool(found.observed[row, column] > upper))


def _upper(found: Findings, row: int, column: int, factor: float) -> float:
    """Draw the bound anew at a multiple of the expected count; without a model, multiply the bound."""
    dispersion = found.dispersion[row, column : column + 1]
    if not isinstance(found.settings, Settings) or not np.isfinite(dispersion).all():
        return float(found.upper[row, column] * factor)
    log_mean = np.log(np.maximum(found.expected[row, column : column + 1] * factor, 1e-9))
    drawn = limits(log_mean, np.zeros(1), dispersion, found.observed[row, column : column + 1], found.settings)
    return float(max(drawn.upper[0], found.upper[row, column]))


def _concerns(one: Planned, series: SeriesSet, row: int) -> bool:
    named = series.name(row)
    return all(named.get(part) == value for part, value in one.only)


def _places(one: Planned, series: SeriesSet) -> range:
    """Return the positions whose days the entry touches."""
    begin = series.line.days(0)
    if begin is None:
        raise UsageError("Numbered periods have no days, so a calendar says nothing of them", remedy="Use dates.")
    return range(_place(series, one.first), _place(series, one.last) + 1)


def _place(series: SeriesSet, day: dt.date) -> int:
    """Return the position of the period that holds a day, by bisection; -1 before the first."""
    low, high = -1, series.line.length
    while high - low > 1:
        middle = (low + high) // 2
        days = series.line.days(middle)
        if days is not None and days[0] <= day:
            low = middle
        else:
            high = middle
    return low
