import pytest

from consilience.errors import StandardError
from consilience.standards.rdf.jsonld import read_jsonld


def test_expanded_and_compact_nodes_say_the_same():
    word = '[{"@value": "x", "@language": "en"}]'
    compact = '{"@context": {"e": "http://e/"}, "@id": "e:a", "e:p": {"@id": "e:b"}, "e:q": ' + word + "}"
    expanded = '[{"@id": "http://e/a", "http://e/p": [{"@id": "http://e/b"}], "http://e/q": ' + word + "}]"
    assert read_jsonld(compact) == read_jsonld(expanded)


def test_what_is_not_json_is_refused():
    with pytest.raises(StandardError, match="cannot be read"):
        read_jsonld("{")


@pytest.mark.parametrize("text", ["3", "null", '"@id"', "[1]", '{"@graph": 1}', '{"@graph": [null]}'])
def test_json_without_nodes_is_refused(text):
    with pytest.raises(StandardError, match="not JSON-LD"):
        read_jsonld(text)


def test_a_term_without_an_address_in_the_context_is_left_to_the_vocabulary():
    assert read_jsonld('{"@context": {"a": {}}, "@id": "x", "a": 1}')[0].predicate.endswith("core#a")
