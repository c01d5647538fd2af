"""The columns of one source under one mapping: what is read, what is sealed, what is only kept."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from consilience.errors import MappingError
from consilience.harmonise.mapping import Block, Form, SourceMapping, values_of


@dataclass(frozen=True)
class Columns:
    """The file's columns, found by the names a mapping uses.

    Attributes:
        names: the file's own names, in order; the engine's column `c<i>` holds the i-th.
        mapping: the mapping.
    """

    names: tuple[str, ...]
    mapping: SourceMapping

    @classmethod
    def fitted(cls, names: tuple[str, ...], mapping: SourceMapping, file: str) -> "Columns":
        """Return the columns, or name every column that the mapping needs and the file lacks.

        Raises:
            MappingError: a column is absent and not optional; the message offers near matches.
        """
        columns = cls(names, mapping)
        absent = [name for name in columns.needed if name not in columns._places]
        absent = [name for name in absent if name not in mapping.source.optional]
        if absent:
            raise MappingError(
                f"{file} lacks {len(absent)} column{'s' if len(absent) > 1 else ''} that mapping {mapping.name} reads",
                found=f"{len(names)} columns" + "".join(_nearest(name, names) for name in absent),
                expected=", ".join(repr(name) for name in absent),
                remedy="Name the right mapping, correct the column in it, or list the column under source.optional.",
            )
        return columns

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self.names)}

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """Every column the mapping speaks of, each once."""
        return tuple(dict.fromkeys((*_read(self.mapping), *self.mapping.source.sealed)))

    @cached_property
    def sealed(self) -> frozenset[str]:
        """The columns that identify somebody: out of `records`, never in a message."""
        identities = (actor for actor in self.mapping.actors if actor.identity is not None)
        names = (name for actor in identities for name in _expanded(actor, [actor.identity]))
        return frozenset(name for name in (*names, *self.mapping.source.sealed) if name in self._places)

    def sql(self, name: str) -> str:
        """Return the cleaned column as SQL; NULL where an optional column is absent."""
        at = self._places.get(name)
        return "CAST(NULL AS VARCHAR)" if at is None else f"c{at}"

    def fates(self) -> dict[str, str]:
        """Return what becomes of every column: sealed, mapped or kept."""
        mapped = set(self.needed)
        return {
            name: "sealed" if name in self.sealed else "mapped" if name in mapped else "kept" for name in self.names
        }


def _read(mapping: SourceMapping) -> Iterator[str]:
    for value in (*values_of(mapping.record), *values_of(mapping.event)):
        yield from value.columns()
    for block in (*mapping.actors, *mapping.acts, *mapping.involvements, *mapping.statements):
        yield from _expanded(block, [block])


def _expanded(block: Block, forms: Iterable[Form | None]) -> Iterator[str]:
    repetitions = block.repeat or ("",)
    for form in forms:
        for value in values_of(form) if form is not None else ():
            for name in value.columns():
                yield from (name.replace("{n}", n) for n in repetitions)


def _nearest(name: str, names: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, names, n=3)
    return f"; near {name!r}: {', '.join(near)}" if near else ""
