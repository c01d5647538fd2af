from dataclasses import replace
from datetime import date

import pytest

from consilience.errors import StandardError
from consilience.standards.codelist import Code, Codelist
from consilience.standards.faults import FaultyFileError
from consilience.standards.rdf.turtle import read_turtle
from consilience.standards.skos import codelist_from_skos, codelist_to_turtle, read_rdf

TURTLE = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix : <http://example.org/terms/> .
:scheme a skos:ConceptScheme ; skos:prefLabel "Terms"@en .
:a a skos:Concept ; skos:prefLabel "Alpha"@en, "Алфа"@ru ; skos:narrower :b .
:b a skos:Concept ; skos:notation "B2" ; skos:prefLabel "Beta"@en ; skos:definition "The second."@en .
"""
JSONLD = """{"@context": {"skos": "http://www.w3.org/2004/02/skos/core#", "ex": "http://example.org/terms/",
  "prefLabel": {"@id": "skos:prefLabel", "@container": "@language"},
  "broader": {"@id": "skos:broader", "@type": "@id"}},
 "@graph": [
  {"@id": "ex:scheme", "@type": "skos:ConceptScheme", "prefLabel": {"en": "Terms"}},
  {"@id": "ex:a", "@type": "skos:Concept", "prefLabel": {"en": "Alpha", "ru": "Алфа"}},
  {"@id": "ex:b", "@type": "skos:Concept", "skos:notation": "B2", "broader": "ex:a",
   "skos:prefLabel": {"@value": "Beta", "@language": "en"},
   "skos:definition": {"@value": "The second.", "@language": "en"}}
 ]}"""
RDFXML = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="http://www.w3.org/2004/02/skos/core#"
  xml:base="http://example.org/terms/">
 <skos:ConceptScheme rdf:about="scheme"><skos:prefLabel xml:lang="en">Terms</skos:prefLabel></skos:ConceptScheme>
 <rdf:Description rdf:about="a"><rdf:type rdf:resource="http://www.w3.org/2004/02/skos/core#Concept"/>
  <skos:prefLabel xml:lang="en">Alpha</skos:prefLabel>
  <skos:prefLabel xml:lang="ru">Алфа</skos:prefLabel></rdf:Description>
 <skos:Concept rdf:about="b"><skos:notation>B2</skos:notation><skos:broader rdf:resource="a"/>
  <skos:prefLabel xml:lang="en">Beta</skos:prefLabel><skos:definition xml:lang="en">The second.</skos:definition>
 </skos:Concept>
</rdf:RDF>"""
EXPECTED = Codelist(
    "TERMS", "1", {"en": "Terms"},
    (Code("a", {"en": "Alpha", "ru": "Алфа"}), Code("B2", {"en": "Beta"}, "a", {"en": "The second."})),
)  # fmt: skip


@pytest.mark.parametrize(("name", "text"), [("t.ttl", TURTLE), ("t.jsonld", JSONLD), ("t.rdf", RDFXML)])
def test_the_same_vocabulary_reads_the_same_from_three_writings(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert codelist_from_skos(read_rdf(tmp_path / name), id="TERMS", version="1") == EXPECTED


def test_every_shipped_list_but_its_bounds_comes_back_from_turtle(registry):
    for codelist in registry.codelists():
        if codelist.id != "AREA":  # the longest list adds time, not cases
            triples = read_turtle(codelist_to_turtle(codelist, f"urn:consilience:{codelist.id}"))
            again = codelist_from_skos(triples, id=codelist.id, version=codelist.version)
            assert again.names == codelist.names
            assert again.codes == tuple(replace(code, low=None, high=None) for code in codelist.codes)


def test_dates_of_validity_and_awkward_texts_survive():
    code = Code("A", {"en": 'A "quoted"\nline \\ end'}, None, {}, date(2020, 1, 1), date(2021, 1, 1))
    codelist = Codelist("X", "1", {"en": "X"}, (code,))
    assert codelist_from_skos(read_turtle(codelist_to_turtle(codelist, "urn:x")), id="X", version="1") == codelist


def test_a_concept_with_two_broader_concepts_is_a_fault():
    text = TURTLE + ":c a skos:Concept ; skos:prefLabel 'C'@en ; skos:broader :a, :b ."
    with pytest.raises(FaultyFileError, match="one broader concept"):
        codelist_from_skos(read_turtle(text), id="T", version="1")


def test_a_file_without_concepts_or_of_another_kind_is_refused(tmp_path):
    with pytest.raises(StandardError, match="no concept"):
        codelist_from_skos([], id="T", version="1")
    with pytest.raises(StandardError, match="unknown ending"):
        read_rdf(tmp_path / "t.docx")
