"""RDF/XML (W3C Recommendation, 2014): node elements by about, ID or nodeID, property elements and attributes.

Entities from outside are not fetched, and a document type declaration is not expanded.
"""

from collections.abc import Iterator
from itertools import count
from urllib.parse import urljoin

from lxml import etree

from consilience.errors import StandardError
from consilience.standards.rdf.triple import RDF, RDF_TYPE, Triple

_XML = "{http://www.w3.org/XML/1998/namespace}"
_LANGUAGE = f"{_XML}lang"
_BASE = f"{_XML}base"


def read_rdfxml(content: bytes) -> list[Triple]:
    """Return the triples of an RDF/XML document.

    Raises:
        StandardError: the document is not XML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise StandardError("The RDF/XML document cannot be read", found=str(error), expected="XML") from error
    blanks = (f"_:x{number}" for number in count(1))
    nodes = list(root) if root.tag == f"{{{RDF}}}RDF" else [root]
    return [triple for node in nodes if isinstance(node.tag, str) for triple in _node(node, blanks)[1]]


def _node(element: etree._Element, blanks: Iterator[str]) -> tuple[str, list[Triple]]:
    subject = _subject(element, blanks)
    kind = _iri(element.tag)
    found = [] if kind == f"{RDF}Description" else [Triple(subject, RDF_TYPE, kind)]
    found.extend(
        Triple(subject, _iri(name), str(value), is_literal=True)
        for name, value in element.attrib.items()
        if str(name).startswith("{") and not str(name).startswith((f"{{{RDF}}}", _XML))
    )
    for each in element:
        if isinstance(each.tag, str):
            found.extend(_property(subject, each, blanks))
    return subject, found


def _subject(element: etree._Element, blanks: Iterator[str]) -> str:
    about, name = element.get(f"{{{RDF}}}about"), element.get(f"{{{RDF}}}ID")
    if about is not None:
        return urljoin(_base(element), about)
    if name is not None:
        return f"{_base(element)}#{name}"
    blank = element.get(f"{{{RDF}}}nodeID")
    return f"_:{blank}" if blank else next(blanks)


def _property(subject: str, element: etree._Element, blanks: Iterator[str]) -> list[Triple]:
    predicate = _iri(element.tag)
    resource, blank = element.get(f"{{{RDF}}}resource"), element.get(f"{{{RDF}}}nodeID")
    if resource is not None:
        return [Triple(subject, predicate, urljoin(_base(element), resource))]
    if blank is not None:
        return [Triple(subject, predicate, f"_:{blank}")]
    inner = list(element.iterchildren(tag=etree.Element))
    if not inner:
        language = next((each.get(_LANGUAGE) for each in _outwards(element) if each.get(_LANGUAGE)), None)
        return [Triple(subject, predicate, element.text or "", is_literal=True, language=language or "")]
    found = []
    for each in inner:
        node, triples = _node(each, blanks)
        found += [Triple(subject, predicate, node), *triples]
    return found


def _outwards(element: etree._Element) -> Iterator[etree._Element]:
    yield element
    yield from element.iterancestors()


def _base(element: etree._Element) -> str:
    return next((base for each in _outwards(element) if (base := each.get(_BASE))), "")


def _iri(tag: object) -> str:
    return str(tag).replace("{", "").replace("}", "")
