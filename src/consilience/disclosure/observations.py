"""Protection of observations: the tables a study publishes (docs/design/packages.md).

>>> columns = {"INDICATOR": "K", "UNIT": "ACTS", "TIME_PERIOD": "2024", "SEX": "_T", "AGE": "_T"}
>>> values = {"_T": 44, "N": 2, "S": 31, "W": 11}
>>> rows = [columns | {"REF_AREA": area} | dict.fromkeys(NUMBERS, n) for area, n in values.items()]
>>> result = protect_observations(pa.Table.from_pylist(rows), DisclosureRules())
>>> result.table["OBS_VALUE"].to_pylist(), result.table["OBS_STATUS"].to_pylist()
([44, None, 31, None], ['A', 'Q', 'A', 'Q'])
>>> result.counts["primary"], result.counts["secondary"], result.attack.held
(1, 1, True)
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from consilience.disclosure.attack import AttackReport
from consilience.disclosure.cells import Cells, Mask, cells_as_given
from consilience.disclosure.hierarchy import TOTAL, Dimension, Hierarchy, Ints
from consilience.disclosure.previous import Earlier
from consilience.disclosure.protect import protect_cells
from consilience.disclosure.release import attack_with
from consilience.disclosure.rules import DisclosureRules, Method
from consilience.errors import DisclosureRefused, InputError, UsageError

APART = ("INDICATOR", "UNIT")
SUMMED = ("REF_AREA", "TIME_PERIOD", "SEX", "AGE")
NUMBERS = ("OBS_VALUE", "LOWER_BOUND", "UPPER_BOUND")
OBS_NORMAL, OBS_SUPPRESSED = "A", "Q"
CONF_FREE, CONF_CONFIDENTIAL = "F", "C"


@dataclass(frozen=True)
class ProtectedTable:
    """Observations as they may be published, and the attack on them.

    Attributes:
        table: the rows in their order; suppressed rows have neither value nor bounds, `OBS_STATUS` Q and
            `CONF_STATUS` C (unsafe and complementary cells look alike: the difference would narrow the guess).
        counts: `cells`, `primary`, `secondary`, `solver_seconds`.
        attack: what the attack found.
        statement: one paragraph for the methodology note.
        failing: which rows fail the attack. Private.
    """

    table: pa.Table = field(repr=False)
    counts: dict[str, Any]
    attack: AttackReport
    statement: str
    failing: Mask = field(repr=False)

    def checked(self) -> "ProtectedTable":
        """Return the result if it may be published.

        Raises:
            DisclosureRefused: the attack succeeded.
        """
        if not self.attack.held:
            raise DisclosureRefused(
                "The attack on the protected observations succeeded: nothing is written",
                found=f"{len(self.attack.cells)} cells that could be computed",
                remedy="Publish fewer breakdowns or a higher threshold; the cells are named to the node only.",
            )
        return self


def protect_observations(
    observations: pa.Table,
    rules: DisclosureRules,
    *,
    previous: pa.Table | None = None,
    hierarchies: Sequence[Hierarchy] = (),
    processes: int = 1,
    clock: Callable[[], float] = lambda: 0.0,
) -> ProtectedTable:
    """Suppress what would give somebody away, indicator by indicator, and attack the result.

    Args:
        observations: one row a cell, with its totals (`_T`); rows without a value are left as they are.
        rules: what is unsafe. Suppression is the method; noise is added where records are counted.
        previous: the same table as an earlier release published it.
        hierarchies: how areas (or ages) add up; months and quarters lie under their years by themselves.
        processes: how many processes a large table may use.
        clock: seconds, to say how long the choice took.

    Returns:
        The protected table; call `checked()` to have a failed attack refused.

    Raises:
        InputError: a column is missing, a cell stands twice, or a value is not a count.
        UsageError: the rules ask for a method other than suppression.
    """
    if rules.method is not Method.SUPPRESS:
        raise UsageError("Observations are protected by suppression", found=rules.method, expected=Method.SUPPRESS)
    dimensions, codes, present, values = _cells_of(observations, hierarchies)
    cells = cells_as_given(dimensions, codes[present], values[present])
    _refuse_twice(cells)
    before = None if previous is None else _earlier(dimensions, cells, previous)
    start = clock()
    result = protect_cells(cells, rules, earlier=None if before is None else before.suppressed, processes=processes)
    seconds = clock() - start
    report = result.report if before is None else attack_with(result, before)
    rows = np.flatnonzero(present)[np.argsort(cells.keys(codes[present]), kind="stable")]
    gone, failing = np.zeros(len(codes), bool), np.zeros(len(codes), bool)
    gone[rows[result.suppressed]] = True
    failing[rows[report.cells]] = True
    counts = {**result.counts(), "solver_seconds": round(seconds, 3)}
    return ProtectedTable(_suppressed(observations, gone, present), counts, report, _state(rules, report), failing)


def _refuse_twice(cells: Cells) -> None:
    if (np.diff(cells.keys(cells.codes)) == 0).any():
        raise InputError("An observation stands in the table twice", expected="one row for each cell")


def _text(table: pa.Table, name: str) -> list[str]:
    if name not in table.column_names:
        raise InputError("The observations lack a column", expected=name)
    return [str(v) for v in table[name].cast(pa.string()).fill_null(TOTAL).to_pylist()]


def _cells_of(table: pa.Table, trees: Sequence[Hierarchy]) -> tuple[list[Dimension], Ints, Mask, Ints]:
    dimensions, columns = [], []
    for name in (*APART, *SUMMED):
        said = _text(table, name)
        own = [t for t in trees if t.dimension == name]
        if name == "TIME_PERIOD" and not own:
            own = [_calendar(sorted(set(said)))]
        dimension = Dimension.over(name, said, own, total=name not in APART)
        dimensions.append(dimension)
        columns.append(dimension.index(said))
    number = table["OBS_VALUE"].cast(pa.float64())
    present = number.is_valid().to_numpy(zero_copy_only=False)
    values = np.nan_to_num(number.to_numpy(zero_copy_only=False))
    if (values < 0).any() or (values != np.round(values)).any():
        raise InputError("An observation is not a count", expected="whole numbers of zero or more in OBS_VALUE")
    return dimensions, np.column_stack(columns), present, values.astype(np.int64)


def _calendar(periods: Sequence[str]) -> Hierarchy:
    """Return days under months and months or quarters under years, as far as the periods are in the table."""
    found = set(periods)
    pairs = []
    for period in periods:
        above = [m for m in (period[:7], period[:4]) if m != period and m in found and re.match(r"\d{4}", m)]
        pairs.append((period, above[0] if above else ""))
    return Hierarchy.over("TIME_PERIOD", [pair for pair in pairs if pair[0] != TOTAL])


def _earlier(dimensions: Sequence[Dimension], cells: Cells, previous: pa.Table) -> Earlier:
    codes = np.column_stack([d.index(_text(previous, d.name)) for d in dimensions])
    known = (codes >= 0).all(axis=1)
    own, wanted = cells.keys(cells.codes), cells.keys(np.maximum(codes, 0))
    at = np.searchsorted(own, wanted).clip(0, len(own) - 1)
    known &= own[at] == wanted
    number = previous["OBS_VALUE"].cast(pa.float64())
    shown = known & number.is_valid().to_numpy(zero_copy_only=False)
    status = np.array(previous["OBS_STATUS"].to_pylist(), object)
    values, existed = np.full(len(own), -1, np.int64), np.zeros(len(own), bool)
    values[at[shown]] = np.nan_to_num(number.to_numpy(zero_copy_only=False))[shown].astype(np.int64)
    existed[at[shown | (known & (status == OBS_SUPPRESSED))]] = True
    return Earlier(values, existed)


def _suppressed(table: pa.Table, gone: Mask, present: Mask) -> pa.Table:
    mask = pa.array(gone)
    for name in NUMBERS:
        if name in table.column_names:
            column = table[name]
            empty = pa.scalar(None, column.type)
            table = table.set_column(table.column_names.index(name), name, pc.if_else(mask, empty, column))
    given = table["OBS_STATUS"] if "OBS_STATUS" in table.column_names else pa.nulls(len(gone), pa.string())
    status = pc.if_else(mask, OBS_SUPPRESSED, pc.if_else(pa.array(present), pc.coalesce(given, OBS_NORMAL), given))
    table = _with(table, "OBS_STATUS", status)
    return _with(table, "CONF_STATUS", pc.if_else(mask, CONF_CONFIDENTIAL, CONF_FREE))


def _with(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    if name in table.column_names:
        return table.set_column(table.column_names.index(name), name, column)
    return table.append_column(name, column)


def _state(rules: DisclosureRules, report: AttackReport) -> str:
    tried = "; ".join(report.scenarios)
    bounds = "exact bounds" if report.exact else "proofs that each can take at least two values"
    outcome = "no suppressed count could be computed" if report.held else "some suppressed counts could be computed"
    return (
        f"Unsafe cells: {rules.describe()} They are suppressed together with the cells that would let them be "
        f"computed. The result was attacked with {tried} ({report.attacked} suppressed cells, {bounds}): {outcome}. "
        "A suppressed cell, a missing value and a zero are three different things."
    )
