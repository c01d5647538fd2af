import numpy as np
import pytest
from scipy.stats import kstest, nbinom

from consilience.estimation.latent.density import working_room
from consilience.estimation.latent.model import Prior, pose, state_size
from consilience.estimation.latent.moves import (
    allot,
    draw_unseen,
    gibbs_sweep,
    hamiltonian_step,
    log_gamma_draw,
    unseen_given,
)


@pytest.mark.parametrize("seen", [0.5, 0.05, 0.03])
def test_unseen_counts_follow_the_truncated_negative_binomial(seen):
    rng = np.random.default_rng(1)
    observed, cap = 40.0, 800.0
    draws = np.array([draw_unseen(rng, observed, cap, seen) for _ in range(2000)])
    inside = nbinom.cdf(cap, observed, seen)
    assert draws.max() <= cap
    assert (
        kstest(
            draws + rng.random(2000),
            lambda x: (
                nbinom.cdf(np.floor(x) - 1, observed, seen) / inside
                + (x - np.floor(x)) * nbinom.pmf(np.floor(x), observed, seen) / inside
            ),
        ).pvalue
        > 0.001
    )


def test_gamma_draws_of_small_shape_do_not_vanish():
    rng = np.random.default_rng(2)
    draws = np.array([log_gamma_draw(rng, 1e-3) for _ in range(500)])
    assert np.isfinite(draws).all()
    assert draws.min() < -100


def test_people_are_shared_out_in_proportion_and_none_is_lost():
    rng = np.random.default_rng(3)
    chance = np.array([0.5, 0.3, 0.2])
    total = np.zeros(3)
    for people in (1.0, 1000.0, 0.0) * 30:
        taken = np.zeros(3)
        allot(rng, people, chance, taken)
        assert taken.sum() == people
        total += taken
    assert total / total.sum() == pytest.approx(chance, abs=0.02)


def test_gibbs_and_hamiltonian_moves_have_the_same_target(disconnected):
    problem = pose(disconnected, Prior(classes=3))
    room, gradient = working_room(3, problem.settings), np.zeros(state_size(problem))
    medians = []
    for sweep in (True, False):
        rng = np.random.default_rng(4)
        state = np.zeros(state_size(problem))
        draws = []
        for _ in range(6000):
            if sweep:
                gibbs_sweep(rng, state, problem, room)
            else:
                hamiltonian_step(rng, state, problem, 1.0, 0.2 + 0.2 * rng.random(), 8, gradient, room)
            draws.append(unseen_given(rng, state, problem, room)[0])
        medians.append(np.median(draws))
    assert medians[0] == pytest.approx(medians[1], rel=0.1)
