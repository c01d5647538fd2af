"""How many cases which lists share: a matrix of lists with a bar for each combination (an UpSet plot).

After A. Lex and others, "UpSet: Visualization of Intersecting Sets", IEEE TVCG 20 (2014).

>>> from consilience.publishing.charts import Head, Intersection, OverlapPlot, overlap_plot
>>> plot = OverlapPlot(Head("o", "Overlap", "5 in both."), ("A", "B"), (Intersection((0, 1), 5), Intersection((0,), 9)))
>>> overlap_plot(plot).count("<circle")
4
"""

from dataclasses import dataclass

from consilience.errors import UsageError
from consilience.publishing.charts.canvas import Canvas, Head
from consilience.publishing.charts.scale import Scale, drawable, finite
from consilience.publishing.charts.words import compact, shorten, text_width

BARS = 130.0
ROW = 26.0


@dataclass(frozen=True, slots=True)
class Intersection:
    """What exactly these lists share and no other: positions of the lists, and how many cases (None: suppressed)."""

    members: tuple[int, ...]
    count: float | None


@dataclass(frozen=True, slots=True)
class OverlapPlot:
    """Lists by name, and their intersections in the order they are to stand."""

    head: Head
    lists: tuple[str, ...]
    intersections: tuple[Intersection, ...]
    withheld: str = "–"


def overlap_plot(chart: OverlapPlot) -> str:
    """Draw `chart`: bars above, the lists that take part below; UsageError where a member is not a list."""
    _check(chart)
    canvas = Canvas.open(chart.head, BARS + 30 + ROW * len(chart.lists) + 8)
    start = min(max((text_width(name, 13) for name in chart.lists), default=0.0), 0.4 * chart.head.width) + 16
    top = canvas.top + BARS + 30
    for index, name in enumerate(chart.lists):
        y = top + ROW * (index + 0.5)
        if index % 2 == 0:
            canvas.rect((0, y - ROW / 2), (chart.head.width, ROW), "t0")
        canvas.text(start - 10, y + 4.5, shorten(name, 13, start - 12), anchor="end")
    _columns(canvas, chart, start, top)
    canvas.line((start, top - 6), (chart.head.width, top - 6), "axis")
    return canvas.close()


def _check(chart: OverlapPlot) -> None:
    known = range(len(chart.lists))
    for intersection in chart.intersections:
        if any(member not in known for member in intersection.members):
            raise UsageError(
                f"The chart {chart.head.ident} has an intersection of lists that it does not name",
                found=f"members {intersection.members}",
                expected=f"positions below {len(chart.lists)}",
            )


def _columns(canvas: Canvas, chart: OverlapPlot, start: float, top: float) -> None:
    counts = finite([each.count for each in chart.intersections])
    up = Scale(0.0, max((*counts, 1.0)), top - 6, canvas.top + 24)
    step = (chart.head.width - start) / max(len(chart.intersections), 1)
    radius = min(6.0, step * 0.36)
    for index, each in enumerate(chart.intersections):
        x = start + step * (index + 0.5)
        count = drawable(each.count)
        if count is not None:
            canvas.rect(
                (x - min(step * 0.32, 16), up(count)), (min(step * 0.64, 32), up(0) - up(count)), "bar s1", radius=1
            )
        label = compact(count, chart.head.lang) if count is not None else chart.withheld
        if text_width(label, 12) <= step + 2 or len(chart.intersections) == 1:
            canvas.text(x, up(count or 0.0) - 6, label, anchor="middle", style="small num")
        _dots(canvas, chart, each, (x, top), radius)


def _dots(canvas: Canvas, chart: OverlapPlot, each: Intersection, at: tuple[float, float], radius: float) -> None:
    heights = [at[1] + ROW * (member + 0.5) for member in range(len(chart.lists))]
    taking_part = [heights[member] for member in each.members]
    if len(taking_part) > 1:
        canvas.line((at[0], min(taking_part)), (at[0], max(taking_part)), "whisker s1")
    for member, y in enumerate(heights):
        canvas.mark((at[0], y), 0, "dot s1" if member in each.members else "off", radius)
