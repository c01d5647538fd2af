"""Complementary suppression: which further cells must go so that the small ones cannot be computed.

First every small cell is hidden by the cheapest change of the table (`hiding`), in blocks (`blocks`). Then cells that
hide nothing are published again (`slimming`). Small tables are tried several times with other prices, large ones use
two processes. Cells of zero stay published as long as there is another way: an exact zero is a finding.

The result is a proposal. `attack` proves it, and `repair` mends what the attack breaks.

>>> from consilience.disclosure.cells import Inner, build_cells
>>> from consilience.disclosure.hierarchy import Dimension
>>> region, sex = Dimension.over("region", "ABC"), Dimension.over("sex", "FM")
>>> codes = np.array([[r, s] for r in range(3) for s in range(2)])
>>> cells = build_cells((region, sex), [Inner(codes, np.array([2, 30, 8, 41, 25, 60]))])
>>> problem = Problem.of(cells, primary=cells.values < 5)
>>> sorted(cells.names(np.flatnonzero(suppress(problem))))
[('A', 'F'), ('A', 'M'), ('B', 'F'), ('B', 'M')]
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context

import numpy as np

from consilience.disclosure.blocks import Block, cut
from consilience.disclosure.cells import Mask
from consilience.disclosure.hiding import SMALL, State, hide, protect_ranges, repair
from consilience.disclosure.hierarchy import Ints
from consilience.disclosure.problem import Problem
from consilience.disclosure.slimming import slim
from consilience.disclosure.witness import Proofs

LIMIT = 800
WIDE = 2_000
LARGE = 5_000
RESTART_WORK = 3_000
PARALLEL_FROM = 20_000


def suppress(problem: Problem, *, processes: int = 1) -> Mask:
    """Return which cells to suppress: the primary ones and what must go with them.

    Args:
        problem: what to hide and what it may cost.
        processes: how many processes a large table may use; the result does not depend on timing.
    """
    if not problem.primary.any():
        return problem.primary.copy()
    if problem.protection:
        return protect_ranges(problem, problem.primary, problem.targets, SMALL)
    best = _once(problem, processes)
    price = problem.cost[best].sum()
    for attempt in range(min(20, RESTART_WORK // max(int(problem.alive.sum()), 1))):
        rng = np.random.default_rng(attempt)
        other = replace(problem, cost=problem.cost * rng.uniform(0.6, 1.4, len(problem.cost)))
        tried = _once(other, 1, limit=SMALL if attempt % 2 == 0 else LIMIT)
        if (worth := problem.cost[tried].sum()) < price:
            best, price = tried, worth
    return best


def _once(problem: Problem, processes: int, *, limit: int | None = None) -> Mask:
    """Hide, repair and slim once."""
    size = len(problem.primary)
    wide = WIDE if size < LARGE else LIMIT
    state = State(problem.primary.copy(), Proofs(size))
    processes = processes if size >= PARALLEL_FROM else 1
    for limits in (limit or wide, 4 * LIMIT):
        _run(state, _hiding_shares(problem, state, limits, processes))
    repair(problem, state, _unproven(problem, state))
    for limits in dict.fromkeys((LIMIT, wide)):
        _run(state, _slimming_shares(problem, state, limits, processes))
        state.hidden &= problem.primary | state.proofs.in_use()
    return state.hidden


def _unproven(problem: Problem, state: State) -> Ints:
    return problem.targets[~state.proofs.has(problem.targets)]


@dataclass(frozen=True)
class _Share:
    """What one process does: its blocks, and the cells whose witnesses it answers for."""

    problem: Problem
    state: State
    blocks: Sequence[Block]
    slimming: bool
    own: Ints


def _work(share: _Share) -> State:
    for block in share.blocks:
        (slim if share.slimming else hide)(share.problem, share.state, block)
    return share.state


def _run(state: State, shares: Sequence[_Share]) -> None:
    """Do the shares, side by side if there are several, and put the results together."""
    if len(shares) == 1:
        _work(shares[0])
        return
    with ProcessPoolExecutor(len(shares), mp_context=get_context("spawn")) as pool:
        results = list(pool.map(_work, shares))
    start = state.hidden.copy()
    known = state.proofs.count
    for share, result in zip(shares, results, strict=True):
        state.hidden |= result.hidden & ~start
        state.hidden &= ~(start & ~result.hidden)
        state.proofs.merge(result.proofs, share.own, known)


def _hiding_shares(problem: Problem, state: State, limit: int, processes: int) -> list[_Share]:
    blocks = cut(
        problem.dimensions, problem.codes, problem.alive, _unproven(problem, state), limit=limit, weight=problem.room
    )
    if processes == 1 or len(blocks) < 2 * processes:
        return [_Share(problem, state, blocks, slimming=False, own=problem.targets)]
    return [
        _Share(problem, state, own, slimming=False, own=np.concatenate([b.targets for b in own]))
        for own in (blocks[i::processes] for i in range(processes))
    ]


def _slimming_shares(problem: Problem, state: State, limit: int, processes: int) -> list[_Share]:
    spare = state.hidden & ~problem.primary
    return [
        _Share(
            problem,
            state,
            cut(
                problem.dimensions,
                problem.codes,
                state.hidden & domain,
                np.flatnonzero(spare & own),
                limit=limit,
                weight=problem.room,
            ),
            slimming=True,
            own=np.flatnonzero(domain),
        )
        for domain, own in _territories(problem, processes)
    ]


def _territories(problem: Problem, processes: int) -> Iterator[tuple[Mask, Mask]]:
    """Cut the widest dimension so that no two processes publish what the other leans on.

    Yields for each process the cells it may use (its leaves and all groups) and the cells it may publish.
    """
    every = np.ones(len(problem.primary), bool)
    if processes == 1:
        yield every, every
        return
    widest = int(np.argmax([d.leaves for d in problem.dimensions]))
    column, leaves = problem.codes[:, widest], problem.dimensions[widest].leaves
    for i in range(processes):
        own = (column < leaves) & (column % processes == i)
        yield own | (column >= leaves), own
