import doctest

import pyarrow as pa
import pyarrow.csv
import pytest

from consilience.errors import ConsilienceError, FormatError, InputError, UsageError
from consilience.estimation import read
from consilience.estimation.read import Columns, read_tables


def _table(**columns):
    return pa.table({name: [str(value) for value in values] for name, values in columns.items()})


def test_the_example_in_the_module_runs():
    assert doctest.testmod(read).failed == 0


def test_people_and_patterns_give_the_same_table():
    people = _table(A=[1, 1, 1, 0], B=[0, 0, 1, 1])
    patterns = _table(A=[1, 1, 0], B=[0, 1, 1], n=[2, 1, 1])
    (one,) = read_tables(people, Columns(("A", "B")))
    (other,) = read_tables(patterns, Columns(("A", "B"), "n"))
    assert one.table.digest() == other.table.digest()


def test_a_list_left_empty_in_a_stratum_could_not_have_recorded_it():
    rows = _table(A=[1, 0, 1, 0], B=[0, 1, 0, 1], C=[1, 1, "", ""], n=[1, 2, 3, 4], area=["N", "N", "S", "S"])
    north, south = read_tables(rows, Columns(("A", "B", "C"), "n", ("area",)))
    assert north.table.lists == ("A", "B", "C")
    assert (south.table.lists, south.table.unable) == (("A", "B"), ("C",))


def test_a_list_that_held_nobody_in_a_stratum_is_named_and_left_out():
    rows = _table(A=[1, 0, 1], B=[0, 1, 1], C=[0, 0, 0], n=[4, 5, 6])
    (stratum,) = read_tables(rows, Columns(("A", "B", "C"), "n"))
    assert (stratum.table.lists, stratum.empty_lists) == (("A", "B"), ("C",))


def test_strata_of_several_columns_are_named_by_their_values():
    rows = _table(A=[1, 0], B=[1, 1], n=[4, 5], area=["N", "N"], sex=["F", ""])
    assert [stratum.name for stratum in read_tables(rows, Columns(("A", "B"), "n", ("area", "sex")))] == [
        "N / F",
        "N / unknown",
    ]


def test_the_published_tables_are_read(real_data):
    rows = pyarrow.csv.read_csv(real_data / "estimation" / "kosovo_4lists.csv")
    (stratum,) = read_tables(rows, Columns(("EXH", "ABA", "OSCE", "HRW"), "count"))
    assert stratum.table.observed == 4400


PATTERNS = {"A": [1, 0, 1], "B": [0, 1, 1]}


@pytest.mark.parametrize(
    ("columns", "error", "sentence"),
    [
        ({**PATTERNS, "n": [1, 2, "2.5"]}, FormatError, "row 3 .* not a whole number"),
        ({**PATTERNS, "n": [1, -2, 2]}, FormatError, "row 2 .* not a whole number"),
        ({**PATTERNS, "n": [1, 2, "nan"]}, FormatError, "row 3"),
        ({**PATTERNS, "n": [1, 2, ""]}, FormatError, "Found: nothing"),
        ({"A": [1, "nan", 1], "B": [0, 1, 1], "n": [1, 2, 3]}, FormatError, "The list A .* row 2"),
        ({"A": [1, "", 1], "B": [0, 1, 1], "n": [1, 2, 3]}, FormatError, "empty on some rows"),
        ({"A": [1, 0, 1], "B": [0, 0, 1], "n": [1, 2, 3]}, InputError, "on no list"),
        ({"A": [1, 1, 1], "B": [0, 0, 1], "n": [1, 2, 3]}, InputError, "rows 1, 2"),
    ],
)
def test_wrong_input_gets_the_sentence_that_helps(columns, error, sentence):
    with pytest.raises(error, match=sentence):
        read_tables(_table(**columns), Columns(("A", "B"), "n"))


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        (Columns(("A",), "n"), "One list cannot say"),
        (Columns(("A", "X"), "n"), "no column X"),
        (Columns(("A", "B"), "A"), "two purposes"),
    ],
)
def test_a_wrong_call_says_which_columns_there_are(columns, sentence):
    with pytest.raises(UsageError, match=sentence):
        read_tables(_table(A=[1], B=[1], n=[1]), columns)


def test_an_empty_table_is_refused():
    with pytest.raises(ConsilienceError, match="no rows"):
        read_tables(_table(A=[], B=[]), Columns(("A", "B")))
