"""The rows one organisation writes about one slice, before they are put into words."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from consilience.demo.names import People
from consilience.demo.organisations import Organisation
from consilience.demo.truth import Bools, Ints, Persons


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows one organisation writes about one slice.

    Attributes:
        organisation: who writes.
        persons: the person of each row (a person stands as often as rows speak of them).
        violation: the number of the act's violation.
        event: the number of the event in the whole coalition.
        reported: the day the organisation heard of it, in days since the first day of the calendar.
        number: the running number of the row in the organisation's list, from 1.
        names: the country's names.
        rng: the source of chance for everything written here.
    """

    organisation: Organisation
    persons: Persons
    violation: Ints
    event: Ints
    reported: Ints
    number: Ints
    names: People
    rng: np.random.Generator

    def __len__(self) -> int:
        return len(self.number)

    def chance(self, share: float) -> Bools:
        """Return True for a random `share` of the rows."""
        return np.asarray(self.rng.random(len(self)) < share)

    @property
    def age(self) -> Ints:
        """Completed years of age on the day of the act."""
        return ((self.persons.day - self.persons.birth) / 365.25).astype(np.int64)


def take(texts: pa.Array, numbers: Ints) -> pa.Array:
    """Return the texts of these numbers."""
    return texts.take(pa.array(numbers))


def numbered(prefix: str, numbers: Ints, width: int) -> pa.Array:
    """Write numbers with a prefix and leading zeros."""
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(prefix, digits, "")
