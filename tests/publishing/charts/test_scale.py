import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consilience.publishing.charts.scale import Scale, drawable, nice_ticks, value_axis

sizes = st.floats(-1e12, 1e12, allow_nan=False)


@settings(deadline=None)
@given(sizes, sizes, st.integers(2, 8))
def test_ticks_enclose_the_data_are_even_and_few(one, other, wanted):
    low, high = sorted((one, other))
    ticks = nice_ticks(low, high, wanted)
    steps = [after - before for before, after in pairwise(ticks)]
    step = steps[0]
    assert ticks[0] <= low + abs(step) * 1e-6
    assert ticks[-1] >= high - abs(step) * 1e-6
    assert all(
        math.isclose(each, step, rel_tol=1e-6, abs_tol=max(abs(step), abs(high) * 1e-5) * 1e-6) for each in steps
    )
    assert 2 <= len(ticks) <= 2 * wanted + 2


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), max_size=6))
def test_counts_have_whole_ticks(counts):
    assert all(tick == int(tick) for tick in value_axis(counts, 5, whole=True))


@pytest.mark.parametrize("values", [[], [None], [0, 0], [math.nan], [math.inf]])
def test_an_axis_without_data_runs_from_zero_to_one(values):
    ticks = value_axis(values, 5, whole=True)
    assert (ticks[0], ticks[-1]) == (0.0, 1.0)


def test_a_scale_holds_everything_inside():
    scale = Scale(0, 10, 100, 200)
    assert [scale(value) for value in (-5, 0, 5, 10, 1e300)] == [100, 100, 150, 200, 200]


def test_only_finite_values_are_drawable():
    assert [drawable(value) for value in (1.0, None, math.nan, math.inf, 1e301)] == [1.0, None, None, None, None]
