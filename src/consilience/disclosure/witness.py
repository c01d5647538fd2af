"""Witnesses: other tables of counts, equal in everything published, that show a cell is not disclosed.

A witness is a change in whole numbers that keeps every sum and takes from no cell more than it has. Every cell it
passes is hidden by it. A set of suppressed cells is safe when each primary cell owns a witness that stays within the
set and every other cell of the set is passed by one of these witnesses.

>>> proofs = Proofs(4)
>>> proofs.add(np.array([0, 1, 3]), owners=np.array([0]))
>>> proofs.depend_on(3).tolist(), proofs.in_use().tolist()
([0], [True, True, False, True])
"""

import numpy as np

from consilience.disclosure.cells import Mask
from consilience.disclosure.circulation import Circulation, is_witness
from consilience.disclosure.hierarchy import Ints


class Proofs:
    """For every primary cell the witness that hides it.

    Args:
        size: how many cells the table has.
    """

    def __init__(self, size: int) -> None:
        self._of = np.full(size, -1, np.int64)
        self._passed: list[Ints] = []
        self._through: list[list[int]] = [[] for _ in range(size)]

    def has(self, cells: Ints) -> Mask:
        """Return which of the cells own a witness."""
        return np.asarray(self._of[cells] >= 0)

    def add(self, passed: Ints, *, owners: Ints) -> None:
        """Give a witness to its owners; an earlier witness of theirs is forgotten."""
        number = len(self._passed)
        self._passed.append(passed)
        self._of[owners] = number
        for cell in passed.tolist():
            self._through[cell].append(number)

    def depend_on(self, cell: int) -> Ints:
        """Return the cells whose witness passes the cell."""
        live = [number for number in self._through[cell] if (self._of[self._passed[number]] == number).any()]
        self._through[cell] = live
        owners = [self._passed[number][self._of[self._passed[number]] == number] for number in live]
        return np.unique(np.concatenate(owners)) if owners else np.zeros(0, np.int64)

    def in_use(self) -> Mask:
        """Return every cell that some owned witness passes."""
        used = np.zeros(len(self._of), bool)
        for number in np.unique(self._of[self._of >= 0]):
            used[self._passed[number]] = True
        return used

    @property
    def count(self) -> int:
        """How many witnesses there have been, those forgotten included."""
        return len(self._passed)

    def merge(self, other: "Proofs", cells: Ints, known: int) -> None:
        """Take over the witnesses that these cells found in a copy of the proofs, made when there were `known`."""
        numbers = other._of[cells]  # noqa: SLF001 - the same class
        for number in np.unique(numbers[numbers >= known]).tolist():
            self.add(other._passed[number], owners=cells[numbers == number])  # noqa: SLF001


def seek(net: Circulation, place: int, room: Ints) -> Mask:
    """Return what a witness for the cell passes, by the cheapest way; nothing where no whole change was found."""
    found = is_witness(net.through(place), room)
    if not found.any() and room[place]:
        found = is_witness(net.through(place, -1.0), room)
    return found
