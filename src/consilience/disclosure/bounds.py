"""What an attacker can work out: the smallest and largest value of every suppressed cell.

An attacker knows the published cells, the sums, that counts are whole and at least zero, and what he knows besides.
His best knowledge of one cell is the smallest and the largest value over all tables that agree with that: two linear
programs, or two integer programs where a vertex is not whole (Fischetti and Salazar 2001, section 2; Sande 1984).

Nothing here is shared with the code that chooses what to suppress.

>>> from scipy import sparse
>>> sums = sparse.csr_matrix([[1.0, -1.0, -1.0, -1.0]])
>>> view = View(sums, np.array([10, 3, 5, 2]), np.array([False, True, True, False]))
>>> bounds(view)
(array([10,  0,  0,  2]), array([10,  8,  8,  2]))
"""

from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from consilience.disclosure.cells import Mask
from consilience.disclosure.hierarchy import Ints

FAR = 1e7
WHOLE = 1e-6


@dataclass(frozen=True)
class View:
    """What one attacker sees.

    Attributes:
        sums: sparse matrix of all sums he knows, shape (sums, cells).
        values: the true values, shape (cells,); used as one table that fits, never as knowledge.
        hidden: the cells he does not see.
        low: what he knows each cell to hold at least; zero by default.
        high: what he knows each cell to hold at most; without limit by default.
    """

    sums: sparse.csr_matrix
    values: Ints
    hidden: Mask
    low: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    high: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    def __post_init__(self) -> None:
        if not len(self.low):
            object.__setattr__(self, "low", np.minimum(np.zeros_like(self.values), self.values))
        if not len(self.high):
            object.__setattr__(self, "high", np.full(len(self.values), int(FAR), np.int64) + self.values)


class Guess:
    """All tables that agree with a view in some of its hidden cells, the other cells as they are.

    Args:
        view: what the attacker sees.
        free: indices of the hidden cells that may differ.
    """

    def __init__(self, view: View, free: Ints) -> None:
        self.free = free
        self.truth = view.values[free]
        self.smallest, self.largest = self.truth.copy(), self.truth.copy()
        part = view.sums[:, free].tocsr()
        self._matrix = part[np.flatnonzero(np.diff(part.indptr))].tocsc()
        self._right = self._matrix @ self.truth.astype(float)
        self._low, self._high = view.low[free].astype(float), view.high[free].astype(float)
        self._highs = self._solver()

    def _solver(self) -> Any:
        highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (("output_flag", False), ("threads", 1)):
            highs.setOptionValue(option, value)
        program = highspy.HighsLp()
        program.num_row_, program.num_col_ = self._matrix.shape
        program.col_cost_ = np.zeros(len(self.free))
        program.col_lower_, program.col_upper_ = self._low, self._high
        program.row_lower_ = program.row_upper_ = self._right
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.start_, program.a_matrix_.index_ = self._matrix.indptr, self._matrix.indices
        program.a_matrix_.value_ = self._matrix.data
        highs.passModel(program)
        return highs

    def minimise(self, cost: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the table with the least cost; remember it as a witness if it is whole."""
        count = len(self.free)
        self._highs.changeColsCost(count, np.arange(count, dtype=np.int32), cost)
        self._highs.run()
        found = np.array(self._highs.getSolution().col_value)
        self._remember(found)
        return found

    def _remember(self, found: NDArray[np.float64]) -> None:
        if len(found) != len(self.free):
            return
        table = np.round(found).astype(np.int64)
        fits = np.abs(found - table).max(initial=0.0) < WHOLE and np.array_equal(self._matrix @ table, self._right)
        if fits and (table >= self._low).all() and (table <= self._high).all():
            np.minimum(self.smallest, table, out=self.smallest)
            np.maximum(self.largest, table, out=self.largest)

    def nearby(self, distance: int) -> None:
        """Look only at tables that differ from the true one by at most `distance` in each cell."""
        low, high = np.maximum(self._low, self.truth - distance), np.minimum(self._high, self.truth + distance)
        count = len(self.free)
        self._highs.changeColsBounds(count, np.arange(count, dtype=np.int32), low.astype(float), high.astype(float))

    def extreme(self, place: int, sign: int) -> int:
        """Return the exact smallest (sign 1) or largest (sign -1) whole value of one cell."""
        cost = np.zeros(len(self.free))
        cost[place] = sign
        value = float(self.minimise(cost)[place])
        edge = int(np.ceil(value - WHOLE)) if sign > 0 else int(np.floor(value + WHOLE))
        seen = int(self.smallest[place] if sign > 0 else self.largest[place])
        if edge == seen:
            return edge
        self._set_kind(highspy.HighsVarType.kInteger)
        value = float(self.minimise(cost)[place])
        self._set_kind(highspy.HighsVarType.kContinuous)
        return round(value)

    def _set_kind(self, kind: highspy.HighsVarType) -> None:
        for column in range(len(self.free)):
            self._highs.changeColIntegrality(column, kind)


def components(view: View) -> list[Ints]:
    """Cut the hidden cells into groups that share no sum: each can be attacked alone."""
    hidden = np.flatnonzero(view.hidden)
    part = view.sums[:, hidden].tocsr()
    part = part[np.flatnonzero(np.diff(part.indptr))]
    touching = abs(part)
    count, label = connected_components(touching.T @ touching, directed=False)
    order = np.argsort(label, kind="stable")
    return [hidden[own] for own in np.split(order, np.cumsum(np.bincount(label, minlength=count))[:-1])]


def bounds(view: View) -> tuple[Ints, Ints]:
    """Return the exact smallest and largest value of every cell, given the view.

    Two integer programs a hidden cell, most of them settled by a linear one: for some hundreds of hidden cells.
    """
    low, high = view.values.copy(), view.values.copy()
    if view.hidden.any():
        for group in components(view):
            guess = Guess(view, group)
            for place, cell in enumerate(group):
                low[cell], high[cell] = guess.extreme(place, 1), guess.extreme(place, -1)
    return low, high
