"""Labels of regular periods and their place on a line: weeks, months, quarters, years, days, or plain numbers.

A line of periods knows how many make a year, so that the same position of an earlier year can be found. A year of
ISO weeks counts 365.2425 / 7, so that years of 53 weeks shift nothing.

>>> PeriodLine.of(["2020-W52", "2021-W01"]).labels()
('2020-W52', '2020-W53', '2021-W01')
>>> PeriodLine.of(["2023-11", "2024-02"]).label(1)
'2023-12'
>>> PeriodLine.of(["2024-01-01", "2024-01-15", "2024-01-22"]).length
4
"""

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from consilience.errors import FormatError, UsageError

LONGEST = 20_000
"""Periods a line may span; a mistyped year would otherwise fill the memory."""
DAYS_IN_YEAR = 365.2425


class Kind(StrEnum):
    """What a label names."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    DAY = "day"
    NUMBER = "number"


_PER_YEAR = {
    Kind.WEEK: DAYS_IN_YEAR / 7,
    Kind.MONTH: 12.0,
    Kind.QUARTER: 4.0,
    Kind.YEAR: 1.0,
    Kind.NUMBER: 52.0,
}


def _week(year: str, week: str) -> int:
    return (dt.date.fromisocalendar(int(year), int(week), 1).toordinal() - 1) // 7


def _month(year: str, month: str, day: str = "01") -> int:
    there = dt.date(int(year), int(month), int(day))
    return there.year * 12 + there.month - 1


def _quarter(year: str, quarter: str) -> int:
    return int(year) * 4 + int(quarter) - 1


def _day(year: str, month: str, day: str) -> int:
    return dt.date(int(year), int(month), int(day)).toordinal()


_DATE = r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?"
# A kind may be written in several ways; a month may be written as its first day.
_FORMS: tuple[tuple[Kind, str, Callable[..., int]], ...] = (
    (Kind.WEEK, r"(\d{4})-?W(\d{1,2})", _week),
    (Kind.QUARTER, r"(\d{4})-?Q([1-4])", _quarter),
    (Kind.MONTH, r"(\d{4})-M?(0[1-9]|1[0-2])", _month),
    (Kind.MONTH, r"(\d{4})-(\d{2})-(01)(?:[T ]00:00(?::00)?)?", _month),
    (Kind.DAY, _DATE, _day),
    (Kind.WEEK, r"(\d{4})-(\d{2})", _week),
    (Kind.YEAR, r"(1[5-9]\d\d|2[01]\d\d)", int),
    (Kind.NUMBER, r"(\d{1,7})", int),
)


def _number(label: str, kind: Kind) -> int | None:
    """Return a label's number as a period of a kind; None where it is none."""
    for known, form, read in _FORMS:
        found = re.fullmatch(form, label) if known is kind else None
        if found:
            try:
                return read(*found.groups())
            except ValueError:
                return None
    return None


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """Consecutive periods.

    Attributes:
        kind: what they are.
        first: number of the first one.
        length: how many there are.
        per_year: how many make a year.
        step: numbers between neighbours: 7 where weeks are named by a day.
    """

    kind: Kind
    first: int
    length: int
    per_year: float
    step: int = 1

    @classmethod
    def of(cls, labels: Iterable[str], per_year: float | None = None) -> "PeriodLine":
        """Return the shortest line that holds every label.

        Args:
            labels: texts such as 2024-W07, 2024-02, 2024-Q1, 2024, 2024-02-12, or plain numbers.
            per_year: periods in a year; None takes what the kind says (52 for plain numbers).

        Raises:
            FormatError: a label is no period, the kinds are mixed, or the line is too long.
            UsageError: `per_year` is out of range.
        """
        if per_year is not None and not 1 <= per_year <= 366:
            raise UsageError("A year cannot hold so many periods", found=str(per_year), expected="1 to 366")
        texts = sorted(set(labels))
        kind, numbers = _read(texts)
        step = (math.gcd(*(number - numbers[0] for number in numbers)) or 1) if kind is Kind.DAY else 1
        length = (numbers[-1] - numbers[0]) // step + 1
        if length > LONGEST:
            raise FormatError(
                "The periods lie too far apart",
                found=f"{length:,} periods from the first to the last",
                expected=f"at most {LONGEST:,}",
                remedy="Look for a mistyped period.",
            )
        usual = DAYS_IN_YEAR / step if kind is Kind.DAY else _PER_YEAR[kind]
        return cls(kind, numbers[0], length, per_year or usual, step)

    def position(self, label: str) -> int:
        """Return the position of a label on the line, from 0; it may lie outside the line.

        Raises:
            FormatError: the label is no period of this kind.
        """
        number = _number(label, self.kind)
        if number is None:
            raise FormatError(f"{label} is no {self.kind} of the series", expected=f"a label such as {self.label(0)}")
        return (number - self.first) // self.step

    def label(self, position: int) -> str:
        """Return the label of a position."""
        number = self.first + position * self.step
        match self.kind:
            case Kind.WEEK:
                year, week, _ = dt.date.fromordinal(number * 7 + 1).isocalendar()
                return f"{year:04d}-W{week:02d}"
            case Kind.MONTH:
                return f"{number // 12:04d}-{number % 12 + 1:02d}"
            case Kind.QUARTER:
                return f"{number // 4:04d}-Q{number % 4 + 1}"
            case Kind.DAY:
                return dt.date.fromordinal(number).isoformat()
            case _:
                return str(number)

    def days(self, position: int) -> tuple[dt.date, dt.date] | None:
        """Return the first and the last day of a period; None where numbers say nothing of days."""
        return None if self.kind is Kind.NUMBER else (self._day_one(position), self._day_one(position + 1) - _A_DAY)

    def _day_one(self, position: int) -> dt.date:
        number = self.first + position * self.step
        match self.kind:
            case Kind.WEEK:
                return dt.date.fromordinal(number * 7 + 1)
            case Kind.MONTH:
                return dt.date(number // 12, number % 12 + 1, 1)
            case Kind.QUARTER:
                return dt.date(number // 4, number % 4 * 3 + 1, 1)
            case Kind.YEAR:
                return dt.date(number, 1, 1)
            case _:
                return dt.date.fromordinal(number)

    def labels(self) -> tuple[str, ...]:
        """Return every label in order."""
        return tuple(self.label(position) for position in range(self.length))


_A_DAY = dt.timedelta(days=1)


def _read(texts: list[str]) -> tuple[Kind, list[int]]:
    """Return the first kind that every label fits, and the labels' numbers in ascending order."""
    for kind in dict.fromkeys(form[0] for form in _FORMS):
        numbers = [number for text in texts if (number := _number(text, kind)) is not None]
        if texts and len(numbers) == len(texts) and not _no_weeks(kind, texts):
            return kind, sorted(numbers)
    wrong = next((text for text in texts if all(_number(text, kind) is None for kind in Kind)), None)
    raise FormatError(
        "The periods cannot be understood",
        found="no period" if not texts else "several kinds of period" if wrong is None else repr(wrong[:20]),
        expected="one kind throughout: 2024-W07, 2024-02, 2024-Q1, 2024, 2024-02-12, or whole numbers",
        remedy="Name the column of periods, or write them in one of these ways.",
    )


def _no_weeks(kind: Kind, texts: list[str]) -> bool:
    """Whether labels are no weeks: 2024-05 without a W is one only where another exceeds 12, and none has a W."""
    if kind is not Kind.WEEK:
        return False
    with_letter = sum("W" in text for text in texts)
    return 0 < with_letter < len(texts) or all(_number(text, Kind.MONTH) is not None for text in texts)
