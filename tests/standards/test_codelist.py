from datetime import date

import pytest

from consilience.errors import StandardError
from consilience.standards.codelist import Code, Codelist

TREE = Codelist(
    "TREE",
    "1.0",
    {"en": "Tree"},
    (
        Code("A", {"en": "Alpha", "fr": "Alphe"}),
        Code("A1", {"en": "Alpha one"}, "A", valid_from=date(2020, 1, 1), valid_to=date(2020, 12, 31)),
        Code("A2", {"es": "Alfa dos"}, "A"),
        Code("A2X", {"en": "Alpha two x"}, "A2"),
        Code("B", {"en": "Beta"}),
    ),
)


def test_a_hierarchy_is_walked_up_and_down():
    assert TREE.roots() == ("A", "B")
    assert TREE.children("A") == ("A1", "A2")
    assert TREE.descendants("A") == ("A1", "A2", "A2X")
    assert TREE.ancestors("A2X") == ("A2", "A")
    assert TREE.within(["A2", "B"]) == {"A2", "A2X", "B"}
    assert TREE.level("A2X") == 2


def test_a_code_is_valid_on_its_first_and_last_day_only():
    assert TREE.is_valid_on("A1", date(2020, 1, 1))
    assert TREE.is_valid_on("A1", date(2020, 12, 31))
    assert not TREE.is_valid_on("A1", date(2021, 1, 1))
    assert not TREE.is_valid_on("A1", date(2019, 12, 31))
    assert not TREE.is_valid_on("nothing", date(2020, 1, 1))


def test_a_label_falls_back_to_english_and_then_to_any_language():
    assert TREE.code("A").label("fr") == "Alphe"
    assert TREE.code("A").label("ru") == "Alpha"
    assert TREE.code("A2").label("ru") == "Alfa dos"


def test_an_unknown_code_is_named_with_what_is_close():
    with pytest.raises(StandardError, match="A2X") as caught:
        TREE.code("A2XX")
    assert caught.value.found == "A2XX"
    with pytest.raises(StandardError):
        TREE.within(["A3"])


def test_the_table_has_a_row_per_code_in_order():
    table = TREE.table()
    assert table.column_names == ["code", "parent", "level", "label_en", "valid_from", "valid_to", "low", "high"]
    assert table["code"].to_pylist() == ["A", "A1", "A2", "A2X", "B"]
    assert table["level"].to_pylist() == [0, 1, 1, 2, 0]
    assert table["valid_from"].to_pylist()[1] == date(2020, 1, 1)
