"""Hierarchies: what is read, and what is refused with a sentence that helps."""

import pytest

from consilience.disclosure.hierarchy import Dimension, Hierarchy, read_hierarchies
from consilience.errors import InputError


def test_a_circle_is_named():
    with pytest.raises(InputError, match=r"circle.*A in B in A"):
        Hierarchy.over("area", [("A", "B"), ("B", "A")])


def test_two_parents_are_refused_with_the_way_out():
    with pytest.raises(InputError, match=r"two parents.*file of its own"):
        Hierarchy.over("area", [("A", "B"), ("A", "C")])


def test_a_file_without_its_columns_is_refused():
    with pytest.raises(InputError, match="dimension,code,parent"):
        read_hierarchies("code,parent\nA,B\n", "h.csv")


def test_a_single_root_is_the_total():
    tree = Hierarchy.over("area", [("Country", ""), ("A", "Country"), ("B", "Country")])
    assert Dimension.over("area", ["A", "B"], [tree]).codes == ("A", "B", "_T")


def test_a_root_that_does_not_cover_every_leaf_is_a_group():
    tree = Hierarchy.over("area", [("Union", ""), ("A", "Union"), ("B", "Union")])
    assert Dimension.over("area", ["A", "B", "C"], [tree]).codes == ("A", "B", "C", "Union", "_T")


def test_two_trees_share_leaves_and_total():
    trees = [
        Hierarchy.over("a", [("x", "P"), ("y", "P"), ("z", "Q")]),
        Hierarchy.over("a", [("x", "R"), ("y", "S"), ("z", "S")]),
    ]
    dimension = Dimension.over("a", "xyz", trees)
    assert dimension.codes == ("x", "y", "z", "P", "Q", "R", "S", "_T")
    assert [dimension.codes[i] for i in dimension.ancestors[0]] == ["x", "P", "R", "_T"]


def test_one_code_for_two_sums_is_refused():
    trees = [Hierarchy.over("a", [("x", "P"), ("y", "Q")]), Hierarchy.over("a", [("x", "Q"), ("y", "P")])]
    with pytest.raises(InputError, match="different sums"):
        Dimension.over("a", "xy", trees)


def test_codes_above_the_data_are_no_cells():
    tree = Hierarchy.over("a", [("x", "P"), ("y", "P"), ("P", "World"), ("Q", "World"), ("q", "Q")])
    assert Dimension.over("a", "xy", [tree]).codes == ("x", "y", "_T")
