"""Quantiles of counts, for many means at once: negative binomial, and Poisson as its limit.

SciPy's own negative binomial quantile gives up, or ends the process, on the extreme means that a baseline near zero can
extrapolate to. Here the distribution function (an incomplete beta or gamma integral) is searched from a guess
outwards, so every finite mean has an answer.

>>> count_quantile(0.99, np.array([3.0, 3.0]), np.array([1.0, 2.0])).tolist()
[8.0, 11.0]
"""

import numpy as np
import numpy.typing as npt
from scipy import special, stats

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
POISSON_BELOW = 1 + 1e-9
"""A dispersion this near to 1 is Poisson: the negative binomial's size would exceed what doubles can tell apart."""
LARGEST = 2.0**50
_ROUNDING = 64 * float(np.finfo(np.float64).eps)


def count_chance_to(number: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Return the chance of `number` or fewer, where the variance is `dispersion` times `mean`."""
    whole = np.floor(number) + 1
    plain = dispersion < POISSON_BELOW
    size = mean / np.where(plain, 1.0, dispersion - 1)
    wide = special.betainc(size, np.maximum(whole, 1), 1 / dispersion)
    return np.where(number < 0, 0.0, np.where(plain, special.gammaincc(np.maximum(whole, 1), mean), wide))


def count_chance_from(number: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Return the chance of `number` or more."""
    whole = np.ceil(number)
    plain = dispersion < POISSON_BELOW
    size = mean / np.where(plain, 1.0, dispersion - 1)
    wide = special.betaincc(size, np.maximum(whole, 1), 1 / dispersion)
    return np.where(whole < 1, 1.0, np.where(plain, special.gammainc(np.maximum(whole, 1), mean), wide))


def count_quantile(level: float, mean: Floats, dispersion: Floats) -> Floats:
    """Return the smallest count whose chance of being reached or undercut is at least `level`.

    Args:
        level: between 0 and 1.
        mean: positive means; NaN gives NaN, one beyond 2^50 gives infinity.
        dispersion: variance over mean, 1 or more.
    """
    answer = np.where(np.isnan(mean) | np.isnan(dispersion), np.nan, np.inf)
    usable = np.flatnonzero((mean < LARGEST) & (dispersion < LARGEST))
    answer[usable] = _search(level * (1 - _ROUNDING), mean[usable], dispersion[usable])
    return answer


def _search(level: float, mean: Floats, dispersion: Floats) -> Floats:
    guess = mean + stats.norm.ppf(level) * np.sqrt(mean * dispersion)
    high = np.floor(np.clip(guess, 0, LARGEST))
    reach = np.ones_like(high)
    short = np.ones(len(high), dtype=bool)
    while short.any():
        short &= (count_chance_to(high, mean, dispersion) < level) & (high < LARGEST)
        high = np.where(short, high + reach, high)
        reach = np.where(short, 2 * reach, reach)
    low = high - 1
    reach = np.ones_like(high)
    over = np.ones(len(high), dtype=bool)
    while over.any():
        over &= (low >= 0) & (count_chance_to(low, mean, dispersion) >= level)
        high = np.where(over, low, high)
        low = np.where(over, np.maximum(low - reach, -1), low)
        reach = np.where(over, 2 * reach, reach)
    return np.where(high >= LARGEST, np.inf, _bisect(level, low, high, mean, dispersion))


def _bisect(level: float, low: Floats, high: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Narrow down between a count that is too low and one that is not."""
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        enough = count_chance_to(middle, mean, dispersion) >= level
        high = np.where(enough, middle, high)
        low = np.where(enough, low, middle)
    return high
