"""Slimming: publish again what hides nothing, the dearest cell first.

One suppressed cell after the other is tried: it may be published if every primary cell whose witness passes it finds
another witness without it. Linear algebra (`nullspace`) first rules out the cells without which a primary cell could
be computed by elimination, which saves most of the programs.
"""

import numpy as np

from consilience.disclosure.blocks import Block
from consilience.disclosure.cells import Mask
from consilience.disclosure.circulation import Circulation
from consilience.disclosure.hiding import NEXT_TO_NOTHING, State, net_over
from consilience.disclosure.hierarchy import Ints
from consilience.disclosure.nullspace import null_basis, publish, reveals
from consilience.disclosure.problem import Problem
from consilience.disclosure.witness import seek


class _Bench:
    """One block on the bench: its suppressed cells, a circulation over them, and what linear algebra says."""

    def __init__(self, problem: Problem, state: State, cells: Ints) -> None:
        self.state, self.cells, self.room = state, cells, problem.room[cells]
        self.primary = problem.primary[cells]
        self.net: Circulation = net_over(problem, problem.primary, cells)
        self.basis = null_basis(problem.sums[:, cells])

    def place(self, cell: int) -> int:
        """Return where a cell stands in the block; -1 where it does not."""
        at = int(np.searchsorted(self.cells, cell))
        return at if at < len(self.cells) and self.cells[at] == cell else -1

    def try_without(self, cell: int) -> bool:
        """Publish a cell if everybody who needs it can manage without."""
        place = self.place(cell)
        owners = self.state.proofs.depend_on(cell)
        places = np.array([self.place(int(owner)) for owner in owners], np.int64)
        if (places < 0).any() or (len(owners) and reveals(self.basis, place, self._mask(places))):
            return False
        self.net.close(place)
        found = self._replace(places)
        if found is None:
            self.net.reopen(place)
            return False
        for passed in found:
            own = passed & self._mask(places)
            self.state.proofs.add(self.cells[passed], owners=self.cells[own])
        publish(self.basis, place)
        self.state.hidden[cell] = False
        return True

    def keep(self, cell: int) -> None:
        """Let the cell serve others: it stays suppressed."""
        self.net.set_price(np.array([self.place(cell)]), NEXT_TO_NOTHING)

    def _mask(self, places: Ints) -> Mask:
        mask = np.zeros(len(self.cells), bool)
        mask[places] = True
        return mask

    def _replace(self, places: Ints) -> list[Mask] | None:
        left, found = self._mask(places), []
        while left.any():
            passed = seek(self.net, int(np.argmax(left)), self.room)
            if not (passed & left).any():
                return None
            found.append(passed)
            left &= ~passed
        return found


def slim(problem: Problem, state: State, block: Block) -> None:
    """Publish every target of a block that nobody needs; only the block's cells change."""
    cells = block.cells[state.hidden[block.cells]]
    if not len(cells):
        return
    bench = _Bench(problem, state, cells)
    for cell in block.targets[np.argsort(-problem.cost[block.targets], kind="stable")].tolist():
        if state.hidden[cell] and not bench.try_without(cell):
            bench.keep(cell)
