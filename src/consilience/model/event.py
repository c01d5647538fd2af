"""Events: something that happened somewhere at some time."""

from dataclasses import dataclass
from datetime import date

from consilience.model.period import Period
from consilience.model.place import Place
from consilience.model.source import Origin


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; what was done in it, and to whom, stands in its acts.

    Attributes:
        id: source, colon, the source's own identifier.
        when: when it happened.
        where: where it happened.
        origin: where the record comes from.
        title: a short title without names of people.
        reported_on: the day the source first heard of it.
    """

    id: str
    when: Period
    where: Place
    origin: Origin
    title: str | None = None
    reported_on: date | None = None

    def row(self) -> dict[str, object]:
        """Return the event as a row of the shared table `events`."""
        return {
            "event_id": self.id,
            "title": self.title,
            **self.when.columns("date"),
            **self.where.columns(),
            "reported_on": self.reported_on,
            **self.origin.columns(),
        }
