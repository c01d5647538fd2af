"""Measured error agrees with counting pair by pair."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.linkage.evaluate import measure

clusterings = st.integers(2, 12).flatmap(
    lambda rows: st.tuples(*[st.lists(st.integers(0, 4), min_size=rows, max_size=rows)] * 2)
)


@given(clusterings)
def test_pairs_are_counted_as_by_hand(case):
    found, truth = (np.array(each) for each in case)
    rows = range(len(found))
    every = [(a, b) for a in rows for b in rows if a < b]
    right = sum(found[a] == found[b] and truth[a] == truth[b] for a, b in every)
    taken = sum(found[a] == found[b] for a, b in every)
    real = sum(truth[a] == truth[b] for a, b in every)
    measured = measure(found, truth, seed=1).pairs
    assert measured["precision"].value == pytest.approx(right / taken if taken else 1.0)
    assert measured["recall"].value == pytest.approx(right / real if real else 1.0)


@given(clusterings)
def test_a_figure_lies_in_its_interval(case):
    measured = measure(*(np.array(each) for each in case), seed=1)
    for figure in [*measured.pairs.values(), *measured.clusters.values()]:
        assert 0 <= figure.low <= figure.value <= figure.high <= 1


def test_what_is_right_is_perfect():
    truth = np.array([0, 0, 1, 2, 2, 2])
    measured = measure(truth + 7, truth, seed=1)
    assert {figure.value for figure in [*measured.pairs.values(), *measured.clusters.values()]} == {1.0}


def test_json_carries_precision_recall_and_f1():
    form = measure(np.array([0, 0, 1]), np.array([0, 0, 0]), seed=1).to_json()
    assert form["precision"] == 1.0
    assert form["recall"] == pytest.approx(1 / 3, abs=1e-6)
    assert form["f1"] == pytest.approx(0.5)
    assert set(form["intervals"]) == {"precision", "recall", "f1"}
