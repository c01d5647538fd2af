"""Cells: every total is made once, and every sum holds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consilience.disclosure.cells import Inner, build_cells, cells_as_given
from consilience.disclosure.hierarchy import Dimension
from consilience.errors import InputError


@given(seed=st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_every_sum_holds_and_every_total_is_bound(seed, random_table):
    cells = random_table(np.random.default_rng(seed))
    assert not (cells.relations @ cells.values).any()
    wholes = cells.relations.tocoo().col[cells.relations.tocoo().data > 0]
    assert set(wholes.tolist()) == set(np.flatnonzero(~cells.inner).tolist())
    assert cells.values[cells.inner].sum() == cells.values[cells.find([("_T",) * len(cells.dimensions)])[0]]


@given(seed=st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_a_table_with_its_totals_gives_the_same_cells(seed, random_table):
    cells = random_table(np.random.default_rng(seed))
    order = np.random.default_rng(seed).permutation(len(cells.values))
    again = cells_as_given(cells.dimensions, cells.codes[order], cells.values[order])
    assert (again.values == cells.values).all()
    assert again.relations.shape == cells.relations.shape


def test_a_total_that_does_not_add_up_binds_nobody():
    sex = Dimension.over("sex", "FM")
    persons = cells_as_given((sex,), np.array([[0], [1], [2]]), np.array([5, 4, 8]))
    assert persons.relations.shape[0] == 0


def test_a_cell_of_two_tables_is_one_cell():
    region, sex, age = (Dimension.over(n, c) for n, c in (("region", "AB"), ("sex", "FM"), ("age", "yo")))
    total = [2, 2, 2]
    by_sex = Inner(np.array([[r, s, total[2]] for r in (0, 1) for s in (0, 1)]), np.array([3, 4, 5, 6]))
    by_age = Inner(np.array([[r, total[1], a] for r in (0, 1) for a in (0, 1)]), np.array([1, 6, 2, 9]))
    cells = build_cells((region, sex, age), [by_sex, by_age])
    assert len(cells.values) == 9 + 9 - 3


def test_linked_tables_that_disagree_are_refused():
    region, sex, age = (Dimension.over(n, c) for n, c in (("region", "AB"), ("sex", "FM"), ("age", "yo")))
    by_sex = Inner(np.array([[0, 0, 2], [1, 1, 2]]), np.array([3, 4]))
    by_age = Inner(np.array([[0, 2, 0], [1, 2, 1]]), np.array([3, 5]))
    with pytest.raises(InputError, match=r"disagree.*2 shared totals"):
        build_cells((region, sex, age), [by_sex, by_age])


def test_indicators_that_do_not_add_up_have_no_total():
    indicator = Dimension.over("indicator", "KL", total=False)
    region = Dimension.over("region", "AB")
    codes = np.array([[i, r] for i in (0, 1) for r in (0, 1)])
    cells = build_cells((indicator, region), [Inner(codes, np.array([1, 2, 3, 4]))])
    assert sorted(cells.values.tolist()) == [1, 2, 3, 3, 4, 7]
