"""Dots with whiskers, one row each: for values whose distance from zero is not the point.

>>> from consilience.publishing.charts import Head, Row, RowChart, interval_chart
>>> "<circle" in interval_chart(RowChart(Head("a", "By sex", "Women: 12."), (Row("Women", 12, 10, 15),)))
True
"""

from consilience.publishing.charts.rows import ROW, RowChart, open_rows, write_row, write_whisker
from consilience.publishing.charts.scale import drawable


def interval_chart(chart: RowChart) -> str:
    """Draw `chart` as a dot for each value and a whisker for its interval."""
    canvas, layout = open_rows(chart)
    for index, row in enumerate(chart.rows):
        middle = layout.top + ROW * (index + 0.5)
        style = "s2" if row.strong else "s1"
        write_whisker(canvas, layout, row, middle, f"whisker {style}")
        value = drawable(row.value)
        if value is not None:
            canvas.mark((layout.scale(value), middle), 2 if row.strong else 0, f"dot {style}", 5)
        write_row(canvas, layout, row, middle)
    return canvas.close()
