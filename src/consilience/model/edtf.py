"""Dates in EDTF (ISO 8601-2:2019, as the Library of Congress' specification of 2019 states it): from text to days.

Read are levels 0 to 2 for years 0001 to 9999: days, months, years, seasons and other parts of a year (21 to 41),
unspecified digits (`201X`, `2019-XX`), qualifiers (`~`, `?`, `%`), intervals, open ends, and sets. The widths that
"about" adds are a convention of this project (docs/decisions/0010-dates.md).

>>> read("2019-03~").earliest, read("2019-03~").latest
(datetime.date(2019, 2, 1), datetime.date(2019, 4, 30))
>>> read("[..2019-05-11]").precision
<DatePrecision.BEFORE: 'BEFORE'>
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from consilience.errors import ValueFormError
from consilience.model.precision import DatePrecision

_UNIT = re.compile(r"([0-9]{4}|[0-9]{3}X|[0-9]{2}XX|XXXX)(?:-([0-9]{2}|XX)(?:-([0-9]{2}|XX))?)?")
_UNIT_SHAPE = "[~?%]?[0-9X]{4}[~?%]?(?:-[~?%]?[0-9X]{2}[~?%]?){0,2}"
_SHAPE = re.compile(rf"[\[{{]?(?:\.\./?|/)?{_UNIT_SHAPE}(?:(?:, ?|\.\.|/)(?:{_UNIT_SHAPE}|\.\.)?)*[\]}}]?")
_QUALIFIERS = re.compile("[~?%]")

# Code of a part of the year: (first month, last month), counted from January of the year; below 1 is the year before.
_NORTH = {25: (3, 5), 26: (6, 8), 27: (9, 11), 28: (0, 14)}
_SOUTH = {29: (9, 11), 30: (0, 14), 31: (3, 5), 32: (6, 8)}
_ANYWHERE = {21: (3, 11), 22: (0, 14), 23: (3, 11), 24: (0, 14)}
_PARTS = {
    **_ANYWHERE,
    **_NORTH,
    **_SOUTH,
    **{33 + n: (3 * n + 1, 3 * n + 3) for n in range(4)},
    **{37 + n: (4 * n + 1, 4 * n + 4) for n in range(3)},
    **{40 + n: (6 * n + 1, 6 * n + 6) for n in range(2)},
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What an EDTF text says: the text, its earliest and latest day (None where open) and its precision."""

    edtf: str
    earliest: date | None
    latest: date | None
    precision: DatePrecision


def looks_like_edtf(text: str) -> bool:
    """Whether `text` has the shape of EDTF, right or wrong; `2019/03/15`, `2019-2020` and `12/05/2019` have not."""
    return _SHAPE.fullmatch(text) is not None


def read(text: str) -> Reading:
    """Return what an EDTF text says.

    Raises:
        ValueFormError: the text is not EDTF of the kinds named above, names a day that does not exist, or ends
            before it begins.
    """
    if text[:1] in {"[", "{"}:
        reading = _read_set(text)
    elif "/" in text:
        first, _, last = text.partition("/")
        reading = _span(text, _end(first), _end(last))
    else:
        reading = _read_unit(text)
    return reading


def span_precision(first: date | None, last: date | None) -> DatePrecision:
    """Return the precision of a stretch of days by its width; whole months and years count as such."""
    if first is None or last is None:
        return _open_precision(first, last)
    days = (last - first).days + 1
    if days <= 7:
        return _few_days(days)
    if first.day == 1 and last.day == _days_in(last.year, last.month):
        return _whole_months(first, last)
    return DatePrecision.RANGE


def _few_days(days: int) -> DatePrecision:
    if days == 1:
        return DatePrecision.DAY
    return DatePrecision.WEEK if days == 7 else DatePrecision.DAYS


def _whole_months(first: date, last: date) -> DatePrecision:
    if (first.year, first.month) == (last.year, last.month):
        return DatePrecision.MONTH
    if first.year == last.year and (first.month, last.month) == (1, 12):
        return DatePrecision.YEAR
    return DatePrecision.RANGE


def _open_precision(first: date | None, last: date | None) -> DatePrecision:
    if last is not None:
        return DatePrecision.BEFORE
    return DatePrecision.UNKNOWN if first is None else DatePrecision.AFTER


def _read_unit(text: str) -> Reading:
    marks = set(_QUALIFIERS.findall(text))
    match = _UNIT.fullmatch(_QUALIFIERS.sub("", text) if marks else text)
    if match is None:
        raise _not_edtf(text)
    year, month, day = match.groups()
    if year == "XXXX":
        return _no_year(text, month, day)
    earliest, latest, precision = _bounds(text, year, month, day)
    if marks & {"~", "%"}:
        return Reading(text, *_widened(earliest, latest, precision), DatePrecision.ABOUT)
    return Reading(text, earliest, latest, DatePrecision.DOUBTFUL if marks else precision)


def _no_year(text: str, month: str | None, day: str | None) -> Reading:
    if {month, day} - {"XX", None}:
        raise ValueFormError("The date names no year", found=text, expected="at least a year, such as 2019-03")
    return Reading(text, None, None, DatePrecision.UNKNOWN)


def _bounds(text: str, year: str, month: str | None, day: str | None) -> tuple[date, date, DatePrecision]:
    first, last = max(int(year.replace("X", "0")), 1), int(year.replace("X", "9"))
    if last == 0:
        raise _no_such(text, "year", "0001 to 9999")
    if first != last or year.endswith("X"):
        return date(first, 1, 1), date(last, 12, 31), DatePrecision.YEARS
    if month is None or month == "XX":
        return date(first, 1, 1), date(first, 12, 31), DatePrecision.YEAR
    if int(month) in _PARTS and day is None:
        return *_part_of_year(first, int(month)), DatePrecision.SEASON
    return _day_or_month(text, first, int(month), day)


def _day_or_month(text: str, year: int, month: int, day: str | None) -> tuple[date, date, DatePrecision]:
    if not 1 <= month <= 12:
        raise _no_such(text, "month", "01 to 12, or a part of the year from 21 to 41")
    length = _days_in(year, month)
    if day is None or day == "XX":
        return date(year, month, 1), date(year, month, length), DatePrecision.MONTH
    if not 1 <= int(day) <= length:
        raise _no_such(text, "day", f"01 to {length:02}")
    exact = date(year, month, int(day))
    return exact, exact, DatePrecision.DAY


def _part_of_year(year: int, part: int) -> tuple[date, date]:
    first, last = _PARTS[part]
    return _month_end(year, first - 1) + timedelta(days=1), _month_end(year, last)


def _month_end(year: int, month: int) -> date:
    """Return the last day of a month counted from January of `year` (0 is December before, 14 February after)."""
    years, index = divmod(month - 1, 12)
    year = min(max(year + years, date.min.year), date.max.year)
    return date(year, index + 1, _days_in(year, index + 1))


def _days_in(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _widened(earliest: date, latest: date, precision: DatePrecision) -> tuple[date, date]:
    """Return the stretch widened on both sides: a day by three days, a month or season by a month, else by a year."""
    if precision is DatePrecision.DAY:
        low, high = earliest.toordinal() - 3, latest.toordinal() + 3
        return date.fromordinal(max(low, 1)), date.fromordinal(min(high, date.max.toordinal()))
    months = 1 if precision in {DatePrecision.MONTH, DatePrecision.SEASON} else 12
    low_year, low_month = divmod(earliest.year * 12 + earliest.month - 1 - months, 12)
    start = date(low_year, low_month + 1, 1) if low_year >= 1 else date.min
    high_year, high_month = divmod(latest.year * 12 + latest.month - 1 + months, 12)
    end = date(high_year, high_month + 1, _days_in(high_year, high_month + 1)) if high_year <= 9999 else date.max
    return start, end


def _end(text: str) -> Reading | None:
    return None if text in {"", ".."} else _read_unit(text)


def _span(text: str, first: Reading | None, last: Reading | None) -> Reading:
    """Return the envelope of two ends; None stands for an open end, of which there may be one."""
    if first is None and last is None:
        raise _not_edtf(text)
    earliest = first.earliest if first else None
    latest = last.latest if last else None
    if earliest and latest and latest < earliest:
        raise ValueFormError("The date ends before it begins", found=text, expected="the earlier end first")
    qualified = {end.precision for end in (first, last) if end} & {DatePrecision.ABOUT, DatePrecision.DOUBTFUL}
    precision = min(qualified) if qualified else span_precision(earliest, latest)
    return Reading(text, earliest, latest, precision)


def _read_set(text: str) -> Reading:
    if text[-1:] != {"[": "]", "{": "}"}[text[0]] or len(text) < 3:
        raise _not_edtf(text)
    items = [_set_item(item.strip()) for item in text[1:-1].split(",")]
    if len(items) == 1:
        return Reading(text, items[0].earliest, items[0].latest, items[0].precision)
    lows, highs = [item.earliest for item in items], [item.latest for item in items]
    return Reading(
        text,
        None if None in lows else min(low for low in lows if low),
        None if None in highs else max(high for high in highs if high),
        DatePrecision.EITHER,
    )


def _set_item(item: str) -> Reading:
    if ".." not in item:
        return _read_unit(item)
    first, _, last = item.partition("..")
    return _span(item, _end(first), _end(last))


def _not_edtf(text: str) -> ValueFormError:
    return ValueFormError(
        "The date is not in a form that is understood",
        found=text,
        expected="EDTF such as 2019-03-15, 2019-03, 2019~, 2019-03-01/2019-03-09 or [2019,2020]",
    )


def _no_such(text: str, what: str, expected: str) -> ValueFormError:
    return ValueFormError(f"There is no such {what} in the calendar", found=text, expected=expected)
