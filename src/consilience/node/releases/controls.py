"""The controls of a page and the address that holds their state: what a visitor chose, checked against the release."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import Http404
from django.utils.translation import get_language, gettext

from consilience.node.releases.head import IndicatorHead
from consilience.node.releases.labels import label
from consilience.node.releases.observations import TOTAL, Selection, codes, main_area, periods
from consilience.node.releases.shelf import Release
from consilience.publishing.charts.words import period_label


def language() -> str:
    """Return the language of the page."""
    return get_language() or "en"


@dataclass(frozen=True, slots=True)
class Choice:
    """One control: a name in the address, a label, and options (code, label, whether chosen)."""

    name: str
    title: str
    options: tuple[tuple[str, str, bool], ...]


def selection_of(release: Release, indicator: IndicatorHead, query: Mapping[str, str]) -> Selection:
    """Read a selection from an address; a code that does not occur is answered with 404."""
    every = periods(release, indicator.id)
    chosen = Selection(
        indicator.id,
        one_of(query.get("area", ""), codes(release, indicator.id, "REF_AREA"), main_area(release, indicator.id)),
        one_of(query.get("sex", ""), codes(release, indicator.id, "SEX"), TOTAL),
        one_of(query.get("age", ""), codes(release, indicator.id, "AGE"), TOTAL),
        one_of(query.get("from", ""), every, ""),
        one_of(query.get("to", ""), every, ""),
    )
    if chosen.start and chosen.end and chosen.start > chosen.end:
        return replace(chosen, start=chosen.end, end=chosen.start)
    return chosen


def one_of(wanted: str, known: Sequence[str], default: str) -> str:
    """Return the code asked for, or the default where none was; a code that does not occur is answered with 404."""
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
            Choice("from", gettext("From"), period_options(every, selection.start or every[0])),
            Choice("to", gettext("To"), period_options(every, selection.end or every[-1])),
        ]
    return tuple(control for control in controls if len(control.options) > 1)


def _options(release: Release, indicator: str, column: str, chosen: str) -> tuple[tuple[str, str, bool], ...]:
    lang = language()
    known = codes(release, indicator, column)
    return tuple((code, label(release, column, code, lang).text, code == chosen) for code in known)


def period_options(every: Sequence[str], chosen: str) -> tuple[tuple[str, str, bool], ...]:
    """Return the options of a control for periods."""
    return tuple((code, period_label(code, language(), long=True), code == chosen) for code in every)
