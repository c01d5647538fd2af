"""What the pages read: releases from the shelf, and one page's data from a release. Nothing here writes."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404
from django.utils.safestring import SafeString

from consilience.node.releases import figures, sentences
from consilience.node.releases.controls import language, query_of
from consilience.node.releases.figures import Caption, Picture
from consilience.node.releases.head import IndicatorHead
from consilience.node.releases.labels import label
from consilience.node.releases.observations import TOTAL, Cell, Selection, codes, main_area, series
from consilience.node.releases.shelf import Release, Shelf, open_shelf
from consilience.node.ui.texts import Said, spoken


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
