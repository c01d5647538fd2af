"""New levels of volume are found where they were planted, and hardly ever where nothing changed."""

import numpy as np
import pytest

from consilience.quality.changes import dispersion, level_changes


def clean_series(rng, months, mean, extra):
    """Quasi-Poisson counts: negative binomial of dispersion `extra`, or Poisson where it is 1."""
    if extra == 1:
        return rng.poisson(mean, months)
    return rng.negative_binomial(mean / (extra - 1), 1 / extra, months)


@pytest.mark.parametrize(("months", "mean", "extra"), [(24, 20, 1), (60, 5, 1), (60, 100, 3), (120, 40, 2)])
def test_clean_series_give_a_false_alarm_in_five_of_a_hundred_at_most(months, mean, extra):
    rng = np.random.default_rng(1)
    alarms = sum(bool(level_changes(clean_series(rng, months, mean, extra))) for _ in range(400))
    assert alarms / 400 <= 0.05


def test_a_level_that_doubles_is_found_within_two_months_nine_times_in_ten():
    rng = np.random.default_rng(2)
    found = 0
    for _ in range(200):
        series = np.concatenate([rng.poisson(30, 30), rng.poisson(60, 30)])
        found += any(abs(cut.position - 30) <= 2 and cut.after > cut.before for cut in level_changes(series))
    assert found / 200 >= 0.9


def test_one_eventful_month_is_no_new_level():
    series = np.full(48, 20)
    series[30] = 60
    assert level_changes(series) == []


def test_two_changes_are_found_both():
    series = np.concatenate([np.full(20, 10), np.full(20, 40), np.full(20, 10)])
    assert [cut.position for cut in level_changes(series)] == [20, 40]


def test_a_short_or_empty_series_is_not_judged():
    assert level_changes(np.full(11, 1000)) == []
    assert level_changes(np.zeros(50)) == []


def test_the_dispersion_of_poisson_counts_is_near_one():
    assert dispersion(np.random.default_rng(3).poisson(50, 5000)) == pytest.approx(1, abs=0.1)
