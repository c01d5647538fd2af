import doctest

from consilience.estimation import overlap
from consilience.estimation.capture import CaptureTable
from consilience.estimation.overlap import examine


def test_the_example_in_the_module_runs():
    assert doctest.testmod(overlap).failed == 0


def test_a_table_where_every_list_meets_every_other_is_one_group(kosovo):
    facts = examine(kosovo)
    assert facts.groups == (("EXH", "ABA", "OSCE", "HRW"),)
    assert facts.empty_pairs == ()
    assert facts.largest[0] == "EXH"


def test_lists_that_connect_through_a_third_are_one_group():
    table = CaptureTable.build("ABC", [[1, 1, 0], [0, 1, 1], [1, 0, 0]], [5, 5, 5])
    assert examine(table).groups == (("A", "B", "C"),)
    assert examine(table).empty_pairs == (("A", "C"),)
