"""The null space equals that of exact rational elimination on small systems."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import linalg

from consilience.disclosure.nullspace import movable, null_basis, publish, reveals


@given(seed=st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_a_cell_can_move_exactly_if_the_rational_null_space_moves_it(seed, random_table):
    rng = np.random.default_rng(seed)
    cells = random_table(rng)
    hidden = np.flatnonzero(rng.random(len(cells.values)) < 0.6)
    sums = cells.relations[:, hidden]
    expected = np.abs(linalg.null_space(sums.toarray())).max(axis=1, initial=0) > 1e-9 if len(hidden) else []
    assert movable(null_basis(sums.tocsr())).tolist() == list(expected)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_publishing_reveals_exactly_what_a_new_null_space_no_longer_moves(seed, random_table):
    rng = np.random.default_rng(seed)
    cells = random_table(rng)
    hidden = np.flatnonzero(rng.random(len(cells.values)) < 0.8)
    basis = null_basis(cells.relations[:, hidden].tocsr())
    moved = np.flatnonzero(movable(basis))
    if not len(moved):
        return
    cell = int(rng.choice(moved))
    others = np.arange(len(hidden)) != cell
    after = np.zeros(len(hidden), bool)
    after[others] = movable(null_basis(cells.relations[:, hidden[others]].tocsr()))
    needed = movable(basis) & others
    assert reveals(basis, cell, needed) == bool((needed & ~after).any())
    publish(basis, cell)
    assert (movable(basis) == after).all()
