"""Primary rules: which cells are unsafe in themselves.

>>> small = unsafe_counts(np.array([0, 1, 4, 5]), DisclosureRules(threshold=5))
>>> small.tolist()
[False, True, True, False]
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from consilience.disclosure.cells import Cells, Inner, Mask, roll_up
from consilience.disclosure.hierarchy import Ints
from consilience.disclosure.rules import DisclosureRules
from consilience.errors import UsageError


@dataclass(frozen=True)
class Contributions:
    """Who contributed how much to which cell, one row a cell and contributor, in order of cells.

    Attributes:
        cell: index of the cell, ascending.
        who: index of the contributor.
        amount: what it contributed, above zero.
    """

    cell: Ints
    who: Ints
    amount: Ints

    @classmethod
    def of(cls, cells: Cells, inner: Inner) -> "Contributions":
        """Add the contributions of the inner cells up over every total.

        Raises:
            UsageError: the inner cells do not tell contributors apart.
        """
        if inner.contributors is None:
            raise UsageError("A rule asks who contributed, but the table does not say", remedy="Name the contributors.")
        span = int(np.prod([len(d.codes) for d in cells.dimensions], dtype=np.int64))
        keys = cells.keys(inner.codes) + inner.contributors * span
        keys, amount = roll_up(cells.dimensions, keys, inner.values)
        held = amount > 0
        place = np.searchsorted(cells.keys(cells.codes), keys[held] % span)
        order = np.lexsort((keys[held] // span, place))
        return cls(place[order], (keys[held] // span)[order], amount[held][order])

    def held_by(self, who: Ints, cells: int) -> Ints:
        """Return what these contributors hold in each of `cells` cells."""
        own = np.isin(self.who, who)
        return np.bincount(self.cell[own], weights=self.amount[own], minlength=cells).astype(np.int64)

    def largest(self, n: int, cells: int) -> Ints:
        """Return what the n largest contributors of each cell hold together."""
        order = np.lexsort((-self.amount, self.cell))
        cell, amount = self.cell[order], self.amount[order]
        starts = np.flatnonzero(np.r_[True, cell[1:] != cell[:-1]]) if len(cell) else np.zeros(0, np.int64)
        rank = np.arange(len(cell)) - np.repeat(starts, np.diff(np.r_[starts, len(cell)]))
        top = rank < n
        return np.bincount(cell[top], weights=amount[top], minlength=cells).astype(np.int64)


def unsafe_counts(values: Ints, rules: DisclosureRules) -> Mask:
    """Return which counts are below the threshold; a zero only where the rules say so."""
    return np.asarray(((values > 0) & (values < rules.threshold)) | (rules.zeros & (values == 0)))


def unsafe_contributions(cells: Cells, parts: Contributions, rules: DisclosureRules) -> Mask:
    """Return which cells fail the dominance, p-percent or contributor rule.

    Dominance (n, k) and p-percent as in Hundepool et al. (2012), Statistical Disclosure Control, section 4.2.
    """
    size, values = len(cells.values), cells.values
    unsafe = np.zeros(size, bool)
    held = values > 0
    if rules.contributors:
        unsafe |= held & (np.bincount(parts.cell, minlength=size) < rules.contributors)
    if rules.dominance:
        n, k = rules.dominance
        unsafe |= held & (parts.largest(n, size) * 100.0 > k * values)
    if rules.p_percent is not None:
        first = parts.largest(1, size)
        rest = values - parts.largest(2, size)
        unsafe |= held & (rest * 100.0 < rules.p_percent * first)
    return unsafe


def unsafe_groups(cells: Cells) -> Mask:
    """Return the cells that hold everybody of a sum, with one empty sibling each, which must be hidden with them."""
    unsafe = np.zeros(len(cells.values), bool)
    sums = cells.relations.tocsr()
    for start, stop in pairwise(sums.indptr):
        parts = sums.indices[start:stop][sums.data[start:stop] < 0]
        held = cells.values[parts] > 0
        if held.sum() == 1 and len(parts) > 1:
            unsafe[parts[held]] = True
            unsafe[parts[~held][0]] = True
    return unsafe


def unsafe_cells(cells: Cells, rules: DisclosureRules, parts: Contributions | None = None) -> Mask:
    """Return every cell that is unsafe in itself.

    Raises:
        UsageError: a rule asks who contributed, and nobody is told apart.
    """
    unsafe = unsafe_counts(cells.values, rules)
    if rules.needs_contributors:
        if parts is None:
            raise UsageError(
                "A rule asks who contributed, but the table does not say",
                remedy="Give one row for each inner cell and contributor, and name the column of contributors.",
            )
        unsafe = unsafe | unsafe_contributions(cells, parts, rules)
    return unsafe | unsafe_groups(cells) if rules.group else unsafe
