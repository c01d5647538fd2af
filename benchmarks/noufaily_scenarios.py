"""Simulated weekly series in Noufaily's 42 scenarios, with known outbreaks (7 parameters x trend x harmonics).

The design is that of Noufaily et al. 2013 (Stat Med 32:1206-1222, section 4) in its full form of 42 scenarios: a mean
`exp(theta + beta t + harmonics)`, negative binomial counts of variance `phi` times the mean (Poisson where phi is 1).
An outbreak's size is Poisson with mean k standard deviations of the week it starts in; its cases fall into weeks after
the start by a log-normal delay (mean 0, deviation 0.5 on the log scale).

    python benchmarks/noufaily_scenarios.py OUT.csv [--replicates 12] [--seed 1] [--past-outbreaks 0]
"""

import argparse
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt

WEEKS = 624
FIRST_TESTED = 575
"""Index from 0 of the first of the 49 tested weeks (week 576)."""
FIRST_PAST = 312
# theta, beta (used where the scenario has a trend), gamma cos, gamma sin, phi
PARAMETERS = (
    (0.1, 0.0025, 0.6, 0.6, 1.5),
    (-2.0, 0.005, 0.1, 0.3, 2.0),
    (1.5, 0.003, 0.2, -0.4, 1.0),
    (0.5, 0.002, 0.5, 0.5, 5.0),
    (2.5, 0.001, 1.0, 0.1, 3.0),
    (3.75, 0.001, 0.1, -0.1, 1.1),
    (5.0, 0.0001, 0.05, 0.01, 1.2),
)
SCENARIOS = tuple(product(PARAMETERS, (False, True), (0, 1, 2)))


@dataclass(frozen=True, slots=True, eq=False)
class Simulation:
    """Counts (series x weeks), the weeks that hold cases of a tested outbreak, and each series' scenario and size k."""

    counts: npt.NDArray[np.float64]
    outbreak: npt.NDArray[np.bool_]
    start: npt.NDArray[np.int64]
    scenario: npt.NDArray[np.int64]
    size: npt.NDArray[np.int64]


def mean_of(scenario: int, weeks: int = WEEKS) -> npt.NDArray[np.float64]:
    """Return a scenario's mean count in each week."""
    (theta, beta, cosine, sine, _), trend, harmonics = SCENARIOS[scenario]
    week = np.arange(1, weeks + 1)
    angle = 2 * np.pi * np.outer(np.arange(1, harmonics + 1), week) / 52
    return np.exp(theta + beta * week * trend + (cosine * np.cos(angle) + sine * np.sin(angle)).sum(axis=0))


def simulate(replicates: int = 12, seed: int = 1, past_outbreaks: int = 0) -> Simulation:
    """Simulate `replicates` series of each scenario, each with one outbreak in the tested weeks."""
    rng = np.random.default_rng(seed)
    scenario = np.repeat(np.arange(len(SCENARIOS)), replicates)
    counts = np.empty((len(scenario), WEEKS))
    outbreak = np.zeros(counts.shape, dtype=bool)
    start = rng.integers(FIRST_TESTED, WEEKS - 4, len(scenario))
    size = np.resize(np.arange(1, 11), len(scenario))
    rng.shuffle(size)
    for row, number in enumerate(scenario):
        mean, phi = mean_of(int(number)), SCENARIOS[number][0][4]
        counts[row] = rng.poisson(mean) if phi == 1 else rng.negative_binomial(mean / (phi - 1), 1 / phi)
        for week in rng.integers(FIRST_PAST, FIRST_TESTED - 4, past_outbreaks):
            counts[row] += _cases(rng, mean, phi, int(week), int(rng.integers(1, 11)))
        cases = _cases(rng, mean, phi, int(start[row]), int(size[row]))
        counts[row] += cases
        outbreak[row] = cases > 0
        outbreak[row, start[row]] = True
    return Simulation(counts, outbreak, start, scenario, size)


def _cases(
    rng: np.random.Generator, mean: npt.NDArray[np.float64], phi: float, week: int, size: int
) -> npt.NDArray[np.float64]:
    number = max(1, rng.poisson(size * np.sqrt(phi * mean[week])))
    delays = np.floor(rng.lognormal(0.0, 0.5, number)).astype(int)
    return np.bincount(np.minimum(week + delays, WEEKS - 1), minlength=WEEKS).astype(float)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--replicates", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--past-outbreaks", type=int, default=0)
    options = parser.parse_args()
    found = simulate(options.replicates, options.seed, options.past_outbreaks)
    lines = ["series,scenario,size,week,count,outbreak"]
    for row, week in np.ndindex(found.counts.shape):
        lines.append(
            f"{row},{found.scenario[row]},{found.size[row]},{week + 1},{found.counts[row, week]:.0f},"
            f"{int(found.outbreak[row, week])}"
        )
    options.out.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
