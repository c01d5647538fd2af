"""What the other lists say of the world does not depend on their habits or on how large they are in which month."""

import numpy as np
import pytest

from consilience.quality.world import expected, world_of


def lists_of_one_world(rng, months=24, codes=5):
    """Three lists with habits and sizes of their own, without any noise, and the world's weights."""
    world = np.exp(rng.normal(0, 0.5, (months, codes)))
    counts = {}
    for name in ("a", "b", "c"):
        share = world * np.exp(rng.normal(0, 0.7, codes))
        counts[name] = share / share.sum(axis=1, keepdims=True) * rng.uniform(1e4, 1e5, (months, 1))
    return counts


def test_a_list_that_kept_its_habits_holds_what_is_expected_of_it():
    counts = lists_of_one_world(np.random.default_rng(21))
    for source, own in counts.items():
        assert expected(world_of(counts, source), own) == pytest.approx(own, rel=0.02)


def test_a_list_that_changed_its_habits_does_not():
    counts = lists_of_one_world(np.random.default_rng(22))
    counts["b"][12:, 2] *= 3
    likely = expected(world_of(counts, "b"), counts["b"])
    assert (counts["b"][:12, 2] < 0.95 * likely[:12, 2]).all()
    assert (counts["b"][12:, 2] > 1.05 * likely[12:, 2]).all()


def test_what_is_expected_keeps_the_margins_of_the_list():
    counts = lists_of_one_world(np.random.default_rng(23))
    own = counts["a"][:, ::-1].copy()
    likely = expected(world_of(counts, "a"), own)
    assert likely.sum(axis=1) == pytest.approx(own.sum(axis=1))
    assert likely.sum(axis=0) == pytest.approx(own.sum(axis=0), rel=1e-3)


def test_a_code_that_no_other_list_has_has_no_weight():
    counts = lists_of_one_world(np.random.default_rng(24))
    for name in ("b", "c"):
        counts[name][:, 1] = 0
    assert not world_of(counts, "a")[:, 1].any()
    assert not world_of({"a": counts["a"]}, "a").any()
