import numpy as np
import pytest
from scipy.stats import kstest

from consilience.estimation.latent.model import Prior, pose, state_size
from consilience.estimation.latent.tempering import draw_prior, evenness, next_heat, resample, temper


def test_prior_draws_of_capture_chances_follow_their_beta(disconnected):
    problem = pose(disconnected, Prior(classes=4, capture=(2.0, 5.0)))
    cloud = np.zeros((400, state_size(problem)))
    draw_prior(np.random.default_rng(1), problem, cloud)
    chances = 1 / (1 + np.exp(-cloud[:, 0]))
    assert kstest(chances, "beta", args=(2, 5)).pvalue > 0.001
    assert np.isfinite(cloud).all()


def test_heat_rises_as_far_as_the_weights_stay_even():
    values = np.random.default_rng(2).normal(size=500) * 10
    heat = next_heat(values, 0.0)
    assert 0 < heat < 1
    assert evenness(values, heat) == pytest.approx(0.6, abs=0.01)
    assert next_heat(values * 1e-6, 0.3) == 1.0


def test_resampling_keeps_each_place_in_proportion():
    weights = np.array([0.5, 0.0, 0.25, 0.25])
    chosen = resample(np.random.default_rng(3), np.tile(weights, 100))
    assert np.bincount(chosen % 4, minlength=4) / 400 == pytest.approx(weights, abs=0.01)


def test_the_evidence_agrees_with_brute_force_over_the_prior(disconnected):
    problem = pose(disconnected, Prior(classes=2))
    evidences = []
    for seed in range(3):
        cloud = np.zeros((200, state_size(problem)))
        evidence, _, heats = temper(np.random.default_rng(seed), cloud, problem, 2)
        evidences.append(evidence)
        assert heats[0] == 0.0
        assert heats[-1] == 1.0
        assert (np.diff(heats) > 0).all()
    rng = np.random.default_rng(9)
    cloud = np.zeros((200_000, state_size(problem)))
    draw_prior(rng, problem, cloud)
    assert np.mean(evidences) == pytest.approx(_log_mean_likelihood(problem, cloud), abs=0.5)


def _log_mean_likelihood(problem, cloud):
    chances = 1 / (1 + np.exp(-cloud[:, :6].reshape(-1, 3, 2)))
    stick = 1 / (1 + np.exp(-np.clip(cloud[:, 6], -500, 500)))
    shares = np.stack([stick, 1 - stick], axis=1)

    def probability(pattern):
        given = np.prod(np.where(np.array(pattern)[None, :, None] == 1, chances, 1 - chances), axis=1)
        return (given * shares).sum(axis=1)

    logs = -problem.counts.sum() * np.log(1 - probability([0, 0, 0]))
    for x, count in enumerate(problem.counts):
        pattern = [int(j in problem.members[problem.starts[x] : problem.starts[x + 1]]) for j in range(3)]
        logs += count * np.log(probability(pattern))
    return np.log(np.mean(np.exp(logs - logs.max()))) + logs.max()
