"""Dates, births and ages as intervals of days, so that what is known roughly is compared roughly.

>>> Days.of("March 2019", day_first=True)
Days(low=17956, high=17986, text='')
>>> Days.of("19560431", day_first=True)
Days(low=None, high=None, text='19560431')
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from consilience.errors import ValueFormError
from consilience.linkage.distinct import over_distinct, over_distinct_pairs
from consilience.linkage.names import is_unknown
from consilience.model.age import OLDEST, Age
from consilience.model.period import Period

_EPOCH = date(1970, 1, 1).toordinal()
_YEAR = 365.25
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}.*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMERIC = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-]\d{2,4}")
_DIGITS = re.compile(r"\D+")
_DECIMAL_YEAR = re.compile(r"(\d{4})\.0")


@dataclass(frozen=True, slots=True)
class Days:
    """An interval of days since 1970-01-01, both ends included; `text` is YYYYMMDD where a whole day was written."""

    low: int | None = None
    high: int | None = None
    text: str = ""

    @classmethod
    def of(cls, said: str, *, day_first: bool) -> "Days":
        """Read a date; what cannot be one keeps its digits, so that a slip of the pen can still be seen."""
        plain = said.strip()
        if is_unknown(plain):
            return cls()
        whole = _ISO.fullmatch(plain) or _COMPACT.fullmatch(plain)
        if whole:
            return _day("".join(whole.groups()))
        found = _DECIMAL_YEAR.fullmatch(plain)
        try:
            period = Period.parse(found[1] if found else plain, day_first=day_first)
        except ValueFormError:
            digits = _DIGITS.sub("", plain)
            return cls(text=digits if 7 <= len(digits) <= 9 else "")
        return _interval(period.earliest, period.latest)


def _day(digits: str) -> Days:
    try:
        number = date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).toordinal() - _EPOCH
    except ValueError:
        return Days(text=digits)
    return Days(number, number, digits)


def _interval(first: date | None, last: date | None) -> Days:
    if first is None or last is None:
        return Days()
    text = f"{first:%Y%m%d}" if first == last else ""
    return Days(first.toordinal() - _EPOCH, last.toordinal() - _EPOCH, text)


def is_day_first(values: Sequence[str]) -> bool:
    """Return whether dates such as 3/4/2019 begin with the day: yes, unless a second number above 12 speaks against."""
    found = [match for match in map(_NUMERIC.match, values) if match]
    first = sum(int(match[1]) > 12 for match in found)
    second = sum(int(match[2]) > 12 for match in found)
    return first >= second


def read_dates(column: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Return the lowest day, the highest day and the eight digits of each date of a text column."""
    read = partial(_as_row, day_first=is_day_first(pc.unique(column).drop_null().to_pylist()))
    low, high, text = over_distinct_pairs(column, read, ("low", "high", "text"), pa.string())
    return low.cast(pa.int64()), high.cast(pa.int64()), text


def _as_row(said: str, *, day_first: bool) -> dict[str, Any] | None:
    days = Days.of(said, day_first=day_first)
    ends = {"low": None if days.low is None else str(days.low), "high": None if days.high is None else str(days.high)}
    return {**ends, "text": days.text or None}


def read_ages(column: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return the lowest and the highest age of each age of a text column, in completed years."""
    ages = over_distinct(column, _age, pa.list_(pa.float64()))
    return pc.list_element(pc.fill_null(ages, pa.scalar([None, None], ages.type)), 0), pc.list_element(
        pc.fill_null(ages, pa.scalar([None, None], ages.type)), 1
    )


def _age(said: str) -> list[float] | None:
    if is_unknown(said):
        return None
    try:
        age = Age.parse(re.sub(r"\.0$", "", said.strip()))
    except ValueFormError:
        return None
    if age.low is None and age.high is None:
        return None
    return [age.low or 0.0, OLDEST if age.high is None else age.high]


def births_from_ages(low: pa.Array, high: pa.Array, first: pa.Array, last: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return the interval in which somebody was born who was so old on a day between `first` and `last`.

    Where the day is not known the middle of all known days stands for it, and a year is added on both sides.
    """
    days = [pc.cast(each, pa.float64()).to_numpy(zero_copy_only=False) for each in (first, last)]
    known = np.concatenate(days)
    middle = float(np.median(known[np.isfinite(known)])) if np.isfinite(known).any() else 0.0
    ages = [np.asarray(each.to_numpy(zero_copy_only=False), dtype=float) for each in (low, high)]
    start = np.where(np.isfinite(days[0]), days[0], middle - _YEAR) - (ages[1] + 1) * _YEAR
    end = np.where(np.isfinite(days[1]), days[1], middle + _YEAR) - ages[0] * _YEAR
    ends = [pa.array(np.nan_to_num(each).astype(np.int64), mask=~np.isfinite(each)) for each in (start, end)]
    return ends[0], ends[1]
