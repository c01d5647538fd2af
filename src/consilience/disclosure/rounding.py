"""Rounding to a base: every count becomes the nearest multiple.

Rounding alone does not stop somebody who may ask about any group (see docs/reference/disclosure.md for how often he
succeeds); it serves fixed tables. `rounding_view` states what a reader knows of each cell for the attack.

>>> round_to(np.array([0, 1, 2, 3, 7, 8]), 5).tolist()
[0, 0, 0, 5, 5, 10]
"""

import numpy as np

from consilience.disclosure.bounds import View
from consilience.disclosure.cells import Cells
from consilience.disclosure.hierarchy import Ints

LABEL = "Counts are rounded to a multiple of {base}. Totals may not be the sum of their parts."


def round_to(counts: Ints, base: int) -> Ints:
    """Return the nearest multiples of `base`; halves go up."""
    return np.asarray((counts + base // 2) // base * base)


def rounding_view(cells: Cells, base: int) -> View:
    """Return what a reader knows: each true count lies within half a base of what is published."""
    shown = round_to(cells.values, base)
    low = np.maximum(shown - base // 2, 0)
    return View(cells.relations, cells.values, np.ones(len(shown), bool), low, shown + (base - 1) // 2)


def noise_view(cells: Cells, shown: Ints, spread: int) -> View:
    """Return what a reader of noisy counts knows: each true count lies within the spread of what is published."""
    low, high = np.maximum(shown - spread, 0), shown + spread
    return View(cells.relations, cells.values, np.ones(len(shown), bool), low, high)
