"""Clustering: from weighed pairs to people.

First connected components, then average linkage inside each (Sokal and Michener 1958): two groups become one while the
mean weight of all pairs between them speaks for it, so that one bad pair cannot glue two families together. A decision
that two records are the same counts more than any weight; a decision that they are not always holds, even where other
decisions contradict it (such pairs are told). The result is a partition, and it does not depend on the order of
records or pairs.

>>> pairs = Pairs(np.array([0, 1, 0]), np.array([1, 2, 2]), np.array([9.0, 4.0, -3.0]))
>>> cluster(4, pairs).tolist()
[0, 0, 0, 3]
>>> cluster(4, pairs, never=np.array([[0, 2]])).tolist()
[0, 0, 2, 3]
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int64]
Numbers = NDArray[np.float64]

CAP = 12.0
"""Bits beyond which a pair counts no more: several pairs together are more certain than one."""
UNSEEN = -4.0
"""Bits of a pair within a component that was never compared."""
LARGEST = 400
_ALWAYS, _NEVER = 1e6, -1e12


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of records by their place, each once, and its weight: log2 of the odds that both are one person."""

    left: Ints
    right: Ints
    weight: Numbers

    def take(self, chosen: NDArray[np.bool_]) -> "Pairs":
        """Return some of the pairs."""
        return Pairs(self.left[chosen], self.right[chosen], self.weight[chosen])


def no_pairs() -> Ints:
    """Return no decisions."""
    return np.empty((0, 2), dtype=np.int64)


def components(rows: int, pairs: Pairs, least: float) -> Ints:
    """Return for each record the lowest record it is connected with by pairs of at least `least` bits."""
    chosen = pairs.weight >= least
    graph = coo_array(
        (np.ones(int(chosen.sum()), dtype=np.int8), (pairs.left[chosen], pairs.right[chosen])), shape=(rows, rows)
    )
    _, number = connected_components(graph, directed=False)
    lowest = np.full(number.max(initial=-1) + 1, rows, dtype=np.int64)
    np.minimum.at(lowest, number, np.arange(rows))
    return np.asarray(lowest[number])


def pairs_within(groups: Ints, *, largest: int) -> Ints:
    """Return every pair of records of one group, for groups of 3 to `largest` records, shape (pairs, 2)."""
    order = np.argsort(groups, kind="stable")
    _, starts, sizes = np.unique(groups[order], return_index=True, return_counts=True)
    found = [no_pairs()]
    for size in np.unique(sizes[(sizes > 2) & (sizes <= largest)]):
        members = order[starts[sizes == size][:, None] + np.arange(size)]
        left, right = np.triu_indices(size, k=1)
        found.append(np.column_stack([members[:, left].ravel(), members[:, right].ravel()]))
    return np.concatenate(found)


def cluster(
    rows: int, pairs: Pairs, *, threshold: float = 0.0, always: Ints | None = None, never: Ints | None = None
) -> Ints:
    """Return for each record the lowest record of the same person.

    Args:
        rows: the number of records.
        pairs: what was weighed.
        threshold: bits that the mean between two groups must exceed.
        always: pairs that somebody decided are the same, shape (pairs, 2).
        never: pairs that somebody decided are not.
    """
    forced, barred = (no_pairs() if each is None else each for each in (always, never))
    weighed = Pairs(pairs.left, pairs.right, np.clip(pairs.weight - threshold, -CAP, CAP))
    whole = _with_decisions(weighed, forced, barred)
    groups = _small_components(rows, whole)
    label = np.arange(rows)
    inside = whole.take(groups[whole.left] == groups[whole.right])
    _join_clear(label, groups, inside)
    for members, piece in _ambiguous(groups, inside):
        label[members] = members[average_linkage(len(members), piece)]
    return label


def _with_decisions(pairs: Pairs, always: Ints, never: Ints) -> Pairs:
    """Put decisions in the place of weights; a negative one after a positive one, so that it holds."""
    decided = np.concatenate([always, never])
    weights = np.concatenate([np.full(len(always), _ALWAYS), np.full(len(never), _NEVER)])
    left = np.concatenate([pairs.left, np.minimum(decided[:, 0], decided[:, 1])])
    right = np.concatenate([pairs.right, np.maximum(decided[:, 0], decided[:, 1])])
    value = np.concatenate([pairs.weight, weights])
    if not len(decided):
        return pairs
    strength = np.abs(value)
    order = np.lexsort((strength, right, left))
    last = np.append((np.diff(left[order]) != 0) | (np.diff(right[order]) != 0), True)
    kept = order[last]
    return Pairs(left[kept], right[kept], value[kept])


def _small_components(rows: int, pairs: Pairs) -> Ints:
    """Return components by pairs above zero; where one is huge, only stronger and stronger pairs connect it."""
    groups = components(rows, pairs, 1e-9)
    for least in (2.0, 4.0, 6.0, 8.0, CAP):
        sizes = np.bincount(groups, minlength=rows)
        if sizes.max(initial=0) <= LARGEST:
            return groups
        finer = components(rows, pairs, least)
        groups = np.where(sizes[groups] > LARGEST, finer, groups)
    return groups


def _join_clear(label: Ints, groups: Ints, inside: Pairs) -> None:
    """Join at once the components in which every pair was weighed and speaks for one person.

    The same goes for those that even the strongest pairs alone make too large for anything finer; records that a
    decision keeps from others of theirs then stay by themselves.
    """
    large = np.bincount(groups, minlength=len(groups)) > LARGEST
    joined = (_is_clear(groups, inside) | large)[groups]
    barred = inside.weight <= _NEVER / 2
    for end in (inside.left[barred], inside.right[barred]):
        joined[end] = False
    _, number = np.unique(groups[joined], return_inverse=True)
    lowest = np.full(number.max(initial=-1) + 1, len(groups))
    np.minimum.at(lowest, number, np.flatnonzero(joined))
    label[joined] = lowest[number]


def _is_clear(groups: Ints, inside: Pairs) -> NDArray[np.bool_]:
    sizes = np.bincount(groups, minlength=len(groups))
    agreeing = np.bincount(groups[inside.left[inside.weight > 0]], minlength=len(groups))
    return np.asarray(agreeing == sizes * (sizes - 1) // 2)


def _ambiguous(groups: Ints, inside: Pairs) -> list[tuple[Ints, Pairs]]:
    """Return the members of every other component and its pairs, numbered within the component."""
    sizes = np.bincount(groups, minlength=len(groups))
    wanted = (sizes > 1) & ~_is_clear(groups, inside) & (sizes <= LARGEST)
    order = np.argsort(groups, kind="stable")
    order = order[wanted[groups[order]]]
    place = np.zeros(len(groups), dtype=np.int64)
    keys, starts, counts = np.unique(groups[order], return_index=True, return_counts=True)
    place[order] = np.arange(len(order)) - np.repeat(starts, counts)
    pairs = inside.take(wanted[groups[inside.left]])
    by = np.argsort(groups[pairs.left], kind="stable")
    begins, ends = (np.searchsorted(groups[pairs.left][by], keys, side=side) for side in ("left", "right"))
    found = []
    for start, count, begin, end in zip(starts, counts, begins, ends, strict=True):
        chosen = by[begin:end]
        piece = Pairs(place[pairs.left[chosen]], place[pairs.right[chosen]], pairs.weight[chosen])
        found.append((order[start : start + count], piece))
    return found


def average_linkage(rows: int, pairs: Pairs) -> Ints:
    """Return for each of a few records the lowest of its group.

    Args:
        rows: the number of records of one component.
        pairs: numbered from 0 to `rows` - 1; a pair that is not there was never compared.
    """
    total = np.full((rows, rows), UNSEEN)
    total[pairs.left, pairs.right] = total[pairs.right, pairs.left] = pairs.weight
    np.fill_diagonal(total, -np.inf)
    size = np.ones(rows)
    label = np.arange(rows)
    for _ in range(rows - 1):
        mean = total / np.outer(size, size)
        # argmax takes the first of equals, so groups of lower records come first, whatever the order of the pairs.
        one, other = divmod(int(np.argmax(mean)), rows)
        if not mean[one, other] > 0:
            break
        total[one] += total[other]
        total[:, one] = total[one]
        total[one, one] = total[other, :] = total[:, other] = -np.inf
        size[one] += size[other]
        label[label == other] = one
    lowest = np.full(rows, rows)
    np.minimum.at(lowest, label, np.arange(rows))
    return np.asarray(lowest[label], dtype=np.int64)
