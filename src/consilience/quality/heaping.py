"""Heaping and digit preference: ages and days of the month that people round when they do not know.

Whipple's index compares ages ending in 0 or 5, from 23 to 62, with the fifth they should be: 100 without heaping,
500 when every age is rounded (Shryock and Siegel, The Methods and Materials of Demography, 1976, ch. 8). Myers' blended
index is half the sum of the absolute deviations of the ten last digits from a tenth each, blended so that the natural
decline with age does not count: 0 to 90.

>>> round(whipple(np.bincount(np.arange(23, 63), minlength=121)).index)
100
>>> round(myers(np.ones(121)), 6)
0.0
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

Counts = npt.NDArray[np.float64] | npt.NDArray[np.int64]
_FIRST, _LAST = 23, 62
SMALLEST = 50
"""The fewest ages, or dates, from which digit preference is judged."""


@dataclass(frozen=True, slots=True)
class Share:
    """A ratio of an observed share to the expected one, with its exact 95% interval; `index` is 100 without heaping."""

    index: float
    low: float
    high: float
    count: int


def whipple(ages: Counts) -> Share:
    """Return Whipple's index of `ages`, the number of people at each completed year of age from 0.

    Without anybody from 23 to 62 the index is NaN. The interval is Clopper and Pearson's for the share, so that the
    index of clean data lies above the interval's lower end in at least 97.5 of 100 lists.
    """
    years = np.arange(_FIRST, _LAST + 1)
    inside = np.asarray(ages)[_FIRST : _LAST + 1]
    return share_ratio(int(inside[years % 5 == 0].sum()), int(inside.sum()), 0.2)


def share_ratio(hits: int, total: int, expected: float) -> Share:
    """Return 100 times the share `hits / total` over the expected share, with Clopper and Pearson's 95% interval."""
    if total == 0:
        return Share(float("nan"), 0.0, 100 / expected, 0)
    low, high = proportion_interval(hits, total)
    scale = 100 / expected
    return Share(hits / total * scale, low * scale, high * scale, total)


def proportion_interval(hits: int, total: int) -> tuple[float, float]:
    """Return Clopper and Pearson's exact 95% interval of a proportion (Biometrika 26, 1934).

    >>> [round(end, 4) for end in proportion_interval(2, 10)]
    [0.0252, 0.5561]
    """
    low = float(special.betaincinv(hits, total - hits + 1, 0.025)) if hits > 0 else 0.0
    high = float(special.betaincinv(hits + 1, total - hits, 0.975)) if hits < total else 1.0
    return low, high


def myers(ages: Counts) -> float:
    """Return Myers' blended index over ages 10 to 99 of `ages`, the number of people at each year from 0."""
    people = np.asarray(ages, dtype=np.float64)
    digits = np.arange(10)
    first = np.array([people[10 + digit : 90 + digit : 10].sum() for digit in digits])
    second = np.array([people[20 + digit : 100 + digit : 10].sum() for digit in digits])
    blended = (digits + 1) * first + (9 - digits) * second
    total = blended.sum()
    return float("nan") if total == 0 else float(np.abs(blended / total * 100 - 10).sum() / 2)
