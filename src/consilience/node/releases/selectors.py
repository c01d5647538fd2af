"""What the pages read: releases from the shelf, and one page's data from a release. Nothing here writes."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from consilience.node.releases import figures, sentences
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
from consilience.node.releases.shelf import Release, Shelf, open_shelf
from consilience.node.ui.texts import Said, spoken
from consilience.publishing.charts.words import period_label

MOST_ROWS = 24


def shelf() -> Shelf:
    """Return the shelf of this node."""
    return open_shelf(settings.CONSILIENCE_RELEASES)


def release_or_404(release_id: str) -> Release:
    """Return a release, or say that there is none."""
    found = shelf().release(release_id)
    if found is None:
        raise Http404
    return found


def indicator_or_404(release: Release, code: str) -> IndicatorHead:
    """Return an indicator of a release, or say that there is none."""
    found = release.indicator(code)
    if found is None:
        raise Http404
    return found


def midnight(day: dt.date) -> dt.datetime:
    """Return the first moment of a day, in UTC."""
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def language() -> str:
    """Return the language of the page."""
    return get_language() or "en"


@dataclass(frozen=True, slots=True)
class Choice:
    """One control: a name in the address, a label, and options (code, label, whether chosen)."""

    name: str
    title: str
    options: tuple[tuple[str, str, bool], ...]


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


def selection_of(release: Release, indicator: IndicatorHead, query: Mapping[str, str]) -> Selection:
    """Read a selection from an address; a code that does not occur is answered with 404."""
    every = periods(release, indicator.id)
    chosen = Selection(
        indicator.id,
        _one_of(query.get("area", ""), codes(release, indicator.id, "REF_AREA"), main_area(release, indicator.id)),
        _one_of(query.get("sex", ""), codes(release, indicator.id, "SEX"), TOTAL),
        _one_of(query.get("age", ""), codes(release, indicator.id, "AGE"), TOTAL),
        _one_of(query.get("from", ""), every, ""),
        _one_of(query.get("to", ""), every, ""),
    )
    if chosen.start and chosen.end and chosen.start > chosen.end:
        return replace(chosen, start=chosen.end, end=chosen.start)
    return chosen


def _one_of(wanted: str, known: Sequence[str], default: str) -> str:
    if wanted and wanted not in known:
        raise Http404
    return wanted or default


def query_of(release: Release, selection: Selection) -> str:
    """Return a selection as the query of an address; what is the default is left out."""
    given = {"area": selection.area, "sex": selection.sex, "age": selection.age}
    given |= {"from": selection.start, "to": selection.end}
    usual = {"area": main_area(release, selection.indicator), "sex": TOTAL, "age": TOTAL, "from": "", "to": ""}
    return urlencode({name: code for name, code in given.items() if code != usual[name]})


def choices(release: Release, selection: Selection) -> tuple[Choice, ...]:
    """Return the controls of an indicator's page; one that offers nothing to choose is left out."""
    columns = (
        ("area", gettext("Area"), "REF_AREA", selection.area),
        ("sex", gettext("Sex"), "SEX", selection.sex),
        ("age", gettext("Age"), "AGE", selection.age),
    )
    controls = [
        Choice(name, title, _options(release, selection.indicator, column, chosen))
        for name, title, column, chosen in columns
    ]
    every = periods(release, selection.indicator)
    if every:
        controls += [
            Choice("from", gettext("From"), _period_options(every, selection.start or every[0])),
            Choice("to", gettext("To"), _period_options(every, selection.end or every[-1])),
        ]
    return tuple(control for control in controls if len(control.options) > 1)


def _options(release: Release, indicator: str, column: str, chosen: str) -> tuple[tuple[str, str, bool], ...]:
    lang = language()
    known = codes(release, indicator, column)
    return tuple((code, label(release, column, code, lang).text, code == chosen) for code in known)


def _period_options(every: Sequence[str], chosen: str) -> tuple[tuple[str, str, bool], ...]:
    return tuple((code, period_label(code, language(), long=True), code == chosen) for code in every)


def unit_of(release: Release, indicator: IndicatorHead) -> str:
    """Return what an indicator counts: ACTS, VICTIMS or EVENTS."""
    found = codes(release, indicator.id, "UNIT")
    declared = indicator.unit.upper()
    return declared if declared in found or not found else found[0]


@dataclass(frozen=True, slots=True)
class SeriesView:
    """An indicator over time for one selection: texts, chart, cells."""

    indicator: IndicatorHead
    selection: Selection
    area: Said
    who: str
    unit: str
    headline: str
    trend: str
    cells: tuple[Cell, ...]
    picture: Picture
    query: str

    @property
    def newest_first(self) -> tuple[Cell, ...]:
        """The cells in the order of the table, where the latest figure is looked for first."""
        return self.cells[::-1]


def series_view(release: Release, indicator: IndicatorHead, selection: Selection) -> SeriesView:
    """Return everything a page says about one series."""
    shown, unit, lang = series(release, selection), unit_of(release, indicator), language()
    area = label(release, "REF_AREA", selection.area, lang)
    who = [
        label(release, column, code, lang).text
        for column, code in (("SEX", selection.sex), ("AGE", selection.age))
        if code != TOTAL
    ]
    place = " · ".join([area.text, *who])
    headline = sentences.headline(place, shown, unit)
    title = f"{spoken(indicator.names, lang).text}: {place}"
    picture = figures.time_series(Caption(f"time-{indicator.id}", title, headline, unit), shown)
    return SeriesView(
        indicator, selection, area, " · ".join(who), unit, headline, sentences.trend(shown), shown, picture,
        query_of(release, selection),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Small:
    """An indicator as one of many: its sentence and a small chart."""

    indicator: IndicatorHead
    sentence: str
    peak: Cell | None
    chart: SafeString
    unit: str
    query: str


def smalls(release: Release, area: str = "") -> tuple[Small, ...]:
    """Return every indicator of a release as a small multiple, for one area or each for its main one."""
    return tuple(
        _small(release, indicator, area) for indicator in release.head.indicators if _known(release, indicator, area)
    )


def _known(release: Release, indicator: IndicatorHead, area: str) -> bool:
    known = codes(release, indicator.id, "REF_AREA")
    return area in known if area else bool(known)


def _small(release: Release, indicator: IndicatorHead, area: str) -> Small:
    chosen = Selection(indicator.id, area or main_area(release, indicator.id))
    shown, unit, lang = series(release, chosen), unit_of(release, indicator), language()
    sentence = sentences.headline(label(release, "REF_AREA", chosen.area, lang).text, shown, unit)
    caption = Caption(f"small-{indicator.id}", spoken(indicator.names, lang).text, sentence, unit)
    peak = sentences.peak_figure(shown)
    return Small(indicator, sentence, peak, figures.sparkline(caption, shown), unit, query_of(release, chosen))


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
    code = _one_of(query.get("indicator", ""), [each.id for each in able], able[0].id)
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
        Choice("period", gettext("Period"), _period_options(every, at)),
    )
    caption = Caption("map", title, sentence, unit)
    return AreaMap(indicator, at, sentence, figures.area_map(caption, by_code), lines, controls)


def _peak(release: Release, indicator: str) -> str:
    shown = series(release, Selection(indicator, main_area(release, indicator)))
    peak = sentences.peak_figure(shown)
    return peak.code if peak else ""
