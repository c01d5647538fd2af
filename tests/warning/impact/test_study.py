"""Published figures, known laws, and refusals of the measure of impact."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.linalg import toeplitz

from consilience.errors import RefusalError
from consilience.warning.impact.design import Interruption, columns
from consilience.warning.impact.fit import Scale, fit_effect
from consilience.warning.impact.reml import fit_reml
from consilience.warning.impact.study import Question, measure


def _question(values, at, scale=Scale.RATE, **more):
    labels = tuple(str(place) for place in range(len(values)))
    return Question(np.asarray(values, dtype=float), labels, Interruption(at, seasons=0), scale, 12.0, **more)


def _autoregressive(rng, length, rho):
    errors = np.empty(length)
    errors[0] = rng.normal() / np.sqrt(1 - rho**2)
    for place in range(1, length):
        errors[place] = rho * errors[place - 1] + rng.normal()
    return errors


def test_a_true_null_with_autocorrelated_errors_is_rejected_rarely():
    rng = np.random.default_rng(1)
    plan = Interruption(24, seasons=0)
    false = sum(fit_effect(_autoregressive(rng, 48, 0.4), plan, Scale.RATE, 12.0).p < 0.05 for _ in range(300))
    assert false / 300 < 0.09


def test_the_restricted_likelihood_finds_step_and_autocorrelation():
    rng = np.random.default_rng(2)
    design = columns(Interruption(300, seasons=0), 600, 12.0)
    fit = fit_reml(design, design @ [10.0, 0.0, 4.0, 0.0] + _autoregressive(rng, 600, 0.5))
    assert fit.rho == pytest.approx(0.5, abs=0.1)
    assert fit.coefficients[2] == pytest.approx(4, abs=1.2)


def test_the_coefficients_are_generalised_least_squares_at_the_autocorrelation_found():
    design = columns(Interruption(20, seasons=0), 40, 12.0)
    values = _autoregressive(np.random.default_rng(3), 40, 0.3)
    fit = fit_reml(design, values)
    known = sm.GLS(values, design, sigma=toeplitz(fit.rho ** np.arange(40))).fit()
    assert np.allclose(fit.coefficients, known.params)
    assert np.allclose(np.sqrt(np.diag(fit.covariance)), known.bse)


def test_counts_are_those_of_a_quasi_poisson_regression():
    rng = np.random.default_rng(4)
    values = rng.poisson(np.where(np.arange(96) < 60, 50.0, 30.0)).astype(float)
    effect = fit_effect(values, Interruption(60, slope=False), Scale.COUNT, 12.0)
    fit = sm.GLM(values, columns(Interruption(60, slope=False), 96, 12.0), family=sm.families.Poisson()).fit(scale="X2")
    assert effect.value == pytest.approx(np.exp(fit.params[2]))
    assert effect.low < 0.6 < effect.high
    assert effect.method == "quasi-poisson"


def test_a_control_takes_out_what_struck_both():
    rng = np.random.default_rng(5)
    common = _autoregressive(rng, 80, 0.6) + 5.0 * (np.arange(80) >= 40)
    treated, control = 20 + common + rng.normal(0, 0.3, 80), 30 + common + rng.normal(0, 0.3, 80)
    answer = measure(_question(treated, 40, control=control))
    assert answer.effect.p < 0.05
    assert answer.controlled.p > 0.05
    assert "attributes" in answer.words
    assert "compatible with no change" in answer.words


def test_no_causal_word_stands_without_a_control():
    values = np.random.default_rng(6).normal(10, 1, 60) - 5 * (np.arange(60) >= 30)
    answer = measure(_question(values, 30, events=("a new register",)))
    assert "not why" in answer.words
    assert "a new register" in answer.words
    for word in ("caused", "because", "effect of", "due to", "thanks to", "attributes"):
        assert word not in answer.words
    assert any("no control" in warning for warning in answer.warnings)


@pytest.mark.parametrize(("length", "at"), [(15, 8), (40, 7), (40, 34)])
def test_fewer_than_eight_periods_on_a_side_are_refused(length, at):
    with pytest.raises(RefusalError, match="too short"):
        measure(_question(np.arange(length) % 5, at))


def test_a_constant_series_is_refused():
    with pytest.raises(RefusalError, match="never varies"):
        measure(_question(np.full(60, 3.0), 30))


def test_fewer_than_24_periods_are_warned_of():
    answer = measure(_question(np.random.default_rng(7).normal(size=40), 20))
    assert answer.warnings[0].startswith("There are few periods: 20 before and 20 after")


def test_placebo_dates_lie_before_and_are_quiet_on_a_quiet_series():
    answer = measure(_question(np.random.default_rng(8).normal(size=120), 100))
    assert len(answer.placebo) == 5
    assert all(int(label) < 100 for label, _ in answer.placebo)


def test_the_transition_is_left_out():
    values = np.random.default_rng(9).normal(0, 0.1, 80)
    values[40:46] += 50
    question = _question(values, 40)
    plan = Interruption(40, transition=6, seasons=0)
    assert abs(fit_effect(values, plan, Scale.RATE, 12.0).value) < 0.5
    assert measure(question).effect.value > 10


def test_missing_values_keep_their_place():
    rng = np.random.default_rng(10)
    values = _autoregressive(rng, 200, 0.7)
    values[50:60] = np.nan
    design = columns(Interruption(100, seasons=0), 200, 12.0)
    assert fit_reml(design, values).rho == pytest.approx(0.7, abs=0.2)
