import numpy as np

from consilience.estimation.latent.chains import run_chain, run_exchanged, usual_leaps
from consilience.estimation.latent.model import Prior, pose, state_size


def test_trajectories_are_shorter_where_steps_are_longer():
    assert [usual_leaps(step) for step in (0.01, 0.125, 1.0)] == [64, 12, 4]


def test_the_same_stream_gives_the_same_draws_and_learning_moves_the_step(disconnected):
    problem = pose(disconnected, Prior())
    results = []
    for _ in range(2):
        state, kept = np.zeros(state_size(problem)), np.zeros((2, 50))
        step = run_chain(np.random.default_rng(2), state, problem, 0.1, 8, 0.08, kept[0], kept[1])
        results.append(kept)
        assert step != 0.1
    assert np.array_equal(*results)


def test_a_ladder_swaps_its_copies_and_keeps_its_draws_below_the_cap(disconnected):
    problem = pose(disconnected, Prior(cap=5))
    heats = np.array([0.1, 0.3, 1.0])
    states, kept = np.zeros((3, state_size(problem))), np.zeros(300)
    swapped = run_exchanged(np.random.default_rng(3), states, heats, problem, np.full(3, 0.2), 0.08, kept)
    assert 0.05 < swapped < 1
    assert kept.max() <= 5 * disconnected.observed
