"""Early warning: detection on Noufaily's 42 scenarios, points per CPU second, and the newest week of 10,000 series.

Baselines in the same run: a loop over statsmodels' GLM that does the same, and R's package `surveillance` where it is
installed (Debian: r-cran-surveillance). Compilation is not counted.

    python benchmarks/bench_warning.py [--quick]
"""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import statsmodels.api as sm

from consilience.warning.detect import watch
from consilience.warning.impact.design import Interruption
from consilience.warning.impact.fit import Scale, fit_effect, newey_west
from consilience.warning.periods import PeriodLine
from consilience.warning.series import SeriesSet
from consilience.warning.settings import FARRINGTON, NOUFAILY, Bound, Settings
from consilience.warning.short import Short
from consilience.warning.window import reference_window
from noufaily_scenarios import FIRST_TESTED, WEEKS, Simulation, simulate

QUICK = "--quick" in sys.argv
METHODS = {
    "farrington .01": FARRINGTON,
    "noufaily nbPlugin .05": NOUFAILY.with_(alpha=0.05),
    "noufaily nbPlugin .01": NOUFAILY,
    "noufaily nbPlugin .001": NOUFAILY.with_(alpha=0.001),
    "noufaily delta .01": NOUFAILY.with_(bound=Bound.DELTA),
    "noufaily muan .05": NOUFAILY.with_(bound=Bound.MUAN, alpha=0.05),
    "noufaily muan .01": NOUFAILY.with_(bound=Bound.MUAN),
    "EARS C1": Short("ears-c1"),
    "EARS C2": Short("ears-c2"),
    "EARS C3": Short("ears-c3"),
    "EARS C2, 28 weeks": Short("ears-c2", days=28),
    "mean + 3 sd": Short("three-sigma"),
    "record of a year": Short("record"),
}


def series_of(counts: npt.NDArray[np.float64]) -> SeriesSet:
    line = PeriodLine.of(["1", str(counts.shape[1])])
    keys = tuple((f"{row:05d}",) for row in range(len(counts)))
    return SeriesSet(("series",), keys, line, line.labels(), counts, np.zeros(len(counts), dtype=np.int64))


def detection(simulated: Simulation, settings: Settings | Short) -> tuple[float, float, float, float, float, float]:
    """Return false-positive rate, probability of detection, in the first week, mean delay, sensitivity, PPV."""
    found = watch(series_of(simulated.counts), settings, first=FIRST_TESTED, onset_minimum=np.inf)
    alarm, outbreak = found.alarm, simulated.outbreak[:, FIRST_TESTED:]
    hit = alarm & outbreak
    start = simulated.start - FIRST_TESTED
    detected = hit.any(axis=1)
    delay = np.argmax(hit, axis=1) - start
    first = hit[np.arange(len(hit)), start]
    return (
        (alarm & ~outbreak).sum() / (~outbreak).sum(),
        detected.mean(),
        first.mean(),
        delay[detected].mean(),
        hit.sum() / outbreak.sum(),
        hit.sum() / max(alarm.sum(), 1),
    )


def show_detection() -> None:
    for past in (0, 4):
        simulated = simulate(replicates=3 if QUICK else 24, seed=1, past_outbreaks=past)
        print(f"\nDetection: {len(simulated.counts)} series, weeks 576-624, seed 1, {past} outbreaks in each baseline")
        print(f"{'method':<24}  FPR %  POD %  week 1 %  delay  sens %  PPV %")
        for name, settings in METHODS.items():
            rate, pod, first, delay, sensitivity, ppv = detection(simulated, settings)
            print(
                f"{name:<24} {100 * rate:6.2f} {100 * pod:6.1f} {100 * first:9.1f} {delay:6.2f} "
                f"{100 * sensitivity:7.1f} {100 * ppv:6.1f}"
            )


def points_per_second(counts: npt.NDArray[np.float64], settings: Settings) -> float:
    series = series_of(counts)
    watch(series, settings, first=WEEKS - 1)
    start = time.process_time()
    watch(series, settings, first=FIRST_TESTED)
    return counts.shape[0] * (WEEKS - FIRST_TESTED) / (time.process_time() - start)


def statsmodels_points_per_second(counts: npt.NDArray[np.float64], settings: Settings, most: int) -> float:
    """Fit, weigh and fit again with statsmodels' GLM, series by series, at the newest week."""
    window = reference_window(
        52, years=settings.years, half_window=settings.half_window, blocks=settings.blocks, left_out=settings.left_out
    )
    design = np.column_stack([np.eye(settings.blocks)[window.levels], window.distances / 260])
    chosen = counts[counts.sum(axis=1) > 2000][:most]
    start = time.process_time()
    for row in chosen:
        past = row[WEEKS - 1 + window.distances]
        fit = sm.GLM(past, design, family=sm.families.Poisson()).fit(scale="X2")
        residuals = fit.resid_anscombe_scaled / np.sqrt(1 - fit.get_hat_matrix_diag())
        weights = np.where(residuals > settings.outlier, np.maximum(residuals, 1) ** -2.0, 1)
        weights *= len(weights) / weights.sum()
        sm.GLM(past, design, family=sm.families.Poisson(), var_weights=weights).fit(scale="X2")
    return len(chosen) / (time.process_time() - start)


R_SCRIPT = """
suppressPackageStartupMessages(library(surveillance))
counts <- as.matrix(read.csv("{file}", header = FALSE)); dimnames(counts) <- NULL
weekly <- sts(observed = counts, start = c(2000, 1), frequency = 52)
control <- list(range = 576:624, b = 5, w = 3, noPeriods = {blocks}, weightsThreshold = {outlier},
  pastWeeksNotIncluded = {left_out}, pThresholdTrend = {trend_level}, thresholdMethod = "{bound}", alpha = {alpha})
start <- proc.time()
invisible(suppressWarnings(farringtonFlexible(weekly, control = control)))
used <- proc.time() - start
cat(ncol(counts) * 49 / (used[1] + used[2]))
"""


def surveillance_points_per_second(counts: npt.NDArray[np.float64], settings: Settings) -> float | None:
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "counts.csv"
        np.savetxt(file, counts.T, fmt="%d", delimiter=",")
        named = ("blocks", "outlier", "left_out", "trend_level", "alpha")
        words = {name: getattr(settings, name) for name in named}
        script = R_SCRIPT.format(file=file, bound=settings.bound.value, **words)
        done = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=False)
    return float(done.stdout) if done.returncode == 0 else None


def show_speed() -> None:
    counts = simulate(replicates=12, seed=1).counts
    for settings in (NOUFAILY, FARRINGTON):
        ours = points_per_second(counts, settings)
        theirs = statsmodels_points_per_second(counts, settings, 10 if QUICK else 60)
        print(f"\n{settings.name}: {ours:,.0f} points per CPU second")
        print(f"  statsmodels GLM in a loop: {theirs:,.1f}; ratio {ours / theirs:,.0f}")
        published = surveillance_points_per_second(counts[:: 42 if QUICK else 14], settings)
        if published is None:
            print("  surveillance: R with r-cran-surveillance is not installed here")
        else:
            print(f"  R's surveillance: {published:,.1f}; ratio {ours / published:,.0f}")


def show_one_week() -> None:
    counts = np.resize(simulate(replicates=12, seed=2).counts, (10_000, WEEKS))
    series = series_of(counts)
    for settings in (NOUFAILY, FARRINGTON):
        watch(series_of(counts[:10]), settings, first=WEEKS - 1)
        start = time.perf_counter()
        watch(series, settings, first=WEEKS - 1)
        print(f"\n10,000 weekly series, one new week, {settings.name}: {time.perf_counter() - start:.2f} s")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if not QUICK:
        watch(series, NOUFAILY, first=WEEKS - 52)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the process: {before:.0f} MB before, {after:.0f} MB after 52 weeks of 10,000 series")


def show_impact() -> None:
    """Reject true nulls with first-order autocorrelation; Newey-West and least squares stand beside."""
    rng, runs = np.random.default_rng(1), 100 if QUICK else 1000
    print(f"\nFalse changes of level at 5%, 48 points, {runs} runs")
    plan = Interruption(24, seasons=0)
    for rho in (0.0, 0.4, 0.7):
        errors = rng.normal(size=(runs, 48))
        errors[:, 0] /= np.sqrt(1 - rho**2)
        for place in range(1, 48):
            errors[:, place] += rho * errors[:, place - 1]
        ours = np.mean([fit_effect(one, plan, Scale.RATE, 12.0).p < 0.05 for one in errors])
        newey = [newey_west(one, plan, 12.0, 3) for one in errors]
        theirs = np.mean([not low <= 0 <= high for low, high in newey])
        print(f"  rho {rho}: REML {100 * ours:.1f}%, Newey-West (3 lags) {100 * theirs:.1f}%")


if __name__ == "__main__":
    show_detection()
    show_one_week()
    show_speed()
    show_impact()
