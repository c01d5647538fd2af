"""Codelists as SKOS (W3C Recommendation, 2009): read from Turtle, RDF/XML and JSON-LD, written as Turtle.

A concept's code is its skos:notation, or the last part of its IRI. The dates of validity travel as schema:validFrom
and schema:validThrough.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from consilience.errors import StandardError
from consilience.standards.check import check_codelist
from consilience.standards.codelist import Code, Codelist
from consilience.standards.faults import Fault, raise_if_any
from consilience.standards.rdf.jsonld import read_jsonld
from consilience.standards.rdf.rdfxml import read_rdfxml
from consilience.standards.rdf.triple import OWL, RDF_TYPE, SCHEMA, SKOS, Triple
from consilience.standards.rdf.turtle import read_turtle
from consilience.standards.read import read_utf8

Properties = Mapping[str, list[Triple]]


def read_rdf(path: Path) -> list[Triple]:
    """Return the triples of a file: .ttl, .jsonld or .json, .rdf, .xml or .owl.

    Raises:
        StandardError: the ending is another one, or the file cannot be read as what it says.
    """
    suffix = path.suffix.lower()
    if suffix == ".ttl":
        return read_turtle(read_utf8(path))
    if suffix in {".jsonld", ".json"}:
        return read_jsonld(read_utf8(path))
    if suffix in {".rdf", ".xml", ".owl"}:
        return read_rdfxml(path.read_bytes())
    raise StandardError(f"{path.name} has an unknown ending", expected=".ttl, .jsonld, .json, .rdf, .xml or .owl")


def codelist_from_skos(triples: list[Triple], *, id: str, version: str) -> Codelist:  # noqa: A002
    """Return the concepts of the triples as a list; the name is that of the concept scheme, where there is one.

    Raises:
        FaultyFileError: with every fault, such as a concept with two broader concepts.
        StandardError: there is no concept.
    """
    subjects: dict[str, dict[str, list[Triple]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        subjects[triple.subject][triple.predicate].append(triple)
    concepts = {iri: found for iri, found in subjects.items() if _is_a(found, "Concept") or f"{SKOS}prefLabel" in found}
    schemes = [found for found in subjects.values() if _is_a(found, "ConceptScheme")]
    concepts = {iri: found for iri, found in concepts.items() if not _is_a(found, "ConceptScheme")}
    if not concepts:
        raise StandardError("There is no concept to import", expected="subjects of the type skos:Concept")
    names = _texts(schemes[0], "prefLabel") if schemes else {}
    return _Import(subjects, concepts).codelist(id, version, names or {"en": id})


@dataclass(frozen=True)
class _Import:
    subjects: Mapping[str, Properties]
    concepts: Mapping[str, Properties]

    def codelist(self, id: str, version: str, names: Mapping[str, str]) -> Codelist:  # noqa: A002
        ids = {iri: _notation(iri, found) for iri, found in self.concepts.items()}
        parents = self.parents()
        raise_if_any(self.parent_faults(parents, ids))
        codes = tuple(
            Code(
                ids[iri],
                _texts(found, "prefLabel"),
                next((ids[parent] for parent in parents[iri] if parent in ids), None),
                _texts(found, "definition"),
                _day(found, "validFrom"),
                _day(found, "validThrough"),
            )
            for iri, found in self.concepts.items()
        )
        codelist = Codelist(id, version, names, codes)
        raise_if_any(check_codelist(codelist, "SKOS"))
        return codelist

    def parents(self) -> dict[str, set[str]]:
        """Return each concept's broader concepts, said by either end."""
        found: dict[str, set[str]] = {iri: set() for iri in self.concepts}
        for iri, properties in self.concepts.items():
            for triple in properties.get(f"{SKOS}broader", []):
                found[iri].add(triple.object)
            for triple in properties.get(f"{SKOS}narrower", []):
                found.setdefault(triple.object, set()).add(iri)
        return found

    def parent_faults(self, parents: Mapping[str, set[str]], ids: Mapping[str, str]) -> Iterator[Fault]:
        for iri, above in parents.items():
            if len(above) > 1:
                names = " and ".join(sorted(ids.get(each, each) for each in above))
                yield Fault("SKOS", f"{ids.get(iri, iri)} skos:broader", names, "one broader concept")


def _is_a(found: Properties, kind: str) -> bool:
    return any(triple.object == SKOS + kind for triple in found.get(RDF_TYPE, []))


def _notation(iri: str, found: Properties) -> str:
    notations = found.get(f"{SKOS}notation", [])
    return notations[0].object if notations else iri.rstrip("/#").replace("#", "/").rpartition("/")[2]


def _texts(found: Properties, name: str) -> dict[str, str]:
    """Return language to text; a text without a language is taken for English, as most vocabularies mean it."""
    return {
        triple.language.lower() or "en": triple.object for triple in found.get(SKOS + name, []) if triple.is_literal
    }


def _day(found: Properties, name: str) -> date | None:
    days = found.get(SCHEMA + name, [])
    try:
        return date.fromisoformat(days[0].object) if days else None
    except ValueError:
        raise StandardError(f"schema:{name} is not a day", found=days[0].object, expected="2019-03-15") from None


def codelist_to_turtle(codelist: Codelist, base: str) -> str:
    """Return the list as a SKOS concept scheme in Turtle.

    Args:
        codelist: the list.
        base: the IRI of the scheme, without the closing sign; codes are appended after a slash.
    """
    lines = [f"@prefix skos: <{SKOS}> .", f"@prefix schema: <{SCHEMA}> .", f"@prefix owl: <{OWL}> .", ""]
    scheme = [
        "a skos:ConceptScheme",
        f"owl:versionInfo {_quoted(codelist.version)}",
        *_literals("prefLabel", codelist.names),
    ]
    lines.append(_block(base, scheme))
    lines.extend(_block(f"{base}/{code.id}", list(_concept(code, base))) for code in codelist)
    return "\n".join(lines)


def _concept(code: Code, base: str) -> Iterator[str]:
    yield "a skos:Concept"
    yield f"skos:inScheme <{base}>"
    yield f"skos:notation {_quoted(code.id)}"
    yield from _literals("prefLabel", code.labels)
    yield from _literals("definition", code.definition)
    yield f"skos:broader <{base}/{code.parent}>" if code.parent else f"skos:topConceptOf <{base}>"
    if code.valid_from:
        yield f"schema:validFrom {_quoted(code.valid_from.isoformat())}"
    if code.valid_to:
        yield f"schema:validThrough {_quoted(code.valid_to.isoformat())}"


def _literals(name: str, texts: Mapping[str, str]) -> Iterator[str]:
    for language, text in sorted(texts.items()):
        yield f"skos:{name} {_quoted(text)}@{language}"


def _block(subject: str, properties: list[str]) -> str:
    return f"<{subject}> " + " ;\n    ".join(properties) + " .\n"


def _quoted(text: str) -> str:
    # The escapes of JSON are escapes of Turtle as well.
    return json.dumps(text, ensure_ascii=False)
