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
_TINY = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True, eq=False)
class Baselines:
    """Per series: see `farrington.Baseline`; NaN where nothing could be fitted."""

    log_mean: Floats
    log_error: Floats
    dispersion: Floats
    trend: Bools


def fit_baselines(counts: Floats, window: Window, settings: Settings) -> Baselines:
    """Fit the baselines of many series at one time point.

    Args:
        counts: series x window; NaN where missing.
        window: distances and levels.
        settings: how.
    """
    times = window.distances / window.reach
    out = np.empty((len(counts), 4))
    _scan(
        np.ascontiguousarray(counts),
        window.levels,
        times,
        settings.outlier,
        _critical(len(times), settings),
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
    levels: npt.NDArray[np.int64],
    times: Floats,
    outlier: float,
    critical: Floats,
    compat: int,
    out: Floats,
) -> None:
    points = counts.shape[1]
    many = levels.max() + 1
    y, t, level = np.empty(points), np.empty(points), np.empty(points, dtype=np.int64)
    work, sums, solved = np.empty((5, points)), np.empty((4, many)), np.empty(6)
    for row in range(counts.shape[0]):
        out[row, :] = np.nan
        n, rank = _gather(counts[row], times, levels, y, t, level, many)
        if n <= rank or rank == 0:
            continue
        kept = 0
        if n > rank + 1 and np.isfinite(critical[n]):
            found = _attempt(y[:n], t[:n], level[:n], 1, rank + 1, outlier, compat, work, sums, solved)
            if found and abs(solved[3]) > critical[n - rank - 1] and np.exp(solved[0]) <= y[:n].max():
                kept = 1
        if kept or _attempt(y[:n], t[:n], level[:n], 0, rank, outlier, compat, work, sums, solved):
            out[row, 0], out[row, 1], out[row, 2], out[row, 3] = solved[0], solved[1], solved[2], kept


@njit(cache=True)
def _gather(row, times, levels, y, t, level, many):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Pack the points that are there; give their number and that of their levels (0 where level 0 is empty)."""
    n = 0
    seen = np.zeros(many)
    for i in range(len(row)):
        if np.isfinite(row[i]):
            y[n], t[n], level[n] = row[i], times[i], levels[i]
            seen[level[n]] = 1.0
            n += 1
    return n, int(seen.sum()) if seen[0] > 0.0 else 0


@njit(cache=True)
def _attempt(y, t, level, trend, rank, outlier, compat, work, sums, solved):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202, PLR0913, PLR0917
    """Fit, weigh outliers down, fit again; fill `solved` with log mean, its error, dispersion and t value."""
    n = len(y)
    prior, mean, working, eta, log_y = work[0, :n], work[1, :n], work[2, :n], work[3, :n], work[4, :n]
    for i in range(n):
        log_y[i] = np.log(y[i]) if y[i] > 0.0 else 0.0
    prior[:] = 1.0
    if not _fit(y, log_y, t, level, trend, prior, mean, working, eta, sums, solved):
        return False
    root = np.sqrt(max(_pearson(y, mean, working) / (n - rank), 1.0))
    if not _weigh(y, t, level, trend, outlier, root, prior, mean, working, sums, solved):
        return False
    if not _fit(y, log_y, t, level, trend, prior, mean, working, eta, sums, solved):
        return False
    solved[2] = max(_pearson(y, mean, working) / (n - rank), 1.0)
    error = _pearson(y, mean, prior) / (n - rank) if compat else solved[2]
    spread = 1.0 / sums[0, 0]
    solved[3] = 0.0
    if trend:
        spread += (sums[1, 0] / sums[0, 0]) ** 2 / solved[5]
        solved[3] = solved[4] / np.sqrt(error / solved[5])
    solved[1] = np.sqrt(error * spread)
    return True


@njit(cache=True)
def _weigh(y, t, level, trend, outlier, root, prior, mean, working, sums, solved):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202, PLR0913, PLR0917
    """Set prior weights by standardised Anscombe residuals; false where a leverage leaves no residual."""
    total = 0.0
    for i in range(len(y)):
        g = level[i]
        lever = 1.0 / sums[0, g]
        if trend:
            lever += (t[i] - sums[1, g] / sums[0, g]) ** 2 / solved[5]
        room = 1.0 - working[i] * lever
        if room <= 0.0:
            return False
        residual = 1.5 * (np.cbrt(y[i]) ** 2 - np.cbrt(mean[i]) ** 2) / (np.sqrt(np.cbrt(mean[i]) * room) * root)
        prior[i] = 1.0 / residual**2 if residual > outlier else 1.0
        total += prior[i]
    for i in range(len(y)):
        prior[i] *= len(y) / total
    return True


@njit(cache=True)
def _pearson(y, mean, weights):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    total = 0.0
    for i in range(len(y)):
        total += weights[i] * ((y[i] - mean[i]) / mean[i]) ** 2
    return total


@njit(cache=True)
def _fit(y, log_y, t, level, trend, prior, mean, working, eta, sums, solved):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202, PLR0913, PLR0917
    """Iterate to convergence; `sums` holds per level the weights, their moments with time, and the targets."""
    n = len(y)
    for i in range(n):
        mean[i] = y[i] + 0.1
        eta[i] = np.log(mean[i])
    before = _deviance(y, log_y, eta, mean, prior)
    for _ in range(MOST_STEPS):
        if not _solve(y, t, level, trend, prior, mean, working, eta, sums, solved):
            return False
        slope = solved[4]
        for i in range(n):
            eta[i] = sums[3, level[i]] + slope * t[i]
            if not eta[i] <= 700.0:
                return False
            mean[i] = max(np.exp(eta[i]), _TINY)
        deviance = _deviance(y, log_y, eta, mean, prior)
        if abs(deviance - before) / (abs(deviance) + 0.1) < TOLERANCE:
            solved[0] = sums[3, 0]
            return True
        before = deviance
    return False


@njit(cache=True)
def _solve(y, t, level, trend, prior, mean, working, eta, sums, solved):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202, PLR0913, PLR0917
    """Solve one step: `sums[3]` becomes the levels' coefficients, `solved[4:]` slope and its information."""
    sums[:] = 0.0
    square, cross = 0.0, 0.0
    for i in range(len(y)):
        g = level[i]
        weight = prior[i] * mean[i]
        working[i] = weight
        target = eta[i] + (y[i] - mean[i]) / mean[i]
        sums[0, g] += weight
        sums[1, g] += weight * t[i]
        sums[2, g] += weight * target
        square += weight * t[i] * t[i]
        cross += weight * t[i] * target
    slope = 0.0
    if trend:
        for g in range(sums.shape[1]):
            if sums[0, g] > 0.0:
                square -= sums[1, g] ** 2 / sums[0, g]
                cross -= sums[1, g] * sums[2, g] / sums[0, g]
        if not square > 0.0:
            return False
        slope = cross / square
    for g in range(sums.shape[1]):
        if sums[0, g] > 0.0:
            sums[3, g] = (sums[2, g] - slope * sums[1, g]) / sums[0, g]
    solved[4], solved[5] = slope, square
    return True


@njit(cache=True)
def _deviance(y, log_y, eta, mean, prior):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    total = 0.0
    for i in range(len(y)):
        if y[i] > 0.0:
            total += prior[i] * (y[i] * (log_y[i] - eta[i]) - (y[i] - mean[i]))
        else:
            total += prior[i] * mean[i]
    return 2.0 * total
