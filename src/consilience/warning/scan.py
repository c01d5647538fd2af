"""The baselines of all series of a time point in one compiled pass.

The design is the same for every series: one column for each seasonal level and one for the trend. The normal
equations are therefore arrow-shaped, and a Schur complement solves them in one sweep over the window, without a
matrix. `farrington.fit_baseline` does the same for one series in plain NumPy; a test holds the two equal.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit
from scipy import stats

from consilience.warning.glm import MOST_STEPS, TOLERANCE
from consilience.warning.settings import Settings
from consilience.warning.window import Window

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
_TINY = float(np.finfo(np.float64).eps)
_MODERATE = 300.0


@dataclass(frozen=True, slots=True, eq=False)
class Baselines:
    """Per series: see `farrington.Baseline`; NaN where nothing could be fitted."""

    log_mean: Floats
    log_error: Floats
    dispersion: Floats
    trend: Bools


def fit_baselines(counts: Floats, window: Window, settings: Settings, at: int | None = None) -> Baselines:
    """Fit the baselines of many series at one time point.

    Args:
        counts: series x periods (or, without `at`, series x window); NaN where missing.
        window: distances and levels.
        settings: how.
        at: the tested position; what the window reaches before the first period is missing.
    """
    places = np.arange(len(window.distances)) if at is None else at + window.distances
    there = np.flatnonzero(places >= 0)
    out = np.empty((len(counts), 4))
    _scan(
        np.ascontiguousarray(counts),
        np.stack([places, window.levels, window.distances])[:, there],
        1.0 / window.reach,
        settings.outlier,
        _critical(len(there), settings),
        int(settings.compat),
        out,
    )
    return Baselines(out[:, 0], out[:, 1], out[:, 2], out[:, 3] > 0)


def _critical(points: int, settings: Settings) -> Floats:
    """Return, by degrees of freedom, the t value that a trend must exceed; infinite where none may stay."""
    freedom = np.maximum(np.arange(points + 1), 1)
    if settings.years < 3:
        return np.full(points + 1, np.inf)
    return np.asarray(stats.t.isf(settings.trend_level / 2, freedom), dtype=np.float64)


@njit(cache=True)
def _scan(
    counts: Floats,
    design: Ints,
    scale: float,
    outlier: float,
    critical: Floats,
    compat: int,
    out: Floats,
) -> None:
    places, levels, distances = design[0], design[1], design[2]
    points = len(places)
    many = levels.max() + 1 if points else 1
    packed, numbers = np.empty((8, points)), np.empty((2, points), dtype=np.int64)
    sums, solved = np.empty((5, many)), np.empty(6)
    for row in range(counts.shape[0]):
        out[row, :] = np.nan
        n, rank = _gather(counts[row], places, levels, distances, scale, packed, numbers, many)
        if n <= rank or rank == 0:
            continue
        data, level = packed[:, :n], numbers[:, :n]
        kept = 0
        if n > rank + 1 and np.isfinite(critical[n]):
            found = _attempt(data, level, 1, rank + 1, outlier, compat, sums, solved)
            if found and abs(solved[3]) > critical[n - rank - 1] and np.exp(solved[0]) <= data[0].max():
                kept = 1
        if kept or _attempt(data, level, 0, rank, outlier, compat, sums, solved):
            out[row, 0], out[row, 1], out[row, 2], out[row, 3] = solved[0], solved[1], solved[2], kept


# Rows of `data`: 0 counts, 1 times, 2 prior weights, 3 means, 4 working weights, 5 linear predictors,
# 6 logarithms of the start, 7 the part of the deviance that does not depend on the fit.
# Rows of `level`: 0 seasonal level, 1 whether the point before lies one period back.
# Rows of `sums`, a column a level: 0 weights, 1 times, 2 targets (both weighted), 3 coefficients, 4 their exponentials.
# `solved`: 0 log mean, 1 its error, 2 dispersion, 3 t of the trend, 4 slope, 5 its information.


@njit(cache=True)
def _gather(row, places, levels, distances, scale, packed, numbers, many):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Pack the points that are there; give their number and that of their levels (0 where level 0 is empty)."""
    n, last = 0, 1
    seen = np.zeros(many)
    for i in range(len(places)):
        count = row[places[i]]
        if np.isfinite(count):
            packed[0, n], packed[1, n] = count, distances[i] * scale
            packed[6, n] = np.log(count + 0.1)
            packed[7, n] = count * np.log(count) - count if count > 0.0 else 0.0
            numbers[0, n], numbers[1, n] = levels[i], 1 if distances[i] - last == 1 else 0
            last = distances[i]
            seen[levels[i]] = 1.0
            n += 1
    return n, int(seen.sum()) if seen[0] > 0.0 else 0


@njit(cache=True)
def _attempt(data, level, trend, rank, outlier, compat, sums, solved):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Fit, weigh outliers down, fit again."""
    freedom = data.shape[1] - rank
    data[2, :] = 1.0
    if not _fit(data, level, trend, sums, solved):
        return False
    root = np.sqrt(max(_pearson(data, 4) / freedom, 1.0))
    if not _weigh(data, level[0], trend, outlier, root, sums, solved):
        return False
    if not _fit(data, level, trend, sums, solved):
        return False
    solved[2] = max(_pearson(data, 4) / freedom, 1.0)
    error = _pearson(data, 2) / freedom if compat else solved[2]
    spread = 1.0 / sums[0, 0]
    solved[3] = 0.0
    if trend:
        spread += (sums[1, 0] / sums[0, 0]) ** 2 / solved[5]
        solved[3] = solved[4] / np.sqrt(error / solved[5])
    solved[1] = np.sqrt(error * spread)
    return True


@njit(cache=True)
def _weigh(data, level, trend, outlier, root, sums, solved):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Set prior weights by standardised Anscombe residuals; false where a leverage leaves no residual."""
    total, n = 0.0, data.shape[1]
    for i in range(n):
        g = level[i]
        lever = 1.0 / sums[0, g]
        if trend:
            lever += (data[1, i] - sums[1, g] / sums[0, g]) ** 2 / solved[5]
        room = 1.0 - data[4, i] * lever
        if room <= 0.0:
            return False
        data[2, i] = 1.0
        if data[0, i] > data[3, i]:
            third = np.cbrt(data[3, i])
            residual = 1.5 * (np.cbrt(data[0, i]) ** 2 - third**2) / (np.sqrt(third * room) * root)
            if residual > outlier:
                data[2, i] = 1.0 / residual**2
        total += data[2, i]
    for i in range(n):
        data[2, i] *= n / total
    return True


@njit(cache=True)
def _pearson(data, weights):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    total = 0.0
    for i in range(data.shape[1]):
        total += data[weights, i] * ((data[0, i] - data[3, i]) / data[3, i]) ** 2
    return total


@njit(cache=True)
def _fit(data, level, trend, sums, solved):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Iterate to convergence."""
    before = 0.0
    for i in range(data.shape[1]):
        data[3, i], data[5, i] = data[0, i] + 0.1, data[6, i]
        before += 2.0 * data[2, i] * (data[7, i] - data[0, i] * data[5, i] + data[3, i])
    for _ in range(MOST_STEPS):
        if not _solve(data, level[0], trend, sums, solved):
            return False
        deviance = _predict(data, level, sums, solved[4])
        if not np.isfinite(deviance):
            return False
        if abs(deviance - before) / (abs(deviance) + 0.1) < TOLERANCE:
            solved[0] = sums[3, 0]
            return True
        before = deviance
    return False


@njit(cache=True)
def _predict(data, level, sums, slope):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Set linear predictors and means, and give the deviance (NaN where a mean is beyond doubles).

    Between neighbours the exponential of the trend grows by a constant factor, which spares an exponential a point.
    """
    total, growth = 0.0, 1.0
    moderate = abs(slope) < _MODERATE
    for g in range(sums.shape[1]):
        if sums[0, g] > 0.0:
            moderate = moderate and abs(sums[3, g]) < _MODERATE
            sums[4, g] = np.exp(sums[3, g])
    steady = level[1, 1] == 1
    factor = np.exp(slope * (data[1, 1] - data[1, 0]))
    for i in range(data.shape[1]):
        g = level[0, i]
        eta = sums[3, g] + slope * data[1, i]
        if not moderate:
            if not eta <= 700.0:
                return np.nan
            mean = np.exp(eta)
        else:
            growth = growth * factor if steady and level[1, i] == 1 else np.exp(slope * data[1, i])
            mean = sums[4, g] * growth
        data[5, i], data[3, i] = eta, max(mean, _TINY)
        total += data[2, i] * (data[7, i] - data[0, i] * eta + data[3, i])
    return 2.0 * total


@njit(cache=True)
def _solve(data, level, trend, sums, solved):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Solve one step for the coefficients and the slope."""
    sums[:3] = 0.0
    square, cross = 0.0, 0.0
    for i in range(data.shape[1]):
        g, t = level[i], data[1, i]
        weight = data[2, i] * data[3, i]
        target = weight * data[5, i] + data[2, i] * (data[0, i] - data[3, i])
        data[4, i] = weight
        sums[0, g] += weight
        sums[1, g] += weight * t
        sums[2, g] += target
        square += weight * t * t
        cross += target * t
    solved[4], solved[5] = 0.0, square
    if trend:
        for g in range(sums.shape[1]):
            if sums[0, g] > 0.0:
                square -= sums[1, g] ** 2 / sums[0, g]
                cross -= sums[1, g] * sums[2, g] / sums[0, g]
        if not square > 0.0:
            return False
        solved[4], solved[5] = cross / square, square
    for g in range(sums.shape[1]):
        if sums[0, g] > 0.0:
            sums[3, g] = (sums[2, g] - solved[4] * sums[1, g]) / sums[0, g]
    return True
