import pytest

from consilience.publishing.charts import Head, Row, RowChart, bar_chart, interval_chart
from consilience.publishing.charts.rows import figure_text

HEAD = Head("a", "By area", "North has most.")


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (Row("a", 12, 10, 15), "12 (10–15)"),
        (Row("a", 12, 12, 12), "12"),
        (Row("a", 0), "0"),
        (Row("a", None, note="suppressed"), "suppressed"),
        (Row("a", None), "–"),
    ],
)
def test_the_figure_says_value_and_interval_or_why_there_is_none(row, text):
    assert figure_text(row, "en") == text


def test_bars_begin_at_zero_and_negative_ones_run_the_other_way(read):
    up, down = (read(bar_chart(RowChart(HEAD, (Row("a", value), Row("b", -value))))) for value in (5, -5))
    for drawing in (up, down):
        first, second = (box for box in drawing.boxes if box.kind == "rect")
        assert abs(first.left - second.right) < 0.2 or abs(first.right - second.left) < 0.2


def test_a_row_that_stands_out_differs_in_shape_and_weight_not_only_in_colour():
    svg = interval_chart(RowChart(HEAD, (Row("a", 1), Row("b", 1, strong=True))))
    assert "<circle" in svg
    assert 'class="dot s2" d="M' in svg
    assert 'class="strong"' in svg


def test_an_empty_chart_is_still_a_chart(read):
    assert read(bar_chart(RowChart(HEAD, ()))).height > 0
