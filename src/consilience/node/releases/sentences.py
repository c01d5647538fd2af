"""What a chart shows, said in a sentence, in the reader's language.

Sentences are built so that no grammar depends on a name: area and period come first, then a colon, then the figure
with its unit in the right plural.
"""

from collections.abc import Sequence

from django.utils.translation import get_language, gettext, ngettext

from consilience.node.releases.observations import Cell, Shown
from consilience.publishing.charts.words import is_right_to_left, number, period_label


def counted(value: float, unit: str) -> str:
    """Return a figure with its unit of count, as in "12 victims"."""
    lang = get_language() or "en"
    figure, count = number(value, lang), int(min(abs(value), 10**15))
    if unit == "VICTIMS":
        return ngettext("%(n)s victim", "%(n)s victims", count) % {"n": figure}
    if unit == "EVENTS":
        return ngettext("%(n)s event", "%(n)s events", count) % {"n": figure}
    return ngettext("%(n)s act", "%(n)s acts", count) % {"n": figure}


def isolated(name: str) -> str:
    """Keep a name of another script from pulling the words around it out of order in a right-to-left sentence."""
    return f"\u2068{name}\u2069" if is_right_to_left(get_language() or "en") else name


def headline(area: str, cells: Sequence[Cell], unit: str) -> str:
    """Say the highest figure of a series, with its bounds."""
    peak = peak_figure(cells)
    if peak is None or peak.value is None:
        return gettext("%(area)s: no figure can be shown for this selection.") % {"area": isolated(area)}
    lang = get_language() or "en"
    first, last, period = (period_label(cell.code, lang, long=True) for cell in (cells[0], cells[-1], peak))
    words = {"area": isolated(area), "period": period, "count": counted(peak.value, unit), "first": first, "last": last}
    words |= {"lower": number(peak.lower or 0, lang), "upper": number(peak.upper or 0, lang)}
    return _headline(peak, alone=len(cells) == 1) % words


def _headline(peak: Cell, *, alone: bool) -> str:
    if alone and peak.uncertain:
        return gettext("%(area)s, %(period)s: %(count)s documented, at least %(lower)s and at most %(upper)s.")
    if alone:
        return gettext("%(area)s, %(period)s: %(count)s documented.")
    if peak.uncertain:
        return gettext(
            "%(area)s, %(first)s to %(last)s: the highest figure is %(count)s, in %(period)s,"
            " at least %(lower)s and at most %(upper)s."
        )
    return gettext("%(area)s, %(first)s to %(last)s: the highest figure is %(count)s, in %(period)s.")


def largest(period: str, name: str, value: float, unit: str) -> str:
    """Say which of several parts has the largest figure."""
    words = {"period": period, "name": isolated(name), "count": counted(value, unit)}
    return gettext("%(period)s: the largest figure is that of %(name)s, %(count)s.") % words


def trend(cells: Sequence[Cell]) -> str:
    """Say the latest figure and compare it with the one before; empty where there is nothing to compare."""
    shown = [cell for cell in cells if cell.value is not None]
    if len(shown) < 2:
        return ""
    lang = get_language() or "en"
    words = {"count": number(shown[-1].value or 0, lang), "period": period_label(shown[-1].code, lang, long=True)}
    latest = gettext("The latest figure is %(count)s, in %(period)s.") % words
    return f"{latest} {_change(shown[-2], shown[-1])}"


def _change(before: Cell, now: Cell) -> str:
    lang = get_language() or "en"
    difference = (now.value or 0) - (before.value or 0)
    words = {"change": number(abs(difference), lang), "period": period_label(before.code, lang, long=True)}
    if difference == 0:
        return gettext("As many as in %(period)s.") % words
    said = (
        gettext("%(change)s more than in %(period)s.")
        if difference > 0
        else gettext("%(change)s fewer than in %(period)s.")
    )
    sentence = said % words
    if _overlap(before, now):
        sentence += " " + gettext(
            "The intervals overlap, so the difference may come from uncertain dates, places or lists."
        )
    return sentence


def _overlap(one: Cell, other: Cell) -> bool:
    if one.lower is None or one.upper is None or other.lower is None or other.upper is None:
        return False
    return max(one.lower, other.lower) <= min(one.upper, other.upper)


def peak_figure(cells: Sequence[Cell]) -> Cell | None:
    """Return the cell with the highest figure, the latest of equal ones; None where there is no figure."""
    shown = [cell for cell in cells if cell.value is not None]
    return max(reversed(shown), key=lambda cell: cell.value or 0, default=None)


def in_words(cell: Cell) -> str:
    """Return what stands in place of a figure that is not shown."""
    return gettext("suppressed") if cell.shown is Shown.SUPPRESSED else gettext("no record")


def unit_name(unit: str) -> str:
    """Return the name of a unit of count."""
    return {"VICTIMS": gettext("Victims"), "EVENTS": gettext("Events")}.get(unit, gettext("Acts"))


def unit_meaning(unit: str) -> str:
    """Explain a unit of count: acts, victims and events are three different numbers."""
    meanings = {
        "VICTIMS": gettext(
            "A victim is counted once in a cell, whatever was done to them there; a counted group counts its size."
        ),
        "EVENTS": gettext("An event is an occurrence, whatever happened in it and to however many people."),
    }
    act = gettext("An act is one violation against one victim; an act against a counted group counts every member.")
    return meanings.get(unit, act)
