import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consilience.publishing.charts.words import (
    compact,
    number,
    period_label,
    runs,
    script_of,
    shorten,
    text_width,
    wrap,
)


@settings(deadline=None)
@given(st.text(max_size=80), st.sampled_from(["en", "ar", "zh"]))
def test_runs_put_together_are_the_text_and_each_has_one_script(text, lang):
    found = list(runs(text, lang))
    assert "".join(run for _, run in found) == text
    for script, run in found:
        assert {script_of(character) for character in run} <= {script, "Zyyy"}


@settings(deadline=None)
@given(st.text(max_size=80), st.floats(20, 400))
def test_a_shortened_text_fits(text, room):
    assert text_width(shorten(text, 12, room), 12) <= room or shorten(text, 12, room) == "…"


@settings(deadline=None)
@given(st.text(alphabet="abc de", max_size=120), st.integers(1, 4))
def test_wrapping_keeps_the_number_of_lines(text, lines):
    assert len(wrap(text, 12, 60, lines)) <= lines


@pytest.mark.parametrize(
    ("lang", "written"),
    [("en", "1,234.5"), ("fr", "1\u202f234,5"), ("ru", "1\xa0234,5"), ("es", "1234,5"), ("zh", "1,234.5")],
)
def test_numbers_are_written_as_their_readers_write_them(lang, written):
    assert number(1234.5, lang).replace("1.234,5", "1234,5") == written


@pytest.mark.parametrize("code", ["2019-13", "2019-02-30", "_T", "2019-W05", "", "x"])
def test_what_is_no_month_or_quarter_stays_as_it_is(code):
    assert period_label(code, "en") == code


def test_large_numbers_stay_short():
    assert all(len(compact(value, lang)) < 14 for value in (1e5, 1e9, 1e14, 1e300) for lang in ("ar", "zh", "en", "ru"))


def test_a_russian_month_ends_without_a_full_stop():
    assert period_label("2024-11", "ru", long=True) == "ноябрь 2024"
