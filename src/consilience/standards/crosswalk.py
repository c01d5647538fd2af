"""Crosswalks: how the codes of one vocabulary relate to those of another (requirement ST3).

A relation is read from the local code: `broader` says that the shared code is broader than the local one (coding up
loses detail), `narrower` that it is narrower (the shared code claims more than the local one says). `none` is a
finding: somebody looked, and nothing in the target corresponds. `unknown` says that nobody has decided yet.

>>> cw = Crosswalk("X", "1", Scheme("LOCAL", "1"), Scheme("SEX", "1"), "A. Author", Method.HUMAN, date(2024, 1, 1),
...                (Mapping("female", "F", Relation.EXACT, 1.0), Mapping("other", None, Relation.UNKNOWN)))
>>> cw.targets("female")
('F',)
>>> cw.targets("other")
()
"""

from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import ClassVar

import pyarrow as pa
from pydantic import ConfigDict

from consilience.standards.closed import CLOSED

TABLE_SCHEMA = pa.schema(
    [
        ("local", pa.string()),
        ("target", pa.string()),
        ("relation", pa.string()),
        ("certainty", pa.float64()),
        ("note", pa.string()),
    ]
)


class Relation(StrEnum):
    """How a local code relates to its target."""

    EXACT = "exact"
    BROADER = "broader"
    NARROWER = "narrower"
    PARTIAL = "partial"
    NONE = "none"
    UNKNOWN = "unknown"

    @property
    def has_target(self) -> bool:
        """Whether a mapping of this relation names a target code."""
        return self not in {Relation.NONE, Relation.UNKNOWN}


class Method(StrEnum):
    """Who or what made the crosswalk: an authority, a person, or a program."""

    OFFICIAL = "official"
    HUMAN = "human"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Scheme:
    """A vocabulary, named with its version; it need not be one of the shared codelists."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """One local code and what it corresponds to; a local code may have several mappings of relation partial.

    Attributes:
        local: the code in the source scheme.
        target: the code in the target scheme; None where the relation is none or unknown.
        relation: see `Relation`.
        certainty: 0 to 1; None where nobody stated one.
        note: why, in a sentence.
    """

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED

    local: str
    target: str | None = None
    relation: Relation = Relation.UNKNOWN
    certainty: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Crosswalk:
    """A named, versioned set of mappings from a source scheme to a target scheme.

    Attributes:
        id: permanent name in capitals.
        version: digits and full stops.
        source: the local vocabulary.
        target: the vocabulary mapped to, most often a shared codelist.
        author: who answers for it: a person or a body.
        method: official, human or machine.
        date: the day it was settled.
        mappings: in the order of the file.
        names: language to name.
        note: what a user should know.
    """

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED

    id: str
    version: str
    source: Scheme
    target: Scheme
    author: str
    method: Method
    date: date
    mappings: tuple[Mapping, ...]
    names: MappingABC[str, str] = field(default_factory=dict)
    note: str = ""

    @cached_property
    def _by_local(self) -> dict[str, tuple[Mapping, ...]]:
        found: dict[str, list[Mapping]] = {}
        for mapping in self.mappings:
            found.setdefault(mapping.local, []).append(mapping)
        return {local: tuple(mappings) for local, mappings in found.items()}

    @property
    def locals(self) -> tuple[str, ...]:
        """The local codes it speaks of, in order, each once."""
        return tuple(self._by_local)

    def of(self, local: str) -> tuple[Mapping, ...]:
        """Return the mappings of one local code; empty where the crosswalk does not know the code."""
        return self._by_local.get(local, ())

    def targets(self, local: str) -> tuple[str, ...]:
        """Return the target codes of one local code."""
        return tuple(mapping.target for mapping in self.of(local) if mapping.target is not None)

    def table(self) -> pa.Table:
        """Return the mappings as an Arrow table: local, target, relation, certainty, note."""
        rows = [
            {
                "local": m.local,
                "target": m.target,
                "relation": m.relation.value,
                "certainty": m.certainty,
                "note": m.note,
            }
            for m in self.mappings
        ]
        return pa.Table.from_pylist(rows, schema=TABLE_SCHEMA)
