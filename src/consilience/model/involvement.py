"""Involvements: the role somebody has in an act."""

from dataclasses import dataclass

from consilience.model.coded import NOTHING, Coded
from consilience.model.source import Origin


@dataclass(frozen=True, slots=True)
class Involvement:
    """The part one actor had in one act.

    Attributes:
        id: identifier.
        act_id: the act.
        origin: where the record comes from.
        actor_id: the actor; None where the source names none.
        degree: the degree of involvement (INVOLVEMENT).
        perpetrator_type: the kind of perpetrator (PERPETRATOR_TYPE).
        attribution: who says so, and how surely (ATTRIBUTION).
    """

    id: str
    act_id: str
    origin: Origin
    actor_id: str | None = None
    degree: Coded = NOTHING
    perpetrator_type: Coded = NOTHING
    attribution: Coded = NOTHING

    def row(self) -> dict[str, object]:
        """Return the involvement as a row of the shared table `involvements`."""
        return {
            "involvement_id": self.id,
            "act_id": self.act_id,
            "actor_id": self.actor_id,
            **self.degree.columns("degree"),
            **self.perpetrator_type.columns("perpetrator_type"),
            **self.attribution.columns("attribution"),
            **self.origin.columns(),
        }
