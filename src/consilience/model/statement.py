"""Statements: what a source of information said about an event, and when; never what is concluded from it."""

from dataclasses import dataclass

from consilience.model.period import Period
from consilience.model.source import Origin


@dataclass(frozen=True, slots=True)
class Statement:
    """What was said about an event.

    Attributes:
        id: identifier.
        event_id: the event it speaks of.
        origin: where the record comes from.
        kind: a code of MATERIAL; None where the source is silent.
        reference: page, file number or address where it can be found again.
        said: when it was said; None where the source is silent.
        informants: how many informants the source counted.
    """

    id: str
    event_id: str
    origin: Origin
    kind: str | None = None
    reference: str | None = None
    said: Period | None = None
    informants: int | None = None

    def row(self) -> dict[str, object]:
        """Return the statement as a row of the shared table `statements`."""
        return {
            "statement_id": self.id,
            "event_id": self.event_id,
            "kind": self.kind,
            "reference": self.reference,
            **(self.said.columns("said") if self.said else dict.fromkeys(Period.unknown().columns("said"))),
            "informants": self.informants,
            **self.origin.columns(),
        }
