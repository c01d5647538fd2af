"""Charts as SVG text: small, deterministic, readable without colour, in any of the languages of a release.

Every chart is a frozen dataclass and a pure function that turns it into one SVG string. The string carries its own
title and description, one script per text run, no inline styles (so that a strict content security policy holds),
and, where `Head.standalone` is set, the style that makes a downloaded file look right alone.

>>> from consilience.publishing.charts import Head, LineChart, Series, line_chart
>>> head = Head("killings", "Killings", "From 12 in 2019 to 18 in 2021.", lang="en")
>>> chart = LineChart(head, ("2019", "2020", "2021"), (Series("All", (12, 15, 18), (10, 12, 15), (14, 19, 22)),))
>>> line_chart(chart)[:55]
'<svg xmlns="http://www.w3.org/2000/svg" class="cc" id="'
"""

from consilience.publishing.charts.bar import bar_chart
from consilience.publishing.charts.canvas import Head
from consilience.publishing.charts.interval import interval_chart
from consilience.publishing.charts.ladder import Ladder, Step, StepState, ladder_chart
from consilience.publishing.charts.line import LineChart, Series, line_chart
from consilience.publishing.charts.overlap import Intersection, OverlapPlot, overlap_plot
from consilience.publishing.charts.rows import Row, RowChart
from consilience.publishing.charts.style import CHART_CSS
from consilience.publishing.charts.tiles import Tile, TileMap, generic_grid, tile_map, world_grid

__all__ = [
    "CHART_CSS",
    "Head",
    "Intersection",
    "Ladder",
    "LineChart",
    "OverlapPlot",
    "Row",
    "RowChart",
    "Series",
    "Step",
    "StepState",
    "Tile",
    "TileMap",
    "bar_chart",
    "generic_grid",
    "interval_chart",
    "ladder_chart",
    "line_chart",
    "overlap_plot",
    "tile_map",
    "world_grid",
]
