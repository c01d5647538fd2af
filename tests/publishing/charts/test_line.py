import pytest

from consilience.errors import UsageError
from consilience.publishing.charts import Head, LineChart, Series, line_chart

HEAD = Head("killings", "Killings", "They rise.")
YEARS = ("2019", "2020", "2021", "2022", "2023")


def shapes(svg: str, name: str) -> int:
    return svg.count(f'class="{name}')


def test_a_gap_parts_the_line_and_its_band():
    series = Series("All", (1, 2, None, 4, 5), (1, 1, None, 3, 4), (2, 3, None, 6, 7))
    svg = line_chart(LineChart(HEAD, YEARS, (series,)))
    assert shapes(svg, "line s1") == 2
    assert shapes(svg, "band s1") == 2


def test_a_single_figure_between_gaps_keeps_its_mark_and_its_interval():
    series = Series("All", (None, 2, None, None, None), (None, 1, None, None, None), (None, 3, None, None, None))
    svg = line_chart(LineChart(HEAD, YEARS, (series,)))
    assert shapes(svg, "dot s1") == 1
    assert shapes(svg, "whisker s1") == 1
    assert shapes(svg, "line") == 0


def test_suppressed_and_missing_and_zero_look_different():
    zero, missing = (line_chart(LineChart(HEAD, YEARS, (Series("A", (1, v, 1, 1, 1)),))) for v in (0, None))
    withheld = line_chart(LineChart(HEAD, YEARS, (Series("A", (1, None, 1, 1, 1), withheld=(1,)),)))
    assert len({zero, missing, withheld}) == 3
    assert shapes(withheld, "withheld") == 1
    assert shapes(missing, "withheld") == 0


def test_series_differ_by_dash_and_marker_and_are_named_at_their_ends(read):
    series = tuple(Series(name, (1.0, 2.0, 3.0, 4.0, 5.0)) for name in ("North", "South", "Coast"))
    svg = line_chart(LineChart(HEAD, YEARS, series))
    drawing = read(svg)
    dashes = [e.get("stroke-dasharray") for e in drawing.root.iter("{*}path") if "line" in e.get("class")]
    assert len(set(dashes)) == 3
    assert {"North", "South", "Coast"} <= set(drawing.words)
    assert drawing.overlapping_texts() == []


def test_a_break_is_a_line_with_its_reason(read):
    svg = line_chart(LineChart(HEAD, YEARS, (Series("A", (1, 2, 3, 4, 5)),), breaks=((2, "New method"),)))
    assert "New method" in read(svg).words
    assert shapes(svg, "break") == 1


def test_more_lines_than_can_be_told_apart_are_refused():
    with pytest.raises(UsageError, match=r"Found: 7 series"):
        line_chart(LineChart(HEAD, ("2019",), tuple(Series(str(i), (1,)) for i in range(7))))


def test_a_series_of_another_length_is_refused():
    with pytest.raises(UsageError, match="another length"):
        line_chart(LineChart(HEAD, YEARS, (Series("A", (1, 2)),)))


def test_months_are_written_in_the_language_of_the_chart(read):
    months = tuple(f"2023-{month:02d}" for month in range(1, 13))
    series = (Series("A", tuple(range(12))),)
    words = {
        lang: read(line_chart(LineChart(Head("a", "t", "d", lang), months, series))).words
        for lang in ("fr", "ar", "zh")
    }
    assert any("janv. 2023" in word for word in words["fr"])
    assert any("يناير 2023" in word for word in words["ar"])
    assert any("2023年1月" in word for word in words["zh"])
