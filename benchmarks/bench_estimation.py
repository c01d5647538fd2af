"""Effective draws of the population size per processor second: our latent class engine against a plain Gibbs sampler.

The baseline is the published algorithm (Manrique-Vallier 2016) written straightforwardly and compiled: each iteration
shares the people of every pattern, and the unseen ones, out over the classes and draws every parameter given them.
Both run in this process, on the same table, prior and cap; compilation is not counted. Where R with the package
`conting` is installed (Debian: r-cran-conting), it is timed too; it fits another model, so only its speed compares.

    python benchmarks/bench_estimation.py [--quick]
"""

import shutil
import subprocess
import sys
import time

import numpy as np
from numba import njit
from numpy.typing import NDArray

from consilience.estimation.capture import CaptureTable
from consilience.estimation.convergence import diagnose
from consilience.estimation.latent.engine import Effort, sample_latent
from consilience.estimation.latent.model import Prior

CHAINS = 4

Numbers = NDArray[np.float64]
Marks = NDArray[np.uint8]


@njit(cache=True)
def pattern_weights(pattern: Marks, chances: Numbers, shares: Numbers, weights: Numbers) -> float:
    """Fill each class's share times its chance of the pattern, and return their sum."""
    for k in range(len(shares)):
        weights[k] = shares[k]
        for j in range(len(pattern)):
            weights[k] *= chances[j, k] if pattern[j] == 1 else 1.0 - chances[j, k]
    return float(weights.sum())


@njit(cache=True)
def share_out(rng: np.random.Generator, number: float, total: float, weights: Numbers, taken: Numbers) -> None:
    """Fill how many of `number` people fall into each class."""
    taken[:] = 0.0
    for k in range(len(weights)):
        if number <= 0:
            return
        share = min(1.0, weights[k] / total) if k < len(weights) - 1 and total > 0 else 1.0
        taken[k] = float(rng.binomial(int(number), share))
        total -= weights[k]
        number -= taken[k]


@njit(cache=True)
def draw_parameters(
    rng: np.random.Generator, chances: Numbers, sticks: Numbers, on: Numbers, people: Numbers, concentration: float
) -> float:
    """Draw capture chances and sticks given the memberships, and return the concentration given the sticks."""
    lists, classes = chances.shape
    for j in range(lists):
        for k in range(classes):
            chances[j, k] = rng.beta(1.0 + on[j, k], 1.0 + people[k] - on[j, k])
    later = people[classes - 1]
    spent = 0.0
    for back in range(classes - 1):
        k = classes - 2 - back
        first = np.log(rng.standard_gamma(1.0 + people[k]))
        shape = concentration + later  # small where nobody is left: drawn on the log scale, or it would be zero
        rest = np.log(rng.standard_gamma(shape + 1.0)) + np.log(rng.random()) / shape
        log_rest = rest - np.logaddexp(first, rest)
        sticks[k] = -np.expm1(log_rest)
        later += people[k]
        spent -= log_rest
    return rng.standard_gamma(0.25 + classes - 1.0) / (0.25 + spent)


@njit(cache=True)
def plain_gibbs(  # noqa: C901 - one iteration, top to bottom
    rng: np.random.Generator, patterns: Marks, counts: Numbers, classes: int, cap: float, unseen: Numbers
) -> None:
    """The baseline: fill `unseen` with one draw per iteration. The last pattern is that of nobody's list."""
    rows, lists = patterns.shape
    chances = np.empty((lists, classes))
    for j in range(lists):
        for k in range(classes):
            chances[j, k] = rng.random()
    sticks = np.full(classes, 0.5)
    sticks[classes - 1] = 1.0
    concentration = 1.0
    observed = counts.sum()
    shares, weights, taken = np.empty(classes), np.empty(classes), np.empty(classes)
    for iteration in range(len(unseen)):
        left = 1.0
        for k in range(classes):
            shares[k] = left * sticks[k]
            left *= 1.0 - sticks[k]
        nobody = pattern_weights(patterns[rows - 1], chances, shares, weights)
        missing = cap + 1.0
        while missing > cap:
            missing = float(rng.poisson(rng.standard_gamma(observed) * nobody / (1.0 - nobody)))
        unseen[iteration] = missing
        on, people = np.zeros((lists, classes)), np.zeros(classes)
        for x in range(rows):
            total = pattern_weights(patterns[x], chances, shares, weights)
            share_out(rng, missing if x == rows - 1 else counts[x], total, weights, taken)
            people += taken
            for j in range(lists):
                if patterns[x, j] == 1:
                    on[j] += taken
        concentration = draw_parameters(rng, chances, sticks, on, people, concentration)


def kosovo() -> CaptureTable:
    """Killings in Kosovo 1999 on four lists (Ball and others 2002)."""
    counts = [1131, 845, 177, 936, 228, 217, 181, 306, 106, 31, 18, 123, 42, 32, 27]
    return CaptureTable.build(("EXH", "ABA", "OSCE", "HRW"), [_bits(code, 4) for code in range(1, 16)], counts)


def western() -> CaptureTable:
    """Trafficking victims in a western United States city on five lists (Farrell and others 2019)."""
    cells = {1: 52, 2: 90, 4: 114, 8: 45, 16: 21, 5: 4, 9: 2, 17: 5, 6: 6, 10: 1, 24: 3, 21: 1, 14: 1}
    return CaptureTable.build("ABCDE", [_bits(code, 5) for code in cells], list(cells.values()))


def twenty() -> CaptureTable:
    """An invented population of 5,000 in three classes on twenty lists."""
    rng = np.random.default_rng(20)
    chances = np.array([[0.18] * 20, [0.03] * 20, [0.10] * 10 + [0.01] * 10]) * rng.uniform(0.5, 1.5, (3, 20))
    marks = (rng.random((5000, 20)) < chances[rng.choice(3, 5000, p=[0.2, 0.5, 0.3])]).astype(np.uint8)
    seen = marks[marks.any(axis=1)]
    return CaptureTable.build([f"L{place}" for place in range(20)], seen, np.ones(len(seen)))


def _bits(code: int, lists: int) -> list[int]:
    return [code >> place & 1 for place in range(lists)]


def baseline(table: CaptureTable, iterations: int) -> tuple[Numbers, float]:
    """Return draws after a tenth of burn-in and processor seconds, burn-in included."""
    patterns = np.vstack([table.patterns, np.zeros((1, len(table.lists)), dtype=np.uint8)])
    counts = table.counts.astype(np.float64)
    chains = []
    spent = 0.0
    for chain in range(CHAINS):
        unseen = np.empty(iterations)
        begun = time.process_time()
        plain_gibbs(np.random.default_rng(chain), patterns, counts, 10, 20.0 * table.observed, unseen)
        spent += time.process_time() - begun
        chains.append(unseen[iterations // 10 :])
    return np.array(chains) + table.observed, spent


def ours(table: CaptureTable, draws: int) -> tuple[Numbers, float]:
    """Return draws and processor seconds, the search for modes and the warm-up included."""
    begun = time.process_time()
    fit = sample_latent(table, seed=1, prior=Prior(), effort=Effort(draws=draws, most_draws=draws))
    return fit.draws, time.process_time() - begun


def line(name: str, draws: Numbers, spent: float) -> float:
    """Print one result and return effective draws per second."""
    known = diagnose(draws)
    rate = min(known.ess_bulk, known.ess_tail) / spent
    low, middle, high = np.quantile(draws, [0.025, 0.5, 0.975])
    print(
        f"  {name:<14} N {middle:8,.0f} ({low:,.0f} to {high:,.0f})  R-hat {known.rhat:.3f}  "
        f"bulk {known.ess_bulk:6,.0f}  tail {known.ess_tail:6,.0f}  {spent:6.2f} CPU s  {rate:8,.0f} effective/CPU s"
    )
    return rate


def conting() -> None:
    """Time R's conting on Kosovo where it is installed; it averages log-linear models."""
    if shutil.which("Rscript") is None:
        print("  conting: R is not installed here; skipped")
        return
    script = """
    if (!requireNamespace("conting", quietly=TRUE)) { cat("absent\\n"); quit() }
    library(conting); set.seed(1)
    d <- expand.grid(EXH=c(0,1), ABA=c(0,1), OSCE=c(0,1), HRW=c(0,1))
    d$y <- c(NA,1131,845,177,936,228,217,181,306,106,31,18,123,42,32,27)
    for (n in c("EXH","ABA","OSCE","HRW")) d[[n]] <- factor(d[[n]], labels=c("un","obs"))
    t <- system.time(f <- bict(y ~ (EXH+ABA+OSCE+HRW)^3, data=d, n.sample=5000, prior="UIP"))
    n <- total_pop(f, n.burnin=1000)$TOT
    e <- length(n) / (1 + 2 * sum(pmax(acf(n, lag.max=200, plot=FALSE)$acf[-1], 0)))
    cat(sprintf("  conting        N %.0f  about %.0f effective draws in %.1f CPU s: %.1f per CPU s\\n",
                median(n), e, t[1], e / t[1]))
    """
    done = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=False)
    print(done.stdout.rstrip() or "  conting: not installed; skipped")


def main() -> None:
    """Run every table and print the ratios."""
    quick = "--quick" in sys.argv
    ours(western(), 100)
    baseline(western(), 100)
    tables = [
        ("Kosovo, 4 lists", kosovo(), 100_000, 8000, 12.0),
        ("20 lists", twenty(), 4000, 6000, 10.0),
        ("Western US, 5 sparse lists", western(), 60_000, 20_000, 1.0),
    ]
    for name, table, iterations, draws, wanted in tables:
        print(f"{name}: {table.observed:,} people, {len(table.counts)} patterns")
        scale = 10 if quick else 1
        slow = line("plain Gibbs", *baseline(table, iterations // scale))
        fast = line("this engine", *ours(table, draws // scale))
        print(f"  ratio {fast / slow:.1f} (wanted: {wanted:g} or more)")
        if name.startswith("Kosovo"):
            conting()


if __name__ == "__main__":
    main()
