import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.errors import InputError
from consilience.estimation import capture
from consilience.estimation.capture import CaptureTable, decode_patterns, pattern_codes

tables = st.integers(2, 6).flatmap(
    lambda lists: st.dictionaries(st.integers(1, (1 << lists) - 1), st.integers(1, 50), min_size=1).map(
        lambda cells: CaptureTable.build(
            [f"L{place}" for place in range(lists)],
            decode_patterns(np.array(list(cells)), lists),
            list(cells.values()),
        )
    )
)


def test_the_example_in_the_module_runs():
    assert doctest.testmod(capture).failed == 0


@given(tables)
def test_dense_cells_hold_the_same_people_and_nobody_unseen(table):
    assert table.cells().sum() == table.observed
    assert table.cells()[0] == 0
    assert (np.sort(pattern_codes(table.patterns)) == pattern_codes(table.patterns)).all()


@given(tables)
def test_dropping_a_list_loses_exactly_the_people_on_it_alone(table):
    name = table.lists[0]
    among, alone = table.among(name)
    assert table.without(name).observed == table.observed - alone
    assert among.observed + alone == table.list_totals[0]


@given(tables)
def test_frequencies_and_overlaps_agree_with_totals(table):
    times = np.arange(1, len(table.lists) + 1)
    assert table.frequencies @ times == table.list_totals.sum()
    assert (np.diag(table.overlaps) == table.list_totals).all()


def test_the_digest_does_not_depend_on_the_order_of_rows_and_does_on_every_count():
    rows, counts = [[1, 0], [0, 1], [1, 1]], [3, 4, 5]
    here = CaptureTable.build("AB", rows, counts)
    assert here.digest() == CaptureTable.build("AB", rows[::-1], counts[::-1]).digest()
    assert here.digest() != CaptureTable.build("AB", rows, [3, 4, 6]).digest()
    assert here.digest() != CaptureTable.build("AB", rows, counts, unable=["C"]).digest()


@pytest.mark.parametrize(
    ("lists", "rows", "counts", "sentence"),
    [
        (["A", "A"], [[1, 0]], [1], "named twice"),
        ([f"L{n}" for n in range(40)], [[1] * 40], [1], "too many lists"),
        (["A", "B"], [[1, 0]], [-1], "negative"),
        (["A", "B"], [[0, 0]], [4], "on no list"),
    ],
)
def test_a_table_that_cannot_be_gets_the_sentence_that_helps(lists, rows, counts, sentence):
    with pytest.raises(InputError, match=sentence):
        CaptureTable.build(lists, rows, counts)
