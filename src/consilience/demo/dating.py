"""How dates and ages are written: to the day, the month or the year, about, between; ages, bands, births."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from consilience.demo.planted import HEAPING
from consilience.demo.rows import Rows, take
from consilience.demo.truth import FIRST_DAY, Bools

CALENDAR_DAYS = 365 * 7
"""Days after the first day of the calendar that the tables of dates reach."""

_ENGLISH = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_RUSSIAN = (
    "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip
_ARABIC = (
    "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
)  # fmt: skip
_OLDEST = 120
_BANDS = ((0, 11), (12, 17), (18, 29), (30, 44), (45, 59), (60, _OLDEST))
_WINDOW_BEFORE, _WINDOW_AFTER = 2, 5

_DATE_STYLES: Mapping[str, Callable[[dt.date], str]] = {
    "iso": lambda day: day.isoformat(),
    "month_iso": lambda day: f"{day:%Y-%m}",
    "year": lambda day: f"{day:%Y}",
    "month_en": lambda day: f"{_ENGLISH[day.month - 1]} {day.year}",
    "about_month_en": lambda day: f"about {_ENGLISH[day.month - 1]} {day.year}",
    "slash": lambda day: f"{day:%d/%m/%Y}",
    "month_slash": lambda day: f"{day:%m/%Y}",
    "month_ar": lambda day: f"{_ARABIC[day.month - 1]} {day.year}",
    "dot": lambda day: f"{day:%d.%m.%Y}",
    "month_ru": lambda day: f"{_RUSSIAN[day.month - 1]} {day.year}",
    "between": lambda day: f"between {day - dt.timedelta(_WINDOW_BEFORE)} and {day + dt.timedelta(_WINDOW_AFTER)}",
}


@cache
def _days(style: str) -> pa.Array:
    spelt = _DATE_STYLES[style]
    return pa.array([spelt(FIRST_DAY + dt.timedelta(number)) for number in range(CALENDAR_DAYS)])


def _date(rows: Rows) -> pa.Array:
    """Each row in one of the organisation's styles, in the shares of its `dates`."""
    styles = list(rows.organisation.dates)
    edges = np.cumsum([rows.organisation.dates[style] for style in styles])
    chosen = np.minimum(np.searchsorted(edges, rows.rng.random(len(rows)) * edges[-1], side="right"), len(styles) - 1)
    table = pa.concat_arrays([_days(style) for style in styles])
    return take(table, chosen * CALENDAR_DAYS + rows.persons.day)


def _is_range(rows: Rows) -> Bools:
    """Which rows give a first and a last day: two in ten, told by the record's number so that both columns agree."""
    return np.asarray(rows.number * 7919 % 10 < 2)


def _undated(rows: Rows) -> pa.Array:
    """Which rows give neither day: one in a hundred."""
    return pa.array(rows.number * 7907 % 100 == 0)


def _date_from(rows: Rows) -> pa.Array:
    first = np.maximum(rows.persons.day - _WINDOW_BEFORE, 0)
    days = take(_days("iso"), np.where(_is_range(rows), first, rows.persons.day))
    return pc.if_else(_undated(rows), None, days)


def _date_to(rows: Rows) -> pa.Array:
    last = np.where(_is_range(rows), rows.persons.day + _WINDOW_AFTER, rows.persons.day)
    return pc.if_else(_undated(rows), None, take(_days("iso"), last))


def _reported(style: str) -> Callable[[Rows], pa.Array]:
    return lambda rows: take(_days(style), rows.reported)


def _age(rows: Rows) -> pa.Array:
    return pa.array(rows.age).cast(pa.string())


def _heaped_age(rows: Rows) -> pa.Array:
    nearest = (rows.age + 2) // 5 * 5
    return pa.array(np.where(rows.chance(HEAPING.share), nearest, rows.age)).cast(pa.string())


@cache
def _bands() -> pa.Array:
    spelt = {low: f"{low}-{high}" if high < _OLDEST else f"{low}+" for low, high in _BANDS}
    return pa.array([spelt[max(low for low, _ in _BANDS if low <= age)] for age in range(_OLDEST)])


def _age_band(rows: Rows) -> pa.Array:
    return take(_bands(), rows.age)


def _birth_days(rows: Rows) -> pa.Array:
    first = np.datetime64(FIRST_DAY, "D")
    return pa.array(first + rows.persons.birth.astype("timedelta64[D]"))


def _birth(rows: Rows) -> pa.Array:
    """Half of the births to the day, half to the year."""
    days = _birth_days(rows)
    return pc.if_else(pa.array(rows.chance(0.5)), days.cast(pa.string()), pc.year(days).cast(pa.string()))


def _birth_year(rows: Rows) -> pa.Array:
    return pc.year(_birth_days(rows)).cast(pa.string())


DATING: Mapping[str, Callable[[Rows], pa.Array]] = {
    "date": _date,
    "date_from": _date_from,
    "date_to": _date_to,
    "reported": _reported("iso"),
    "reported_slash": _reported("slash"),
    "reported_dot": _reported("dot"),
    "age": _age,
    "heaped_age": _heaped_age,
    "age_band": _age_band,
    "birth": _birth,
    "birth_year": _birth_year,
}
