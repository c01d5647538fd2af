"""Figures side by side at one period: by area, sex and age on an indicator's page, and the map of a release."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext

from consilience.node.releases import figures, sentences
from consilience.node.releases.controls import Choice, language, one_of, period_options, query_of
from consilience.node.releases.figures import Caption, Picture
from consilience.node.releases.head import IndicatorHead
from consilience.node.releases.labels import label
from consilience.node.releases.observations import (
    TOTAL,
    Cell,
    Selection,
    Shown,
    cells,
    codes,
    main_area,
    periods,
    selected,
    series,
)
from consilience.node.releases.selectors import SeriesView, indicator_or_404, unit_of
from consilience.node.releases.shelf import Release
from consilience.node.ui.texts import Said, spoken
from consilience.publishing.charts.words import period_label

MOST_ROWS = 24


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: a label, an address where there is one, and its cell."""

    label: Said
    link: str
    cell: Cell
    here: bool = False


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A selection's figures at one period along one column: chart and table."""

    column: str
    title: str
    sentence: str
    picture: Picture
    lines: tuple[Line, ...]
    more: int


def parts_of(release: Release, indicator: str) -> tuple[str, ...]:
    """Return the areas that do not hold another one: the ones to compare."""
    known = codes(release, indicator, "REF_AREA")
    wanted = {"country": 2}.get(release.head.area_level)
    parts = [code for code in known if not any(other.startswith(f"{code}-") for other in known)]
    finest = [code for code in parts if wanted is None or len(code) == wanted]
    return tuple(code for code in finest or parts if code != TOTAL)


def area_cells(release: Release, selection: Selection, at: str) -> list[tuple[str, Cell]]:
    """Return the figures of all comparable areas at one period, the largest first."""
    found = {cell.code: cell for cell in cells(selected(release, selection, free="REF_AREA", at=at), "REF_AREA")}
    parts = parts_of(release, selection.indicator)
    shown = [found.get(code) or Cell(code, None, None, None, Shown.MISSING) for code in parts]
    named = [(label(release, "REF_AREA", cell.code, language()).text, cell) for cell in shown]
    return sorted(named, key=lambda pair: (-(pair[1].value if pair[1].value is not None else -1), pair[0]))


def breakdowns(release: Release, view: SeriesView) -> tuple[Breakdown, ...]:
    """Return the highest figure of a series broken down by area, sex and age, wherever there is more than one part."""
    peak = sentences.peak_figure(view.cells)
    if peak is None:
        return ()
    by_area = area_cells(release, view.selection, peak.code)
    groups = [("REF_AREA", by_area)]
    for column in ("SEX", "AGE"):
        found = cells(selected(release, view.selection, free=column, at=peak.code), column)
        ordered = sorted(
            (cell for cell in found if cell.code != TOTAL), key=lambda cell: (cell.code[0] == "_", cell.code)
        )
        groups.append((column, [(label(release, column, cell.code, language()).text, cell) for cell in ordered]))
    return tuple(_breakdown(release, view, column, rows, peak.code) for column, rows in groups if len(rows) > 1)


def _breakdown(release: Release, view: SeriesView, column: str, rows: Sequence[tuple[str, Cell]], at: str) -> Breakdown:
    titles = {"REF_AREA": gettext("By area"), "SEX": gettext("By sex"), "AGE": gettext("By age")}
    pinned = {"REF_AREA": view.selection.area, "SEX": view.selection.sex, "AGE": view.selection.age}[column]
    period = period_label(at, language(), long=True)
    kept = rows[:MOST_ROWS]
    known = [pair for pair in rows if not pair[1].code.startswith("_")] or rows
    largest = max(known, key=lambda pair: pair[1].value or 0)
    sentence = sentences.largest(period, largest[0], largest[1].value or 0, view.unit)
    name = {"REF_AREA": "area", "SEX": "sex", "AGE": "age"}[column]
    caption = Caption(f"by-{name}-{view.indicator.id}", titles[column], sentence, view.unit)
    lines = tuple(
        Line(
            label(release, column, cell.code, language()),
            "?" + query_of(release, replace(view.selection, **{name: cell.code})),
            cell,
            cell.code == pinned,
        )
        for _, cell in rows
    )
    picture = figures.comparison(caption, kept, pinned)
    return Breakdown(column, titles[column], sentence, picture, lines, len(rows) - len(kept))


@dataclass(frozen=True, slots=True)
class AreaMap:
    """The map of a release: one indicator at one period, with a table."""

    indicator: IndicatorHead
    period: str
    sentence: str
    picture: Picture
    lines: tuple[Line, ...]
    controls: tuple[Choice, ...]


def area_map(release: Release, query: Mapping[str, str]) -> AreaMap | None:
    """Return the map that the address asks for, by default the first indicator at the period of its highest figure."""
    able = [each for each in release.head.indicators if len(parts_of(release, each.id)) > 1]
    if not able:
        return None
    code = one_of(query.get("indicator", ""), [each.id for each in able], able[0].id)
    indicator = indicator_or_404(release, code)
    every = periods(release, code)
    at = query.get("period", "")
    at = at if at in every else _peak(release, code)
    rows = area_cells(release, Selection(code, ""), at)
    if not rows:
        return None
    by_code = sorted(rows, key=lambda pair: pair[1].code)
    period = period_label(at, language(), long=True)
    unit = unit_of(release, indicator)
    sentence = sentences.largest(period, rows[0][0], rows[0][1].value or 0, unit)
    title = f"{spoken(indicator.names, language()).text}, {period}"
    lines = tuple(Line(label(release, "REF_AREA", cell.code, language()), cell.code, cell) for _, cell in rows)
    controls = (
        Choice(
            "indicator",
            gettext("Indicator"),
            tuple((e.id, spoken(e.names, language()).text, e.id == code) for e in able),
        ),
        Choice("period", gettext("Period"), period_options(every, at)),
    )
    caption = Caption("map", title, sentence, unit)
    return AreaMap(indicator, at, sentence, figures.area_map(caption, by_code), lines, controls)


def _peak(release: Release, indicator: str) -> str:
    shown = series(release, Selection(indicator, main_area(release, indicator)))
    peak = sentences.peak_figure(shown)
    return peak.code if peak else ""
