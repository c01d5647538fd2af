"""Whipple's and Myers' indices have their textbook ends, and clean ages raise no alarm."""

import numpy as np
import pytest
from scipy import stats

from consilience.quality.heaping import myers, proportion_interval, share_ratio, whipple


def test_whipples_index_is_100_for_even_ages_and_500_when_all_are_rounded():
    even, rounded = np.ones(121, dtype=int), np.zeros(121, dtype=int)
    rounded[::5] = 10
    assert whipple(even).index == pytest.approx(100)
    assert whipple(rounded).index == pytest.approx(500)


def test_myers_index_is_0_for_even_ages_and_90_when_all_end_in_nought():
    rounded = np.zeros(121)
    rounded[::10] = 7
    assert myers(np.ones(121)) == pytest.approx(0)
    assert myers(rounded) == pytest.approx(90)


def test_clean_ages_raise_a_false_alarm_in_five_of_a_hundred_at_most():
    rng = np.random.default_rng(4)
    # A steep fall with age, as in most lists of victims, and few people: the hardest clean case.
    ages = np.arange(121)
    shape = np.exp(-ages / 20) * (ages > 10)
    alarms = 0
    for _ in range(500):
        people = np.bincount(rng.choice(ages, 200, p=shape / shape.sum()), minlength=121)
        alarms += whipple(people).low > 125
    assert alarms / 500 <= 0.05


def test_a_third_of_ages_rounded_is_found_among_four_hundred_people():
    rng = np.random.default_rng(5)
    found = 0
    for _ in range(100):
        years = rng.integers(15, 70, 400)
        rounded = np.where(rng.random(400) < 1 / 3, (years + 2) // 5 * 5, years)
        found += whipple(np.bincount(rounded, minlength=121)).low > 125
    assert found / 100 >= 0.9


def test_nobody_gives_no_index_and_no_alarm():
    nobody = whipple(np.zeros(121))
    assert np.isnan(nobody.index)
    assert nobody.low == 0


def test_a_share_as_expected_has_100_inside_its_interval():
    ratio = share_ratio(20, 100, 0.2)
    assert ratio.low < 100 < ratio.high


@pytest.mark.parametrize(("hits", "total"), [(0, 10), (10, 10), (3, 40), (400, 401), (17, 10_000)])
def test_the_exact_interval_of_a_share_agrees_with_a_second_implementation(hits, total):
    interval = stats.binomtest(hits, total).proportion_ci(0.95, method="exact")
    assert proportion_interval(hits, total) == pytest.approx((interval.low, interval.high), abs=1e-12)
