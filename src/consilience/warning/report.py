"""Results as plain objects: one a series and period."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from consilience.warning.detect import Findings
from consilience.warning.explain import explain
from consilience.warning.series import SeriesSet
from consilience.warning.texts import Sentence

Context = Callable[[int, int], tuple[Sentence, ...]]
"""Sentences about a series (row) and a position: calendar, coverage, completeness."""


def objects(
    series: SeriesSet,
    found: Findings,
    *,
    onset_minimum: float = 5.0,
    context: Context | None = None,
    extra: Callable[[int, int], dict[str, Any]] | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield one object per series and period, from each series' first count on.

    Args:
        series: the counts tested.
        found: the results.
        onset_minimum: as it was when testing.
        context: more sentences for the explanation.
        extra: more keys.
    """
    for row, column in np.ndindex(found.alarm.shape):
        at = found.first + column
        if at < series.starts[row]:
            continue
        more = context(row, at) if context else ()
        told = explain(series, found, row, column, onset_minimum=onset_minimum, context=more)
        yield {
            "series": series.name(row),
            "period": series.labels[at],
            "method": found.settings.name,
            "observed": plain(found.observed[row, column]),
            "expected": plain(found.expected[row, column]),
            "upper": plain(found.upper[row, column]),
            "alarm": bool(found.alarm[row, column]),
            "track": str(found.track[row, column]) or None,
            "p": plain(found.chance[row, column]),
            "basis": str(found.basis[row, column]),
            **(extra(row, column) if extra else {}),
            "explanation": told.words(),
            "details": dict(told.facts),
        }


def plain(value: Any) -> float | int | None:
    """Return a number as JSON can hold it: whole counts as integers, nothing for NaN and infinity."""
    single = float(value)
    if not math.isfinite(single):
        return None
    return int(single) if single == int(single) else single


def lines_of_text(found: Sequence[dict[str, Any]]) -> list[str]:
    """Return the alarms as text for people, and what was tested."""
    alarms = [one for one in found if one["alarm"]]
    tested = sum(one["upper"] is not None for one in found)
    lines = [f"{len(alarms)} flagged of {tested} tested ({len(found)} counts)."]
    for one in alarms:
        name = ", ".join(one["series"].values())
        lines += ["", f"{one['period']} {name} [{one['track']}, {one['method']}]".strip(), f"  {one['explanation']}"]
    return lines
