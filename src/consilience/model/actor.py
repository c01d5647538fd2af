"""Actors: persons, groups, organisations and units. Roles belong to acts and involvements, never to actors.

Who an actor is stands apart, in `Identity`, which never leaves the node unsealed (requirement DO5).
"""

from dataclasses import dataclass, field

from consilience.model.coded import NOTHING, Coded
from consilience.model.period import Period
from consilience.model.source import Origin


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, group, organisation or unit.

    Attributes:
        id: source, colon, the source's own identifier.
        kind: a code of ACTOR_KIND.
        origin: where the record comes from.
        sex: as the source recorded it (SEX).
        born: when the person was born; None where the source is silent.
        nationality: as the source says it.
        occupation: as the source says it.
        affiliation: as the source says it.
    """

    id: str
    kind: str
    origin: Origin
    sex: Coded = NOTHING
    born: Period | None = None
    nationality: str | None = None
    occupation: str | None = None
    affiliation: str | None = None

    def row(self) -> dict[str, object]:
        """Return the actor as a row of the shared table `actors`."""
        return {
            "actor_id": self.id,
            "kind": self.kind,
            **self.sex.columns("sex"),
            **(self.born.columns("birth") if self.born else dict.fromkeys(Period.unknown().columns("birth"))),
            "nationality": self.nationality,
            "occupation": self.occupation,
            "affiliation": self.affiliation,
            **self.origin.columns(),
        }


@dataclass(frozen=True, slots=True)
class Identity:
    """Who an actor is. Its values are kept out of `repr`, so that no log or error shows them."""

    actor_id: str
    origin: Origin
    name: str | None = field(default=None, repr=False)
    given_name: str | None = field(default=None, repr=False)
    patronymic: str | None = field(default=None, repr=False)
    family_name: str | None = field(default=None, repr=False)
    other_names: tuple[str, ...] = field(default=(), repr=False)
    id_number: str | None = field(default=None, repr=False)

    def row(self) -> dict[str, object]:
        """Return the identity as a row of the shared table `identities`."""
        return {
            "actor_id": self.actor_id,
            "name": self.name,
            "given_name": self.given_name,
            "patronymic": self.patronymic,
            "family_name": self.family_name,
            "other_names": "; ".join(self.other_names) or None,
            "id_number": self.id_number,
            **self.origin.columns(),
        }
