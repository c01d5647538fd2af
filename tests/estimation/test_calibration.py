"""Does the 95% interval hold the truth in 95 of 100 populations, and does the verdict warn where the model is wrong?"""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom, chisquare

from consilience.estimation.latent.engine import Effort, sample_latent
from consilience.estimation.methods import Settings
from consilience.estimation.run import estimate
from consilience.estimation.verdict import Verdict

_SPEC = importlib.util.spec_from_file_location("populations", Path(__file__).with_name("populations.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
populations = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(populations)

QUICK = Effort(particles=40, warm_up=100, draws=400, most_draws=1600)


def _rank(generator, number):
    """Return the share of the posterior below the true population size, for one invented population."""
    rng = np.random.default_rng([11, number])
    people = int(np.exp(rng.uniform(np.log(500), np.log(3000))))
    table = populations.population(generator, rng, people)
    draws = sample_latent(table, seed=number, effort=QUICK).draws
    return float((draws < people).mean() + 0.5 * (draws == people).mean())


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    ranks = [_rank(generator, n) for generator in populations.HOLDING.values() for n in range(4)]
    missed = sum(not 0.025 <= rank <= 0.975 for rank in ranks)
    assert missed <= binom.ppf(0.9995, len(ranks), 0.05)


@pytest.mark.soak
def test_ranks_of_the_truth_are_even_and_intervals_cover_where_the_model_holds():
    ranks = np.array([_rank(generator, n) for generator in populations.HOLDING.values() for n in range(67)])
    covered = float(((ranks >= 0.025) & (ranks <= 0.975)).mean())
    counts = np.histogram(ranks, bins=10, range=(0, 1))[0]
    assert 0.90 <= covered <= 0.99, f"covered {covered:.3f} of {len(ranks)}; ranks {counts.tolist()}"
    assert chisquare(counts).pvalue > 0.001


@pytest.mark.soak
def test_where_the_model_is_wrong_a_missed_truth_is_nearly_always_warned_of():
    missed = warned = 0
    for generator in populations.FAILING.values():
        for number in range(30):
            rng = np.random.default_rng([13, number])
            people = int(rng.integers(500, 3000))
            report = estimate(populations.population(generator, rng, people), Settings(seed=number + 1, resamples=100))
            summary = report.methods["latent"].summary
            if summary is not None and summary.interval_95[0] <= people <= summary.interval_95[1]:
                continue
            missed += 1
            warned += report.verdict is not Verdict.USABLE
    assert warned >= 0.9 * missed, f"missed {missed}, warned of {warned}"
