"""Sudden changes in volume: the months from which a source's counts run on another level.

The months are cut where a penalised quasi-Poisson deviance is smallest, found exactly by dynamic programming (Jackson
et al. 2005, "An algorithm for optimal partitioning of data on an interval"). A segment is at least three months long,
so that one eventful month is not a new level. The dispersion comes from differences of neighbouring months, which a
change of level touches once only. The penalty of a cut is 8 + 2 log(months), above the 95% point of the largest
likelihood ratio over all cuts; tests/quality/test_changes.py measures the false alarms.

>>> [cut.position for cut in level_changes(np.array([10, 12, 9, 11, 10, 12, 40, 43, 38, 41, 44, 39]))]
[6]
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.float64] | npt.NDArray[np.int64]
SHORTEST = 3
FEWEST_PERIODS = 12


@dataclass(frozen=True, slots=True)
class Cut:
    """The first period of a new level, with the mean counts per period before and after, and the gain in deviance."""

    position: int
    before: float
    after: float
    gain: float


def level_changes(counts: Counts) -> list[Cut]:
    """Return the changes of level of a series of counts; none for fewer than 12 periods."""
    series = np.asarray(counts, dtype=np.float64)
    if len(series) < FEWEST_PERIODS or series.sum() == 0:
        return []
    phi = dispersion(series)
    edges = [0, *_partition(series, phi), len(series)]
    sums = np.concatenate([[0.0], np.cumsum(series)])
    cuts = []
    for first, middle, last in zip(edges, edges[1:], edges[2:], strict=False):
        gain = float(_cost(sums, first, last) - _cost(sums, first, middle) - _cost(sums, middle, last)) / phi
        before, after = series[first:middle].mean(), series[middle:last].mean()
        cuts.append(Cut(middle, float(before), float(after), gain))
    return cuts


def penalty(periods: int) -> float:
    """What a cut must gain in scaled deviance."""
    return float(8 + 2 * np.log(periods))


def dispersion(series: Counts) -> float:
    """Return the quasi-Poisson dispersion, not below 1, from differences of neighbours (of twice the variance)."""
    left, right = np.asarray(series[:-1], dtype=np.float64), np.asarray(series[1:], dtype=np.float64)
    spread = (right - left) ** 2 / np.maximum(left + right, 1)
    return max(1.0, float(spread.mean()))


def _partition(series: npt.NDArray[np.float64], phi: float) -> list[int]:
    count = len(series)
    sums = np.concatenate([[0.0], np.cumsum(series)])
    best = np.full(count + 1, np.inf)
    best[0], came_from = -penalty(count), np.zeros(count + 1, dtype=np.int64)
    for last in range(SHORTEST, count + 1):
        starts = np.arange(last - SHORTEST + 1)
        totals = best[starts] + _cost(sums, starts, last) / phi + penalty(count)
        came_from[last] = int(np.argmin(totals))
        best[last] = totals[came_from[last]]
    cuts, position = [], int(came_from[count])
    while position > 0:
        cuts.append(position)
        position = int(came_from[position])
    return cuts[::-1]


def _cost(sums: npt.NDArray[np.float64], first: npt.NDArray[np.int64] | int, last: int) -> npt.NDArray[np.float64]:
    """Minus twice the Poisson log-likelihood of one level, without the terms that no cut changes."""
    total = sums[last] - sums[first]
    length = last - np.asarray(first)
    return np.asarray(-2 * total * np.log(np.maximum(total, 1e-300) / length))
