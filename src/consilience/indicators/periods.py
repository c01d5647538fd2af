"""The periods of a study: weeks, months, quarters and years, numbered without gaps and named as in SDMX.

A period's number grows by one from each period to the next, so that an interval of dates is a range of numbers and
one subtraction tells how many periods it touches.

>>> Frequency.QUARTER.label(Frequency.QUARTER.number(dt.date(2023, 10, 7)))
'2023-Q4'
>>> Frequency.WEEK.first_day(Frequency.WEEK.number(dt.date(2023, 10, 7)))
datetime.date(2023, 10, 2)
"""

import datetime as dt
from enum import StrEnum

_MONDAY_OF_YEAR_ONE = dt.date(1, 1, 1)


class Frequency(StrEnum):
    """How long a period is."""

    WEEK = "WEEK"
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"

    def number(self, day: dt.date) -> int:
        """Return the number of the period that holds `day`."""
        if self is Frequency.WEEK:
            return (day - _MONDAY_OF_YEAR_ONE).days // 7
        per_year = _PER_YEAR[self]
        return day.year * per_year + (day.month - 1) * per_year // 12

    def first_day(self, number: int) -> dt.date:
        """Return the first day of a period."""
        if self is Frequency.WEEK:
            return _MONDAY_OF_YEAR_ONE + dt.timedelta(weeks=number)
        per_year = _PER_YEAR[self]
        return dt.date(number // per_year, number % per_year * (12 // per_year) + 1, 1)

    def last_day(self, number: int) -> dt.date:
        """Return the last day of a period; of the very last one a date can hold, 31 December 9999."""
        try:
            return self.first_day(number + 1) - dt.timedelta(days=1)
        except (ValueError, OverflowError):
            return dt.date.max

    def label(self, number: int) -> str:
        """Return the period's name in the form of SDMX (2023, 2023-Q4, 2023-10, 2023-W40; weeks as in ISO 8601)."""
        first = self.first_day(number)
        if self is Frequency.WEEK:
            year, week, _ = first.isocalendar()
            return f"{year:04d}-W{week:02d}"
        if self is Frequency.MONTH:
            return f"{first.year:04d}-{first.month:02d}"
        return f"{first.year:04d}" + (f"-Q{first.month // 3 + 1}" if self is Frequency.QUARTER else "")

    def number_sql(self, day: str) -> str:
        """Return SQL (DuckDB dialect) for the number of the period that holds the date expression `day`."""
        if self is Frequency.WEEK:
            return f"CAST(FLOOR(DATE_DIFF('day', DATE '0001-01-01', {day}) / 7.0) AS BIGINT)"
        if self is Frequency.YEAR:
            return f"CAST(EXTRACT(YEAR FROM {day}) AS BIGINT)"
        if self is Frequency.QUARTER:
            return f"CAST(EXTRACT(YEAR FROM {day}) * 4 + EXTRACT(QUARTER FROM {day}) - 1 AS BIGINT)"
        return f"CAST(EXTRACT(YEAR FROM {day}) * 12 + EXTRACT(MONTH FROM {day}) - 1 AS BIGINT)"


_PER_YEAR = {Frequency.MONTH: 12, Frequency.QUARTER: 4, Frequency.YEAR: 1}
