import doctest

import numpy as np
import pytest

from consilience.errors import EstimationRefused
from consilience.estimation import loglinear
from consilience.estimation.capture import CaptureTable
from consilience.estimation.existence import Existence
from consilience.estimation.loglinear import fit_loglinear


def _fit(table, resamples=40, seed=5):
    return fit_loglinear(table, rng=np.random.default_rng(seed), resamples=resamples)


def test_the_example_in_the_module_runs():
    assert doctest.testmod(loglinear).failed == 0


def test_kosovo_has_the_published_model_and_a_rival_just_as_good(kosovo):
    fit = _fit(kosovo)
    assert fit.best.formula == "[EXH*ABA*OSCE, EXH*HRW, OSCE*HRW]"
    assert fit.best.population == pytest.approx(10356.5, abs=0.1)
    (close,) = fit.close
    assert close.population == pytest.approx(12741, abs=0.5)
    assert fit.models_tried == 113


def test_the_artificial_table_has_models_without_an_estimate_and_the_best_by_bic_is_one(disconnected):
    fit = _fit(disconnected)
    absent = [model for model in fit.without_estimate if model.existence is Existence.ABSENT]
    assert "[AB, C]" in [model.formula for model in absent]
    assert min(model.bic_above_best for model in absent) < 0


def test_a_sparse_table_has_extended_estimates(sparse):
    fit = _fit(sparse, resamples=10)
    assert any(model.existence is Existence.EXTENDED for model in fit.rivals)


def test_the_same_seed_gives_the_same_resamples(kosovo):
    assert np.array_equal(_fit(kosovo, 10).draws, _fit(kosovo, 10).draws)


def test_models_of_six_lists_are_grown_step_by_step(simulate):
    table = simulate(np.random.default_rng(3), 1500, [1.0], [[0.3, 0.25, 0.2, 0.3, 0.2, 0.25]])
    fit = _fit(table, resamples=10)
    assert fit.best.population == pytest.approx(1500, rel=0.1)


@pytest.mark.parametrize("lists", [2, 9])
def test_two_lists_and_nine_are_refused(lists):
    with pytest.raises(EstimationRefused, match="three to eight"):
        _fit(CaptureTable.build([f"L{place}" for place in range(lists)], np.eye(lists), np.ones(lists)))
