import doctest

import pytest
from lxml import html as parser

from consilience.publishing import document
from consilience.publishing.document import Document, Grid, Section

NOTE = Document(
    "Method",
    (
        Section("Counting <acts>", ("Every act & victim once.",), ("first", "second")),
        Section("Lists", (), (), (Grid("Rows", ("List", "Rows"), (("A|B", "3"), ("C", "4"))),)),
    ),
)


def test_the_module_docstring_runs():
    assert doctest.testmod(document).failed == 0


def test_markdown_keeps_a_pipe_inside_a_cell():
    assert "| A\\|B | 3 |" in document.markdown(NOTE)


def test_html_escapes_what_is_written_and_is_one_tree():
    tree = parser.fragment_fromstring(document.html(NOTE), create_parent="main")
    assert [node.text for node in tree.iter("h2")] == ["Counting <acts>", "Lists"]
    assert tree.xpath("//p")[0].text == "Every act & victim once."


@pytest.mark.parametrize(
    ("path", "expected"), [("//caption", 1), ("//th[@scope='col']", 2), ("//th[@scope='row']", 2), ("//li", 2)]
)
def test_html_tables_name_their_rows_columns_and_subject(path, expected):
    tree = parser.fragment_fromstring(document.html(NOTE), create_parent="main")
    assert len(tree.xpath(path)) == expected
