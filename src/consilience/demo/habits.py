"""How organisations write things down: the habits that fill the columns of a list.

A habit takes the rows of one organisation and gives one text a row, null where it has nothing to say. Whatever has few
distinct values (days, ages, places, codes) is spelt once and then taken by number, so a million rows cost no loop.
Names stand in `naming`, dates and ages in `dating`; here are identifiers, codes and places.
"""

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from consilience.demo.country import DISTRICTS, PROVINCES, VILLAGES, Spot
from consilience.demo.dating import DATING
from consilience.demo.names import Script, spell
from consilience.demo.naming import NAMING
from consilience.demo.planted import MISCODING
from consilience.demo.rows import Rows, numbered, take
from consilience.demo.truth import FIRST_DAY, PERPETRATORS, SEXES, VIOLATIONS, Ints, violation_number


def write_columns(rows: Rows) -> dict[str, pa.Array]:
    """Fill every column of the organisation's list: heading to one text a row."""
    written: dict[str, pa.Array] = {}
    for column in rows.organisation.columns:
        texts = HABITS[column.says](rows)
        if column.missing:
            texts = pc.if_else(pa.array(rows.chance(column.missing)), None, texts)
        written[column.header] = texts
    return written


def _record_id(rows: Rows) -> pa.Array:
    return numbered(f"{rows.organisation.prefix}-", rows.number, 6)


def _incident(rows: Rows) -> pa.Array:
    # Multiplying by a number without common factor with the modulus hides the order of the truth's event numbers.
    return numbered(f"{rows.organisation.prefix}-I", rows.event * 7_654_321 % 99_999_989, 8)


def _sex(rows: Rows) -> pa.Array:
    return take(pa.array([rows.organisation.codes.sex[sex] for sex in SEXES]), rows.persons.female.astype(np.int64))


def _violation(rows: Rows) -> pa.Array:
    codes = rows.organisation.codes
    local = take(pa.array([codes.violation[kind] for kind in VIOLATIONS]), _as_coded(rows))
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
    return take(pa.array([codes[kind] for kind in PERPETRATORS]), rows.persons.perpetrator)


@cache
def _spellings(spots: tuple[Spot, ...], script: Script) -> pa.Array:
    return pa.array([spell(spot.plain, script) for spot in spots])


def _province(rows: Rows) -> pa.Array:
    numbers = np.array([district.province for district in DISTRICTS])[rows.persons.district]
    return take(_spellings(PROVINCES, rows.organisation.script), numbers)


def _district(rows: Rows) -> pa.Array:
    return take(_spellings(DISTRICTS, rows.organisation.script), rows.persons.district)


def _village(rows: Rows) -> pa.Array:
    return take(_spellings(VILLAGES, rows.organisation.script), rows.persons.village)


def _place(rows: Rows) -> pa.Array:
    """One column for whatever is known: four in ten a village, four a district, two a province."""
    draw = pa.array(rows.rng.random(len(rows)))
    upper = pc.if_else(pc.less(draw, 0.8), _district(rows), _province(rows))
    return pc.if_else(pc.less(draw, 0.4), _village(rows), upper)


HABITS: Mapping[str, Callable[[Rows], pa.Array]] = {
    **NAMING,
    **DATING,
    "record_id": _record_id,
    "incident": _incident,
    "sex": _sex,
    "violation": _violation,
    "perpetrator": _perpetrator,
    "province": _province,
    "district": _district,
    "village": _village,
    "place": _place,
}
