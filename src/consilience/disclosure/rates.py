"""Rates with published denominators: a rate gives its count away.

3.1 per 100,000 of 64,516 people is 2 people. A published rate bounds its count: denominator times (rate plus and
minus half a unit of its last decimal). Rates over suppressed counts must be suppressed with them; where they are
published all the same, the attack reckons with them.

>>> count_range(rate=3.1, decimals=1, denominator=64516, per=100_000)
(2, 2)
"""

from math import ceil, floor

import numpy as np
import pyarrow as pa

from consilience.disclosure.protect import Knowledge
from consilience.disclosure.tables import Grid
from consilience.errors import InputError

COLUMNS = ("rate", "denominator", "decimals", "per")
SLACK = 1e-9


def count_range(*, rate: float, decimals: int, denominator: float, per: float) -> tuple[int, int]:
    """Return the smallest and largest count that a published rate allows."""
    half = 0.5 * 10.0**-decimals
    low, high = (denominator * (rate + side) / per for side in (-half, half))
    return max(0, ceil(low - SLACK)), floor(high + SLACK)


def rate_knowledge(grid: Grid, rates: pa.Table) -> Knowledge:
    """Return what published rates say of the cells.

    Args:
        grid: the cells.
        rates: one row a cell: its codes, `rate`, `denominator`, `decimals` (of the rate) and `per` (100000).

    Raises:
        InputError: a column is missing, or a row names no cell.
    """
    missing = [name for name in (*grid.dimensions, *COLUMNS) if name not in rates.column_names]
    if missing:
        raise InputError("The table of rates lacks columns", found=", ".join(missing), expected=", ".join(COLUMNS))
    rows = rates.to_pylist()
    try:
        cells = grid.cells.find([[row[name] for name in grid.dimensions] for row in rows])
    except KeyError as error:
        raise InputError(
            "A rate belongs to no cell of the table", remedy="Use the table's codes; _T is a total."
        ) from error
    low = np.zeros(len(grid.cells.values), np.int64)
    high = np.full(len(low), int(grid.cells.values.max()) + 10**6, np.int64)
    for cell, row in zip(cells, rows, strict=True):
        low[cell], high[cell] = count_range(
            rate=float(row["rate"]),
            decimals=int(row["decimals"]),
            denominator=float(row["denominator"]),
            per=float(row["per"]),
        )
    fits = (low <= grid.cells.values) & (grid.cells.values <= high)
    return Knowledge("rates with published denominators", np.where(fits, low, 0), np.where(fits, high, high.max()))
