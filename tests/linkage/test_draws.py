"""Draws of whole clusterings: only what is open varies, with the right odds; decisions hold; the seed decides."""

import numpy as np
import pytest

from consilience.linkage.clustering import Pairs
from consilience.linkage.draws import draw_clusterings, draw_labels, draw_overlaps
from consilience.linkage.run import link
from consilience.linkage.spec import LinkageSpec


def one_pair(weight):
    return Pairs(np.array([0]), np.array([1]), np.array([weight]))


@pytest.mark.parametrize(("bits", "share"), [(0.0, 0.5), (2.0, 0.8), (-2.0, 0.2)])
def test_a_pair_is_joined_as_often_as_its_odds_say(bits, share):
    drawn = [label[1] == 0 for label in draw_labels(np.array([0, 1]), one_pair(bits), draws=2_000, seed=3)]
    assert np.mean(drawn) == pytest.approx(share, abs=0.04)


def test_what_is_sure_does_not_vary():
    drawn = list(draw_labels(np.array([0, 0, 2]), one_pair(40.0), draws=30, seed=3))
    assert {tuple(label) for label in drawn} == {(0, 0, 2)}


def test_every_draw_is_a_partition_named_by_its_lowest_record():
    pairs = Pairs(np.array([0, 0, 1, 2]), np.array([1, 2, 2, 3]), np.array([1.0, -1.0, 2.0, 0.5]))
    for label in draw_labels(np.arange(4), pairs, draws=50, seed=3):
        assert (label[label] == label).all()
        assert (label <= np.arange(4)).all()


def test_decisions_hold_in_every_draw():
    pair = np.array([[0, 1]])
    apart = draw_labels(np.array([0, 1]), one_pair(3.0), draws=50, seed=3, never=pair)
    assert {int(label[1]) for label in apart} == {1}
    joined = draw_labels(np.array([0, 0]), one_pair(-3.0), draws=50, seed=3, always=pair)
    assert {int(label[1]) for label in joined} == {0}


def test_the_same_seed_gives_the_same_draws(people):
    result = link(people, LinkageSpec())
    first, second, other = (
        [table["entity_id"].to_pylist() for table in draw_clusterings(result, draws=20, seed=seed)]
        for seed in (1, 1, 2)
    )
    assert first == second
    assert len(first) == len(other) == 20


def test_each_draw_has_an_overlap_table(people):
    result = link(people, LinkageSpec())
    tables = draw_overlaps(result, draws=5, seed=1)
    assert len(tables) == 5
    assert all(table.column_names == ["a", "b", "c", "count"] for table in tables)
    assert all(sum(table["count"].to_pylist()) <= len(result.records) for table in tables)
