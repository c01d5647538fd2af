"""The attacker's bounds equal what enumeration of every possible table finds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from consilience.disclosure.bounds import View, bounds, components


@given(seed=st.integers(0, 10**6), hidden=st.integers(1, 8))
@settings(max_examples=120, deadline=None)
def test_bounds_are_those_of_enumeration(seed, hidden, random_table, every_table):
    rng = np.random.default_rng(seed)
    cells = random_table(rng)
    mask = np.zeros(len(cells.values), bool)
    mask[rng.choice(len(mask), min(hidden, len(mask)), replace=False)] = True
    low, high = bounds(View(cells.relations, cells.values, mask))
    if high.max() > 40:
        return  # unbounded above: the whole table is hidden, enumeration has no end
    tables = every_table(cells, mask)
    assert low.tolist() == tables.min(axis=0).tolist()
    assert high.tolist() == tables.max(axis=0).tolist()


def test_what_an_attacker_knows_narrows_his_bounds(random_table):
    rng = np.random.default_rng(3)
    cells = random_table(rng)
    mask = cells.values > 0
    wide = bounds(View(cells.relations, cells.values, mask))
    narrow = bounds(View(cells.relations, cells.values, mask, low=np.minimum(cells.values, 1)))
    assert (narrow[0] >= wide[0]).all()
    assert (narrow[1] <= wide[1]).all()
    assert (narrow[0] >= np.minimum(cells.values, 1)).all()


def test_a_fractional_vertex_does_not_fool_the_attack():
    # Three sums over three pairs: x+y, y+z, x+z known. The only solution is whole; halves appear in between.
    sums = np.array([[1.0, -1, -1, 0, 0, 0], [0, -1, 0, 0, -1, 1.0], [0, 0, -1, 1.0, -1, 0]])
    values = np.array([3, 1, 2, 5, 3, 4])
    hidden = np.array([False, True, True, False, True, False])

    low, high = bounds(View(sparse.csr_matrix(sums), values, hidden))
    assert low.tolist() == high.tolist() == values.tolist()


def test_groups_that_share_no_sum_are_attacked_apart(random_table):
    rng = np.random.default_rng(1)
    cells = random_table(rng, shape=(3, 3))
    inner = np.flatnonzero(cells.inner)
    mask = np.zeros(len(cells.values), bool)
    mask[inner[[0, 8]]] = True
    assert sorted(len(g) for g in components(View(cells.relations, cells.values, mask))) == [1, 1]


@pytest.mark.parametrize("shape", [(1,), (1, 1)])
def test_a_single_cell_is_bounded_by_nothing_but_its_total(shape, random_table):
    cells = random_table(np.random.default_rng(0), shape=shape)
    mask = np.ones(len(cells.values), bool)
    mask[-1] = False
    low, high = bounds(View(cells.relations, cells.values, mask))
    assert (low == high).all()
