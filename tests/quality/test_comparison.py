"""A list that confuses two codes over its whole length is named; lists that only have habits are not."""

import numpy as np
import pytest

from consilience.formats.snapshot import Coverage
from consilience.quality.comparison import divergence, loose_share, whole_exchanges

NAMES = ["a", "b", "c", "d"]
SHARES = np.array([0.40, 0.25, 0.20, 0.08, 0.07])


def lists(rng, habit=0.3, strata=10, size=100):
    """Four lists of one world in which every area and year has a mix of its own."""
    world = SHARES * np.exp(rng.normal(0, 0.4, (strata, 1, 5))) * np.exp(rng.normal(0, habit, (1, 4, 5)))
    return rng.poisson(size * world / world.sum(axis=2, keepdims=True)).astype(float)


def test_codes_exchanged_over_the_whole_list_are_found_in_that_list_only():
    rng, found = np.random.default_rng(41), 0
    for _ in range(40):
        counts = lists(rng, habit=0.15)
        counts[:, 2, [0, 3]] = counts[:, 2, [3, 0]]
        found += [(each.source, each.codes) for each in whole_exchanges(counts, NAMES)] == [("c", (0, 3))]
    assert found / 40 >= 0.8


def test_lists_with_habits_of_their_own_give_a_false_alarm_in_five_of_a_hundred_at_most():
    rng = np.random.default_rng(42)
    assert sum(bool(whole_exchanges(lists(rng), NAMES)) for _ in range(100)) / 100 <= 0.05


def test_two_lists_that_disagree_do_not_tell_which_is_wrong():
    counts = lists(np.random.default_rng(43))[:, :2, :]
    counts[:, 0, [0, 3]] = counts[:, 0, [3, 0]]
    assert whole_exchanges(counts, NAMES[:2]) == []


def test_the_divergence_of_a_list_is_the_share_that_would_need_another_code():
    counts = np.array([[[50.0, 50.0], [80.0, 20.0]], [[10.0, 0.0], [0.0, 0.0]]])
    assert divergence(counts, 0) == pytest.approx(0.3)
    assert divergence(counts[:, :1, :], 0) is None


def test_the_loose_share_counts_rows_whose_code_is_broader_narrower_or_partly_the_same():
    exact = Coverage(table="acts", column="violation", codes={"exact": 2}, records={"exact": 60})
    loose = Coverage(
        table="acts", column="sex", codes={"broader": 1, "partial": 1}, records={"broader": 30, "partial": 10}
    )
    assert loose_share([exact, loose]) == pytest.approx(0.4)
    assert loose_share([]) == 0
