"""Hiding: find a witness for every small cell, and suppress what it passes.

The cheapest circulation through a small cell says which cells must go with it (Fischetti and Salazar 2001; the
sequential heuristic of Kelly, Golden and Assad 1992). What is suppressed already costs next to nothing, so one way
serves many. Where the cheapest change is not whole, an integer program in the same block finds one that is.
"""

from dataclasses import dataclass

import numpy as np

from consilience.disclosure.blocks import Block, cut
from consilience.disclosure.cells import Mask
from consilience.disclosure.circulation import Circulation, Floats, is_witness
from consilience.disclosure.hierarchy import Ints
from consilience.disclosure.problem import Problem
from consilience.disclosure.witness import Proofs, seek

NEXT_TO_NOTHING = 0.02
SMALL = 2_500
NEAR = 1_500


@dataclass
class State:
    """How far the work is.

    Attributes:
        hidden: the cells suppressed so far.
        proofs: the witnesses found so far.
    """

    hidden: Mask
    proofs: Proofs


def net_over(problem: Problem, hidden: Mask, cells: Ints, *, whole: bool = False, cap: float = 3.0) -> Circulation:
    """Return the circulation over some cells, in which suppressed cells cost next to nothing."""
    return Circulation(
        problem.sums[:, cells].tocsr(),
        room=problem.room[cells],
        rise=problem.rise[cells],
        cost=np.where(hidden[cells], NEXT_TO_NOTHING, problem.cost[cells]),
        cap=cap,
        whole=whole,
    )


def hide(problem: Problem, state: State, block: Block) -> None:
    """Find a witness for each target of a block and suppress what it passes; targets without one stay without."""
    targets = block.targets[np.argsort(-problem.room[block.targets], kind="stable")]
    net: Circulation | None = None
    for target in targets:
        if state.proofs.has(target):
            continue
        net = net or net_over(problem, state.hidden, block.cells)
        found = seek(net, int(np.searchsorted(block.cells, target)), problem.room[block.cells])
        if found.any():
            _suppress(problem, state, net, block.cells, found)


def _suppress(problem: Problem, state: State, net: Circulation, cells: Ints, found: Mask) -> None:
    net.set_price(np.flatnonzero(found & ~state.hidden[cells]), NEXT_TO_NOTHING)
    passed = cells[found]
    state.hidden[passed] = True
    state.proofs.add(passed, owners=passed[problem.primary[passed] & ~state.proofs.has(passed)])


def repair(problem: Problem, state: State, targets: Ints) -> None:
    """Hide cells that can still be computed: whole numbers, both directions, zeros too if nothing else helps.

    Args:
        problem: the problem as it was stated.
        state: what is suppressed so far; stays as it is where nothing in the table can help.
        targets: the cells that must become movable.
    """
    for target in targets.tolist():
        way = _whole_way(problem, state.hidden, target, zeros=False)
        if not way.any():
            way = _whole_way(problem, state.hidden, target, zeros=True)
        state.hidden |= way
        if way.any():
            state.proofs.add(np.flatnonzero(way), owners=np.array([target]))


def _whole_way(problem: Problem, hidden: Mask, target: int, *, zeros: bool) -> Mask:
    """Return the cells of the cheapest whole change through a cell, over the whole table."""
    near = _around(problem, target, zeros=zeros)
    net = net_over(problem, hidden, near, whole=True)
    place = int(np.searchsorted(near, target))
    ways = [net.through(place, amount) for amount in ((1.0, -1.0) if problem.room[target] else (1.0,))]
    passed = [is_witness(way, problem.room[near]) for way in ways]
    prices = [problem.cost[near[p & ~hidden[near]]].sum() if p.any() else np.inf for p in passed]
    way = np.zeros(len(hidden), bool)
    way[near] = passed[int(np.argmin(prices))]
    return way


def _around(problem: Problem, target: int, *, zeros: bool) -> Ints:
    alive = ~problem.frozen if zeros else problem.alive.copy()
    alive[target] = True
    if int(alive.sum()) <= SMALL:
        return np.flatnonzero(alive)
    [block] = cut(problem.dimensions, problem.codes, alive, np.array([target]), limit=NEAR, weight=problem.room)
    return block.cells


def protect_ranges(problem: Problem, hidden: Mask, targets: Ints, limit: int) -> Mask:
    """Suppress so that each target can move by the protection both ways (down to zero at most).

    Interval protection with capacities, Fischetti and Salazar (2001), section 3: two circulations a target.
    """
    hidden = hidden.copy()
    cap = 4.0 * problem.protection + 4.0
    alive = problem.alive
    for block in cut(problem.dimensions, problem.codes, alive, targets, limit=limit, weight=problem.room):
        net = net_over(problem, hidden, block.cells, cap=cap)
        for target in block.targets[np.argsort(-problem.room[block.targets], kind="stable")]:
            place = int(np.searchsorted(block.cells, target))
            for amount in _amounts(problem, int(target)):
                _open(hidden, net, block.cells, net.through(place, amount))
    return hidden


def _amounts(problem: Problem, target: int) -> list[float]:
    down = float(min(problem.protection, problem.room[target]))
    return [float(problem.protection), *([-down] if down else [])]


def _open(hidden: Mask, net: Circulation, cells: Ints, change: Floats) -> None:
    passed = np.flatnonzero(change)
    net.set_price(passed[~hidden[cells[passed]]], NEXT_TO_NOTHING)
    hidden[cells[passed]] = True
