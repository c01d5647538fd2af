import doctest

import numpy as np
import pytest

from consilience.estimation import posterior, summary
from consilience.estimation.posterior import Weighted
from consilience.estimation.summary import shape_of, summarise


def test_the_examples_in_the_modules_run():
    assert doctest.testmod(summary).failed == 0
    assert doctest.testmod(posterior).failed == 0


def test_intervals_lie_within_each_other():
    draws = np.random.default_rng(1).lognormal(8, 0.3, 5000)
    found = summarise(draws)
    assert found.interval_95[0] < found.interval_80[0] < found.interval_50[0] < found.median
    assert found.median < found.interval_50[1] < found.interval_80[1] < found.interval_95[1]


def test_a_long_upper_tail_is_said():
    draws = 1000 + np.random.default_rng(2).lognormal(6, 1, 5000)
    assert shape_of(draws).words == "one peak with a long upper tail"


def test_a_small_second_peak_is_seen_and_a_tiny_one_is_not():
    rng = np.random.default_rng(3)
    main, far = rng.normal(1000, 30, 9000), rng.normal(2000, 30, 1000)
    assert len(shape_of(np.concatenate([main, far])).peaks) == 2
    assert len(shape_of(np.concatenate([main, far[:50]])).peaks) == 1
    assert shape_of(np.concatenate([main, far])).masses[1] == pytest.approx(0.1, abs=0.01)


def test_draws_that_are_all_equal_have_one_peak():
    assert shape_of(np.full(100, 7)).peaks == (pytest.approx(7.0),)


def test_the_quantiles_of_exact_weights_are_the_smallest_values_that_reach_them():
    exact = Weighted(np.array([1, 2, 3]), np.array([0.25, 0.5, 0.25]))
    assert [exact.quantile(share) for share in (0.25, 0.26, 0.75, 0.76, 1.0)] == [1, 2, 2, 3, 3]
    assert exact.draws(8).tolist() == [1, 1, 2, 2, 2, 2, 3, 3]
