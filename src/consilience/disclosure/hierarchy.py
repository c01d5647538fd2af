r"""Hierarchies: which code of a dimension is the sum of which.

A hierarchy is a tree over the codes of one dimension; every code without a parent lies under the total `_T`. Two
hierarchies of one dimension (police districts and provinces, quarters and seasons) are linked: they share their
leaves and the total.

>>> [tree] = read_hierarchies("dimension,code,parent\nregion,North,\nregion,A,North\nregion,B,North\n", "h.csv")
>>> tree.parents["A"], tree.parents["North"]
('North', '_T')
>>> region = Dimension.over("region", ["A", "B", "C"], [tree])
>>> region.codes
('A', 'B', 'C', 'North', '_T')
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from consilience.errors import InputError

TOTAL = "_T"
COLUMNS = ("dimension", "code", "parent")

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """One tree over the codes of one dimension.

    Attributes:
        dimension: the dimension's name.
        parents: the parent of every code except the total; checked to be free of cycles.
    """

    dimension: str
    parents: Mapping[str, str]

    @classmethod
    def over(cls, dimension: str, pairs: Iterable[tuple[str, str]]) -> "Hierarchy":
        """Make a hierarchy of pairs (code, parent); an empty parent is the total.

        Raises:
            InputError: a code has two parents, is its own ancestor, or is empty.
        """
        parents: dict[str, str] = {}
        for code, parent in pairs:
            if not code:
                raise InputError(f"The hierarchy of {dimension} has an empty code", remedy="Name every code.")
            if code != TOTAL and parents.setdefault(code, parent or TOTAL) != (parent or TOTAL):
                raise InputError(
                    f"The hierarchy of {dimension} gives the code {code} two parents",
                    found=f"{parents[code]} and {parent or TOTAL}",
                    expected="one parent for each code",
                    remedy="Put the second tree into a file of its own: two files for one dimension are linked.",
                )
        _refuse_cycles(dimension, parents)
        return cls(dimension, MappingProxyType(parents))

    def lineage(self, code: str) -> list[str]:
        """Return the code and its ancestors, the nearest first, the total last."""
        line = [code]
        while line[-1] != TOTAL:
            line.append(self.parents.get(line[-1], TOTAL))
        return line

    def without_root(self, leaves: Sequence[str]) -> "Hierarchy":
        """Return the tree with a root that covers every leaf renamed to the total, as often as there is one."""
        below = {self.lineage(leaf)[-2] for leaf in leaves}
        if len(below) != 1 or (root := below.pop()) in leaves:
            return self
        kept = {code: TOTAL if parent == root else parent for code, parent in self.parents.items() if code != root}
        return Hierarchy(self.dimension, MappingProxyType(kept)).without_root(leaves)


def _refuse_cycles(dimension: str, parents: Mapping[str, str]) -> None:
    sound = {TOTAL}
    for start in parents:
        path: list[str] = []
        code = start
        while code not in sound:
            if code in path:
                raise InputError(
                    f"The hierarchy of {dimension} runs in a circle",
                    found=" in ".join([*path[path.index(code) :], code]),
                    expected=f"every code to end under {TOTAL}",
                    remedy="Remove one of these lines.",
                )
            path.append(code)
            code = parents.get(code, TOTAL)
        sound.update(path)


def read_hierarchies(text: str, name: str) -> list[Hierarchy]:
    """Read a hierarchy file with the columns `dimension,code,parent`; one hierarchy for each dimension in it.

    Raises:
        InputError: a column is missing, or a tree is not one.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    found = [column.strip() for column in reader.fieldnames or ()]
    if not set(COLUMNS) <= set(found):
        raise InputError(
            f"{name} is not a hierarchy file",
            found=f"the columns {', '.join(found) or 'of an empty file'}",
            expected=f"the columns {','.join(COLUMNS)}",
            remedy="Write one line for each code; leave the parent of the topmost codes empty.",
        )
    reader.fieldnames = found
    pairs: dict[str, list[tuple[str, str]]] = {}
    for row in reader:
        dimension, code, parent = ((row[column] or "").strip() for column in COLUMNS)
        pairs.setdefault(dimension, []).append((code, parent))
    return [Hierarchy.over(dimension, lines) for dimension, lines in pairs.items()]


@dataclass(frozen=True)
class Dimension:
    """The codes of one dimension with the sums among them, as arrays.

    Attributes:
        name: the dimension's name.
        codes: leaves as given, then groups in order, then the total (if there is one).
        leaves: how many of the codes are leaves.
        parents: for each hierarchy an array over the codes: the parent's index, or -1.
        ancestors: for each code the indices of itself and everything above it.
    """

    name: str
    codes: tuple[str, ...]
    leaves: int
    parents: tuple[Ints, ...]
    ancestors: tuple[Ints, ...]

    @classmethod
    def over(
        cls, name: str, codes: Iterable[str], hierarchies: Sequence[Hierarchy] = (), *, total: bool = True
    ) -> "Dimension":
        """Compile the leaves among `codes` and the hierarchies over them.

        Args:
            name: the dimension's name.
            codes: the codes found in the data; those that lie above others are groups, not leaves.
            hierarchies: trees of this dimension; a leaf that a tree does not name lies directly under its total.
            total: whether the codes add up to a total.

        Raises:
            InputError: two hierarchies use one code for different sums.
        """
        given = sorted(set(codes) - {TOTAL})
        if not total:
            return cls._flat(name, tuple(given))
        trees = list(hierarchies) or [Hierarchy.over(name, ())]
        above = {code for tree in trees for leaf in given for code in tree.lineage(leaf)[1:]}
        leaves = [code for code in given if code not in above]
        trees = [tree.without_root(leaves) for tree in trees]
        _refuse_different_sums(name, trees, leaves)
        groups = sorted({code for tree in trees for leaf in leaves for code in tree.lineage(leaf)[1:-1]})
        return cls._compiled(name, leaves, groups, trees)

    @classmethod
    def _flat(cls, name: str, codes: tuple[str, ...]) -> "Dimension":
        return cls(name, codes, len(codes), (), tuple(np.array([i]) for i in range(len(codes))))

    @classmethod
    def _compiled(cls, name: str, leaves: list[str], groups: list[str], trees: list[Hierarchy]) -> "Dimension":
        codes = (*leaves, *groups, TOTAL)
        index = {code: i for i, code in enumerate(codes)}
        parents = []
        for tree in trees:
            line = np.full(len(codes), -1, np.int64)
            used = {code for leaf in leaves for code in tree.lineage(leaf)[:-1]}
            for code in used:
                line[index[code]] = index[tree.parents.get(code, TOTAL)]
            parents.append(line)
        ancestors = tuple(
            np.array(sorted({index[c] for tree in trees for c in tree.lineage(code)} if i < len(leaves) else {i}))
            for i, code in enumerate(codes)
        )
        return cls(name, codes, len(leaves), tuple(parents), ancestors)

    def index(self, codes: Sequence[str]) -> Ints:
        """Return the index of every code; -1 for a code that is neither leaf nor group."""
        where = {code: i for i, code in enumerate(self.codes)}
        return np.array([where.get(code, -1) for code in codes], np.int64)


def _refuse_different_sums(name: str, trees: Sequence[Hierarchy], leaves: Sequence[str]) -> None:
    seen: dict[str, frozenset[str]] = {}
    for tree in trees:
        members: dict[str, set[str]] = {}
        for leaf in leaves:
            for code in tree.lineage(leaf)[1:-1]:
                members.setdefault(code, set()).add(leaf)
        for code, below in members.items():
            if seen.setdefault(code, frozenset(below)) != below:
                raise InputError(
                    f"Two hierarchies of {name} use the code {code} for different sums",
                    remedy="Give the two groups different codes.",
                )
