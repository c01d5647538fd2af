"""Brute force: every table of counts that agrees with what is published. No solver, nothing from the package's core."""

import numpy as np
import pytest

from consilience.disclosure.cells import Cells, Inner, build_cells
from consilience.disclosure.hierarchy import Dimension, Hierarchy


def make_table(rng: np.random.Generator, shape: tuple[int, ...] | None = None, most: int = 6) -> Cells:
    """A small table: one to three dimensions, sometimes a hierarchy, sometimes two that are linked."""
    if shape is None:
        shape = tuple(rng.integers(2, 4, rng.integers(1, 4)).tolist())
        shape = shape if np.prod(shape) <= 18 else shape[:2]
    dimensions = []
    for i, size in enumerate(shape):
        names = [f"{'abc'[i]}{k}" for k in range(size)]
        trees = [
            Hierarchy.over(f"d{i}", [(name, f"g{t}{rng.integers(0, 2)}") for name in names])
            for t in range(int(rng.integers(0, 3)) if size > 2 and i == 0 else 0)
        ]
        dimensions.append(Dimension.over(f"d{i}", names, trees))
    codes = np.stack(np.meshgrid(*[np.arange(s) for s in shape], indexing="ij"), -1).reshape(-1, len(shape))
    values = rng.integers(0, most + 1, len(codes)) * (rng.random(len(codes)) < 0.8)
    return build_cells(dimensions, [Inner(codes, values)])


def enumerate_tables(cells: Cells, hidden: np.ndarray) -> np.ndarray:
    """All non-negative whole tables that equal the true one in every published cell; rows are tables.

    The hidden cells are filled one by one; a branch ends as soon as a sum cannot be kept. At least one hidden cell of
    each sum must be bounded by published ones.
    """
    sums = cells.relations.toarray().astype(int)
    limit = _upper(cells, hidden, sums)
    order = np.flatnonzero(hidden)
    found: list[np.ndarray] = []
    _fill(cells.values.copy(), order, 0, sums, limit, found)
    return np.array(found)


def _upper(cells: Cells, hidden: np.ndarray, sums: np.ndarray) -> np.ndarray:
    """The largest value each cell can have: no part exceeds its sum, no sum the sum of its parts' limits."""
    limit = np.where(hidden, 10**6, cells.values)
    for _ in range(len(sums) + 1):
        for row in sums:
            whole, parts = np.flatnonzero(row > 0), np.flatnonzero(row < 0)
            limit[parts] = np.minimum(limit[parts], limit[whole[0]])
            limit[whole] = np.minimum(limit[whole], limit[parts].sum())
    return limit


def _fill(table, order, at, sums, limit, found) -> None:
    if at == len(order):
        if not (sums @ table).any():
            found.append(table.copy())
        return
    cell = order[at]
    open_cells = set(order[at:].tolist())
    touching = sums[sums[:, cell] != 0]
    for value in range(int(limit[cell]) + 1):
        table[cell] = value
        if _possible(table, touching, open_cells - {cell}):
            _fill(table, order, at + 1, sums, limit, found)


def _possible(table, rows, open_cells) -> bool:
    """Whether every sum without open cells is kept, and no sum with open parts only is exceeded already."""
    for row in rows:
        used = np.flatnonzero(row)
        left = [c for c in used.tolist() if c in open_cells]
        total = int(row @ table) - sum(int(row[c]) * int(table[c]) for c in left)
        if (not left and total != 0) or (left and all(row[c] < 0 for c in left) and total < 0):
            return False
    return True


@pytest.fixture(scope="session")
def random_table():
    """The maker of small random tables."""
    return make_table


@pytest.fixture(scope="session")
def every_table():
    """The enumeration of all tables that agree with the published cells."""
    return enumerate_tables
