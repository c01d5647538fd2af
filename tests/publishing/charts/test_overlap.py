import pytest

from consilience.errors import UsageError
from consilience.publishing.charts import Head, Intersection, OverlapPlot, overlap_plot

HEAD = Head("o", "Overlap", "Five cases are on both lists.")


def test_every_intersection_has_its_bar_its_figure_and_its_dots(read):
    parts = (Intersection((0,), 9), Intersection((0, 1), 5), Intersection((0, 1, 2), None))
    svg = overlap_plot(OverlapPlot(HEAD, ("A", "B", "C"), parts, withheld="suppressed"))
    assert svg.count('class="bar') == 2
    assert svg.count('class="dot s1"') == 6
    assert svg.count('class="off"') == 3
    assert svg.count('class="whisker s1"') == 2
    assert {"9", "5", "suppressed"} <= set(read(svg).words)


def test_a_list_that_is_not_named_is_refused():
    with pytest.raises(UsageError, match="lists that it does not name"):
        overlap_plot(OverlapPlot(HEAD, ("A",), (Intersection((0, 1), 5),)))
