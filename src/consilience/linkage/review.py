"""Review: the pairs a person should look at first, and the sample that would measure the error.

A pair matters by how unsure it is, times what it changes: how many pairs of records its two groups would join or part.
Where a linkage has no labels, `sample` draws pairs from bands of probability; judging them gives precision and recall
with intervals.
"""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consilience.linkage.explain import explain
from consilience.linkage.result import LinkageResult
from consilience.linkage.threshold import bits, probability

Ints = NDArray[np.int64]

_BANDS = (0.0, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1.0)


def most_telling(result: LinkageResult, *, most: int = 200) -> Ints:
    """Return the places of the pairs that matter most, the weightiest first; decided pairs are left out."""
    chance = probability(result.pairs.weight - bits(result.threshold))
    unsure = 4 * chance * (1 - chance)
    sizes = np.bincount(result.label, minlength=len(result.label))
    left, right = (sizes[result.label[end]] for end in (result.pairs.left, result.pairs.right))
    consequence = np.where(result.linked, left - 1, left * right)
    value = unsure * np.log1p(consequence)
    value[_decided(result)] = 0.0
    # Equal values are ordered by the records, so that two runs give one list.
    order = np.lexsort((result.pairs.right, result.pairs.left, -value))
    return np.asarray(order[: int(min(most, (value > 0).sum()))])


def sample(result: LinkageResult, *, each: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Return pairs to label: up to `each` from every band of probability, with how many pairs each stands for."""
    chance = result.probabilities
    found = []
    for low, high in pairwise(_BANDS):
        inside = np.flatnonzero((chance >= low) & ((chance < high) | (high == 1.0)))
        drawn = np.sort(rng.choice(inside, size=min(each, len(inside)), replace=False)) if len(inside) else inside
        weight = len(inside) / max(len(drawn), 1)
        found += [
            {**refs(result, int(place)), "band": f"{low:g} to {high:g}", "stands_for": round(weight, 3)}
            for place in drawn
        ]
    return found


def _decided(result: LinkageResult) -> NDArray[np.bool_]:
    rows = len(result.label)
    decided = np.concatenate([result.always, result.never])
    keys = np.minimum(decided[:, 0], decided[:, 1]) * rows + np.maximum(decided[:, 0], decided[:, 1])
    lower, higher = np.minimum(result.pairs.left, result.pairs.right), np.maximum(result.pairs.left, result.pairs.right)
    return np.asarray(np.isin(lower * rows + higher, keys))


def refs(result: LinkageResult, place: int) -> dict[str, Any]:
    """Return which two records a pair is made of."""
    ends = [int(result.pairs.left[place]), int(result.pairs.right[place])]
    named = [{name: result.records[name][end].as_py() for name in ("source", "record_id")} for end in ends]
    return {"left": named[0], "right": named[1]}


def review_line(result: LinkageResult, place: int) -> dict[str, Any]:
    """Return one line of a review file: the pair, why, and an empty verdict to fill in."""
    return {
        **refs(result, place),
        "verdict": "no_judgement",
        "author": "",
        "reason": "",
        "probability": round(float(result.probabilities[place]), 6),
        "linked": bool(result.linked[place]),
        "explanation": explanation(result, place),
    }


def explanation(result: LinkageResult, place: int) -> str:
    """Say in words what one pair's score is made of."""
    count = len(result.comparisons)
    levels = [int(result.scores[f"g{at}"][place].as_py()) for at in range(count)]
    weights = [float(result.scores[f"w{at}"][place].as_py()) for at in range(count)]
    prior = float(result.scores["prior"][place].as_py())
    return explain(result.comparisons, levels, weights, prior, float(result.probabilities[place]))
