import pytest

from consilience.errors import StandardError
from consilience.standards.rdf.triple import RDF_TYPE
from consilience.standards.rdf.turtle import read_turtle


def _objects(text):
    return [(triple.object, triple.language) for triple in read_turtle(text)]


def test_literals_keep_language_escapes_and_line_breaks():
    text = r'''BASE <http://x/> PREFIX p: <http://x/p#>
    <a> p:q "tea"@en-GB , 'th\u00E9'@fr , """two
lines "quoted" """ , 42 , true , "2020-01-01"^^p:date . # a comment with a . and "'''
    assert _objects(text) == [
        ("tea", "en-GB"), ("thé", "fr"), ('two\nlines "quoted" ', ""), ("42", ""), ("true", ""), ("2020-01-01", ""),
    ]  # fmt: skip


def test_names_are_expanded_and_a_means_type():
    (triple,) = read_turtle("@prefix e: <http://e/> . e:a.b a e:Thing .")
    assert (triple.subject, triple.predicate, triple.object) == ("http://e/a.b", RDF_TYPE, "http://e/Thing")


def test_blank_nodes_and_collections_become_nodes():
    triples = read_turtle(
        "@prefix e: <http://e/> . e:a e:p [ e:q 'x' ; ] ; e:r ( 'y' 'z' ) ; . _:n e:p _:m . [] e:p e:o ."
    )
    assert {triple.object for triple in triples if triple.is_literal} == {"x", "y", "z"}
    assert any(triple.subject == "_:n" and triple.object == "_:m" for triple in triples)


@pytest.mark.parametrize(
    "text",
    [
        "<a> <b>",
        "<a> <b> <c>",
        "e:a <b> <c> .",
        "<a> <b> ' .",
        "@prefix e <x> .",
        "<a> <b> [ <c> 'd' .",
        "<a> ; .",
        "( <a> ^^",
    ],
)
def test_what_breaks_off_or_is_not_declared_is_named_with_its_line(text):
    with pytest.raises(StandardError, match="Line 2"):
        read_turtle("\n" + text)
