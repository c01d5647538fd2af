"""Lines over time with their bands of uncertainty, gaps where there is no figure, and marked breaks in the series.

>>> from consilience.publishing.charts import Head, LineChart, Series, line_chart
>>> series = Series("All", (12, None, 18), (10, None, 15), (14, None, 22))
>>> line_chart(LineChart(Head("a", "Killings", "A gap in 2020."), ("2019", "2020", "2021"), (series,))).count("<path")
0
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from consilience.errors import UsageError
from consilience.publishing.charts.canvas import Canvas, Head
from consilience.publishing.charts.scale import Scale, drawable, value_axis
from consilience.publishing.charts.style import SERIES_STYLES
from consilience.publishing.charts.words import compact, period_label, shorten, text_width

DASHES = ("", "7 4", "2 4", "10 3 2 3", "4 3", "1 3")
LABEL = 15.0
STRIDES = (1, 2, 3, 4, 6, 12, 24, 36, 60, 120)


@dataclass(frozen=True, slots=True)
class Series:
    """One line: a value per period, None or NaN where there is none, with optional bounds.

    Attributes:
        name: what stands at the end of the line.
        values: one value per period.
        lower: lower bounds, or empty.
        upper: upper bounds, or empty.
        withheld: positions of the periods whose value exists and is suppressed; each gets its own mark.
    """

    name: str
    values: tuple[float | None, ...]
    lower: tuple[float | None, ...] = ()
    upper: tuple[float | None, ...] = ()
    withheld: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines over the same periods.

    Attributes:
        head: title, description, language and size.
        periods: SDMX period codes in order of time.
        series: at most six lines.
        unit: what is counted; stands above the axis.
        breaks: (position, label) of each break: a change of method or practice before that period.
        spark: whether to leave out axis and labels but for the first and last period (small multiples).
    """

    head: Head
    periods: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    breaks: tuple[tuple[int, str], ...] = ()
    spark: bool = False


@dataclass(frozen=True, slots=True)
class _Plot:
    """The plotting area: scales along and up, and the marks of the value axis."""

    along: Scale
    up: Scale
    ticks: tuple[float, ...]


def line_chart(chart: LineChart) -> str:
    """Draw `chart`; UsageError where it has more series than can be told apart, or one of another length."""
    _check(chart)
    canvas = Canvas.open(chart.head, chart.head.height)
    plot = _plot(chart, canvas)
    _value_axis(canvas, plot, chart)
    _time_axis(canvas, plot, chart)
    _breaks(canvas, plot, chart)
    for index, series in enumerate(chart.series):
        _band(canvas, plot, series, index)
    for index, series in enumerate(chart.series):
        _line(canvas, plot, series, index)
        _withheld(canvas, plot, series)
    if len(chart.series) > 1:
        _names(canvas, plot, chart)
    return canvas.close()


def _check(chart: LineChart) -> None:
    if len(chart.series) > SERIES_STYLES:
        raise UsageError(
            f"The chart {chart.head.ident} has too many lines",
            found=f"{len(chart.series)} series",
            expected=f"at most {SERIES_STYLES}, which can be told apart without colour",
            remedy="Draw one small chart for each series.",
        )
    lengths = {len(part) for s in chart.series for part in (s.values, s.lower, s.upper) if part or part is s.values}
    if lengths - {len(chart.periods)}:
        raise UsageError(
            f"The chart {chart.head.ident} has series of another length than its periods",
            found=f"{sorted(lengths)} values",
            expected=f"{len(chart.periods)}, one for each period",
        )


def _plot(chart: LineChart, canvas: Canvas) -> _Plot:
    width, height = chart.head.width, canvas.height
    values = [value for s in chart.series for part in (s.values, s.lower, s.upper) for value in part]
    ticks = value_axis(values, 3 if chart.spark else 5, whole=True)
    start = 6.0 if chart.spark else _labels_end(ticks, chart) + 4
    names = max((text_width(s.name, 13) for s in chart.series), default=0.0) if len(chart.series) > 1 else 0.0
    end = width - (min(names, 0.34 * width) + 14 if names else 12.0)
    top = canvas.top + (6.0 if chart.spark else 14.0 + (18.0 if chart.unit else 0.0) + (16.0 if chart.breaks else 0.0))
    inset = 6.0 if len(chart.periods) > 1 else (end - start) / 2
    along = Scale(0.0, max(len(chart.periods) - 1, 1), start + inset, max(end - 6.0, start + inset + 1))
    return _Plot(along, Scale(ticks[0], ticks[-1], height - 30.0, top), ticks)


def _value_axis(canvas: Canvas, plot: _Plot, chart: LineChart) -> None:
    start = 0.0 if chart.spark else _labels_end(plot.ticks, chart)
    for tick in plot.ticks:
        y = plot.up(tick)
        if not chart.spark or tick == 0:
            canvas.line((start, y), (plot.along.end + 6, y), "axis" if tick == 0 else "grid")
        if not chart.spark:
            label = compact(tick, chart.head.lang)
            canvas.text(start - 4, y + 4, label, anchor="end", style="soft small num")
    if chart.unit and not chart.spark:
        canvas.text(0, canvas.top + 13, shorten(chart.unit, 12, chart.head.width), style="soft small")


def _labels_end(ticks: Sequence[float], chart: LineChart) -> float:
    return max(text_width(compact(tick, chart.head.lang), 12) for tick in ticks) + 6


def _time_axis(canvas: Canvas, plot: _Plot, chart: LineChart) -> None:
    if not chart.periods:
        return
    labels = [period_label(code, chart.head.lang) for code in chart.periods]
    y = canvas.height - 9
    for index in _shown(labels, chart, plot):
        x, half = plot.along(index), text_width(labels[index], 12) / 2
        canvas.line((x, canvas.height - 30), (x, canvas.height - 25), "axis")
        if half * 2 <= chart.head.width:
            canvas.text(
                min(max(x, half), chart.head.width - half), y, labels[index], anchor="middle", style="soft small num"
            )


def _shown(labels: Sequence[str], chart: LineChart, plot: _Plot) -> Sequence[int]:
    """Choose the periods to label: first and last in small multiples, else every n-th from the first January on."""
    widest = max(text_width(label, 12) for label in labels) + 14
    if chart.spark:
        fits = len(labels) > 1 and plot.along.end - plot.along.start > widest
        return (0, len(labels) - 1) if fits else (len(labels) - 1,)
    step = plot.along(1) - plot.along(0) if len(labels) > 1 else widest
    stride = next((stride for stride in STRIDES if stride * step >= widest), len(labels))
    first = next((i for i, code in enumerate(chart.periods) if code.endswith(("-01", "-Q1"))), 0) % stride
    return range(first, len(labels), stride)


def _breaks(canvas: Canvas, plot: _Plot, chart: LineChart) -> None:
    free = 0.0
    for position, label in sorted(chart.breaks):
        x = plot.along(position - 0.5)
        canvas.line((x, plot.up.end - (0 if chart.spark else 8)), (x, plot.up.start), "break")
        text = shorten(label, 12, chart.head.width * 0.4)
        width = text_width(text, 12)
        start = min(max(x - width / 2, free), chart.head.width - width)
        if start >= free and not chart.spark:
            canvas.text(start, plot.up.end - 12, text, style="soft small")
            free = start + width + 8


def _stretches(present: Sequence[bool]) -> Iterator[list[int]]:
    """Yield the positions of each unbroken stretch of figures."""
    for there, group in groupby(range(len(present)), key=lambda index: present[index]):
        if there:
            yield list(group)


def _band(canvas: Canvas, plot: _Plot, series: Series, index: int) -> None:
    if not series.lower or not series.upper:
        return
    bounds = [(drawable(low), drawable(high)) for low, high in zip(series.lower, series.upper, strict=True)]
    for stretch in _stretches([low is not None and high is not None for low, high in bounds]):
        lows = [(plot.along(at), plot.up(bounds[at][0] or 0.0)) for at in stretch]
        highs = [(plot.along(at), plot.up(bounds[at][1] or 0.0)) for at in stretch]
        if len(stretch) == 1:
            canvas.line(lows[0], highs[0], f"whisker s{index + 1}")
        else:
            canvas.path(highs + lows[::-1], f"band s{index + 1}", closed=True)


def _line(canvas: Canvas, plot: _Plot, series: Series, index: int) -> None:
    style, values = f"s{index + 1}", [drawable(value) for value in series.values]
    crowded = len(values) > 30
    for stretch in _stretches([value is not None for value in values]):
        points = [(plot.along(at), plot.up(values[at] or 0.0)) for at in stretch]
        if len(points) > 1:
            canvas.path(points, f"line {style}", dash=DASHES[index])
        for point in points[-1:] if crowded else points:
            canvas.mark(point, index, f"dot {style}", 3.5 if crowded or len(values) > 14 else 4)


def _withheld(canvas: Canvas, plot: _Plot, series: Series) -> None:
    for position in series.withheld:
        canvas.rect((plot.along(position) - 4, plot.up(0.0) - 4), (8, 8), "withheld")


def _names(canvas: Canvas, plot: _Plot, chart: LineChart) -> None:
    """Write each name at the end of its line, pushed apart so that none covers another."""
    ends = sorted((_end_height(plot, series), index) for index, series in enumerate(chart.series))
    lowest = plot.up.start
    heights: list[float] = []
    for height, _ in ends:
        heights.append(max(height, heights[-1] + LABEL if heights else plot.up.end))
    for place in range(len(heights) - 1, -1, -1):
        heights[place] = min(heights[place], lowest - LABEL * (len(heights) - 1 - place))
    x = plot.along.end + 12
    for (_, index), height in zip(ends, heights, strict=True):
        name = shorten(chart.series[index].name, 13, chart.head.width - x)
        canvas.text(x, height + 4.5, name, style=f"name s{index + 1}")


def _end_height(plot: _Plot, series: Series) -> float:
    shown = [value for value in map(drawable, series.values) if value is not None]
    return plot.up(shown[-1] if shown else 0.0)
