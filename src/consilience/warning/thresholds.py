"""From a fitted mean, its standard error and the dispersion to an upper bound and a chance, for many series at once."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from consilience.warning.quantile import LARGEST, count_chance_from, count_quantile
from consilience.warning.settings import Bound, Settings

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """Per series: the expected count, the upper bound, and the chance of a count as large as the observed one."""

    expected: Floats
    upper: Floats
    chance: Floats


def limits(log_mean: Floats, log_error: Floats, dispersion: Floats, observed: Floats, settings: Settings) -> Limits:
    """Draw the upper bounds (arrays of equal length; NaN stays NaN).

    An alarm is `observed > upper`. Outside the compatibility mode a bound never falls below the expected count: where
    the dispersion is so large that the quantile is 0, the model has no grip, and a bound of 0 would mean nothing.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        expected = np.exp(log_mean)
        shift = stats.norm.isf(settings.alpha) * log_error
        mean = np.exp(log_mean + shift) if settings.bound is Bound.MUAN else expected
        if settings.bound is Bound.DELTA:
            upper, chance = _power(expected, log_error, dispersion, observed, settings.alpha)
        else:
            upper, chance = _counting(mean, dispersion, observed, settings.alpha)
    return Limits(expected, upper if settings.compat else np.fmax(upper, expected), chance)


def _power(
    mean: Floats, log_error: Floats, dispersion: Floats, observed: Floats, alpha: float
) -> tuple[Floats, Floats]:
    """Normal on the scale of the 2/3 power (Farrington et al. 1996, section 3.4)."""
    deviation = 2 / 3 * mean ** (1 / 6) * np.sqrt(dispersion + mean * log_error**2)
    upper = np.maximum(mean ** (2 / 3) + stats.norm.isf(alpha) * deviation, 0) ** 1.5
    return upper, stats.norm.sf((observed ** (2 / 3) - mean ** (2 / 3)) / deviation)


def _counting(mean: Floats, dispersion: Floats, observed: Floats, alpha: float) -> tuple[Floats, Floats]:
    """Negative binomial of variance dispersion x mean; Poisson where the dispersion is 1."""
    upper = count_quantile(1 - alpha, mean, dispersion)
    with np.errstate(invalid="ignore"):
        chance = count_chance_from(observed, np.minimum(mean, LARGEST), np.minimum(dispersion, LARGEST))
    return upper, np.where(np.isnan(upper) | np.isnan(observed), np.nan, chance)
