"""Names are taken apart as offices write them."""

import pytest

from consilience.linkage.names import Name, NameReader, is_unknown, root_of

READER = NameReader()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("DLOVAN, Mira Anet", Name("mira", "anet", "dlovan")),
        ("Mira Anet Dlovan", Name("mira", "anet", "dlovan")),
        ("Sheikh Tarek al-Osh", Name("tarek", "", "osh")),
        ("王小明", Name("xiaoming", "", "wang")),
        ("Dlovan", Name("", "", "dlovan")),
        ("Unidentified", Name()),
        ("", Name()),
        ("مجهول الهوية", Name()),
        ("al", Name("", "", "al")),
    ],
)
def test_a_whole_name_is_taken_apart(written, expected):
    assert READER.whole(written) == expected


def test_order_and_particles_do_not_matter_where_a_comma_tells():
    assert READER.whole("de la Vega, Rosa") == READER.whole("Rosa Vega")


def test_short_forms_have_the_root_of_the_full_form():
    assert root_of("bob") == root_of("robert") == "robert"
    assert root_of("zvush") == "zvush"


@pytest.mark.parametrize("said", ["NN", "n/a", "Desconocido", "неизвестно", "???", "  ", "Inconnue"])
def test_words_for_unknown_are_no_name(said):
    assert is_unknown(said)


def test_a_name_is_not_taken_for_unknown():
    assert not is_unknown("Noname-Dlovan")
