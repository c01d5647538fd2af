"""Acts: one violation against one victim, or against a counted group.

Several victims of one event are several acts; a group that nobody has listed by name is one act with a count.

>>> VictimCount(3, 5, 9).central
5
"""

from dataclasses import dataclass
from datetime import date

from consilience.errors import ValueFormError
from consilience.model.age import Age
from consilience.model.coded import NOTHING, Coded
from consilience.model.period import Period
from consilience.model.place import Place
from consilience.model.source import Origin


@dataclass(frozen=True, slots=True)
class VictimCount:
    """How many people an act was done to: the fewest, the best count, the most."""

    low: int = 1
    central: int = 1
    high: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.central <= self.high:
            raise ValueFormError(
                "The counts of victims are out of order",
                found=f"{self.low}, {self.central}, {self.high}",
                expected="0 <= lowest <= best <= highest",
            )


@dataclass(frozen=True, slots=True)
class Act:
    """One violation against one victim, or against a counted group.

    Attributes:
        id: source, colon, the source's own identifier.
        event_id: the event it belongs to.
        victim_id: the actor who suffered it.
        violation: what was done (VIOLATION).
        when: when it was done.
        where: where it was done.
        origin: where the record comes from.
        method: how it was done (METHOD).
        sex: the victim's sex as this source recorded it for this act (SEX).
        age: the victim's age at the time; None where the source is silent.
        victims: how many people it was done to.
        reported_on: the day the source first heard of it.
    """

    id: str
    event_id: str
    victim_id: str
    violation: Coded
    when: Period
    where: Place
    origin: Origin
    method: Coded = NOTHING
    sex: Coded = NOTHING
    age: Age | None = None
    victims: VictimCount = VictimCount()
    reported_on: date | None = None

    def row(self) -> dict[str, object]:
        """Return the act as a row of the shared table `acts`."""
        return {
            "act_id": self.id,
            "event_id": self.event_id,
            "victim_id": self.victim_id,
            **self.violation.columns("violation"),
            **self.method.columns("method"),
            **self.when.columns("date"),
            **self.where.columns(),
            **self.sex.columns("sex"),
            "age_said": self.age.said if self.age else None,
            "age_low": self.age.low if self.age else None,
            "age_high": self.age.high if self.age else None,
            "victims_low": self.victims.low,
            "victims_central": self.victims.central,
            "victims_high": self.victims.high,
            "reported_on": self.reported_on,
            **self.origin.columns(),
        }
