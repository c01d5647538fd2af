"""What every Bayesian engine hands on: a posterior of the population size, as draws or as exact weights.

>>> posterior = Weighted(np.array([10, 11, 12]), np.array([0.2, 0.5, 0.3]))
>>> posterior.quantile(0.5), round(posterior.mean, 2)
(11.0, 11.1)
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEVELS = (50, 80, 95)


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """An exact discrete posterior: ascending values of N and their probabilities, both of shape (M,)."""

    values: NDArray[np.int64]
    weights: NDArray[np.float64]

    def quantile(self, share: float) -> float:
        """Return the smallest value below or at which at least `share` of the probability lies."""
        place = int(np.searchsorted(np.cumsum(self.weights), share * (1 - 1e-15)))
        return float(self.values[min(place, len(self.values) - 1)])

    @property
    def mean(self) -> float:
        """Return the posterior mean."""
        return float(self.weights @ self.values)

    def draws(self, number: int) -> NDArray[np.int64]:
        """Return `number` values at evenly spaced probabilities: a deterministic sample, shape (number,)."""
        shares = (np.arange(number) + 0.5) / number
        places = np.searchsorted(np.cumsum(self.weights), shares)
        return self.values[np.minimum(places, len(self.values) - 1)]


def interval(draws: NDArray[np.generic], level: int) -> tuple[float, float]:
    """Return the central interval of `level` per cent of `draws`."""
    tail = (100 - level) / 200
    low, high = np.quantile(draws.astype(np.float64), [tail, 1 - tail])
    return float(low), float(high)
