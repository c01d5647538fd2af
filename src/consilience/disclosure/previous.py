"""Earlier releases: what a reader can work out from two releases of one table.

A revision minus the release before it is a table of its own. Where a table only grows (cases are added, none is taken
back), the change of every cell is a count too, at least zero; a sum that did not change then says that none of its
parts did. Both tables and the change are one system: a dimension `release` with the parts *before* and *change* and
the sum *now*.

>>> from consilience.disclosure.cells import Inner, build_cells
>>> from consilience.disclosure.hierarchy import Dimension
>>> region = Dimension.over("region", "AB")
>>> cells = build_cells((region,), [Inner(np.array([[0], [1]]), np.array([3, 9]))])
>>> earlier = Earlier(np.array([-1, -1, 11]), np.array([True, True, True]))
>>> before = plausible(cells, earlier)
>>> int(before.sum()), bool((before <= cells.values).all())
(22, True)
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy import optimize, sparse

from consilience.disclosure.bounds import View
from consilience.disclosure.cells import Cells, Mask
from consilience.disclosure.hierarchy import Ints
from consilience.disclosure.tables import PUBLISHED, SUPPRESSED, Grid
from consilience.errors import InputError


@dataclass(frozen=True)
class Earlier:
    """An earlier release of the same table, in the order of today's cells.

    Attributes:
        values: the published value of each cell; -1 where it was suppressed or did not exist.
        existed: which cells the earlier release had, suppressed ones included.
    """

    values: Ints
    existed: Mask

    @property
    def published(self) -> Mask:
        """The cells whose earlier value everybody can read."""
        return np.asarray(self.values >= 0)

    @property
    def suppressed(self) -> Mask:
        """The cells that the earlier release suppressed."""
        return self.existed & ~self.published


def read_earlier(grid: Grid, table: pa.Table) -> Earlier:
    """Read an earlier release as it was published (the output of this package).

    Raises:
        InputError: the release lacks a column.
    """
    missing = [c for c in (*grid.dimensions, grid.value, "status") if c not in table.column_names]
    if missing:
        raise InputError(
            "The earlier release does not fit the table",
            found=f"no column {', '.join(missing)}",
            expected="the file that an earlier run wrote",
        )
    cells = grid.cells
    codes = np.column_stack([d.index(table[d.name].cast(pa.string()).to_pylist()) for d in cells.dimensions])
    known = (codes >= 0).all(axis=1)
    own = cells.keys(cells.codes)
    at = np.searchsorted(own, cells.keys(np.maximum(codes, 0))).clip(0, len(own) - 1)
    known &= own[at] == cells.keys(np.maximum(codes, 0))
    status = np.array(table["status"].to_pylist(), object)
    number = np.array([int(v) if v not in {None, ""} else -1 for v in table[grid.value].to_pylist()], np.int64)
    values = np.full(len(own), -1, np.int64)
    existed = np.zeros(len(own), bool)
    shown = known & (status == PUBLISHED)
    values[at[shown]] = number[shown]
    existed[at[known & ((status == PUBLISHED) | (status == SUPPRESSED))]] = True
    return Earlier(values, existed)


def plausible(cells: Cells, earlier: Earlier) -> Ints | None:
    """Return earlier values that agree with the earlier release and are nowhere above today's; None if there are none.

    None means that the table did not only grow: a reader cannot subtract, and the releases are attacked apart.
    """
    low = np.where(earlier.published, earlier.values, 0)
    high = np.where(earlier.published, earlier.values, np.where(earlier.existed, cells.values, 0))
    if (earlier.published & (earlier.values > cells.values)).any():
        return None
    found = optimize.milp(
        np.zeros(len(low)),
        integrality=np.ones(len(low)),
        bounds=optimize.Bounds(low, np.maximum(low, high)),
        constraints=optimize.LinearConstraint(cells.relations, 0, 0),
    )
    return None if found.x is None else np.round(found.x).astype(np.int64)


def unprotectable(cells: Cells, earlier: Earlier, primary: Mask) -> Mask:
    """Return the cells that are unsafe today and whose value the earlier release gave away, unchanged."""
    return np.asarray(primary & earlier.published & (earlier.values == cells.values))


def view_of_both(cells: Cells, hidden: Mask, earlier: Earlier, before: Ints) -> View:
    """Return what a reader of both releases sees of a table that only grows.

    Args:
        cells: the table today.
        hidden: what is suppressed today.
        earlier: the earlier release.
        before: one table of earlier values that agrees with the earlier release and is nowhere above today's.

    Returns:
        A view of three times the cells: today, before, change.
    """
    size = len(cells.values)
    one, sums = sparse.identity(size, format="csr"), cells.relations
    nothing = sparse.csr_matrix(sums.shape)
    system = sparse.vstack(
        [
            sparse.hstack([sums, nothing, nothing]),
            sparse.hstack([nothing, sums, nothing]),
            sparse.hstack([one, -one, -one]),
        ]
    ).tocsr()
    values = np.concatenate([cells.values, before, cells.values - before])
    unseen = hidden | ~earlier.published
    return View(system, values, np.concatenate([hidden, ~earlier.published, unseen]))
