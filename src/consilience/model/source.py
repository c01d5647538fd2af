"""Where information comes from: a source, and the place in its file that a row was read from.

>>> Origin("lists", "17", 3).identifier
'lists:17'
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A list, archive or person that information comes from.

    Attributes:
        id: the name used in identifiers and snapshots.
        title: what it is called.
        licence: under which terms it may be used.
        derived_from: ids of sources it repeats; they add nothing to corroboration (requirement VE2).
    """

    id: str
    title: str
    licence: str = ""
    derived_from: tuple[str, ...] = ()

    def is_independent_of(self, other: "Source") -> bool:
        """Whether neither source is the other, repeats it, or repeats what the other repeats."""
        return not {self.id, *self.derived_from} & {other.id, *other.derived_from}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row comes from: the source, its own identifier of the record, and the line of its file."""

    source: str
    record_id: str
    line: int

    @property
    def identifier(self) -> str:
        """The identifier a record gets here: the source and the source's own identifier."""
        return f"{self.source}:{self.record_id}"

    def columns(self) -> dict[str, str | int]:
        """Return the columns of a shared table that hold it."""
        return {"source": self.source, "record_id": self.record_id, "line": self.line}
