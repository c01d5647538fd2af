"""What is protected stays hidden: checked against enumeration, not against the attack code."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consilience.disclosure.cells import Inner, build_cells
from consilience.disclosure.hierarchy import Dimension
from consilience.disclosure.primary import Contributions
from consilience.disclosure.protect import protect_cells
from consilience.disclosure.rules import DisclosureRules


def _settled(cells, result, every_table):
    """The suppressed cells that enumeration leaves one value, or None where tables are without end."""
    limit = cells.values.copy()
    mask = result.suppressed.copy()
    if mask.all() or not _bounded(cells, mask):
        return None
    tables = every_table(cells, mask)
    assert (tables[:, ~mask] == limit[~mask]).all()
    return np.flatnonzero(mask & (tables.min(axis=0) == tables.max(axis=0)))


def _bounded(cells, mask, most=12):
    """Whether every hidden cell lies under (or over) published ones, and there are few enough to enumerate."""
    sums = cells.relations.toarray()
    capped = ~mask
    for _ in range(len(sums) + 1):
        for row in sums:
            whole, parts = np.flatnonzero(row > 0)[0], np.flatnonzero(row < 0)
            if capped[whole]:
                capped[parts] = True
            if capped[parts].all():
                capped[whole] = True
    return capped.all() and mask.sum() <= most


@given(seed=st.integers(0, 10**6), threshold=st.integers(2, 4))
@settings(max_examples=100, deadline=None)
def test_no_suppressed_cell_can_be_computed_by_enumeration(seed, threshold, random_table, every_table):
    cells = random_table(np.random.default_rng(seed))
    result = protect_cells(cells, DisclosureRules(threshold=threshold))
    unsafe = (cells.values > 0) & (cells.values < threshold)
    assert result.suppressed[unsafe].all()
    if result.report.held:
        settled = _settled(cells, result, every_table)
        assert settled is None or not len(settled)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_readers_who_know_that_zeros_are_published_learn_nothing_either(seed, random_table, every_table):
    cells = random_table(np.random.default_rng(seed), shape=(3, 3))
    result = protect_cells(cells, DisclosureRules(threshold=3, knows_zeros=True))
    if result.report.held and not result.suppressed.all() and _bounded(cells, result.suppressed, 9):
        tables = every_table(cells, result.suppressed)
        tables = tables[(tables[:, cells.values > 0] > 0).all(axis=1)]
        hidden = result.suppressed & (cells.values > 0)
        assert (tables.min(axis=0) < tables.max(axis=0))[hidden].all()


@given(seed=st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_interval_protection_holds_both_ways(seed, random_table, every_table):
    cells = random_table(np.random.default_rng(seed), shape=(3, 3), most=9)
    result = protect_cells(cells, DisclosureRules(threshold=3, protection=2))
    unsafe = (cells.values > 0) & (cells.values < 3)
    if result.report.held and not result.suppressed.all() and _bounded(cells, result.suppressed, 9):
        tables = every_table(cells, result.suppressed)[:, unsafe]
        true = cells.values[unsafe]
        assert (tables.max(axis=0) >= true + 2).all()
        assert (tables.min(axis=0) <= np.maximum(true - 2, 0)).all()


def test_equal_input_gives_equal_output(random_table):
    cells = random_table(np.random.default_rng(7), shape=(6, 5), most=20)
    first, second = (protect_cells(cells, DisclosureRules()).suppressed for _ in range(2))
    assert (first == second).all()


def test_zeros_stay_published_where_there_is_another_way():
    cells = _grid([[2, 0, 30], [8, 0, 41], [25, 60, 0]])
    result = protect_cells(cells, DisclosureRules())
    assert result.report.held
    assert not result.suppressed[cells.values == 0].any()


def test_a_table_of_small_counts_only_is_suppressed_to_the_total():
    cells = _grid([[1, 2], [2, 1]])
    result = protect_cells(cells, DisclosureRules(threshold=10))
    assert result.suppressed.all()
    assert result.report.held


def test_a_table_that_needs_nothing_keeps_everything():
    result = protect_cells(_grid([[50, 60], [70, 0]]), DisclosureRules())
    assert not result.suppressed.any()
    assert result.counts() == {"cells": 9, "primary": 0, "secondary": 0}


def test_a_wanted_total_is_kept_where_another_way_exists():
    cells = _grid([[2, 9, 30], [8, 7, 41], [25, 60, 12]])
    [total] = cells.find([("_T", "_T")])
    result = protect_cells(cells, DisclosureRules(keep=("_T",)))
    assert not result.suppressed[total]
    assert not result.suppressed[cells.find([("r0", "_T"), ("_T", "c0")])].any()


def test_one_member_cannot_subtract_its_own_count():
    region, sex = Dimension.over("region", ["r0", "r1"]), Dimension.over("sex", ["c0", "c1"])
    rows = [(0, 0, 0, 3), (0, 1, 0, 9), (0, 1, 1, 9), (1, 0, 0, 8), (1, 0, 1, 1), (1, 1, 1, 12), (1, 1, 2, 30)]
    data = np.array(rows)
    inner = Inner(data[:, :2], data[:, 3], data[:, 2])
    cells = build_cells((region, sex), [inner])
    parts = Contributions.of(cells, inner)
    result = protect_cells(cells, DisclosureRules(threshold=4, contributors=2), parts=parts)
    assert result.report.held
    assert "each contributor's own share" in result.report.scenarios
    assert "the shares of each two contributors" in result.report.scenarios


def test_the_one_person_of_a_cell_of_one_learns_nothing_about_the_others():
    cells = _grid([[1, 3, 40], [20, 30, 40], [20, 30, 40]])
    alone = protect_cells(cells, DisclosureRules())
    aware = protect_cells(cells, DisclosureRules(singletons=True))
    assert aware.report.held
    assert aware.suppressed.sum() >= alone.suppressed.sum()
    assert "the one person of a cell of one" in aware.report.scenarios


def _grid(rows):
    data = np.array(rows)
    dimensions = [Dimension.over(n, [f"{n}{i}" for i in range(k)]) for n, k in zip("rc", data.shape, strict=True)]
    codes = np.stack(np.meshgrid(*[np.arange(k) for k in data.shape], indexing="ij"), -1).reshape(-1, 2)
    return build_cells(dimensions, [Inner(codes, data.ravel())])


@pytest.mark.soak
@given(seed=st.integers(0, 10**9), threshold=st.integers(2, 5))
@settings(max_examples=5000, deadline=None)
def test_thousands_of_tables_hold_against_enumeration(seed, threshold, random_table, every_table):
    cells = random_table(np.random.default_rng(seed))
    result = protect_cells(cells, DisclosureRules(threshold=threshold))
    assert result.report.held or result.suppressed.all() or len(result.report.cells)
    if result.report.held:
        settled = _settled(cells, result, every_table)
        assert settled is None or not len(settled)
