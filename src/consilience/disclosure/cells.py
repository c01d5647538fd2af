"""Cells: every number a table publishes, and the sums that bind them.

Inner cells come in; every total over every hierarchy is made; each sum becomes a row of a sparse matrix `A` with
`A @ values == 0` (+1 for the sum, -1 for each part). Several tables over shared dimensions become one system, so that
a cell that stands in two tables is one cell.

>>> region, sex = Dimension.over("region", "AB"), Dimension.over("sex", "FM")
>>> cells = build_cells((region, sex), [Inner(np.array([[0, 0], [0, 1], [1, 0]]), np.array([3, 4, 9]))])
>>> len(cells.values), cells.relations.shape
(8, (6, 8))
>>> int(cells.values[cells.find([("_T", "_T")])[0]])
16
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import prod

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from consilience.disclosure.hierarchy import TOTAL, Dimension, Ints
from consilience.errors import InputError

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Inner:
    """The inner cells of one table.

    Attributes:
        codes: index of the code in each dimension, shape (rows, dimensions); the total where a table lacks one.
        values: whole numbers of zero or more, shape (rows,).
        contributors: for each row who contributed it, as an index; None where nobody is told apart.
    """

    codes: Ints
    values: Ints
    contributors: Ints | None = None


@dataclass(frozen=True)
class Cells:
    """All cells of one or more tables that are published together.

    Attributes:
        dimensions: the dimensions, compiled.
        codes: index of the code in each dimension, shape (cells, dimensions).
        values: the true values, shape (cells,).
        relations: sparse matrix, shape (sums, cells), with `relations @ values == 0`.
        inner: which cells are nobody's sum.
    """

    dimensions: tuple[Dimension, ...]
    codes: Ints
    values: Ints
    relations: sparse.csr_matrix
    inner: Mask = field(repr=False)

    def keys(self, codes: Ints) -> Ints:
        """Return one whole number for each row of codes."""
        return codes @ _radix(self.dimensions)

    def find(self, names: Iterable[Sequence[str]]) -> Ints:
        """Return the index of the cells with these codes, one sequence of codes a cell.

        Raises:
            KeyError: there is no such cell.
        """
        rows = list(names)
        codes = np.column_stack([d.index([row[i] for row in rows]) for i, d in enumerate(self.dimensions)])
        own, wanted = self.keys(self.codes), self.keys(codes)
        at = np.searchsorted(own, wanted).clip(0, len(own) - 1)
        if (own[at] != wanted).any() or (codes < 0).any():
            raise KeyError("no such cell")
        return at.astype(np.int64)

    def names(self, which: Ints) -> list[tuple[str, ...]]:
        """Return the codes of the cells at these indices."""
        return [tuple(d.codes[c] for d, c in zip(self.dimensions, row, strict=True)) for row in self.codes[which]]


def _radix(dimensions: Sequence[Dimension]) -> Ints:
    sizes = [len(d.codes) for d in dimensions]
    if prod(sizes) >= 2**62:
        raise InputError("The table has too many combinations of codes", remedy="Protect it in parts.")
    return np.array([prod(sizes[:i]) for i in range(len(sizes))], np.int64)


def roll_up(dimensions: Sequence[Dimension], keys: Ints, values: Ints) -> tuple[Ints, Ints]:
    """Add every row to each of its ancestors in every dimension.

    Args:
        dimensions: the dimensions, in the order of the key's digits; what the key holds above them is left alone.
        keys: one whole number a row, shape (rows,).
        values: what to add, shape (rows,).

    Returns:
        The keys of all cells, ascending, and their sums.
    """
    for dimension, radix in zip(dimensions, _radix(dimensions), strict=True):
        code = keys // radix % len(dimension.codes)
        counts = np.array([len(a) for a in dimension.ancestors])
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        repeated = np.repeat(np.arange(len(keys)), counts[code])
        offset = np.arange(len(repeated)) - np.repeat(np.cumsum(counts[code]) - counts[code], counts[code])
        target = np.concatenate(dimension.ancestors)[starts[code][repeated] + offset]
        keys, place = np.unique(keys[repeated] + (target - code[repeated]) * radix, return_inverse=True)
        sums = np.zeros(len(keys), np.int64)
        np.add.at(sums, place, values[repeated])
        values = sums
    return keys, values


def _sums_of(dimensions: Sequence[Dimension], keys: Ints) -> list[tuple[Ints, Ints]]:
    """Return for each tree of each dimension the pairs (key of a part, key of its sum)."""
    pairs = []
    for dimension, radix in zip(dimensions, _radix(dimensions), strict=True):
        code = keys // radix % len(dimension.codes)
        for parents in dimension.parents:
            part = parents[code] >= 0
            if part.any():
                pairs.append((keys[part], keys[part] + (parents[code[part]] - code[part]) * radix))
    return pairs


def _matrix(keys: Ints, pairs: Sequence[tuple[Ints, Ints]]) -> sparse.csr_matrix:
    rows, columns, signs, count = [], [], [], 0
    for parts, sums in pairs:
        whole, place = np.unique(sums, return_inverse=True)
        rows += [count + place, count + np.arange(len(whole))]
        columns += [np.searchsorted(keys, parts), np.searchsorted(keys, whole)]
        signs += [-np.ones(len(parts)), np.ones(len(whole))]
        count += len(whole)
    if not rows:
        return sparse.csr_matrix((0, len(keys)))
    data = (np.concatenate(signs), (np.concatenate(rows), np.concatenate(columns)))
    return _distinct_rows(sparse.csr_matrix(data, (count, len(keys))))


def _distinct_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Drop a sum that is said twice (two trees that share a branch)."""
    matrix.sort_indices()
    seen: dict[bytes, int] = {}
    for row, (start, stop) in enumerate(pairwise(matrix.indptr)):
        seen.setdefault(matrix.indices[start:stop].tobytes() + matrix.data[start:stop].tobytes(), row)
    return matrix[np.fromiter(seen.values(), np.int64)]


def build_cells(dimensions: Sequence[Dimension], tables: Sequence[Inner]) -> Cells:
    """Make every cell of the tables, with all totals and all sums.

    Raises:
        InputError: two tables disagree on a cell they share.
    """
    radix = _radix(dimensions)
    found = [roll_up(dimensions, table.codes @ radix, table.values) for table in tables]
    keys = np.unique(np.concatenate([k for k, _ in found]))
    values = np.full(len(keys), -1, np.int64)
    for own, sums in found:
        at = np.searchsorted(keys, own)
        differing = int(((values[at] >= 0) & (values[at] != sums)).sum())
        if differing:
            raise InputError(
                "The linked tables disagree",
                found=f"{differing} shared totals that differ",
                expected="tables of the same records, whose common totals are equal",
                remedy="Count both from one snapshot, or protect them as two indicators.",
            )
        values[at] = sums
    pairs = [pair for own, _ in found for pair in _sums_of(dimensions, own)]
    relations = _matrix(keys, pairs)
    codes = keys[:, None] // radix % np.array([len(d.codes) for d in dimensions])
    inner = np.ones(len(keys), bool)
    inner[relations.tocoo().col[relations.tocoo().data > 0]] = False
    return Cells(tuple(dimensions), codes, values, relations, inner)


def cells_as_given(dimensions: Sequence[Dimension], codes: Ints, values: Ints) -> Cells:
    """Make cells of a table that holds its own totals; only sums that hold become relations.

    Counts of persons need not add up (one person, two violations): such a total binds nobody here.

    Args:
        dimensions: the dimensions, compiled.
        codes: one row a cell, no cell twice, shape (cells, dimensions).
        values: whole numbers of zero or more, shape (cells,).

    Returns:
        The cells in ascending order of `codes @ radix`; an absent part of a sum counts as zero.
    """
    keys = codes @ _radix(dimensions)
    order = np.argsort(keys, kind="stable")
    keys, values = keys[order], values[order]
    pairs = []
    for parts, sums in _sums_of(dimensions, keys):
        place = np.searchsorted(keys, sums).clip(0, len(keys) - 1)
        stated = keys[place] == sums
        if stated.any():
            pairs.append((parts[stated], sums[stated]))
    relations = _matrix(keys, pairs)
    relations = relations[np.flatnonzero(relations @ values == 0)]
    inner = np.ones(len(keys), bool)
    inner[relations.tocoo().col[relations.tocoo().data > 0]] = False
    return Cells(tuple(dimensions), codes[order], values, relations, inner)


def total_index(dimension: Dimension) -> int:
    """Return the index of the dimension's total; -1 where it has none."""
    return dimension.codes.index(TOTAL) if TOTAL in dimension.codes else -1
