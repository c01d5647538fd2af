"""Why a period was flagged, or was not: stored with each alert, and the same for the same data.

An explanation holds the facts (for machines, and for drawing a plot) and sentences (for people; see `texts`).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from consilience.warning.detect import Findings, reference_points
from consilience.warning.farrington import fit_baseline
from consilience.warning.series import SeriesSet
from consilience.warning.settings import Settings
from consilience.warning.texts import ENGLISH, Sentence, chance, number, say

WIDE = 20.0
_LISTED = 8
_PLOT_YEARS = 2


@dataclass(frozen=True, slots=True)
class Explanation:
    """Sentences and facts about one series in one period."""

    sentences: tuple[Sentence, ...]
    facts: Mapping[str, Any]

    def words(self, templates: Mapping[str, str] = ENGLISH) -> str:
        """Return the sentences in the language of the templates."""
        return say(self.sentences, templates)


def explain(
    series: SeriesSet,
    found: Findings,
    row: int,
    column: int,
    *,
    onset_minimum: float = 5.0,
    context: tuple[Sentence, ...] = (),
) -> Explanation:
    """Explain one result; with facts and all sentences where it is an alarm, in one sentence otherwise.

    Args:
        series: the counts that were tested.
        found: the results.
        row: the series.
        column: the period, as a column of `found`.
        onset_minimum: as it was when testing.
        context: sentences about calendar, coverage and completeness, put before the earlier flags.
    """
    lead = _lead(series, found, row, column)
    if not found.alarm[row, column]:
        return Explanation((lead, *context), {})
    facts = _facts(series, found, row, column, onset_minimum)
    sentences = (lead, *_why(found, row, column, facts), *context, *_earlier(facts))
    return Explanation(sentences, facts)


def _lead(series: SeriesSet, found: Findings, row: int, column: int) -> Sentence:
    observed, expected, upper = (float(x[row, column]) for x in (found.observed, found.expected, found.upper))
    fields = {
        "observed": number(observed),
        "period": series.labels[found.first + column],
        "expected": number(round(expected, 2)),
        "upper": number(upper),
        "ratio": number(round(observed / expected, 1)) if expected > 0 else "many",
        "least": number(found.settings.least_count),
        "recent": str(found.settings.recent),
    }
    return _kind(found, row, column), fields


def _kind(found: Findings, row: int, column: int) -> str:
    if math.isnan(found.observed[row, column]):
        return "missing"
    if found.basis[row, column] == "none":
        return "none"
    named = {"onset": "onset", "escalation": "upper"}.get(str(found.track[row, column]))
    return named or ("few" if found.gate[row, column] == "few" else "within")


def _facts(series: SeriesSet, found: Findings, row: int, column: int, onset_minimum: float) -> dict[str, Any]:
    at = found.first + column
    flags = np.flatnonzero(found.alarm[row, :column])
    return {
        "baseline": _baseline(series, found, row, column),
        "not_flagged_at_or_below": quiet_count(series, found, row, column, onset_minimum),
        "earlier_flags": [series.labels[found.first + int(flag)] for flag in flags],
        "gates": {"least_count": found.settings.least_count, "periods": found.settings.recent},
        "plot": _plot(series, found, row, at),
    }


def quiet_count(series: SeriesSet, found: Findings, row: int, column: int, onset_minimum: float) -> int | None:
    """Return the largest whole count of the period that would not have been flagged; None where there is no bound."""
    at, upper = found.first + column, float(found.upper[row, column])
    if not math.isfinite(upper):
        return None
    others = float(np.nansum(series.counts[row, max(at - found.settings.recent + 1, 0) : at]))
    quiet = max(math.floor(upper), math.ceil(found.settings.least_count - others) - 1)
    return min(quiet, math.ceil(onset_minimum) - 1) if found.expected[row, column] < 1 else quiet


def _baseline(series: SeriesSet, found: Findings, row: int, column: int) -> dict[str, Any]:
    settings, at = found.settings, found.first + column
    if not isinstance(settings, Settings) or found.basis[row, column] != settings.name:
        return {"rule": str(found.basis[row, column])}
    window, counts = reference_points(series, settings, row, at)
    fitted = fit_baseline(counts, window, settings)
    weights = np.full(len(counts), np.nan) if fitted is None else fitted.weights
    used = at + window.distances[np.isfinite(counts)]
    light = at + window.distances[weights < 0.999 * np.nanmax(weights)]
    dispersion = float(found.dispersion[row, column])
    return {
        "rule": settings.name,
        "points": len(used),
        "first": series.labels[int(used[0])],
        "last": series.labels[int(used[-1])],
        "down_weighted": [series.labels[int(place)] for place in light],
        "trend": bool(found.trend[row, column]),
        "dispersion": dispersion,
    }


def _plot(series: SeriesSet, found: Findings, row: int, at: int) -> dict[str, list[Any]]:
    """Return plain numbers for a plot: two years up to the period, with expected counts and bounds where tested."""
    start = max(at - math.ceil(_PLOT_YEARS * series.line.per_year), 0)
    tested = slice(max(start - found.first, 0), at - found.first + 1)
    blank = [None] * max(found.first - start, 0)
    return {
        "periods": list(series.labels[start : at + 1]),
        "observed": _plain(series.counts[row, start : at + 1]),
        "expected": blank + _plain(found.expected[row, tested]),
        "upper": blank + _plain(found.upper[row, tested]),
    }


def _plain(values: np.ndarray[Any, Any]) -> list[float | None]:
    return [round(float(value), 6) if math.isfinite(value) else None for value in values]


def _why(found: Findings, row: int, column: int, facts: Mapping[str, Any]) -> list[Sentence]:
    sentences: list[Sentence] = []
    if math.isfinite(found.chance[row, column]):
        sentences.append(("chance", {"chance": chance(float(found.chance[row, column]))}))
    baseline = facts["baseline"]
    if "points" in baseline:
        sentences += _about_baseline(baseline)
    elif baseline["rule"] == "short-baseline":
        sentences.append(("short", {}))
    if facts["not_flagged_at_or_below"] is not None:
        sentences.append(("counterfactual", {"count": number(facts["not_flagged_at_or_below"])}))
    return sentences


def _about_baseline(baseline: Mapping[str, Any]) -> list[Sentence]:
    shown = {"points": str(baseline["points"]), "first": baseline["first"], "last": baseline["last"]}
    sentences: list[Sentence] = [("baseline", shown), ("trend" if baseline["trend"] else "no_trend", {})]
    if baseline["down_weighted"]:
        sentences.append(("weights", {"labels": _listed(baseline["down_weighted"])}))
    if baseline["dispersion"] > WIDE:
        sentences.append(("wide", {"dispersion": number(baseline["dispersion"])}))
    return sentences


def _earlier(facts: Mapping[str, Any]) -> list[Sentence]:
    flags = facts["earlier_flags"]
    return [("earlier", {"labels": _listed(flags)})] if flags else [("first_flag", {})]


def _listed(labels: list[str]) -> str:
    more = len(labels) - _LISTED
    return ", ".join(labels[-_LISTED:]) + (f" and {more} earlier" if more > 0 else "")
