import pytest

from consilience.errors import StandardError
from consilience.standards.openevsys import codelist_from_dump

# Invented terms in the shape of a dump.
DUMP = """
CREATE TABLE `mt` (`code` varchar(14), `en` text);
INSERT INTO `mt` (`code`, `note`, `en`, `es`) VALUES
('01000000000004', NULL, 'First, with (signs)', 'Primero'),
('01020000000004', 'x', 'It''s \\'below\\'', ''),
('01020300000004', 'x', 'Deeper', 'Abajo');
INSERT INTO `mt` VALUES ('05000000000018','x','Of another list','Otra'),
('02010000000004','x','An orphan''s line','Sola');
"""


def test_the_terms_of_one_list_are_read_with_their_place():
    codelist = codelist_from_dump(DUMP, 4, labels={"en": 3, "es": 4}, id="TERMS", version="1")
    assert [(code.id, code.parent, code.label()) for code in codelist] == [
        ("010000000000", None, "First, with (signs)"),
        ("010200000000", "010000000000", "It's 'below'"),
        ("010203000000", "010200000000", "Deeper"),
        ("020100000000", None, "An orphan's line"),
    ]
    assert codelist.code("010200000000").labels == {"en": "It's 'below'"}


def test_a_list_that_is_not_there_and_a_broken_row_are_said():
    with pytest.raises(StandardError, match="no term of list 39"):
        codelist_from_dump(DUMP, 39, labels={"en": 3}, id="T", version="1")
    with pytest.raises(StandardError, match="breaks off"):
        codelist_from_dump("INSERT INTO mt VALUES ('01000000000004','x", 4, labels={"en": 2}, id="T", version="1")
