"""Complementary suppression on larger tables: few cells more, and safe."""

import numpy as np
import pytest

from consilience.disclosure.attack import attack
from consilience.disclosure.bounds import View
from consilience.disclosure.cells import Inner, build_cells
from consilience.disclosure.hierarchy import Dimension, Hierarchy
from consilience.disclosure.problem import Problem
from consilience.disclosure.secondary import suppress


def _cube(shape, mean, skew=0.4, trees=()):
    rng = np.random.default_rng(1)
    names = [[f"{'abcd'[i]}{k}" for k in range(size)] for i, size in enumerate(shape)]
    dimensions = [Dimension.over(f"d{i}", own, trees if i == 0 else ()) for i, own in enumerate(names)]
    codes = np.stack(np.meshgrid(*[np.arange(n) for n in shape], indexing="ij"), -1).reshape(-1, len(shape))
    rate = rng.gamma(skew, 1 / skew, len(codes))
    for i, size in enumerate(shape):
        rate *= rng.gamma(2 * skew, 1 / (2 * skew), size)[codes[:, i]]
    return build_cells(dimensions, [Inner(codes, rng.poisson(rate * mean / rate.mean()))])


def _held(cells):
    unsafe = (cells.values > 0) & (cells.values < 5)
    hidden = suppress(Problem.of(cells, primary=unsafe))
    assert hidden[unsafe].all()
    report = attack(View(cells.relations, cells.values, hidden), codes=cells.codes)
    assert report.held
    return hidden.sum() / unsafe.sum()


def test_a_table_with_two_linked_hierarchies_holds():
    trees = [Hierarchy.over("d0", [(f"a{k}", f"g{k // 3}") for k in range(11)])]
    trees += [Hierarchy.over("d0", [(f"a{k}", f"h{k % 4}") for k in range(11)])]
    assert _held(_cube((11, 4), 25, skew=0.5, trees=trees)) < 3.5


@pytest.mark.soak
def test_a_cube_of_six_thousand_cells_holds():
    assert _held(_cube((20, 12, 2, 7), 20)) < 1.8
