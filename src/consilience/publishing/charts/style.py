"""The style of the charts: one small sheet for light, dark, high contrast and print.

A page links the sheet as a file; a chart that stands alone carries it inside. Every colour of a mark has a contrast of
3:1 or more against its ground in both themes (WCAG 2.2, 1.4.11), every text 4.5:1 (tests compute both).
"""

from importlib.resources import files

CHART_CSS: str = (files(__package__) / "data" / "chart.css").read_text(encoding="utf-8")
"""The sheet as text. Custom properties on `.cc` name every colour, so a page can set its own."""

SERIES_STYLES = 6
"""How many series can be told apart: by colour, dash pattern and marker."""
