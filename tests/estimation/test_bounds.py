import doctest

import pytest

from consilience.errors import EstimationRefused
from consilience.estimation import bounds
from consilience.estimation.bounds import chao, chapman
from consilience.estimation.capture import CaptureTable


def test_the_example_in_the_module_runs():
    assert doctest.testmod(bounds).failed == 0


def test_chapman_follows_its_formula_and_its_interval_holds_it():
    table = CaptureTable.build("AB", [[1, 0], [0, 1], [1, 1]], [150, 250, 50])
    result = chapman(table)
    assert result.population == pytest.approx(201 * 301 / 51 - 1)
    assert table.observed < result.interval_95[0] < result.population < result.interval_95[1]


def test_chao_bounds_kosovo_from_below(kosovo):
    once, twice = 1131 + 845 + 936 + 306, 177 + 228 + 217 + 106 + 31 + 123
    assert chao(kosovo).population == pytest.approx(4400 + 0.75 * once * (once - 1) / (2 * (twice + 1)))
    assert chao(kosovo).population < 10356


def test_nobody_seen_twice_leaves_a_bound_with_an_open_interval():
    table = CaptureTable.build("ABC", [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [5, 5, 5])
    assert chao(table).interval_95[1] > 10 * table.observed


def test_chapman_is_refused_without_overlap_or_with_three_lists(kosovo):
    with pytest.raises(EstimationRefused, match="both lists"):
        chapman(CaptureTable.build("AB", [[1, 0], [0, 1]], [5, 5]))
    with pytest.raises(EstimationRefused, match="exactly two"):
        chapman(kosovo)


def test_one_list_has_no_bound():
    with pytest.raises(EstimationRefused, match="two lists"):
        chao(CaptureTable.build("A", [[1]], [5]))
