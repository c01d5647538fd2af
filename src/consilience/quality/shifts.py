"""The rules on change: a new level of volume, a new practice of coding, two codes that changed places."""

import numpy as np

from consilience.quality.changes import Counts, Cut, level_changes, penalty
from consilience.quality.finding import Dimension, Finding, Severity
from consilience.quality.mix import ALPHA, Exchange, PracticeChange, find_exchanges, find_practice_changes, undo
from consilience.quality.series import Mix


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
    """A new level that another source shows too is likely the world's doing, and is told as such."""
    cuts = {source: _cuts(counts.sum(axis=1)) for source, counts in mix.counts.items()}
    return [
        _level(
            mix, source, cut, shared=any(_alike(cut, other) for name in cuts if name != source for other in cuts[name])
        )
        for source in cuts
        for cut in cuts[source]
    ]


def _cuts(counts: Counts) -> list[Cut]:
    """Cut a source's own time: before its first and after its last record there is nothing to compare."""
    begun = np.flatnonzero(counts)
    if not len(begun):
        return []
    first, last = int(begun[0]), int(begun[-1])
    return [
        Cut(cut.position + first, cut.before, cut.after, cut.gain) for cut in level_changes(counts[first : last + 1])
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
