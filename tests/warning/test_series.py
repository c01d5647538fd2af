import numpy as np
import pyarrow as pa
import pytest

from consilience.errors import FormatError, UsageError
from consilience.warning.series import Columns, read_series

COLUMNS = Columns("week", "n")


def _rows(weeks, counts, **more):
    return pa.table({"week": weeks, "n": [str(count) for count in counts], **more})


def test_a_period_without_a_row_is_missing_and_counted():
    found = read_series(_rows(["2024-W01", "2024-W04"], [1, 2]), COLUMNS)
    assert np.isnan(found.counts[0, 1:3]).all()
    assert found.missing == 2


def test_gaps_are_zero_only_when_the_caller_says_so_and_never_before_the_first_count():
    rows = _rows(["2024-W01", "2024-W04", "2024-W03"], [1, 2, 5], area=["a", "a", "b"])
    found = read_series(rows, Columns("week", "n", ("area",)), gaps_are_zero=True)
    assert found.counts[0].tolist() == [1, 0, 0, 2]
    assert np.isnan(found.counts[1, :2]).all()
    assert found.counts[1, 2:].tolist() == [5, 0]


def test_na_and_empty_are_missing():
    found = read_series(_rows(["1", "2", "3", "4"], ["3", "", "NA", "NaN"]), COLUMNS)
    assert np.isfinite(found.counts).sum() == 1


def test_a_year_of_53_weeks_makes_no_gap():
    weeks = [f"2020-W{number:02d}" for number in range(50, 54)] + ["2021-W01"]
    found = read_series(_rows(weeks, range(5)), COLUMNS)
    assert found.counts.tolist() == [[0, 1, 2, 3, 4]]


@pytest.mark.parametrize(
    ("weeks", "counts", "sentence"),
    [
        (["2024-W01", "2024-W01"], [1, 2], "more than once"),
        (["2024-W01"], [-1], "row 1"),
        (["2024-W01"], ["many"], "row 1"),
        (["2024-W01"], ["inf"], "row 1"),
        (["2024-W01"], ["1e99"], "row 1"),
        (["2024-W01", "2024-05"], [1, 2], "cannot be understood"),
        (["2023-W53"], [1], "cannot be understood"),
        (["soon"], [1], "cannot be understood"),
        ([""], [1], "cannot be understood"),
        (["1", "9999999"], [1, 2], "too far apart"),
        ([], [], "no rows"),
    ],
)
def test_what_cannot_be_a_series_gets_the_sentence_that_helps(weeks, counts, sentence):
    rows = pa.table(
        {"week": pa.array(weeks, pa.string()), "n": pa.array([str(count) for count in counts], pa.string())}
    )
    with pytest.raises(FormatError, match=sentence):
        read_series(rows, COLUMNS)


def test_a_column_that_is_not_there_is_a_misuse():
    with pytest.raises(UsageError, match="no column month"):
        read_series(_rows(["1"], [1]), Columns("month", "n"))
