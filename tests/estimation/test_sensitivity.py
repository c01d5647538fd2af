import doctest

import pytest

from consilience.estimation import sensitivity
from consilience.estimation.sensitivity import OTHER_PRIORS, check_priors, odds_curve


def test_the_example_in_the_module_runs():
    assert doctest.testmod(sensitivity).failed == 0


def test_kosovo_follows_its_data_not_the_prior(kosovo):
    checks = check_priors(kosovo, median=10430, seed=1, workers=2)
    assert len(checks) == len(OTHER_PRIORS)
    assert max(abs(check.shift) for check in checks) < 0.405


def test_the_curve_meets_the_estimate_where_the_odds_are_the_models():
    (point,) = [one for one in odds_curve(100, 300, (200, 500)) if one.ratio == 1.0]
    assert (point.population, point.interval_95) == (300, (200, 500))
    assert odds_curve(100, 300, (200, 500))[0].population == pytest.approx(150)
