"""How names are written: scripts, misspellings, nicknames, particles, patronymics, the order of names."""

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from consilience.demo.names import VARIANTS, NamePool, Script, spell
from consilience.demo.rows import Rows
from consilience.demo.truth import Ints

_PARTICLE = "dal"


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


NAMING: Mapping[str, Callable[[Rows], pa.Array]] = {
    "given": _given,
    "family": _family,
    "patronymic": _patronymic,
    "full_name": _full_name,
    "full_name_with_patronymic": _full_name_with_patronymic,
    "family_first": _family_first,
    "name_in_arabic": _name_in_arabic,
}
