"""Protection of a table by suppression: rules, complements, attack, until the attack holds.

>>> from consilience.disclosure.cells import Inner, build_cells
>>> from consilience.disclosure.hierarchy import Dimension
>>> region, sex = Dimension.over("region", "ABC"), Dimension.over("sex", "FM")
>>> codes = np.array([[r, s] for r in range(3) for s in range(2)])
>>> cells = build_cells((region, sex), [Inner(codes, np.array([2, 30, 8, 41, 25, 60]))])
>>> result = protect_cells(cells, DisclosureRules())
>>> result.counts(), result.report.held
({'cells': 12, 'primary': 1, 'secondary': 3}, True)
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np

from consilience.disclosure.attack import AttackReport, attack
from consilience.disclosure.bounds import View
from consilience.disclosure.cells import Cells, Mask
from consilience.disclosure.hiding import State, protect_ranges, repair
from consilience.disclosure.hierarchy import Ints
from consilience.disclosure.primary import Contributions, unsafe_cells
from consilience.disclosure.problem import Problem
from consilience.disclosure.rules import DisclosureRules
from consilience.disclosure.secondary import suppress
from consilience.disclosure.witness import Proofs

ROUNDS = 6


@dataclass(frozen=True)
class Knowledge:
    """What one kind of reader knows besides what is published.

    Attributes:
        who: the reader, in words, for the report.
        low: what he knows each cell to hold at least.
        high: what he knows each cell to hold at most; None where nothing.
        own: whether `low` is his own share: a cell that is all his is no secret to him.
    """

    who: str
    low: Ints
    high: Ints | None = None
    own: bool = False


@dataclass(frozen=True)
class ProtectedCells:
    """A table with its suppressed cells, and the attack on it.

    Attributes:
        cells: the table.
        primary: the cells that are unsafe in themselves. Private: it narrows what a reader has to guess.
        suppressed: the cells not to publish.
        report: the attack.
    """

    cells: Cells
    primary: Mask = field(repr=False)
    suppressed: Mask = field(repr=False)
    report: AttackReport

    def counts(self) -> dict[str, int]:
        """Return how many cells there are, how many are unsafe and how many go with them."""
        primary = int((self.primary & self.suppressed).sum())
        return {
            "cells": len(self.cells.values),
            "primary": primary,
            "secondary": int(self.suppressed.sum()) - primary,
        }


def protect_cells(
    cells: Cells,
    rules: DisclosureRules,
    *,
    parts: Contributions | None = None,
    known: tuple[Knowledge, ...] = (),
    earlier: Mask | None = None,
    processes: int = 1,
) -> ProtectedCells:
    """Choose what to suppress, attack the result, and mend it until the attack holds or nothing more can be done.

    Args:
        cells: the table.
        rules: what is unsafe.
        parts: who contributed what; lets the attack try what one or two contributors know of their own.
        known: what further readers know (rates with published denominators, earlier releases).
        earlier: cells that an earlier release suppressed; they are the cheapest to suppress again.
        processes: how many processes a large table may use.

    Returns:
        The result; `report.held` says whether it may be published.
    """
    primary = unsafe_cells(cells, rules, parts)
    readers = (*_readers(cells, rules, parts), *known)
    dear = _dear(cells, rules)
    problem = Problem.of(cells, primary=primary, protection=rules.protection, dear=dear, low=readers[0].low)
    if earlier is not None:
        problem = replace(problem, cost=np.where(earlier, problem.cost * 0.5, problem.cost))
    hidden = suppress(problem, processes=processes)
    for _ in range(ROUNDS):
        report, mended = _round(cells, rules, problem, hidden, readers)
        if report.held or (mended == hidden).all():
            break
        hidden = mended
    return ProtectedCells(cells, primary, hidden, report)


def _dear(cells: Cells, rules: DisclosureRules) -> Mask:
    dear = np.zeros(len(cells.values), bool)
    for dimension, column in zip(cells.dimensions, cells.codes.T, strict=True):
        dear |= np.isin(column, dimension.index([c for c in rules.keep if c in dimension.codes]))
    return dear


def _readers(cells: Cells, rules: DisclosureRules, parts: Contributions | None) -> Iterator[Knowledge]:
    """Yield who attacks: everybody, then each contributor and each pair of them with what they know of their own."""
    low = (cells.values > 0).astype(np.int64) if rules.knows_zeros else np.zeros(len(cells.values), np.int64)
    yield Knowledge("published cells and sums" + (", zeros never suppressed" if rules.knows_zeros else ""), low)
    if parts is None:
        return
    who = np.unique(parts.who)
    for size, words in ((1, "each contributor's own share"), (2, "the shares of each two contributors")):
        for group in combinations(who.tolist(), size):
            yield Knowledge(words, np.maximum(low, parts.held_by(np.array(group), len(low))), own=True)


def _round(
    cells: Cells, rules: DisclosureRules, problem: Problem, hidden: Mask, readers: tuple[Knowledge, ...]
) -> tuple[AttackReport, Mask]:
    """Attack as every reader; return the reports as one, and what to suppress instead."""
    reports, mended = [], hidden.copy()
    for reader in readers:
        for words, view in _views(cells, rules, hidden, reader):
            report = attack(
                view,
                primary=problem.primary,
                protection=rules.protection,
                codes=cells.codes,
                scenarios=(words,),
            )
            reports.append(report)
            if not report.held:
                mended |= _mend(_as_seen(problem, view, hidden), mended, report.cells)
    return join(reports), mended


def _views(cells: Cells, rules: DisclosureRules, hidden: Mask, reader: Knowledge) -> Iterator[tuple[str, View]]:
    low = np.where(reader.low <= cells.values, reader.low, 0)
    high = np.zeros(0, np.int64) if reader.high is None else reader.high
    secret = hidden & ((cells.values > low) | (cells.values == 0)) if reader.own else hidden
    yield reader.who, View(cells.relations, cells.values, secret, low, high)
    if rules.singletons:
        for cell in np.flatnonzero(hidden & (cells.values == 1)):
            one = hidden.copy()
            one[cell] = False
            yield "the one person of a cell of one", View(cells.relations, cells.values, one, low, high)


def _as_seen(problem: Problem, view: View, hidden: Mask) -> Problem:
    """Return the problem in the eyes of one reader: what he knows cannot hide anything from him."""
    return replace(
        problem,
        room=view.values - view.low,
        rise=np.maximum(view.high - view.values, 0).astype(float),
        frozen=problem.frozen | (hidden & ~view.hidden),
    )


def _mend(problem: Problem, hidden: Mask, failing: Ints) -> Mask:
    if problem.protection:
        return protect_ranges(problem, hidden, failing, len(hidden) + 1)
    state = State(hidden.copy(), Proofs(len(hidden)))
    repair(problem, state, failing)
    return state.hidden


def join(reports: list[AttackReport]) -> AttackReport:
    """Put the reports of several attacks together: the widest knowledge counts."""
    return AttackReport(
        attacked=max(r.attacked for r in reports),
        exactly_disclosed=max(r.exactly_disclosed for r in reports),
        within_protection=max(r.within_protection for r in reports),
        exact=all(r.exact for r in reports),
        scenarios=tuple(dict.fromkeys(s for r in reports for s in r.scenarios)),
        low=np.maximum.reduce([r.low for r in reports]),
        high=np.minimum.reduce([r.high for r in reports]),
        cells=np.unique(np.concatenate([r.cells for r in reports])),
    )
