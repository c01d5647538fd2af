"""Fit an interruption to counts (quasi-Poisson) or to rates and indices (REML, AR(1))."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import statsmodels.api as sm
from scipy import stats

from consilience.errors import UsageError
from consilience.warning.impact.design import SLOPE, STEP, Interruption, columns, left_in
from consilience.warning.impact.reml import fit_reml

Floats = npt.NDArray[np.float64]


class Scale(StrEnum):
    """What is measured, and so which model.

    COUNT: quasi-Poisson, a ratio. RATE: REML with AR(1) errors, a difference. LOG: least squares on the logarithms, a
    ratio, as much of the older literature has it; it takes the periods for independent.
    """

    COUNT = "count"
    RATE = "rate"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class Effect:
    """A step in the level: a ratio for counts, a difference for rates.

    Attributes:
        value: the effect.
        low, high: its 95% interval.
        p: chance of a step as large, either way, if there was none.
        slope: change of slope per period (ratio or difference); None where the model has none.
        rho: autocorrelation of the residuals at one period.
        dispersion: of counts; None for rates.
        method: which model.
    """

    value: float
    low: float
    high: float
    p: float
    slope: float | None
    rho: float
    dispersion: float | None
    method: str


def fit_effect(
    values: Floats, plan: Interruption, scale: Scale, per_year: float, population: Floats | None = None
) -> Effect:
    """Measure the step in a series.

    Args:
        values: one per period; NaN is missing.
        plan: when and how it may have changed.
        scale: counts or rates.
        per_year: periods in a year, for the harmonics.
        population: exposure of counts; one per period, positive.

    Raises:
        UsageError: a population that is not positive.
    """
    design = columns(plan, len(values), per_year)
    kept = np.where(left_in(plan, len(values)), values, np.nan)
    if scale is Scale.RATE:
        return _rate(design, kept, plan)
    if scale is Scale.LOG:
        return _log(design, kept, plan)
    return _count(design, kept, plan, population)


def _rate(design: Floats, values: Floats, plan: Interruption) -> Effect:
    fit = fit_reml(design, values)
    error = float(np.sqrt(fit.covariance[STEP, STEP]))
    value = float(fit.coefficients[STEP])
    reach = float(stats.t.ppf(0.975, fit.freedom)) * error
    p = float(2 * stats.t.sf(abs(value) / error, fit.freedom)) if error > 0 else float(value == 0)
    slope = float(fit.coefficients[SLOPE]) if plan.slope else None
    return Effect(value, value - reach, value + reach, p, slope, fit.rho, None, "reml-ar1")


def _count(design: Floats, values: Floats, plan: Interruption, population: Floats | None) -> Effect:
    there = np.isfinite(values)
    if population is not None and not (population[there] > 0).all():
        raise UsageError("A population is not above 0", remedy="Correct the column of populations.")
    offset = None if population is None else np.log(population[there])
    model = sm.GLM(values[there], design[there], family=sm.families.Poisson(), offset=offset)
    fit = model.fit(scale="X2")
    # A series quieter than chance gives no licence for an interval narrower than Poisson's.
    error = float(fit.bse[STEP]) * max(1.0, float(fit.scale)) ** 0.5 / float(fit.scale) ** 0.5
    log_value = float(fit.params[STEP])
    rho = _lag_one(np.asarray(fit.resid_pearson))
    reach = 1.959964 * error
    p = float(2 * stats.norm.sf(abs(log_value) / error))
    slope = float(np.exp(fit.params[SLOPE])) if plan.slope else None
    low, value, high = (float(np.exp(log_value + shift)) for shift in (-reach, 0, reach))
    return Effect(value, low, high, p, slope, rho, float(fit.scale), "quasi-poisson")


def _log(design: Floats, values: Floats, plan: Interruption) -> Effect:
    there = np.isfinite(values)
    if not (values[there] > 0).all():
        raise UsageError("A logarithm needs values above 0", remedy="Take --kind count.")
    fit = sm.OLS(np.log(values[there]), design[there]).fit()
    step, error = float(fit.params[STEP]), float(fit.bse[STEP])
    low, value, high = (float(np.exp(step + shift * 1.959964 * error)) for shift in (-1, 0, 1))
    slope = float(np.exp(fit.params[SLOPE])) if plan.slope else None
    return Effect(
        value, low, high, float(fit.pvalues[STEP]), slope, _lag_one(np.asarray(fit.resid)), None, "log-linear"
    )


def _lag_one(residuals: Floats) -> float:
    centred = residuals - residuals.mean()
    whole = float(centred @ centred)
    return float(centred[1:] @ centred[:-1]) / whole if whole > 0 else 0.0


def newey_west(values: Floats, plan: Interruption, per_year: float, lags: int) -> tuple[float, float]:
    """Return the 95% interval of the step by least squares with Newey-West errors: a sensitivity, known too narrow."""
    design = columns(plan, len(values), per_year)
    there = left_in(plan, len(values)) & np.isfinite(values)
    fit = sm.OLS(values[there], design[there]).fit(cov_type="HAC", cov_kwds={"maxlags": lags})
    low, high = fit.conf_int()[STEP]
    return float(low), float(high)
