"""How organisations write things down: the habits that fill the columns of a list.

A habit takes the rows of one organisation and gives one text a row, null where it has nothing to say. Whatever has few
distinct values (days, ages, places, codes) is spelt once and then taken by number, so a million rows cost no loop.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from consilience.demo.country import DISTRICTS, PROVINCES, VILLAGES, Spot
from consilience.demo.names import VARIANTS, NamePool, People, Script, spell
from consilience.demo.organisations import Organisation
from consilience.demo.planted import HEAPING, MISCODING
from consilience.demo.truth import FIRST_DAY, PERPETRATORS, SEXES, VIOLATIONS, Bools, Ints, Persons, violation_number

CALENDAR_DAYS = 365 * 7
"""Days after the first day of the calendar that the tables of dates reach."""

_ENGLISH = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_RUSSIAN = [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
]
_ARABIC = [
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "مايو",
    "يونيو",
    "يوليو",
    "أغسطس",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
]
_OLDEST = 120
_BANDS = ((0, 11), (12, 17), (18, 29), (30, 44), (45, 59), (60, _OLDEST))
_PARTICLE = "dal"
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


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows one organisation writes about one slice.

    Attributes:
        organisation: who writes.
        persons: the person of each row (a person stands as often as rows speak of them).
        violation: the number of the act's violation.
        event: the number of the event in the whole coalition.
        reported: the day the organisation heard of it, in days since the first day of the calendar.
        number: the running number of the row in the organisation's list, from 1.
        names: the country's names.
        rng: the source of chance for everything written here.
    """

    organisation: Organisation
    persons: Persons
    violation: Ints
    event: Ints
    reported: Ints
    number: Ints
    names: People
    rng: np.random.Generator

    def __len__(self) -> int:
        return len(self.number)

    def chance(self, share: float) -> Bools:
        """Return True for a random `share` of the rows."""
        return np.asarray(self.rng.random(len(self)) < share)

    @property
    def age(self) -> Ints:
        """Completed years of age on the day of the act."""
        return ((self.persons.day - self.persons.birth) / 365.25).astype(np.int64)


def write_columns(rows: Rows) -> dict[str, pa.Array]:
    """Fill every column of the organisation's list: heading to one text a row."""
    written: dict[str, pa.Array] = {}
    for column in rows.organisation.columns:
        texts = HABITS[column.says](rows)
        if column.missing:
            texts = pc.if_else(pa.array(rows.chance(column.missing)), None, texts)
        written[column.header] = texts
    return written


def _take(texts: pa.Array, numbers: Ints) -> pa.Array:
    return texts.take(pa.array(numbers))


def _numbered(prefix: str, numbers: Ints, width: int) -> pa.Array:
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(prefix, digits, "")


def _record_id(rows: Rows) -> pa.Array:
    return _numbered(f"{rows.organisation.prefix}-", rows.number, 6)


def _incident(rows: Rows) -> pa.Array:
    # Multiplying by a number without common factor with the modulus hides the order of the truth's event numbers.
    return _numbered(f"{rows.organisation.prefix}-I", rows.event * 7_654_321 % 99_999_989, 8)


# -- names ------------------------------------------------------------------------------------------------------------


def _spelt(rows: Rows, pool: NamePool, numbers: Ints, script: Script | None = None) -> pa.Array:
    variant = np.where(rows.chance(rows.organisation.misspelt), rows.rng.integers(1, VARIANTS, len(rows)), 0)
    return pool.take(numbers, rows.organisation.script if script is None else script, variant)


def _given(rows: Rows) -> pa.Array:
    given = _spelt(rows, rows.names.given, rows.persons.given)
    if not rows.organisation.nicknames:
        return given
    nickname = _spelt(rows, rows.names.nickname, rows.persons.given)
    return pc.if_else(pa.array(rows.chance(rows.organisation.nicknames)), nickname, given)


def _family(rows: Rows, script: Script | None = None) -> pa.Array:
    bare = _spelt(rows, rows.names.family, rows.persons.family, script)
    particle = spell(_PARTICLE, rows.organisation.script if script is None else script).lower()
    # Offices forget the particle about as often as they write it.
    written = rows.persons.particle & rows.chance(0.6)
    return pc.if_else(pa.array(written), pc.binary_join_element_wise(particle, bare, " "), bare)


def _patronymic(rows: Rows) -> pa.Array:
    return _spelt(rows, rows.names.patronymic, rows.persons.father)


def _full_name(rows: Rows) -> pa.Array:
    given, family = _given(rows), _family(rows)
    swapped = pa.array(rows.chance(rows.organisation.swapped))
    first, last = pc.if_else(swapped, family, given), pc.if_else(swapped, given, family)
    return pc.binary_join_element_wise(first, last, " ")


def _full_name_with_patronymic(rows: Rows) -> pa.Array:
    return pc.binary_join_element_wise(_given(rows), _patronymic(rows), _family(rows), " ")


def _family_first(rows: Rows) -> pa.Array:
    return pc.binary_join_element_wise(pc.utf8_upper(_family(rows)), _given(rows), ", ")


def _name_in_arabic(rows: Rows) -> pa.Array:
    given = _spelt(rows, rows.names.given, rows.persons.given, Script.ARABIC)
    return pc.binary_join_element_wise(given, _family(rows, Script.ARABIC), " ")


# -- dates ------------------------------------------------------------------------------------------------------------


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
    return _take(table, chosen * CALENDAR_DAYS + rows.persons.day)


def _is_range(rows: Rows) -> Bools:
    """Which rows give a first and a last day: two in ten, told by the record's number so that both columns agree."""
    return np.asarray(rows.number * 7919 % 10 < 2)


def _date_from(rows: Rows) -> pa.Array:
    first = np.maximum(rows.persons.day - _WINDOW_BEFORE, 0)
    return _take(_days("iso"), np.where(_is_range(rows), first, rows.persons.day))


def _date_to(rows: Rows) -> pa.Array:
    last = np.where(_is_range(rows), rows.persons.day + _WINDOW_AFTER, rows.persons.day)
    return _take(_days("iso"), last)


def _reported(style: str) -> Callable[[Rows], pa.Array]:
    return lambda rows: _take(_days(style), rows.reported)


# -- ages and sexes ---------------------------------------------------------------------------------------------------


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
    return _take(_bands(), rows.age)


def _birth_days(rows: Rows) -> pa.Array:
    first = np.datetime64(FIRST_DAY, "D")
    return pa.array(first + rows.persons.birth.astype("timedelta64[D]"))


def _birth(rows: Rows) -> pa.Array:
    """Half of the births to the day, half to the year."""
    days = _birth_days(rows)
    return pc.if_else(pa.array(rows.chance(0.5)), days.cast(pa.string()), pc.year(days).cast(pa.string()))


def _birth_year(rows: Rows) -> pa.Array:
    return pc.year(_birth_days(rows)).cast(pa.string())


def _sex(rows: Rows) -> pa.Array:
    return _take(pa.array([rows.organisation.codes.sex[sex] for sex in SEXES]), rows.persons.female.astype(np.int64))


# -- what and by whom -------------------------------------------------------------------------------------------------


def _violation(rows: Rows) -> pa.Array:
    codes = rows.organisation.codes
    local = _take(pa.array([codes.violation[kind] for kind in VIOLATIONS]), _as_coded(rows))
    return pc.if_else(pa.array(rows.chance(codes.other_share)), codes.other, local)


def _as_coded(rows: Rows) -> Ints:
    """The violation as the organisation's desk files it: with the planted swap of two codes for some months."""
    if rows.organisation.id != MISCODING.organisation:
        return rows.violation
    one, other = (violation_number(kind) for kind in MISCODING.violations)
    swapped = np.arange(len(VIOLATIONS))
    swapped[[one, other]] = other, one
    first, last = ((day - FIRST_DAY).days for day in (MISCODING.first, MISCODING.last))
    during = (rows.persons.day >= first) & (rows.persons.day <= last)
    return np.where(during, swapped[rows.violation], rows.violation)


def _perpetrator(rows: Rows) -> pa.Array:
    codes = rows.organisation.codes.perpetrator
    return _take(pa.array([codes[kind] for kind in PERPETRATORS]), rows.persons.perpetrator)


# -- places -----------------------------------------------------------------------------------------------------------


@cache
def _spellings(spots: tuple[Spot, ...], script: Script) -> pa.Array:
    return pa.array([spell(spot.plain, script) for spot in spots])


def _province(rows: Rows) -> pa.Array:
    numbers = np.array([district.province for district in DISTRICTS])[rows.persons.district]
    return _take(_spellings(PROVINCES, rows.organisation.script), numbers)


def _district(rows: Rows) -> pa.Array:
    return _take(_spellings(DISTRICTS, rows.organisation.script), rows.persons.district)


def _village(rows: Rows) -> pa.Array:
    return _take(_spellings(VILLAGES, rows.organisation.script), rows.persons.village)


def _place(rows: Rows) -> pa.Array:
    """One column for whatever is known: four in ten a village, four a district, two a province."""
    draw = pa.array(rows.rng.random(len(rows)))
    upper = pc.if_else(pc.less(draw, 0.8), _district(rows), _province(rows))
    return pc.if_else(pc.less(draw, 0.4), _village(rows), upper)


HABITS: Mapping[str, Callable[[Rows], pa.Array]] = {
    "record_id": _record_id,
    "incident": _incident,
    "given": _given,
    "family": _family,
    "patronymic": _patronymic,
    "full_name": _full_name,
    "full_name_with_patronymic": _full_name_with_patronymic,
    "family_first": _family_first,
    "name_in_arabic": _name_in_arabic,
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
    "sex": _sex,
    "violation": _violation,
    "perpetrator": _perpetrator,
    "province": _province,
    "district": _district,
    "village": _village,
    "place": _place,
}
