"""Rows of labelled values: the layout that the bar chart and the interval chart share.

The label stands at the start, the mark in the middle, the figure after it, so that no reader has to look up an axis.
"""

from dataclasses import dataclass

from consilience.publishing.charts.canvas import Canvas, Head
from consilience.publishing.charts.scale import Scale, drawable, value_axis
from consilience.publishing.charts.words import compact, number, shorten, text_width

ROW = 28.0
AXIS = 24.0


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        label: what the row is.
        value: its value; None where there is none to show.
        lower: the lower bound of its interval.
        upper: the upper bound of its interval.
        note: what stands in place of a value that is not shown ("suppressed", "missing").
        strong: whether the row is the one the page speaks of.
    """

    label: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    note: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class RowChart:
    """A chart of rows, drawn in the order given; `unit` names what is counted."""

    head: Head
    rows: tuple[Row, ...]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand: the end of the labels, the scale of the values, the top of the first row."""

    label_end: float
    scale: Scale
    ticks: tuple[float, ...]
    top: float
    bottom: float


def figure_text(row: Row, lang: str) -> str:
    """Return the figure beside a row: its value and interval, or its note."""
    value, lower, upper = drawable(row.value), drawable(row.lower), drawable(row.upper)
    if value is None:
        return row.note or "–"
    if lower is None or upper is None or lower == upper == value:
        return number(value, lang)
    return f"{number(value, lang)} ({number(lower, lang)}–{number(upper, lang)})"


def open_rows(chart: RowChart) -> tuple[Canvas, Layout]:
    """Begin a chart of rows: canvas, scale and axis."""
    head = chart.head
    canvas = Canvas.open(head, _unit_line(chart) + AXIS + ROW * len(chart.rows) + 8)
    layout = _layout(chart, canvas)
    _axis(canvas, layout, chart)
    return canvas, layout


def _unit_line(chart: RowChart) -> float:
    return 18.0 if chart.unit else 0.0


def _layout(chart: RowChart, canvas: Canvas) -> Layout:
    width, lang = chart.head.width, chart.head.lang
    labels = max((text_width(row.label, 13) for row in chart.rows), default=0.0)
    label_end = min(labels, 0.36 * width) + 12
    figures = max((text_width(figure_text(row, lang), 12) for row in chart.rows), default=0.0)
    end = max(width - figures - 12, label_end + 40)
    values = [value for row in chart.rows for value in (row.value, row.lower, row.upper)]
    ticks = value_axis(values, 4 if width < 500 else 6, whole=True)
    top = canvas.top + _unit_line(chart) + AXIS
    return Layout(label_end, Scale(ticks[0], ticks[-1], label_end, end), ticks, top, top + ROW * len(chart.rows))


def _axis(canvas: Canvas, layout: Layout, chart: RowChart) -> None:
    last = -1e9
    for tick in layout.ticks:
        x = layout.scale(tick)
        canvas.line((x, layout.top - 4), (x, layout.bottom), "axis" if tick == 0 else "grid")
        label = compact(tick, chart.head.lang)
        half = text_width(label, 12) / 2
        if x - half > last + 6 and x + half < chart.head.width:
            canvas.text(x, layout.top - 10, label, anchor="middle", style="soft small num")
            last = x + half
    if chart.unit:
        canvas.text(0, canvas.top + 13, shorten(chart.unit, 12, chart.head.width), style="soft small")


def write_row(canvas: Canvas, layout: Layout, row: Row, y: float) -> None:
    """Write a row's label and figure; `y` is the middle of the row."""
    style = "strong" if row.strong else ""
    canvas.text(layout.label_end - 8, y + 4.5, shorten(row.label, 13, layout.label_end - 10), anchor="end", style=style)
    shown = [value for value in (drawable(row.value), drawable(row.upper), 0.0) if value is not None]
    x = layout.scale(max(shown)) + 9
    text = shorten(figure_text(row, canvas.head.lang), 12, canvas.head.width - x)
    canvas.text(x, y + 4.5, text, style="soft small num" if drawable(row.value) is None else "small num halo")


def write_whisker(canvas: Canvas, layout: Layout, row: Row, y: float, style: str) -> None:
    """Draw a row's interval with end caps, where it has one."""
    lower, upper = drawable(row.lower), drawable(row.upper)
    if lower is None or upper is None or lower == upper:
        return
    start, end = layout.scale(lower), layout.scale(upper)
    canvas.line((start, y), (end, y), style)
    for x in (start, end):
        canvas.line((x, y - 4.5), (x, y + 4.5), style)
