"""Blocks: the part of a table in which one group of cells is protected.

A linear program over a whole cube does not scale. As in HiTaS (de Wolf 2002), a cell is protected among its own
kind: a run of siblings, everything above them in every tree, and the siblings of what is above while there is room.
What lies outside a block is left alone, so whatever a block proves holds for the whole table. A change can always
flow up to the total, so every block can protect its targets.

>>> region, sex = Dimension.over("region", "ABCD"), Dimension.over("sex", "FM")
>>> codes = np.array([[r, s] for r in range(5) for s in range(3)])
>>> [block] = cut((region, sex), codes, np.ones(15, bool), np.array([0, 4]), limit=100)
>>> len(block.cells), block.targets.tolist()
(15, [0, 4])
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil, prod

import numpy as np

from consilience.disclosure.cells import Mask
from consilience.disclosure.hierarchy import Dimension, Ints


@dataclass(frozen=True)
class Block:
    """Some cells that move together, and the cells to protect among them; indices into the table's cells."""

    cells: Ints
    targets: Ints


class _Kin:
    """The families of one dimension: siblings in order of size, and who is above whom."""

    def __init__(self, dimension: Dimension, column: Ints, weight: Ints) -> None:
        self.size = len(dimension.codes)
        self._parents = np.array(dimension.parents, np.int64).reshape(-1, self.size)
        size = np.bincount(column, weights=weight, minlength=self.size)
        first = self._first_parents()
        families = [np.flatnonzero(first == parent) for parent in np.unique(first) if parent >= 0]
        self.families = [own[np.argsort(size[own], kind="stable")] for own in families]
        for root in np.flatnonzero(first < 0):
            children = [i for i, own in enumerate(self.families) if first[own[0]] == root]
            if children:
                self.families[children[0]] = np.append(self.families[children[0]], root)
            else:
                self.families.append(np.array([root]))

    def merge(self) -> None:
        """Treat all codes as one family."""
        self.families = [np.concatenate(self.families)]

    @property
    def share(self) -> float:
        """Which share of the codes a family with its kin has on average."""
        return float(np.mean([len(self.with_uncles(own)) for own in self.families])) / self.size

    def _first_parents(self) -> Ints:
        first = np.full(self._parents.shape[1], -1, np.int64)
        for parents in self._parents[::-1]:
            first = np.where(parents >= 0, parents, first)
        return first

    def above(self, codes: Ints) -> Ints:
        """Return the codes with everything above them in every tree; groups bring what lies below them.

        A group can change only with some of its leaves, and with them the groups of the other trees.
        """
        return self._closed(self._closed(codes, upwards=False), upwards=True)

    def _closed(self, codes: Ints, *, upwards: bool) -> Ints:
        reached = np.unique(codes)
        while True:
            if upwards:
                parents = self._parents[:, reached]
                found = parents[parents >= 0]
            else:
                groups = reached[(self._parents[:, reached] >= 0).any(axis=0)]
                found = np.flatnonzero(np.isin(self._parents, groups).any(axis=0))
            wider = np.union1d(reached, found)
            if len(wider) == len(reached):
                return reached
            reached = wider

    def with_uncles(self, codes: Ints) -> Ints:
        """Return the codes with the siblings of what is above them."""
        upper = np.setdiff1d(self.above(codes), codes)
        uncles = [np.flatnonzero(np.isin(tree, tree[upper][tree[upper] >= 0])) for tree in self._parents]
        return np.union1d(self.above(codes), self.above(np.concatenate([*uncles, codes])))

    def runs(self, family: int, width: int) -> list[Ints]:
        """Cut a family into runs of at most `width` siblings of like size."""
        own = self.families[family]
        return list(np.array_split(own, ceil(len(own) / width)))


@dataclass(frozen=True)
class _Part:
    runs: tuple[Ints, ...]
    kin: tuple[Ints, ...]


def _parts(kin: Sequence[_Kin], families: Sequence[int], density: float, limit: int) -> Iterator[_Part]:
    """Yield the runs of one family a dimension, each with its kin, within the limit."""
    widths = [len(k.families[f]) for k, f in zip(kin, families, strict=True)]
    runs = [k.runs(f, w) for k, f, w in zip(kin, families, widths, strict=True)]
    grown = [[k.with_uncles(run) for run in own] for k, own in zip(kin, runs, strict=True)]
    while density * prod(max(map(len, sets)) for sets in grown) > limit:
        sizes = [max(map(len, sets)) if width else 0 for sets, width in zip(grown, widths, strict=True)]
        widest = sizes.index(max(sizes))
        if not sizes[widest]:
            break
        k, family = kin[widest], families[widest]
        slim = [k.above(run) for run in runs[widest]]
        if max(map(len, slim)) == max(map(len, grown[widest])):
            widths[widest] = widths[widest] // 2 if widths[widest] > 2 else 0
            runs[widest] = k.runs(family, max(widths[widest], 2))
            slim = [k.above(run) for run in runs[widest]]
        grown[widest] = slim
    for choice in product(*(range(len(own)) for own in runs)):
        yield _Part(
            tuple(own[i] for own, i in zip(runs, choice, strict=True)),
            tuple(sets[i] for sets, i in zip(grown, choice, strict=True)),
        )


def _merge_small(kin: Sequence[_Kin], volume: float, limit: int) -> None:
    """Cut only as many dimensions as the limit asks for, the largest first; merge the families of the others."""
    for own in sorted(kin, key=lambda k: -k.size):
        if volume <= limit:
            own.merge()
        else:
            volume *= own.share


def _within(codes: Ints, sets: Sequence[Ints], sizes: Sequence[int]) -> Mask:
    inside = np.ones(len(codes), bool)
    for column, chosen, size in zip(codes.T, sets, sizes, strict=True):
        member = np.zeros(size, bool)
        member[chosen] = True
        inside &= member[column]
    return inside


def cut(
    dimensions: Sequence[Dimension], codes: Ints, alive: Mask, targets: Ints, *, limit: int, weight: Ints | None = None
) -> list[Block]:
    """Cut a table into blocks, so that every target is in exactly one of them.

    Args:
        dimensions: the dimensions of the table.
        codes: index of the code in each dimension, shape (cells, dimensions).
        alive: the cells that may take part; all others are known and stay as they are.
        targets: the cells to protect.
        limit: about how many living cells a block may have.
        weight: what a cell counts for; codes of like size are put into one block. One each by default.
    """
    if int(alive.sum()) <= limit:
        return [Block(np.union1d(np.flatnonzero(alive), targets), targets)] if len(targets) else []
    weight = np.ones(len(codes), np.int64) if weight is None else weight
    kin = [_Kin(d, column, weight) for d, column in zip(dimensions, codes.T, strict=True)]
    sizes = [len(d.codes) for d in dimensions]
    _merge_small(kin, float(alive.sum()), limit)
    family_of = []
    for k, size in zip(kin, sizes, strict=True):
        label = np.zeros(size, np.int64)
        for i, own in enumerate(k.families):
            label[own] = i
        family_of.append(label)
    labels = np.column_stack([label[column] for label, column in zip(family_of, codes[targets].T, strict=True)])
    blocks = []
    density = float(alive.sum()) / float(prod(sizes))
    combinations, group = np.unique(labels, axis=0, return_inverse=True)
    for g, families in enumerate(combinations):
        own = targets[group.ravel() == g]
        for part in _parts(kin, families.tolist(), density, limit):
            here = own[_within(codes[own], part.runs, sizes)]
            if len(here):
                inside = _within(codes, part.kin, sizes) & alive
                inside[here] = True
                blocks.append(Block(np.flatnonzero(inside), here))
    return blocks
