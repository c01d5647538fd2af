"""The contrast of every colour of the charts, computed from the sheet itself (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re

import pytest

from consilience.publishing.charts import CHART_CSS, Head, Row, RowChart, bar_chart

MARKS = [f"--cc-{n}" for n in range(1, 7)]


def themes() -> dict[str, dict[str, str]]:
    blocks = [
        dict(re.findall(r"(--cc-[\w-]+):(#[0-9a-f]{3,6})", block)) for block in re.findall(r"\{([^{}]*)\}", CHART_CSS)
    ]
    light, dark, printed = [block for block in blocks if "--cc-ground" in block]
    return {"light": light, "dark": {**light, **dark}, "print": {**light, **printed}}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_marks_stand_out_three_to_one_and_texts_four_and_a_half_to_one(theme):
    colours = themes()[theme]
    ground = colours["--cc-ground"]
    for name in [*MARKS, "--cc-axis"]:
        assert contrast(colours[name], ground) >= 3, name
    for name in ["--cc-ink", "--cc-soft", *MARKS]:
        assert contrast(colours[name], ground) >= 4.5, name


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_figures_can_be_read_on_every_shade_of_the_map(theme):
    colours = themes()[theme]
    for step in range(5):
        ink = colours["--cc-on-dark"] if step >= 3 else colours["--cc-ink"]
        assert contrast(ink, colours[f"--cc-step-{step}"]) >= 4.5, step


def test_only_a_chart_that_stands_alone_carries_the_sheet():
    row = (Row("a", 1),)
    assert "<style>" in bar_chart(RowChart(Head("a", "t", "d", standalone=True), row))
    assert "<style>" not in bar_chart(RowChart(Head("a", "t", "d"), row))
