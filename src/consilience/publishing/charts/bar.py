"""Bars with interval whiskers, one row each: how much, and how sure.

>>> from consilience.publishing.charts import Head, Row, RowChart, bar_chart
>>> "<rect" in bar_chart(RowChart(Head("a", "By area", "North has most."), (Row("North", 12, 10, 15),)))
True
"""

from consilience.publishing.charts.rows import ROW, RowChart, open_rows, write_row, write_whisker
from consilience.publishing.charts.scale import drawable


def bar_chart(chart: RowChart) -> str:
    """Draw `chart` as horizontal bars from zero, with whiskers from the lower to the upper bound."""
    canvas, layout = open_rows(chart)
    for index, row in enumerate(chart.rows):
        middle = layout.top + ROW * (index + 0.5)
        value = drawable(row.value)
        if value is not None:
            start, end = sorted((layout.scale(0.0), layout.scale(value)))
            style = "bar s1" if row.strong or not any(other.strong for other in chart.rows) else "bar s4"
            canvas.rect((start, middle - 8), (end - start, 16), style, radius=1.5)
        write_whisker(canvas, layout, row, middle, "whisker over")
        write_row(canvas, layout, row, middle)
    return canvas.close()
