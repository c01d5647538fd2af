"""The suppression problem: what is to be hidden, what may go with it, and what that costs.

>>> region = Dimension.over("region", "AB")
>>> information(np.array([64, 1, 65]), np.array([[0], [1], [2]]), (region,)).round(2).tolist()
[1.6, 1.0, 1.7]
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from consilience.disclosure.cells import Cells, Mask
from consilience.disclosure.circulation import Floats
from consilience.disclosure.hierarchy import Dimension, Ints

DEAR = 5.0


@dataclass(frozen=True)
class Problem:
    """What is to be hidden, what may go with it, and at what price.

    Attributes:
        sums: sparse matrix of the sums, shape (sums, cells).
        room: how far each cell can fall in an attacker's eyes (its value, less what he knows to be in it).
        rise: how far it can rise; infinite where nothing limits it.
        primary: the cells to hide.
        cost: the information lost with each cell, above zero.
        frozen: cells that cannot be hidden (known from elsewhere).
        empty: cells of zero; they stay published as long as there is another way.
        dimensions: the dimensions of the table.
        codes: index of the code in each dimension, shape (cells, dimensions).
        protection: how far each primary cell must be able to move both ways; 0 asks only that it can move.
    """

    sums: sparse.csc_matrix
    room: Ints
    rise: Floats
    primary: Mask
    cost: Floats
    frozen: Mask
    empty: Mask
    dimensions: tuple[Dimension, ...]
    codes: Ints
    protection: int = 0

    @classmethod
    def of(
        cls, cells: Cells, *, primary: Mask, protection: int = 0, dear: Mask | None = None, low: Ints | None = None
    ) -> "Problem":
        """State the problem of a table whose readers know that counts are at least zero.

        Args:
            cells: the table.
            primary: the cells to hide.
            protection: how far each must be able to move both ways.
            dear: cells that should stay if at all possible.
            low: what readers know each cell to hold at least; zero by default.
        """
        count = len(cells.values)
        cost = information(cells.values, cells.codes, cells.dimensions)
        return cls(
            sums=cells.relations.tocsc(),
            room=cells.values - (0 if low is None else low),
            rise=np.full(count, np.inf),
            primary=primary,
            cost=cost if dear is None else np.where(dear, cost * DEAR, cost),
            frozen=np.zeros(count, bool),
            empty=cells.values == 0,
            dimensions=cells.dimensions,
            codes=cells.codes,
            protection=protection,
        )

    @property
    def alive(self) -> Mask:
        """The cells that may move: not zero, not known from elsewhere."""
        return ~self.empty & ~self.frozen

    @property
    def targets(self) -> Ints:
        """The primary cells that can be hidden at all."""
        return np.flatnonzero(self.primary & ~self.frozen)


def information(values: Ints, codes: Ints, dimensions: Sequence[Dimension]) -> Floats:
    """Return the price of losing each cell: one, a little more for larger cells and for each total in its codes."""
    level = np.zeros(len(values))
    for dimension, column in zip(dimensions, codes.T, strict=True):
        level += column >= dimension.leaves
    return np.asarray(1.0 + 0.1 * np.log2(np.maximum(values, 1)) + 0.1 * level)
