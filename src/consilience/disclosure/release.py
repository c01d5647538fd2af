"""From a grid of cells to what is published: the whole of `consilience protect`, without files.

>>> from consilience.disclosure.tables import read_tables
>>> rows = pa.table({"region": list("AABBCC"), "sex": list("FMFMFM"), "n": ["2", "30", "8", "41", "25", "60"]})
>>> grid = read_tables([rows], dimensions=["region", "sex"], value="n")
>>> import pyarrow.compute as pc
>>> outcome = protect_grid(grid, DisclosureRules())
>>> outcome.table.filter(pc.field("status") == "suppressed").num_rows, outcome.report.held
(4, True)
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from consilience.disclosure import cellkey, rounding
from consilience.disclosure.attack import AttackReport, attack
from consilience.disclosure.bounds import View
from consilience.disclosure.cellkey import PerturbationTable
from consilience.disclosure.cells import Cells, Mask, roll_up
from consilience.disclosure.coarsen import propose
from consilience.disclosure.hierarchy import Ints
from consilience.disclosure.previous import Earlier, plausible, read_earlier, unprotectable, view_of_both
from consilience.disclosure.primary import Contributions, unsafe_cells
from consilience.disclosure.protect import ProtectedCells, join, protect_cells
from consilience.disclosure.rates import rate_knowledge
from consilience.disclosure.rules import DisclosureRules, Method
from consilience.disclosure.tables import Grid, published
from consilience.errors import DisclosureRefused, UsageError


@dataclass(frozen=True)
class Outcome:
    """What came of protecting a grid.

    Attributes:
        table: the published table.
        report: the attack on it.
        failing: codes of the cells that fail. Private.
        counts: cells, primary, secondary.
        seconds: how long choosing took, without reading, attacking and writing.
        notes: sentences that belong beside the table.
    """

    table: pa.Table = field(repr=False)
    report: AttackReport
    failing: pa.Table = field(repr=False)
    counts: dict[str, int]
    seconds: float
    notes: tuple[str, ...] = ()

    def public(self) -> dict[str, Any]:
        """Return what may be said in public: numbers and the attack, never which cells."""
        return {
            **self.counts,
            "solver_seconds": round(self.seconds, 3),
            "attack": self.report.public(),
            "notes": list(self.notes),
        }

    def refusal(self) -> DisclosureRefused:
        """Return the refusal of a release whose attack succeeded."""
        return DisclosureRefused(
            "The attack on the protected table succeeded: it must not be published",
            found=f"{self.report.exactly_disclosed} suppressed cells that can be computed, "
            f"{self.report.within_protection} with less than the protection asked",
            remedy="Publish a coarser table, or write the failing cells to a private file and look at them.",
        )


def protect_grid(
    grid: Grid,
    rules: DisclosureRules,
    *,
    earlier: pa.Table | None = None,
    rates: pa.Table | None = None,
    secret: bytes | None = None,
    processes: int = 1,
    clock: Callable[[], float] = lambda: 0.0,
) -> Outcome:
    """Protect the cells of a grid by the method of the rules, and attack the result.

    Args:
        grid: the cells.
        rules: what is unsafe, and the method.
        earlier: an earlier release of the same table, as it was published.
        rates: rates that are published over the same cells, with their denominators.
        secret: the secret of the cell keys.
        processes: how many processes a large table may use.
        clock: seconds, to say how long the choice took.
    """
    if rules.method is Method.CELLKEY:
        return _noisy(grid, rules, secret, clock)
    if rules.method is Method.ROUND:
        return _rounded(grid, rules, clock)
    before = None if earlier is None else read_earlier(grid, earlier)
    known = () if rates is None else (rate_knowledge(grid, rates),)
    start = clock()
    result = protect_cells(
        grid.cells,
        rules,
        parts=_contributions(grid),
        known=known,
        earlier=None if before is None else before.suppressed,
        processes=processes,
    )
    seconds = clock() - start
    if before is not None:
        result = replace(result, report=join([result.report, attack_with(result, before)]))
    table = published(grid, result.suppressed, grid.cells.values)
    return _outcome(grid, table, result.report, result.counts(), seconds, _notes(grid, rules, result))


def _contributions(grid: Grid) -> Contributions | None:
    if any(inner.contributors is None for inner in grid.inner):
        return None
    if len(grid.inner) > 1:
        raise UsageError("Contributors are supported for one table at a time", remedy="Leave out the linked tables.")
    return Contributions.of(grid.cells, grid.inner[0])


def _outcome(
    grid: Grid, table: pa.Table, report: AttackReport, counts: dict[str, int], seconds: float, notes: tuple[str, ...]
) -> Outcome:
    failing = pa.table(
        {
            name: pa.array([codes[i] for codes in grid.cells.names(report.cells)], pa.string())
            for i, name in enumerate(grid.dimensions)
        }
    )
    return Outcome(table, report, failing, counts, seconds, notes)


def _notes(grid: Grid, rules: DisclosureRules, result: ProtectedCells) -> tuple[str, ...]:
    notes = [rules.describe()]
    if grid.strangers:
        notes.append(f"{grid.strangers} codes stand in no hierarchy of their dimension; they lie under its total.")
    gone = float(result.suppressed.mean())
    if gone > rules.share:
        notes.append(propose(grid.cells, result.suppressed, gone))
    return tuple(notes)


def attack_with(result: ProtectedCells, before: Earlier) -> AttackReport:
    """Attack as somebody who holds the earlier release too."""
    cells, hidden = result.cells, result.suppressed
    given_away = unprotectable(cells, before, result.primary)
    values = plausible(cells, before)
    if values is None:
        report = attack(
            View(cells.relations, cells.values, hidden),
            primary=result.primary,
            codes=cells.codes,
            scenarios=("an earlier release of a table that did not only grow",),
        )
        return replace(report, cells=np.union1d(report.cells, np.flatnonzero(given_away)))
    size = len(hidden)
    view = view_of_both(cells, hidden, before, values)
    wanted = np.concatenate([result.primary & hidden, before.suppressed, np.zeros(size, bool)])
    report = attack(
        view,
        primary=wanted,
        codes=np.tile(cells.codes, (3, 1)),
        scenarios=("the earlier release, and its difference to this one",),
    )
    fixed = (report.low == report.high) & wanted
    fixed[:size] |= given_away
    failing = np.flatnonzero(fixed[:size] | (fixed[size : 2 * size] & ~before.published))
    return AttackReport(
        report.attacked,
        int(fixed[: 2 * size].sum()),
        int(fixed[:size].sum()),
        report.exact,
        report.scenarios,
        report.low[:size],
        report.high[:size],
        failing,
    )


def _noisy(grid: Grid, rules: DisclosureRules, secret: bytes | None, clock: Callable[[], float]) -> Outcome:
    if secret is None:
        raise UsageError("Cell keys need a secret", expected="a file of 16 bytes or more", remedy="Name it.")
    start = clock()
    cells, ptable = grid.cells, PerturbationTable.make(spread=4, variance=3.0, small=max(rules.threshold - 3, 0))
    shown = cellkey.perturb(cells.values, cell_keys(grid, secret), ptable)
    seconds = clock() - start
    report = _attack_shown(cells, rounding.noise_view(cells, shown, ptable.spread), rules)
    nothing = np.zeros(len(shown), bool)
    return _outcome(grid, published(grid, nothing, shown), report, _counts(cells, rules), seconds, (ptable.describe(),))


def cell_keys(grid: Grid, secret: bytes) -> Ints:
    """Return the key of every cell: the sum of its inner cells' keys.

    A plain table has no records; the keyed hash of an inner cell's codes stands for those of its records, so the same
    cell has the same noise in every release.
    """
    cells = grid.cells
    inner = np.flatnonzero(cells.inner)
    keys = cellkey.record_keys(secret, ["\x1f".join(names) for names in cells.names(inner)])
    found, sums = roll_up(cells.dimensions, cells.keys(cells.codes[inner]), keys)
    result = np.zeros(len(cells.values), np.int64)
    result[np.searchsorted(cells.keys(cells.codes), found)] = sums % cellkey.MODULUS
    return result


def _rounded(grid: Grid, rules: DisclosureRules, clock: Callable[[], float]) -> Outcome:
    start = clock()
    cells = grid.cells
    shown = rounding.round_to(cells.values, rules.base)
    seconds = clock() - start
    report = _attack_shown(cells, rounding.rounding_view(cells, rules.base), rules)
    nothing = np.zeros(len(shown), bool)
    notes = (rounding.LABEL.format(base=rules.base),)
    return _outcome(grid, published(grid, nothing, shown), report, _counts(cells, rules), seconds, notes)


def _counts(cells: Cells, rules: DisclosureRules) -> dict[str, int]:
    unsafe: Mask = unsafe_cells(cells, replace(rules, dominance=None, p_percent=None, contributors=0, group=False))
    return {"cells": len(cells.values), "primary": int(unsafe.sum()), "secondary": 0}


def _attack_shown(cells: Cells, view: View, rules: DisclosureRules) -> AttackReport:
    """Attack what is shown inexactly: an unsafe count must not be the only possible one."""
    unsafe = unsafe_cells(cells, replace(rules, dominance=None, p_percent=None, contributors=0, group=False))
    report = attack(view, primary=unsafe, codes=cells.codes, scenarios=("published cells and sums",))
    fixed = (report.low == report.high) & unsafe
    failing = np.flatnonzero(fixed)
    return replace(
        report,
        attacked=int(unsafe.sum()),
        exactly_disclosed=len(failing),
        within_protection=len(failing),
        cells=failing,
    )
