"""The rules on change: a new level of volume, a new practice of coding, two codes that changed places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from consilience.quality.changes import Counts, Cut, level_changes, penalty
from consilience.quality.finding import Dimension, Finding, Severity
from consilience.quality.mix import (
    ALPHA,
    Exchange,
    PracticeChange,
    Series,
    find_exchanges,
    find_practice_changes,
    undo,
)
from consilience.quality.series import Mix

SHARED = 0.5
"""The part of a change, on the scale of logarithms, from which the other lists are said to show it too."""


@dataclass(frozen=True, slots=True)
class _Change:
    """A cut, and the months of the level before and after it."""

    cut: Cut
    before: slice
    after: slice


def changes(mix: Mix) -> list[Finding]:
    """Return the findings of change of every source.

    Exchanged codes are found first and taken back, so that they are not reported as a change of practice as well.
    """
    exchanges = find_exchanges(mix.counts)
    practices = find_practice_changes(undo(mix.counts, exchanges))
    return [
        *(_exchanged(mix, found) for found in exchanges),
        *(_practice(mix, found) for found in practices),
        *_levels(mix),
    ]


def _levels(mix: Mix) -> list[Finding]:
    """A new level that other lists show too is likely the world's doing, and is told as such."""
    totals = {source: counts.sum(axis=1) for source, counts in mix.counts.items()}
    cuts = {source: _cuts(total) for source, total in totals.items()}
    return [
        _level(mix, source, found.cut, shared=_shared(totals, cuts, source, found))
        for source in cuts
        for found in cuts[source]
    ]


def _shared(totals: Mapping[str, Series], cuts: Mapping[str, Sequence[_Change]], source: str, found: _Change) -> bool:
    """Whether another list has the same change, or the others together make up for a good part of it.

    A list whose own months are too few or too restless for a change of its own still moved, or did not, between the
    same months. The lists' median is taken, so that one list's change does not speak for the others.
    """
    others = [name for name in totals if name != source]
    if any(_alike(found.cut, other.cut) for name in others for other in cuts[name]):
        return True
    moved = [float(np.log(_mean(totals[name], found.after) / _mean(totals[name], found.before))) for name in others]
    own = float(np.log(_mean(totals[source], found.after) / _mean(totals[source], found.before)))
    return bool(moved) and bool(np.median(moved) / own >= SHARED)


def _mean(total: Series, months: slice) -> float:
    """Return the records a month, with half a record added so that none is not infinitely few."""
    return float((total[months].sum() + 0.5) / (months.stop - months.start))


def _cuts(counts: Counts) -> list[_Change]:
    """Cut a source's own time: before its first and after its last record there is nothing to compare."""
    begun = np.flatnonzero(counts)
    if not len(begun):
        return []
    first, last = int(begun[0]), int(begun[-1]) + 1
    found = level_changes(counts[first:last])
    edges = [first, *(cut.position + first for cut in found), last]
    return [
        _Change(replace(cut, position=middle), slice(start, middle), slice(middle, end))
        for cut, start, middle, end in zip(found, edges, edges[1:], edges[2:], strict=False)
    ]


def _alike(one: Cut, other: Cut) -> bool:
    return abs(one.position - other.position) <= 1 and (one.after > one.before) == (other.after > other.before)


def _level(mix: Mix, source: str, cut: Cut, *, shared: bool) -> Finding:
    return Finding(
        "volume.shared_change" if shared else "volume.change",
        source,
        Dimension.COHERENCE,
        Severity.INFO if shared else Severity.WARNING,
        "acts",
        round(cut.gain, 1),
        round(penalty(len(mix.months)), 1),
        parameters={
            "since": mix.months[cut.position],
            "before": round(cut.before, 1),
            "after": round(cut.after, 1),
        },
    )


def _practice(mix: Mix, found: PracticeChange) -> Finding:
    return Finding(
        "practice.change" if found.others else "practice.mix",
        found.source,
        Dimension.COHERENCE,
        Severity.SERIOUS if found.others else Severity.INFO,
        mix.codes[found.code],
        found.p_value * found.tests,
        ALPHA,
        parameters={
            "code": mix.codes[found.code],
            "since": mix.months[found.position],
            "before": round(100 * found.before, 1),
            "after": round(100 * found.after, 1),
        },
    )


def _exchanged(mix: Mix, found: Exchange) -> Finding:
    one, other = (mix.codes[code] for code in found.codes)
    return Finding(
        "miscoding.exchanged",
        found.source,
        Dimension.ACCURACY,
        Severity.SERIOUS,
        f"{one}, {other}",
        round(found.log_ratio, 1),
        round(found.threshold, 1),
        parameters={"one": one, "other": other, "first": mix.months[found.first], "last": mix.months[found.last]},
    )
