import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.errors import ValueFormError
from consilience.model.age import Age
from consilience.model.precision import AgePrecision
from consilience.model.vocabulary import load_words

SAID = {
    "25": (25, 25, "EXACT"), "25.5": (25, 25, "EXACT"), "٢٥": (25, 25, "EXACT"), "25 ans": (25, 25, "EXACT"),
    "35 лет": (35, 35, "EXACT"), "30岁": (30, 30, "EXACT"), "16 y/o": (16, 16, "EXACT"), "8 months": (0, 0, "EXACT"),
    "18 months": (1, 1, "EXACT"), "2 weeks": (0, 0, "EXACT"), "about 30": (27, 33, "ABOUT"), "~30": (27, 33, "ABOUT"),
    "около 30 лет": (27, 33, "ABOUT"), "大约30岁": (27, 33, "ABOUT"), "حوالي 30 سنة": (27, 33, "ABOUT"),
    "about 3": (2, 4, "ABOUT"), "25-30": (25, 30, "RANGE"), "between 25 and 30": (25, 30, "RANGE"),
    "entre 20 y 30 años": (20, 30, "RANGE"), "بين 20 و30 سنة": (20, 30, "RANGE"), "30s": (30, 39, "RANGE"),
    "mid-40s": (44, 46, "RANGE"), "under 18": (0, 17, "AT_MOST"),
    "<18": (0, 17, "AT_MOST"), "未满18岁": (0, 17, "AT_MOST"),
    "moins de 18 ans": (0, 17, "AT_MOST"), "60+": (60, None, "AT_LEAST"), "18岁以上": (18, None, "AT_LEAST"),
    "over 60": (61, None, "AT_LEAST"), "plus de 60 ans": (61, None, "AT_LEAST"), "infant": (0, 0, "GROUP"),
    "minor": (0, 17, "GROUP"), "menor de edad": (0, 17, "GROUP"), "قاصر": (0, 17, "GROUP"), "teens": (13, 19, "GROUP"),
    "adult": (18, None, "GROUP"), "unknown": (None, None, "UNKNOWN"),
}  # fmt: skip


@pytest.mark.parametrize("said", SAID)
def test_what_was_said_becomes_completed_years(said):
    age = Age.parse(said)
    assert (age.low, age.high, age.precision.value) == SAID[said]
    assert age.said == said


@pytest.mark.parametrize("said", ["", "x", "thirty-odd", "150", "30-25", "-4", "1973"])
def test_what_is_no_age_is_refused(said):
    with pytest.raises(ValueFormError):
        Age.parse(said)


def test_a_caller_may_declare_what_words_mean():
    assert Age.parse("youth", words={"youth": (15, 24)}).high == 24
    with pytest.raises(ValueFormError):
        Age.parse("youth")


PIECES = st.sampled_from(
    [word for words in load_words("ages").values() for said in words.values() for word in said]
    + ["12", "3.5", "40", "150", "٩", "²", "-", "9" * 30]
)


@given(st.lists(st.tuples(st.sampled_from([" ", ""]), PIECES), max_size=5))
def test_any_run_of_words_is_read_or_refused_but_never_breaks(pieces):
    try:
        age = Age.parse("".join(gap + piece for gap, piece in pieces))
    except ValueFormError:
        return
    assert age.low is None or age.high is None or age.low <= age.high


@given(low=st.integers(0, 60), width=st.integers(0, 60))
def test_a_range_keeps_its_ends(low, width):
    age = Age.parse(f"{low} to {low + width}")
    assert (age.low, age.high, age.precision) == (low, low + width, AgePrecision.RANGE)


@given(years=st.integers(0, 110))
def test_about_holds_the_age_itself(years):
    age = Age.parse(f"about {years}")
    assert age.low <= years <= age.high
