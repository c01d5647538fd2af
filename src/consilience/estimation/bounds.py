"""Two classical numbers that need no sampler: Chao's lower bound and Chapman's two-list estimate.

>>> from consilience.estimation.capture import CaptureTable
>>> table = CaptureTable.build("AB", [[1, 0], [0, 1], [1, 1]], [80, 90, 20])
>>> round(chapman(table).population, 1), round(chao(table).population, 1)
(532.9, 532.0)
"""

from dataclasses import dataclass

import numpy as np

from consilience.errors import EstimationRefused
from consilience.estimation.capture import CaptureTable

CHAPMAN_ASSUMPTION = (
    "Chapman's estimate is right only if the two lists are independent (standing on one makes nobody more or less "
    "likely to stand on the other), everybody has the same chance to stand on at least one of them, nobody enters or "
    "leaves the population, and the lists are linked without error. Two lists cannot show whether that holds."
)
_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Classical:
    """A classical estimate of the population size with its approximate 95% interval (log-normal in the unseen)."""

    population: float
    interval_95: tuple[float, float]


def chao(table: CaptureTable) -> Classical:
    """Return Chao's (1987) lower bound from people seen once and twice, bias-corrected.

    However unequal the chances of being recorded are, the population is not expected to be smaller, as long as lists
    do not repel each other.

    Raises:
        EstimationRefused: fewer than two lists.
    """
    lists = len(table.lists)
    if lists < 2:
        raise EstimationRefused("Chao's lower bound needs two lists or more", found=f"{lists} list")
    once, twice = int(table.frequencies[0]), int(table.frequencies[1])
    factor = (lists - 1) / lists
    unseen = factor * once * (once - 1) / (2 * (twice + 1))
    ratio = once / max(twice, 1)
    variance = twice * (factor * ratio**2 / 2 + factor**2 * ratio**3 + factor**2 * ratio**4 / 4) if twice else unseen**2
    return _log_normal(table.observed, unseen, variance)


def chapman(table: CaptureTable) -> Classical:
    """Return Chapman's (1951) estimate from exactly two lists, with Seber's variance.

    Raises:
        EstimationRefused: not two lists, or no overlap.
    """
    if len(table.lists) != 2:
        raise EstimationRefused("Chapman's estimate needs exactly two lists", found=f"{len(table.lists)} lists")
    first, second = (int(total) for total in table.list_totals)
    both = int(table.overlaps[0, 1])
    if both == 0:
        raise EstimationRefused("Chapman's estimate needs people who stand on both lists", found="no overlap")
    population = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    return _log_normal(table.observed, population - table.observed, variance)


def _log_normal(observed: int, unseen: float, variance: float) -> Classical:
    """Return observed + unseen, and the interval that treats log unseen as normal (Chao 1987, section 3)."""
    if unseen <= 0:
        return Classical(float(observed), (float(observed), float(observed)))
    spread = float(np.exp(_Z95 * np.sqrt(np.log1p(variance / unseen**2))))
    return Classical(observed + unseen, (observed + unseen / spread, observed + unseen * spread))
