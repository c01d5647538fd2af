"""The baseline of one series at one period, written as the papers tell it: plain NumPy, for reading and for checking.

`scan` does the same for many series at once; a test holds the two equal.

Farrington, Andrews, Beale, Catchpole 1996, J R Stat Soc A 159:547-563; Noufaily, Enki, Farrington, Garthwaite,
Andrews, Charlett 2013, Stat Med 32:1206-1222.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from consilience.warning.glm import Fit, Floats, fit_quasi_poisson
from consilience.warning.settings import Settings
from consilience.warning.window import Window


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """What a baseline says of one period.

    Attributes:
        log_mean: the expected count, on the log scale.
        log_error: standard error of `log_mean`.
        dispersion: variance over mean, 1 or more.
        trend: whether a trend was kept.
        weights: weight of each point of the window; NaN where it was missing.
    """

    log_mean: float
    log_error: float
    dispersion: float
    trend: bool
    weights: Floats


def fit_baseline(counts: Floats, window: Window, settings: Settings) -> Baseline | None:
    """Fit the baseline to the counts of a window.

    Args:
        counts: as long as the window; NaN where missing.
        window: distances and levels.
        settings: how.

    Returns:
        The baseline; None where nothing converges, or too few points are there.
    """
    with_trend = settings.years >= 3
    found = _attempt(counts, window, settings, trend=True) if with_trend else None
    if found is not None and _trend_holds(found, counts, settings):
        return found[0]
    plain = _attempt(counts, window, settings, trend=False)
    return None if plain is None else plain[0]


def _attempt(counts: Floats, window: Window, settings: Settings, *, trend: bool) -> tuple[Baseline, float, int] | None:
    """Fit, weigh outliers down, fit again; give the baseline, the trend's t value and the degrees of freedom."""
    there = np.isfinite(counts)
    levels, numbers = np.unique(window.levels[there], return_inverse=True)
    design = np.eye(len(levels))[numbers]
    if trend:
        design = np.column_stack([design, window.distances[there] / _span(window)])
    kept = counts[there]
    if len(kept) <= design.shape[1] or 0 not in levels:
        return None
    first = fit_quasi_poisson(design, kept, np.ones(len(kept)))
    weights = None if first is None else outlier_weights(first, design, kept, settings.outlier)
    fit = None if weights is None else fit_quasi_poisson(design, kept, weights)
    if fit is None:
        return None
    error_dispersion = fit.pearson(kept, fit.prior if settings.compat else fit.working)
    if not settings.compat:
        error_dispersion = max(error_dispersion, 1.0)
    t_value = float(fit.coefficients[-1] / np.sqrt(error_dispersion * fit.inverse[-1, -1])) if trend else 0.0
    all_weights = np.full(len(counts), np.nan)
    all_weights[there] = fit.prior
    baseline = Baseline(
        float(fit.coefficients[0]),
        float(np.sqrt(error_dispersion * fit.inverse[0, 0])),
        max(fit.pearson(kept, fit.working), 1.0),
        trend,
        all_weights,
    )
    return baseline, t_value, len(kept) - design.shape[1]


def _span(window: Window) -> float:
    return float(window.reach)


def outlier_weights(fit: Fit, design: Floats, counts: Floats, threshold: float) -> Floats | None:
    """Return weights that sum to n: points whose standardised Anscombe residual exceeds the threshold count less.

    Returns:
        None where a point's leverage leaves it no residual.
    """
    dispersion = max(fit.pearson(counts, fit.working), 1.0)
    room = 1 - fit.leverages(design)
    if (room <= 0).any():
        return None
    power = counts ** (2 / 3) - fit.fitted ** (2 / 3)
    residuals = 1.5 * power / (fit.fitted ** (1 / 6) * np.sqrt(dispersion * room))
    raw = np.where(residuals > threshold, 1.0 / np.maximum(residuals, threshold) ** 2, 1.0)
    return np.asarray(raw * (len(raw) / raw.sum()))


def _trend_holds(found: tuple[Baseline, float, int], counts: Floats, settings: Settings) -> bool:
    baseline, t_value, freedom = found
    chance = 2 * stats.t.sf(abs(t_value), freedom)
    return bool(chance < settings.trend_level and np.exp(baseline.log_mean) <= np.nanmax(counts))
