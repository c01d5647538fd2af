"""Min-cost circulation: the cheapest change of a table that keeps every sum.

A cell is hidden if some other table, equal in everything published, has another value there. Sending one unit through
the cell and letting it flow back through other cells, so that every sum stays, gives such a table; every cell it
passes must be suppressed too, so the cheapest way is sought. Cells already suppressed cost nothing. Fischetti and
Salazar (2001), section 3, state the model for general linear tables; Castro (2012, Recent advances in optimization
techniques for statistical tabular data protection, EJOR 216) reviews the flows. Counts are at least zero, so a cell
can lose no more than it has.

>>> from scipy import sparse
>>> sums = sparse.csr_matrix([[1.0, -1.0, -1.0, -1.0]])
>>> net = Circulation(sums, room=np.array([9, 3, 2, 4]), cost=np.array([9.0, 1.0, 3.0, 2.0]))
>>> net.through(1).tolist()
[0.0, 1.0, 0.0, -1.0]
"""

from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from consilience.disclosure.cells import Mask
from consilience.disclosure.hierarchy import Ints

Floats = NDArray[np.float64]

SOLVED = highspy.HighsModelStatus.kOptimal
CAP = 3.0


def solver() -> Any:
    """Return a quiet, single-threaded solver, so that equal input gives equal output."""
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 1)):
        highs.setOptionValue(option, value)
    return highs


class Circulation:
    """A circulation over a set of cells, solved again and again with little changed.

    Args:
        sums: the sums restricted to the cells, shape (sums, cells), entries +1 and -1.
        room: how far each cell can fall, shape (cells,).
        cost: price of one unit through each cell, shape (cells,).
        rise: how far each cell can rise; without limit by default.
        cap: the largest change of a cell that a flow of one unit needs.
        whole: whether changes must be whole numbers (a mixed-integer problem, slower).
    """

    def __init__(
        self,
        sums: sparse.csr_matrix,
        *,
        room: Ints,
        cost: Floats,
        rise: Floats | None = None,
        cap: float = CAP,
        whole: bool = False,
    ) -> None:
        self.cells = len(room)
        self.up = np.full(self.cells, cap) if rise is None else np.minimum(rise, cap)
        self.down = np.minimum(room, cap).astype(float)
        self.solved = 0
        self._closed: set[int] = set()
        self._highs = solver()
        self._highs.setOptionValue("presolve", "choose" if whole else "off")
        self._highs.passModel(_program(sums, np.concatenate([cost, cost]), np.concatenate([self.up, self.down]), whole))

    def through(self, cell: int, amount: float = 1.0) -> Floats:
        """Return the cheapest change that moves `cell` by `amount`; all zeros where there is none."""
        up, down = (cell, cell + self.cells) if amount > 0 else (cell + self.cells, cell)
        self._bound(up, abs(amount), abs(amount))
        self._bound(down, 0.0, 0.0)
        self._highs.run()
        self.solved += 1
        solved = self._highs.getModelStatus() == SOLVED
        flow = np.array(self._highs.getSolution().col_value) if solved else np.zeros(2 * self.cells)
        self.reopen(cell)
        return np.round(flow[: self.cells] - flow[self.cells :], 9)

    def set_price(self, cells: Ints, price: float) -> None:
        """Change the price of one unit through these cells."""
        for cell in cells.tolist():
            self._highs.changeColCost(cell, price)
            self._highs.changeColCost(cell + self.cells, price)

    def close(self, cell: int) -> None:
        """Let nothing flow through a cell: it is published."""
        self._bound(cell, 0.0, 0.0)
        self._bound(cell + self.cells, 0.0, 0.0)
        self._closed.add(cell)

    def reopen(self, cell: int) -> None:
        """Let the cell flow again."""
        self._closed.discard(cell)
        self._bound(cell, 0.0, self.up[cell])
        self._bound(cell + self.cells, 0.0, self.down[cell])

    def _bound(self, column: int, low: float, high: float) -> None:
        self._highs.changeColBounds(int(column), float(low), float(high))


def _program(sums: sparse.csr_matrix, cost: Floats, upper: Floats, whole: bool) -> highspy.HighsLp:  # noqa: FBT001
    used = sums[np.flatnonzero(np.diff(sums.indptr))]
    matrix = sparse.hstack([used, -used]).tocsc()
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = matrix.shape
    program.col_cost_, program.col_lower_, program.col_upper_ = cost, np.zeros(len(cost)), upper
    program.row_lower_ = program.row_upper_ = np.zeros(matrix.shape[0])
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_, program.a_matrix_.index_ = matrix.indptr, matrix.indices
    program.a_matrix_.value_ = matrix.data
    if whole:
        program.integrality_ = [highspy.HighsVarType.kInteger] * len(cost)
    return program


def is_witness(change: Floats, room: Ints, *, most: int = 6) -> Mask:
    """Return which cells a change proves movable in whole numbers; none where it proves nothing.

    A change in fractions counts if some multiple of it, forwards or backwards, is whole and takes from no cell more
    than it has: the multiple is another table of counts with the same published numbers.
    """
    for factor in (sign * k for k in range(1, most + 1) for sign in (1, -1)):
        scaled = factor * change
        if np.abs(scaled - np.round(scaled)).max(initial=0.0) < 1e-6 and (np.round(scaled) >= -room).all():
            return np.asarray(np.round(scaled) != 0)
    return np.zeros(len(change), bool)
