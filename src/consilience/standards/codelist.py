"""Codelists: hierarchical, multilingual, versioned vocabularies with dates of validity (requirement ST2).

>>> sex = Codelist("SEX", "1", {"en": "Sex"}, (Code("_T", {"en": "Total"}), Code("F", {"en": "Female"}, parent="_T")))
>>> sex.children("_T")
('F',)
>>> sorted(sex.within(["_T"]))
['F', '_T']
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from typing import ClassVar

import pyarrow as pa
from pydantic import ConfigDict

from consilience.errors import StandardError
from consilience.standards.closed import CLOSED

TABLE_SCHEMA = pa.schema(
    [
        ("code", pa.string()),
        ("parent", pa.string()),
        ("level", pa.int64()),
        ("label_en", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("low", pa.float64()),
        ("high", pa.float64()),
    ]
)


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a list.

    Attributes:
        id: the code itself, permanent.
        labels: language (BCP 47) to label; at least one.
        parent: the code above it in the same list; None at the top.
        definition: language to definition; may be empty.
        valid_from: the first day on which the code may be used; None where it always could.
        valid_to: the last such day; None where it still may.
        low: the lower bound of a band, in the list's own unit (years of age in AGE); None where it is not a band.
        high: the upper bound, inclusive (completed years in AGE); None where it is open or not a band.
    """

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED

    id: str
    labels: Mapping[str, str]
    parent: str | None = None
    definition: Mapping[str, str] = field(default_factory=dict)
    valid_from: date | None = None
    valid_to: date | None = None
    low: float | None = None
    high: float | None = None

    def label(self, language: str = "en") -> str:
        """Return the label in `language`, or in English, or in the first language at hand, or the code itself."""
        return self.labels.get(language) or self.labels.get("en") or next(iter(self.labels.values()), self.id)

    def is_valid_on(self, day: date) -> bool:
        """Whether the code may be used for something that happened on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Codelist:
    """A named, versioned list of codes; the order of `codes` is the order of display.

    Attributes:
        id: the list's name in capitals, permanent.
        version: digits and full stops, such as "1.0".
        names: language to the list's name.
        codes: the codes, parents before or after their children.
        definition: language to what the list is for.
    """

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED

    id: str
    version: str
    names: Mapping[str, str]
    codes: tuple[Code, ...]
    definition: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _by_id(self) -> dict[str, Code]:
        return {code.id: code for code in self.codes}

    @cached_property
    def _children(self) -> dict[str | None, tuple[str, ...]]:
        found: dict[str | None, list[str]] = {}
        for code in self.codes:
            found.setdefault(code.parent, []).append(code.id)
        return {parent: tuple(ids) for parent, ids in found.items()}

    @cached_property
    def _levels(self) -> dict[str, int]:
        levels: dict[str, int] = {}
        waiting = [(code, 0) for code in self.roots()]
        while waiting:
            code, level = waiting.pop()
            levels[code] = level
            waiting.extend((child, level + 1) for child in self.children(code))
        return levels

    def __contains__(self, code: object) -> bool:
        return code in self._by_id

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    def code(self, code: str) -> Code:
        """Return one code; StandardError, with close matches, where the list has no such code."""
        try:
            return self._by_id[code]
        except KeyError:
            raise self._unknown(code) from None

    def get(self, code: str) -> Code | None:
        """Return one code, or None where the list has no such code."""
        return self._by_id.get(code)

    def roots(self) -> tuple[str, ...]:
        """Return the codes without a parent, in order."""
        return self._children.get(None, ())

    def children(self, code: str) -> tuple[str, ...]:
        """Return the codes directly below `code`, in order."""
        self.code(code)
        return self._children.get(code, ())

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Return the codes above `code`, the nearest first."""
        found: list[str] = []
        parent = self.code(code).parent
        while parent is not None:
            found.append(parent)
            parent = self.code(parent).parent
        return tuple(found)

    def descendants(self, code: str) -> tuple[str, ...]:
        """Return every code below `code`, depth first."""
        found: list[str] = []
        for child in self.children(code):
            found.append(child)
            found.extend(self.descendants(child))
        return tuple(found)

    def within(self, codes: Iterable[str]) -> frozenset[str]:
        """Return the given codes and every code below them."""
        return frozenset(each for code in codes for each in (code, *self.descendants(code)))

    def level(self, code: str) -> int:
        """Return how deep `code` lies; 0 at the top."""
        self.code(code)
        return self._levels[code]

    def is_valid_on(self, code: str, day: date) -> bool:
        """Whether the list has `code` and it may be used for something that happened on `day`."""
        found = self.get(code)
        return found is not None and found.is_valid_on(day)

    def table(self) -> pa.Table:
        """Return the list as an Arrow table: code, parent, level, label_en, valid_from, valid_to, low, high."""
        codes = self.codes
        columns = {
            "code": [code.id for code in codes],
            "parent": [code.parent for code in codes],
            "level": [self._levels[code.id] for code in codes],
            "label_en": [code.label() for code in codes],
            "valid_from": [code.valid_from for code in codes],
            "valid_to": [code.valid_to for code in codes],
            "low": [code.low for code in codes],
            "high": [code.high for code in codes],
        }
        return pa.table(columns, schema=TABLE_SCHEMA)

    def _unknown(self, code: str) -> StandardError:
        close = get_close_matches(code, list(self._by_id), n=3)
        return StandardError(
            f"Codelist {self.id} {self.version} has no such code",
            found=code,
            expected=f"one of its {len(self.codes)} codes" + (f", perhaps {', '.join(close)}" if close else ""),
            remedy=f"List them with: consilience standards show {self.id}",
        )
