"""The small parts: calendar, exports, fragments, sentences, texts."""

import doctest
import importlib

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from consilience.node.releases.calendar import numbered, span
from consilience.node.releases.exports import as_csv
from consilience.node.releases.fragments import clean_html
from consilience.node.releases.observations import COLUMNS, Cell, Shown, cells


@pytest.mark.parametrize("name", ["releases.calendar", "releases.fragments", "ui.texts"])
def test_the_examples_in_the_docstrings_are_true(django_ready, name):
    result = doctest.testmod(importlib.import_module(f"consilience.node.{name}"))
    assert result.attempted > 0
    assert result.failed == 0


@settings(deadline=None)
@given(st.integers(1900, 2100), st.integers(1, 12), st.integers(0, 60))
def test_a_span_has_no_holes(year, month, length):
    last = year * 12 + month - 1 + length
    codes = span(f"{year}-{month:02d}", f"{last // 12}-{last % 12 + 1:02d}")
    assert len(codes) == length + 1
    numbers = [numbered(code)[1] for code in codes]
    assert numbers == list(range(numbers[0], numbers[0] + length + 1))


@pytest.mark.parametrize("code", ["_T", "2019-13", "2019-W54", "2019-02-30", "", "x"])
def test_what_is_no_period_has_no_number(code):
    assert numbered(code) is None


@pytest.mark.parametrize(
    ("value", "status", "confidential", "shown"),
    [
        (3, "A", "F", Shown.FIGURE),
        (0, "A", "F", Shown.ZERO),
        (None, "Q", "F", Shown.SUPPRESSED),
        (None, "A", "C", Shown.SUPPRESSED),
        (None, "M", "F", Shown.MISSING),
        (None, None, None, Shown.MISSING),
    ],
)
def test_a_cell_tells_figure_zero_suppressed_and_missing_apart(value, status, confidential, shown):
    table = pa.table(
        {
            "AGE": ["_T"],
            "OBS_VALUE": pa.array([value], pa.int64()),
            "LOWER_BOUND": pa.array([value], pa.int64()),
            "UPPER_BOUND": pa.array([value], pa.int64()),
            "OBS_STATUS": pa.array([status], pa.string()),
            "CONF_STATUS": pa.array([confidential], pa.string()),
        }
    )
    assert cells(table, "AGE") == (Cell("_T", value, value, value, shown),)


@pytest.mark.parametrize("text", ["=cmd()", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_text_that_a_spreadsheet_would_run_is_made_harmless(text):
    table = pa.table({name: [text if name == "REF_AREA" else -1] for name in COLUMNS})
    row = as_csv(table).splitlines()[-1] if "\r" not in text else as_csv(table)
    assert f"'{text}" in row
    assert ",-1," in row


@settings(deadline=None)
@given(st.text(alphabet="<>/abscript=\"' &;on:jv", max_size=200))
def test_no_fragment_lets_anything_act_through(text):
    cleaned = str(clean_html(text))
    root = html.fragment_fromstring(cleaned, create_parent="div") if cleaned else html.Element("div")
    for element in root.iterdescendants():
        assert element.tag in {
            "b",
            "i",
            "a",
            "p",
            "br",
            "ol",
            "ul",
            "li",
            "td",
            "th",
            "tr",
            "sub",
            "sup",
            "hr",
            "bdi",
            "abbr",
        }
        assert not [name for name in element.attrib if name.startswith("on")]
        assert not element.get("href", "#").startswith("javascript")


@pytest.mark.parametrize(
    "attack",
    [
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<svg><script>alert(1)</script></svg>",
        "<p onclick=alert(1)>x</p>",
        "<form action=/x><input></form>",
        "<iframe src=//x></iframe>",
        "<style>*{display:none}</style>",
        "<math><mtext><script>alert(1)</script>",
        "<!--><script>alert(1)</script>-->",
    ],
)
def test_known_attacks_come_out_as_text_or_not_at_all(attack):
    cleaned = str(clean_html(attack))
    assert "<script" not in cleaned
    assert "onerror" not in cleaned
    assert "onclick" not in cleaned
    assert "javascript" not in cleaned
    assert not any(tag in cleaned for tag in ("<img", "<svg", "<form", "<iframe", "<style", "<input"))
