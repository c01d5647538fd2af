"""Names are invented, distinct, and can be written in every file that bears them."""

import unicodedata

import numpy as np
import pytest

from consilience.demo.country import DISTRICTS, PROVINCES, VILLAGES
from consilience.demo.names import VARIANTS, Script, compose, people_of_the_country, spell, variants

PLACES = [spot.plain for spot in (*PROVINCES, *DISTRICTS, *VILLAGES)]


@pytest.mark.parametrize(("kind", "count"), [("male", 240), ("female", 240), ("family", 1600)])
def test_composed_names_are_distinct(kind, count):
    assert len(set(compose(kind, count))) == count


@pytest.mark.parametrize("script", Script)
def test_no_two_places_are_spelt_alike_in_any_script(script):
    assert len({spell(place, script) for place in PLACES}) == len(PLACES)


@pytest.mark.parametrize(
    ("script", "encoding", "alphabet"),
    [(Script.ARABIC, "windows-1256", "ARABIC"), (Script.CYRILLIC, "windows-1251", "CYRILLIC")],
)
def test_each_name_can_be_written_in_the_encoding_of_its_organisation(script, encoding, alphabet):
    for name in (*PLACES, *compose("male", 240), *compose("female", 240), *compose("family", 1600)):
        spelt = spell(name, script)
        assert spelt.encode(encoding).decode(encoding) == spelt
        assert all(unicodedata.name(letter).startswith(alphabet) for letter in spelt)


def test_the_usual_spelling_comes_first_and_most_names_have_others():
    names = compose("family", 200)
    assert all(variants(name)[0] == name and len(variants(name)) == VARIANTS for name in names)
    assert sum(len(set(variants(name))) > 1 for name in names) == len(names)


def test_a_pool_gives_the_spelling_of_number_script_and_variant():
    people = people_of_the_country()
    name = compose("male", 240)[3]
    for script in Script:
        for variant, form in enumerate(variants(name)):
            taken = people.given.take(np.array([3]), script, np.array([variant]))
            assert taken.to_pylist() == [spell(form, script)]
