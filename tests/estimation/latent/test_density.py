import numpy as np
import pytest
from scipy.stats import nbinom

from consilience.estimation.latent.density import log_below_cap, log_posterior, working_room
from consilience.estimation.latent.model import Prior, pose, state_size


def _evaluate(state, problem, heat=1.0):
    gradient = np.zeros(len(state))
    room = working_room(problem.lists, problem.settings)
    return (*log_posterior(state, problem, heat, gradient, room), gradient)


@pytest.mark.parametrize("shift", [0.0, -4.0, -7.0])
@pytest.mark.parametrize("prior", [Prior(), Prior(classes=3, concentration=(2.0, 1.0), capture=(0.5, 3.0), cap=3)])
def test_the_gradient_is_the_slope_of_the_density(sparse, shift, prior):
    problem = pose(sparse, prior)
    state = np.random.default_rng(0).normal(size=state_size(problem)) + shift
    heat, width = 0.7, 1e-5
    gradient = _evaluate(state, problem, heat)[2]
    for place in range(len(state)):
        ends = []
        for side in (width, -width):
            moved = state.copy()
            moved[place] += side
            log_prior, log_likelihood, _ = _evaluate(moved, problem)
            ends.append(log_prior + heat * log_likelihood)
        assert gradient[place] == pytest.approx((ends[0] - ends[1]) / (2 * width), rel=1e-4, abs=1e-4)


def test_the_likelihood_is_that_of_the_observed_patterns_given_observation(kosovo):
    problem = pose(kosovo, Prior(classes=2, cap=10**6))
    state = np.random.default_rng(1).normal(size=state_size(problem))
    chances = 1 / (1 + np.exp(-state[:8].reshape(4, 2)))
    stick = 1 / (1 + np.exp(-state[8]))

    def probability(pattern):
        given = np.prod(np.where(np.array(pattern)[:, None] == 1, chances, 1 - chances), axis=0)
        return given @ [stick, 1 - stick]

    seen = 1 - probability([0, 0, 0, 0])
    logs = sum(
        count * np.log(probability(row) / seen) for row, count in zip(kosovo.patterns, kosovo.counts, strict=True)
    )
    assert _evaluate(state, problem)[1] == pytest.approx(logs)


@pytest.mark.parametrize("seen", [0.01, 0.03, 0.047, 0.05, 0.06, 0.5])
def test_the_chance_to_stay_below_the_cap_is_the_negative_binomials(seen):
    log_chance, slope = log_below_cap(345.0, 6900.0, seen)
    assert log_chance == pytest.approx(nbinom.logcdf(6900, 345, seen), rel=1e-8, abs=1e-10)
    width = 1e-7
    ends = [nbinom.logcdf(6900, 345, seen + side) for side in (width, -width)]
    assert slope == pytest.approx((ends[0] - ends[1]) / (2 * width), rel=1e-4, abs=1e-3)
