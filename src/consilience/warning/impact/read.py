"""Read the series of an impact question from a table: which column is what, and where the declared date lies."""

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from consilience.errors import FormatError, UsageError
from consilience.warning.periods import Kind, PeriodLine

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Series over one line of periods; `counts` where every value is a whole number of 0 or more."""

    line: PeriodLine
    values: Floats
    control: Floats | None
    population: Floats | None

    @property
    def counts(self) -> bool:
        """Whether the values can be counts."""
        there = self.values[np.isfinite(self.values)]
        return bool((there >= 0).all() and (there == np.floor(there)).all())


def read_measured(
    rows: pa.Table,
    period: str | None = None,
    value: str | None = None,
    control: str | None = None,
    population: str | None = None,
    per_year: float | None = None,
) -> Measured:
    """Read a table with one row per period.

    Without names the first column holds the periods, and the first other one that is free holds the values.

    Raises:
        UsageError: a column is not there.
        FormatError: a value is no number, a period no period, or a period stands twice.
    """
    names = rows.column_names
    period = period or names[0]
    free = [name for name in names if name not in {period, control, population}]
    value = value or (free[0] if free else period)
    for name in (period, value, control, population):
        if name is not None and name not in names:
            raise UsageError(f"The table has no column {name}", expected=f"one of {', '.join(names)}")
    labels = [str(label).strip() for label in pc.cast(rows[period], pa.string()).to_pylist()]
    line = PeriodLine.of(labels, per_year)
    places = np.array([line.position(label) for label in labels], dtype=np.int64)
    if len(np.unique(places)) < len(places):
        raise FormatError("A period stands more than once", expected="one row per period", remedy="Sum the rows first.")
    found = {name: _spread(rows, name, places, line.length) for name in (value, control, population) if name}
    return Measured(line, found[value], found.get(control or ""), found.get(population or ""))


def _spread(rows: pa.Table, name: str, places: npt.NDArray[np.int64], length: int) -> Floats:
    text = pc.utf8_trim_whitespace(pc.fill_null(pc.cast(rows[name], pa.string()), ""))
    empty = pc.is_in(pc.utf8_lower(text), value_set=pa.array(["", "na", "nan", "null"]))
    try:
        numbers = pc.cast(pc.if_else(empty, None, text), pa.float64()).to_numpy()
    except pa.ArrowInvalid:
        raise FormatError(f"The column {name} holds something else than numbers", remedy="Name another one.") from None
    if np.isinf(numbers).any():
        raise FormatError(f"The column {name} holds an infinite number", remedy="Correct the table.")
    series = np.full(length, np.nan)
    series[places] = numbers
    return series


def position_of(line: PeriodLine, date: str) -> int:
    """Return the position of the first period that begins on the date or after it; or that the label names.

    Raises:
        FormatError: the date is neither.
        UsageError: it lies outside the series.
    """
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", date) and line.kind not in {Kind.DAY, Kind.NUMBER}:
        starts = [days[0].isoformat() for place in range(line.length) if (days := line.days(place))]
        at = next((place for place, start in enumerate(starts) if start >= date), line.length)
    else:
        at = line.position(date)
    if not 0 < at < line.length:
        raise UsageError(
            "The date lies outside the series", found=date, expected=f"{line.label(1)} to {line.label(line.length - 1)}"
        )
    return at
