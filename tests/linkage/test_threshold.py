"""Thresholds reach what they are chosen for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.linkage.threshold import bits, choose_threshold, probability

weights = st.lists(st.floats(-12, 12), min_size=1, max_size=60, unique=True).map(np.array)


@given(weights, st.floats(0.05, 0.99))
def test_expected_recall_reaches_the_target(found, target):
    chance = probability(found)
    chosen = choose_threshold(found, aim="recall", target=target)
    assert chance[found >= chosen].sum() >= target * chance.sum() - 1e-9


@given(weights)
def test_no_other_threshold_has_a_better_expected_f1(found):
    chance = probability(found)

    def f1(cut):
        taken = found >= cut
        return 2 * chance[taken].sum() / (taken.sum() + chance.sum())

    best = f1(choose_threshold(found, aim="f1", target=None))
    assert all(f1(cut) <= best + 1e-9 for cut in found)


def test_precision_is_reached_where_it_can_be():
    found = np.array([10.0, 8.0, 2.0, 0.0])
    chosen = choose_threshold(found, aim="precision", target=0.95)
    assert probability(found)[found >= chosen].mean() >= 0.95


def test_labels_decide_where_there_are_any():
    found, truth = np.array([4.0, 3.0, 2.0, 1.0]), np.array([True, True, False, False])
    assert 2.0 < choose_threshold(found, aim="f1", target=None, truth=truth) < 3.0


def test_bits_and_probability_are_inverse():
    assert probability(np.array([bits(0.3)]))[0] == pytest.approx(0.3)


def test_without_pairs_even_odds_are_the_threshold():
    assert choose_threshold(np.empty(0), aim="f1", target=None) == 0.0
