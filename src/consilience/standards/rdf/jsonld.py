"""JSON-LD (W3C Recommendation, 1.1), the part that vocabularies use: an inline context, `@graph`, language maps.

Contexts at an address are not fetched; terms are then read against the SKOS namespace.

>>> text = '{"@graph": [{"@id": "http://x/a", "@type": "Concept", "prefLabel": {"en": "A"}}]}'
>>> [(t.predicate.rpartition("#")[2], t.object, t.language) for t in read_jsonld(text)]
[('type', 'http://www.w3.org/2004/02/skos/core#Concept', ''), ('prefLabel', 'A', 'en')]
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from consilience.errors import StandardError
from consilience.standards.rdf.triple import RDF_TYPE, SKOS, Triple

_IDS = frozenset({"broader", "narrower", "inScheme", "topConceptOf", "hasTopConcept", "related"})


def read_jsonld(text: str) -> list[Triple]:
    """Return the triples of a JSON-LD document.

    Raises:
        StandardError: the text is not JSON.
    """
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise StandardError("The JSON-LD document cannot be read", found=str(error), expected="JSON") from error
    context = _context(document.get("@context", {})) if isinstance(document, dict) else {}
    nodes = document.get("@graph", [document]) if isinstance(document, dict) else document
    if not isinstance(nodes, list) or not all(isinstance(node, dict) for node in nodes):
        raise StandardError("The JSON is not JSON-LD", found=type(nodes).__name__, expected="a list of nodes")
    return [triple for node in nodes for triple in _node(node, context)]


def _context(given: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in given if isinstance(given, list) else [given]:
        if isinstance(each, Mapping):
            addresses = {key: value.get("@id") if isinstance(value, Mapping) else value for key, value in each.items()}
            found |= {key: address for key, address in addresses.items() if isinstance(address, str)}
    return found


def _node(node: Mapping[str, Any], context: Mapping[str, str]) -> Iterator[Triple]:
    subject = _iri(str(node.get("@id") or node.get("id") or "_:j"), context)
    for key, value in node.items():
        if key in {"@id", "id", "@context"}:
            continue
        predicate = RDF_TYPE if key in {"@type", "type"} else _term(key, context)
        for each in value if isinstance(value, list) else [value]:
            yield from _object(subject, predicate, each, context)


def _object(subject: str, predicate: str, value: Any, context: Mapping[str, str]) -> Iterator[Triple]:
    if isinstance(value, Mapping):
        if "@value" in value:
            language = str(value.get("@language", ""))
            yield Triple(subject, predicate, str(value["@value"]), is_literal=True, language=language)
        elif "@id" in value:
            yield Triple(subject, predicate, _iri(str(value["@id"]), context))
        else:
            for language, text in value.items():
                yield Triple(subject, predicate, str(text), is_literal=True, language=language)
    elif predicate == RDF_TYPE:
        yield Triple(subject, predicate, _term(str(value), context))
    elif predicate.removeprefix(SKOS) in _IDS:
        yield Triple(subject, predicate, _iri(str(value), context))
    else:
        yield Triple(subject, predicate, str(value), is_literal=True)


def _term(term: str, context: Mapping[str, str]) -> str:
    if term in context:
        return _iri(context[term], context)
    return _iri(term, context) if ":" in term else context.get("@vocab", SKOS) + term


def _iri(name: str, context: Mapping[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    return context[prefix] + local if colon and prefix in context and not local.startswith("//") else name
