import doctest

import numpy as np
import pytest

from consilience.estimation.convergence import LEAST_ESS, MOST_RHAT
from consilience.estimation.latent import engine
from consilience.estimation.latent.engine import Effort, quick_latent, sample_latent
from consilience.estimation.latent.model import Prior, pose

# Long runs of this engine and of LCMCR agree on these (medians and 95% intervals).
KOSOVO = (9040, 10430, 13880)
WESTERN = (1313, 1840, 3000)


def test_the_example_in_the_module_runs():
    assert doctest.testmod(engine).failed == 0


@pytest.mark.parametrize(("name", "long_run"), [("kosovo", KOSOVO), ("sparse", WESTERN)])
def test_published_tables_have_their_long_run_posterior_whatever_the_seed(name, long_run, request):
    for seed in (1, 2):
        fit = sample_latent(request.getfixturevalue(name), seed=seed, workers=2)
        assert fit.convergence.rhat < MOST_RHAT
        assert min(fit.convergence.ess_bulk, fit.convergence.ess_tail) > LEAST_ESS
        for share, expected in zip((0.025, 0.5, 0.975), long_run, strict=True):
            error = fit.convergence.error_of(share)
            assert np.quantile(fit.draws, share) == pytest.approx(expected, abs=4 * error + 0.004 * expected)


def test_two_workers_give_the_draws_of_one(disconnected):
    effort = Effort(particles=60, warm_up=50, draws=200, most_draws=400)
    one, two = (sample_latent(disconnected, seed=7, effort=effort, workers=workers) for workers in (1, 2))
    assert np.array_equal(one.draws, two.draws)
    assert not np.array_equal(one.draws, sample_latent(disconnected, seed=8, effort=effort).draws)


def test_too_little_effort_does_not_converge_and_says_so(kosovo):
    effort = Effort(particles=30, warm_up=5, draws=20, most_draws=40)
    assert not sample_latent(kosovo, seed=1, effort=effort).convergence.converged


def test_a_tight_cap_fills_its_upper_edge(sparse):
    fit = sample_latent(sparse, seed=1, prior=Prior(cap=4), effort=Effort(draws=500, most_draws=500))
    assert fit.mass_at_cap > 0.1
    assert fit.draws.max() <= 5 * sparse.observed


def test_clouds_alone_come_near_the_chains(kosovo):
    assert np.median(quick_latent(kosovo, seed=3, workers=2)) == pytest.approx(10430, rel=0.05)


def test_chains_with_exchange_have_the_posterior_of_plain_chains(disconnected):
    problem = pose(disconnected, Prior())
    effort = Effort(warm_up=100, draws=800, most_draws=800)
    streams = np.random.SeedSequence(3).spawn(2)
    islands = engine.grow_islands(problem, streams[0], 4, 60, workers=2)
    states = [island.cloud[0] for island in islands]
    exchanged = engine._exchanged_chains(problem, islands, states, streams[1], effort, workers=2)
    plain = sample_latent(disconnected, seed=3, workers=2).draws
    assert np.median(exchanged) + disconnected.observed == pytest.approx(np.median(plain), rel=0.05)
