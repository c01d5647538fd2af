import pytest

from consilience.errors import StandardError
from consilience.standards.rdf.rdfxml import read_rdfxml

HEAD = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/" xml:lang="fr">'


def test_nested_nodes_ids_and_inherited_languages_are_read():
    text = HEAD + '<e:T rdf:ID="a"><e:p><e:U rdf:nodeID="n"><e:q>mot</e:q></e:U></e:p><!-- a remark --></e:T></rdf:RDF>'
    triples = read_rdfxml(text.encode())
    assert [(triple.subject, triple.object) for triple in triples] == [
        ("#a", "http://e/T"), ("#a", "_:n"), ("_:n", "http://e/U"), ("_:n", "mot"),
    ]  # fmt: skip
    assert triples[-1].language == "fr"


def test_a_property_may_be_written_as_an_attribute():
    text = HEAD + '<e:T xmlns:s="http://s/" rdf:about="a" s:code="A1" xml:lang="en"/></rdf:RDF>'
    assert [triple.object for triple in read_rdfxml(text.encode()) if triple.is_literal] == ["A1"]


def test_an_entity_from_outside_is_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET", encoding="utf-8")
    text = (
        f'<!DOCTYPE x [<!ENTITY s SYSTEM "{secret.as_uri()}">]>{HEAD}<e:T rdf:about="a"><e:p>&s;</e:p></e:T></rdf:RDF>'
    )
    assert all("SECRET" not in triple.object for triple in read_rdfxml(text.encode()))


def test_what_is_not_xml_is_refused():
    with pytest.raises(StandardError, match="cannot be read"):
        read_rdfxml(b"<rdf")
