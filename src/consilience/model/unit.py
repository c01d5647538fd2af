"""The unit of count: acts, victims and events are three different numbers.

One person who suffered two violations in one occurrence counts two acts, one victim and one event. No figure is
published without its unit.

>>> UnitOfCount("VICTIMS").count_of
'people'
"""

from enum import StrEnum


class UnitOfCount(StrEnum):
    """What an indicator counts; the codes are those of the codelist UNIT."""

    ACTS = "ACTS"
    VICTIMS = "VICTIMS"
    EVENTS = "EVENTS"

    @property
    def count_of(self) -> str:
        """What a figure in this unit is a number of, in plain English."""
        return {"ACTS": "violations", "VICTIMS": "people", "EVENTS": "events"}[self.value]
