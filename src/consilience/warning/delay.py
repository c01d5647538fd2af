"""What is still to come: reporting triangles, completion, a lower bound to test on; silent sources; revised data.

Rows of a triangle are periods of the event, columns the delay in periods until it was reported; what lies in the future
is NaN. Completion factors are multiplicative (chain ladder), without a sampler.

>>> triangle = np.array([[8.0, 2.0], [16.0, 4.0], [12.0, np.nan]])
>>> found = completed(triangle)
>>> found.share.round(2).tolist(), found.count.tolist()
([1.0, 1.0, 0.8], [10.0, 20.0, 15.0])
>>> bool(found.lower[2] < 15)
True
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
PROVISIONAL_BELOW = 0.95


@dataclass(frozen=True, slots=True, eq=False)
class Completed:
    """Per period: what is in, the count expected in the end, its lower bound for testing, and the share that is in."""

    reported: Floats
    count: Floats
    lower: Floats
    share: Floats

    @property
    def provisional(self) -> Bools:
        """Whether less than 95% of a period is in."""
        return self.share < PROVISIONAL_BELOW


def completed(triangle: Floats, level: float = 0.1) -> Completed:
    """Complete a reporting triangle.

    Args:
        triangle: periods x delays, counts newly reported; NaN where the future lies.
        level: one-sided level of the lower bound, from the negative binomial of what is still missing.
    """
    factors = _factors(triangle)
    last = np.isfinite(triangle).sum(axis=1) - 1
    reported = np.nansum(triangle, axis=1)
    # share of the final count that is in after each delay
    shares = np.append(np.cumprod(1 / factors[::-1])[::-1], 1.0)
    share = np.where(last >= 0, shares[np.maximum(last, 0)], np.nan)
    count = reported / share
    with np.errstate(invalid="ignore"):
        still = stats.nbinom.ppf(level, np.maximum(reported, 0.5), np.minimum(share, 1 - 1e-12))
    lower = np.where(share >= 1, reported, np.minimum(reported + np.nan_to_num(still), count))
    return Completed(reported, count, lower, share)


def _factors(triangle: Floats) -> Floats:
    """Return by how much the cumulated count grows from each delay to the next, pooled over complete rows."""
    known = np.isfinite(triangle)
    cumulated = np.cumsum(np.nan_to_num(triangle), axis=1)
    both = known[:, 1:]
    before = np.where(both, cumulated[:, :-1], 0).sum(axis=0)
    after = np.where(both, cumulated[:, 1:], 0).sum(axis=0)
    return np.asarray(np.where(before > 0, after / np.where(before > 0, before, 1), 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Per series and period: whether the sources reported enough for a test, whether reporting fell, what is usual."""

    silent: Bools
    fallen: Bools
    usual: Floats


def coverage(reports: Floats, periods: int = 12, least_share: float = 0.25, level: float = 0.001) -> Coverage:
    """Judge how much the sources reported, from counts of their reports (series x periods).

    Zero reports from a silent source is not zero events. A fall below the Poisson `level` of the usual count, made
    wider by its own variance, is an alert of its own. The usual count is the median of the `periods` before.
    """
    usual = np.full(reports.shape, np.nan)
    spread = np.ones(reports.shape)
    for at in range(3, reports.shape[1]):
        past = reports[:, max(at - periods, 0) : at]
        usual[:, at] = np.nanmedian(np.where(np.isfinite(past), past, 0), axis=1)
        spread[:, at] = np.maximum(np.nanvar(past, axis=1) / np.maximum(usual[:, at], 0.5), 1.0)
    with np.errstate(invalid="ignore"):
        there = np.nan_to_num(reports)
        chance = stats.norm.cdf((there + 0.5 - usual) / np.sqrt(np.maximum(usual, 0.5) * spread))
        silent = (usual > 0) & (there < least_share * usual)
        return Coverage(silent, (usual > 0) & (chance < level), usual)


def revised(before: Bools, after: Bools, *, same_vintage: bool) -> npt.NDArray[np.str_]:
    """Return what a re-evaluation on revised data means for each alert: `standing`, `withdrawn after revision`, `new`.

    An alert is never deleted. Data of the same vintage give the same alerts, so nothing is withdrawn then.

    >>> revised(np.array([True, True, False]), np.array([True, False, True]), same_vintage=False).tolist()
    ['standing', 'withdrawn after revision', 'new']
    """
    kept = before & (after | same_vintage)
    return np.where(kept, "standing", np.where(before, "withdrawn after revision", np.where(after, "new", "")))
