"""Triples, and the names of the vocabularies that are read and written here."""

from dataclasses import dataclass

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SCHEMA = "https://schema.org/"
OWL = "http://www.w3.org/2002/07/owl#"
RDF_TYPE = f"{RDF}type"


@dataclass(frozen=True, slots=True)
class Triple:
    """Subject, predicate and object; `language` is that of a literal, "" where it has none.

    Attributes:
        subject: IRI, or a blank node as `_:name`.
        predicate: IRI.
        object: IRI, blank node or literal.
        is_literal: whether the object is a literal.
        language: the language of a literal.
    """

    subject: str
    predicate: str
    object: str
    is_literal: bool = False
    language: str = ""
