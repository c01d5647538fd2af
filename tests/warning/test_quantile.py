import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from consilience.warning.quantile import count_chance_from, count_chance_to, count_quantile


@given(st.floats(1e-6, 1e5), st.one_of(st.just(1.0), st.floats(1.001, 50)), st.floats(0.5, 0.9999))
def test_the_quantile_is_the_smallest_count_that_reaches_the_level(mean, dispersion, level):
    means, widths = np.array([mean]), np.array([dispersion])
    answer = count_quantile(level, means, widths)
    assert count_chance_to(answer, means, widths)[0] >= level * (1 - 1e-13)
    assert count_chance_to(answer - 1, means, widths)[0] < level


def test_the_quantile_is_that_of_scipy_where_scipy_has_one():
    mean = np.array([0.3, 2.0, 11.5, 400.0])
    for dispersion in (1.2, 3.0, 30.0):
        expected = stats.nbinom.ppf(0.99, mean / (dispersion - 1), 1 / dispersion)
        assert np.array_equal(count_quantile(0.99, mean, np.full(4, dispersion)), expected)
    assert np.array_equal(count_quantile(0.99, mean, np.ones(4)), stats.poisson.ppf(0.99, mean))


@pytest.mark.parametrize("dispersion", [1.0, 2.0])
def test_the_chances_of_below_and_of_at_least_make_one(dispersion):
    number = np.arange(1.0, 20.0)
    mean, width = np.full(19, 6.0), np.full(19, dispersion)
    together = count_chance_to(number - 1, mean, width) + count_chance_from(number, mean, width)
    assert np.allclose(together, 1)


def test_extreme_means_have_an_answer():
    mean = np.array([1e-300, 1e14, 1e300, np.nan, np.inf, 5.0])
    answer = count_quantile(0.99, mean, np.array([1.5, 3.0, 2.0, 2.0, 2.0, 1e12]))
    assert answer[0] == 0
    assert answer[1] == pytest.approx(1e14, rel=1e-5)
    assert np.isinf(answer[2])
    assert np.isnan(answer[3])
    assert np.isinf(answer[4])
    assert answer[5] == 0
