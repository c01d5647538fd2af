import doctest
import warnings

import numpy as np
import pytest
from numpy.random import default_rng

from consilience.estimation import convergence
from consilience.estimation.convergence import diagnose, ess_bulk, ess_tail, quantile_error, rhat


def _chains(persistence, seed=3, chains=4, length=600):
    noise = default_rng(seed).normal(size=(chains, length))
    for step in range(1, length):
        noise[:, step] += persistence * noise[:, step - 1]
    return noise


def test_the_example_in_the_module_runs():
    assert doctest.testmod(convergence).failed == 0


def test_every_diagnostic_agrees_with_arviz():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        arviz = pytest.importorskip("arviz", reason="arviz is a test dependency")
        for persistence in (0.0, 0.5, 0.9, -0.4):
            draws = _chains(persistence)
            assert rhat(draws) == pytest.approx(float(arviz.rhat(draws)), abs=1e-9)
            assert ess_bulk(draws) == pytest.approx(float(arviz.ess(draws)), rel=0.01)
            assert ess_tail(draws) == pytest.approx(float(arviz.ess(draws, method="tail")), rel=0.01)
            error = float(arviz.mcse(draws, method="quantile", prob=0.5))
            assert quantile_error(draws, 0.5) == pytest.approx(error, rel=0.01)


def test_a_chain_that_sits_apart_is_seen():
    draws = _chains(0.0)
    draws[0] += 1.0
    assert diagnose(draws).rhat > 1.1


def test_a_chain_that_spreads_differently_is_seen():
    draws = _chains(0.0)
    draws[0] *= 5.0
    assert diagnose(draws).rhat > 1.05


def test_few_independent_draws_are_not_enough():
    assert not diagnose(_chains(0.99)).converged


def test_the_error_of_a_quantile_is_its_spread_over_repetitions():
    medians = [np.median(_chains(0.3, seed)) for seed in range(60)]
    assert diagnose(_chains(0.3)).error_of(0.5) == pytest.approx(np.std(medians), rel=0.4)


def test_constant_draws_have_converged():
    assert diagnose(np.full((4, 500), 7.0)).converged
