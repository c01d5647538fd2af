import numpy as np
import pytest

from consilience.warning.short import Short, ears, short_bound

PAST = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0]


def test_c1_is_the_mean_and_deviation_of_the_last_seven():
    bound = ears(np.array([[*PAST, 9.0]]), 7, Short("ears-c1", alpha=0.05))
    assert bound.expected[0] == pytest.approx(31 / 7)
    assert bound.upper[0] == pytest.approx(31 / 7 + 1.6448536 * np.std(PAST, ddof=1))


def test_c2_leaves_out_the_last_two():
    bound = ears(np.array([[*PAST, 100.0, 100.0, 9.0]]), 9, Short("ears-c2"))
    assert bound.expected[0] == pytest.approx(31 / 7)


def test_c3_adds_up_what_went_before():
    quiet = np.array([[*PAST, *PAST, 5.0]])
    rising = np.array([[*PAST, *PAST[:5], 9.0, 9.0, 5.0]])
    at = 14
    assert ears(rising, at, Short("ears-c3")).upper[0] - ears(rising, at, Short("ears-c3")).expected[0] < (
        ears(quiet, at, Short("ears-c3")).upper[0] - ears(quiet, at, Short("ears-c3")).expected[0]
    )


def test_a_record_is_above_every_count_of_the_year_before_and_the_minimum():
    counts = np.zeros((2, 60))
    counts[0, 20], counts[0, 2] = 9, 50
    bound = short_bound(counts, 59, Short("record"), 52)
    assert bound.upper.tolist() == [9, 4]


def test_half_of_a_baseline_is_needed():
    counts = np.full((1, 8), np.nan)
    counts[0, 5:] = 3
    assert np.isnan(ears(counts, 7, Short("ears-c1")).upper[0])
