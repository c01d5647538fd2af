"""Uncertainty goes on: M whole clusterings drawn from what the pairs leave open, for estimation to take as input.

Within a component each record in turn chooses its group with the odds that its pairs give (Gibbs sampling over
partitions; the weight of a group is the sum of its pairs' log odds, as in correlation clustering). Components whose
pairs leave no doubt stay as they are. Decisions by people hold in every draw. The sum is taken relative to the number
of records it speaks of, so that ten weak pairs with one group do not outweigh everything (`clustering` takes the mean
for the same reason).

Sadinle's linkage averaging: estimate from each draw's overlap table, pool with equal weight, and tell the share of the
variance that lies between draws (arXiv 2101.09304).

>>> from consilience.linkage.clustering import Pairs
>>> pairs = Pairs(np.array([0, 2]), np.array([1, 3]), np.array([0.0, 30.0]))
>>> draws = list(draw_labels(np.array([0, 0, 2, 2]), pairs, draws=40, seed=1))
>>> {int(draw[3]) for draw in draws}, len({int(draw[1]) for draw in draws})
({2}, 2)
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from consilience.linkage.clustering import LARGEST, UNSEEN, Pairs, components
from consilience.linkage.overlap import overlap_table
from consilience.linkage.result import LinkageResult
from consilience.linkage.threshold import bits

Ints = NDArray[np.int64]
Numbers = NDArray[np.float64]

DOUBT = 7.0
"""Bits within which a pair is open: odds of about 1 to 128 either way."""
_DECIDED = 1e4
_SWEEPS = 4
_WARM_UP = 8


@dataclass(frozen=True, slots=True, eq=False)
class _Component:
    members: Ints
    weight: Numbers


def draw_clusterings(result: LinkageResult, *, draws: int, seed: int) -> Iterator[pa.Table]:
    """Draw whole clusterings.

    Args:
        result: a linkage.
        draws: how many; 20 to 100 serve most uses.
        seed: the same seed gives the same draws.

    Returns:
        Tables with `source`, `record_id`, `entity_id`, one after the other; entities are named within a draw only.
    """
    pairs = Pairs(result.pairs.left, result.pairs.right, result.pairs.weight - bits(result.threshold))
    drawn = draw_labels(result.label, pairs, draws=draws, seed=seed, always=result.always, never=result.never)
    for label in drawn:
        names = pa.array(label).cast(pa.string())
        yield result.records.select(["source", "record_id"]).append_column("entity_id", names)


def draw_overlaps(result: LinkageResult, *, draws: int, seed: int) -> list[pa.Table]:
    """Return the capture histories of each of `draws` clusterings, see `overlap.overlap_table`."""
    return [overlap_table(clusters) for clusters in draw_clusterings(result, draws=draws, seed=seed)]


def draw_labels(
    label: Ints,
    pairs: Pairs,
    *,
    draws: int,
    seed: int,
    always: Ints | None = None,
    never: Ints | None = None,
) -> Iterator[Ints]:
    """Draw partitions of the records around a clustering.

    Args:
        label: the clustering, for each record the lowest of its group.
        pairs: weights in bits, zero where both answers are as likely.
        draws: how many.
        seed: of the draws.
        always: pairs decided to be the same, shape (pairs, 2).
        never: pairs decided not to be.
    """
    rng = np.random.default_rng(seed)
    parts = _open_components(label, _decided(pairs, always, never))
    states = [_places(label[part.members]) for part in parts]
    for part, state in zip(parts, states, strict=True):
        _sweep(part, state, rng, _WARM_UP)
    for _ in range(draws):
        whole = label.copy()
        for part, state in zip(parts, states, strict=True):
            _sweep(part, state, rng, _SWEEPS)
            whole[part.members] = _lowest(part.members, state)
        yield whole


def _decided(pairs: Pairs, always: Ints | None, never: Ints | None) -> Pairs:
    given = [each for each in (always, never) if each is not None]
    if not any(len(each) for each in given):
        return pairs
    bounds = [np.full(len(each), sign * _DECIDED) for each, sign in ((always, 1), (never, -1)) if each is not None]
    ends = np.concatenate([np.sort(each, axis=1) for each in given])
    return Pairs(
        np.concatenate([pairs.left, ends[:, 0]]),
        np.concatenate([pairs.right, ends[:, 1]]),
        np.concatenate([pairs.weight, *bounds]),
    )


def _open_components(label: Ints, pairs: Pairs) -> list[_Component]:
    """Return the components in which a pair is in doubt, each with the weights of all its pairs."""
    rows = len(label)
    linked = Pairs(label, np.arange(rows), np.full(rows, 1.0))
    possible = pairs.take(pairs.weight > -DOUBT)
    both = Pairs(
        np.concatenate([linked.left, possible.left]),
        np.concatenate([linked.right, possible.right]),
        np.ones(rows + len(possible.left)),
    )
    groups = components(rows, both, 0.5)
    sizes = np.bincount(groups, minlength=rows)
    doubtful = np.zeros(rows, dtype=bool)
    doubtful[groups[possible.left[possible.weight < DOUBT]]] = True
    wanted = doubtful & (sizes > 1) & (sizes <= LARGEST)
    return _gather(groups, wanted, pairs)


def _gather(groups: Ints, wanted: NDArray[np.bool_], pairs: Pairs) -> list[_Component]:
    order = np.argsort(groups, kind="stable")
    order = order[wanted[groups[order]]]
    keys, starts, counts = np.unique(groups[order], return_index=True, return_counts=True)
    place = np.zeros(len(groups), dtype=np.int64)
    place[order] = np.arange(len(order)) - np.repeat(starts, counts)
    inside = pairs.take(wanted[groups[pairs.left]] & (groups[pairs.left] == groups[pairs.right]))
    by = np.argsort(groups[inside.left], kind="stable")
    begins, ends = (np.searchsorted(groups[inside.left][by], keys, side=side) for side in ("left", "right"))
    found = []
    for start, count, begin, end in zip(starts, counts, begins, ends, strict=True):
        weight = np.full((count, count), UNSEEN)
        chosen = by[begin:end]
        left, right = place[inside.left[chosen]], place[inside.right[chosen]]
        weight[left, right] = weight[right, left] = inside.weight[chosen]
        np.fill_diagonal(weight, 0.0)
        found.append(_Component(order[start : start + count], weight))
    return found


def _sweep(part: _Component, state: Ints, rng: np.random.Generator, times: int) -> None:
    """Let every record choose its group anew, `times` times; `state` is changed."""
    count = len(state)
    for _ in range(times):
        for record in range(count):
            state[record] = -1
            groups = np.unique(state[state >= 0])
            sizes = np.array([(state == group).sum() for group in groups], dtype=float)
            sums = np.array([part.weight[record, state == group].sum() for group in groups])
            # The mean, times at most two records: a group speaks with one voice, not with as many as it has records.
            votes = np.append(sums / sizes * np.minimum(sizes, 2.0), 0.0)
            odds = np.exp2(np.clip(votes - votes.max(), -1000, 0))
            chosen = int(rng.choice(len(odds), p=odds / odds.sum()))
            state[record] = groups[chosen] if chosen < len(groups) else _free(state)


def _free(state: Ints) -> int:
    used = set(state.tolist())
    return next(number for number in range(len(state)) if number not in used)


def _places(label: Ints) -> Ints:
    _, number = np.unique(label, return_inverse=True)
    return number.astype(np.int64)


def _lowest(members: Ints, state: Ints) -> Ints:
    lowest = np.full(len(state), np.iinfo(np.int64).max)
    np.minimum.at(lowest, state, members)
    return np.asarray(lowest[state])
