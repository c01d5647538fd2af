"""The page is written in the six languages; what is not translated is marked as English."""

import datetime as dt
import string
from dataclasses import fields

import pytest

from consilience.quality.finding import Dimension, Finding, Severity
from consilience.quality.headings import headings, languages
from consilience.quality.page import render_report, render_text
from consilience.quality.report import QualityReport, SourceReport

SOURCE = SourceReport("a<b", {"acts": 3}, {"acts.sex": 0.5}, {"date": 0.1}, {"n": 3, "median": 2, "p90": 9}, {})
FINDING = Finding(
    "dates.before_1900", "a<b", Dimension.ACCURACY, Severity.WARNING, "acts.date_earliest", 1, 0,
    parameters={"count": 1, "table": "acts"}, sample=("r<1",),
)  # fmt: skip
REPORT = QualityReport(dt.date(2024, 1, 1), (SOURCE,), (FINDING,))


def places(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_heading_with_the_same_places(language):
    english, other = headings("en"), headings(language)
    for each in (field.name for field in fields(english) if field.name != "severities"):
        assert getattr(other, each)
        assert places(getattr(other, each)) == places(getattr(english, each))
    assert other.severities.keys() == english.severities.keys()


@pytest.mark.parametrize("language", languages())
def test_the_page_speaks_the_language_and_escapes_what_it_shows(language):
    page, text = render_report(REPORT, language), render_text(REPORT, language)
    assert headings(language).measure in page
    assert headings(language).severities["warning"].upper() in text
    assert "a&lt;b" in page
    assert "r&lt;1" in page
    assert "a<b" not in page
    assert ('lang="en"' in page.partition("finding-warning")[2]) == (language != "en")
    assert ('dir="rtl"' in page) == (language == "ar")


def test_a_language_without_headings_has_the_english_ones():
    assert headings("xx") is headings("en")
