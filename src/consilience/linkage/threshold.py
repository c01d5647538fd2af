"""The threshold: chosen for what the linkage is for, from the probabilities of the pairs or from labels.

>>> weights = np.array([8.0, 3.0, -1.0, -6.0])
>>> choose_threshold(weights, aim="f1", target=None) < choose_threshold(weights, aim="precision", target=0.99)
True
"""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def probability(weights: Numbers) -> Numbers:
    """Return the probability that belongs to log2 odds."""
    return np.asarray(1 / (1 + np.exp2(-np.clip(weights, -200, 200))))


def bits(chance: float) -> float:
    """Return the log2 odds that belong to a probability."""
    return float(np.log2(chance) - np.log2(1 - chance))


def choose_threshold(
    weights: Numbers, *, aim: str, target: float | None, truth: NDArray[np.bool_] | None = None
) -> float:
    """Return the weight, in bits, from which pairs are taken to be one person.

    Without labels every pair is right with its own probability, and expected precision and recall decide; with labels
    the pairs themselves do.

    Args:
        weights: of the compared pairs, log2 odds.
        aim: `f1`, `precision` or `recall`.
        target: the precision or recall to reach at least.
        truth: whether each pair is one person, by labels; None without.
    """
    if not len(weights):
        return 0.0
    order = np.argsort(-weights, kind="stable")
    sure = probability(weights[order]) if truth is None else truth[order].astype(float)
    right = np.cumsum(sure)
    taken = np.arange(1, len(weights) + 1)
    precision, recall = right / taken, right / max(right[-1], 1e-12)
    if aim == "f1":
        at = int(np.argmax(2 * right / (taken + right[-1])))
    elif aim == "precision":
        enough = np.flatnonzero(precision >= (target or 0))
        at = int(enough[-1]) if len(enough) else 0
    else:
        at = int(np.argmax(recall >= (target or 0)))
    ordered = weights[order]
    below = ordered[at + 1] if at + 1 < len(ordered) else ordered[at] - 1
    return float((ordered[at] + below) / 2)
