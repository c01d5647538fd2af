"""Trends and breaks: Theil-Sen with a Mann-Kendall test that allows for autocorrelation; exact change points.

A break in coverage that is not marked would pass for a trend, so the caller says where coverage broke, and no trend is
drawn across.

>>> found = trend(np.arange(20.0) * 2 + 5)
>>> found.slope, found.p < 0.001
(2.0, True)
>>> change_points(np.array([5.0] * 20 + [30.0] * 20))
(20,)
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from consilience.errors import RefusalError

Floats = npt.NDArray[np.float64]
FEWEST = 8


@dataclass(frozen=True, slots=True)
class Trend:
    """Change per period with its 95% interval, the p of no trend, and by how much autocorrelation widened the test."""

    slope: float
    low: float
    high: float
    p: float
    inflation: float


def trend(values: Floats, breaks: tuple[int, ...] = ()) -> Trend:
    """Return the trend of a series (NaN is missing).

    Args:
        values: one per period.
        breaks: positions at which coverage changed.

    Raises:
        RefusalError: coverage broke within the series, or fewer than eight values.
    """
    if any(0 < place < len(values) for place in breaks):
        raise RefusalError("No trend is drawn across a break in coverage", remedy="Take the periods on one side of it.")
    time = np.flatnonzero(np.isfinite(values))
    kept = values[time]
    if len(kept) < FEWEST:
        raise RefusalError("Too few values for a trend", found=str(len(kept)), expected=f"{FEWEST} or more")
    slope, _, low, high = stats.theilslopes(kept, time)
    first, second = np.triu_indices(len(kept), 1)
    score = float(np.sign(kept[second] - kept[first]).sum())
    _, ties = np.unique(kept, return_counts=True)
    n = len(kept)
    variance = (n * (n - 1) * (2 * n + 5) - float((ties * (ties - 1) * (2 * ties + 5)).sum())) / 18
    inflation = _inflation(kept - slope * time)
    z = (score - np.sign(score)) / np.sqrt(variance * inflation) if variance > 0 else 0.0
    widened = np.sqrt(inflation)
    low, high = slope - (slope - low) * widened, slope + (high - slope) * widened
    return Trend(float(slope), float(low), float(high), float(2 * stats.norm.sf(abs(z))), inflation)


def _inflation(residuals: Floats) -> float:
    """Return the variance inflation of Hamed and Rao 1998 (J Hydrol 204:182-196), from ranks; never below 1."""
    ranks = stats.rankdata(residuals)
    centred = ranks - ranks.mean()
    n, whole = len(ranks), float(centred @ centred)
    if whole == 0:
        return 1.0
    total = 0.0
    for lag in range(1, n - 2):
        rho = float(centred[lag:] @ centred[:-lag]) / whole
        if abs(rho) > 1.96 / np.sqrt(n):
            total += (n - lag) * (n - lag - 1) * (n - lag - 2) * rho
    return max(1 + 2 * total / (n * (n - 1) * (n - 2)), 1.0)


def change_points(counts: Floats, shortest: int = 6, penalty: float | None = None) -> tuple[int, ...]:
    """Return where the level of counts changed, exactly, by dynamic programming over Poisson costs.

    Args:
        counts: one per period, without gaps.
        shortest: least periods between changes.
        penalty: cost of a change; None takes 3 log n times the dispersion of neighbouring differences.
    """
    n = len(counts)
    sums = np.concatenate([[0.0], np.cumsum(counts)])
    price = _penalty(counts) if penalty is None else penalty
    best, origin = np.full(n + 1, np.inf), np.zeros(n + 1, dtype=np.int64)
    best[0] = -price
    for end in range(shortest, n + 1):
        starts = np.arange(0, end - shortest + 1)
        total, length = sums[end] - sums[starts], end - starts
        cost = 2 * (total - np.where(total > 0, total * np.log(np.maximum(total, 1e-300) / length), 0.0))
        whole = best[starts] + cost + price
        chosen = int(np.argmin(whole))
        best[end], origin[end] = whole[chosen], starts[chosen]
    points, end = [], n
    while origin[end] > 0:
        end = int(origin[end])
        points.append(end)
    return tuple(reversed(points))


def _penalty(counts: Floats) -> float:
    differences = np.diff(counts)
    mean = max(float(counts.mean()), 0.1)
    spread = float(np.median(np.abs(differences)) / 0.9539) ** 2 / mean if len(differences) else 1.0
    return 3 * float(np.log(max(len(counts), 2))) * max(spread, 1.0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether one area's level lies above another's: `higher`, `lower`, or `cannot be told`, and why."""

    verdict: str
    reason: str


def compared(one: tuple[float, float], other: tuple[float, float], certainty: float, least: float = 0.8) -> Comparison:
    """Compare two areas by the intervals of their (uncertain) counts or rates.

    Args:
        one: lower and upper bound.
        other: the same of the other area.
        certainty: share of the records whose codes map exactly between the two areas' vocabularies.
        least: below it nothing is said, as the two may not count the same thing.
    """
    if certainty < least:
        return Comparison("cannot be told", f"only {certainty:.0%} of the records map exactly between the vocabularies")
    if one[0] > other[1]:
        return Comparison("higher", "its lower bound lies above the other's upper bound")
    if one[1] < other[0]:
        return Comparison("lower", "its upper bound lies below the other's lower bound")
    return Comparison("cannot be told", "the intervals overlap")
