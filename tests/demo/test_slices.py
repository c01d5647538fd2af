"""Slices cover the calendar without a gap and share out every row."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from consilience.demo.faults import BAD, bad_rows
from consilience.demo.organisations import ORGANISATIONS
from consilience.demo.slices import ROWS_PER_SLICE, cut_calendar
from consilience.demo.truth import DAYS


def cut(records):
    return cut_calendar(records, len(ORGANISATIONS) * len(BAD) * bad_rows(records))


@settings(max_examples=6, deadline=None)
@given(st.integers(1_000, 10_000_000))
@example(9_960_001)
def test_rows_and_bad_rows_together_are_the_records_asked_for(records):
    pieces = cut(records)
    bad = sum(piece.bad_rows for piece in pieces) * len(ORGANISATIONS) * len(BAD)
    assert sum(piece.rows for piece in pieces) + bad == records
    assert bad == len(ORGANISATIONS) * len(BAD) * bad_rows(records)


@pytest.mark.parametrize(("records", "pieces"), [(1_000, 1), (ROWS_PER_SLICE + 1, 2), (10_000_000, 48)])
def test_slices_follow_each_other_from_the_first_day_to_the_last(records, pieces):
    found = cut(records)
    assert len(found) == pieces
    assert [piece.days[0] for piece in found] == [0, *(piece.days[1] for piece in found[:-1])]
    assert found[-1].days[1] == DAYS
