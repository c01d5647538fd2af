"""Training: how much each level of agreement weighs, learnt from the data without labels (Fellegi and Sunter 1969).

`u`, how often two different people agree so far, comes from pairs drawn at random. `m`, how often one person's two
records agree so far, comes from expectation and maximisation over the blocked pairs, with `u` held fast: pairs that no
blocking rule found count as different people, so the share of same people is relative to all pairs there could be, and
blocking does not bend the weights. That share is learnt apart within each source and between each two, which is what
tells a list free of duplicates from another. Expected values (`Level.m`) enter as a few pairs seen beforehand, so that
small lists do not run away.

Both samples are bounded, whatever the number of records; the weights are kept in `Model`, as JSON, and can be used
again.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consilience.errors import FormatError
from consilience.linkage.comparisons import Comparison

Levels = NDArray[np.int8]
Numbers = NDArray[np.float64]

METHOD = "fellegi-sunter/1"

_PRIOR_PAIRS = 20.0
_PRIOR_DIFFERENT = 10.0
_RARE = 0.01
_BITS_BEFOREHAND = 6.0
_SMALLEST = 1e-6
_ROUNDS = 100
_CLOSE = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Trained weights.

    Attributes:
        weights: comparison to m and u, from the first level down.
        priors: kind of source pair to the share of same people among all such pairs.
        rounds: rounds of expectation and maximisation until nothing moved.
    """

    weights: Mapping[str, tuple[list[float], list[float]]]
    priors: Mapping[str, float]
    rounds: int

    def to_json(self) -> str:
        """Return the model as JSON, to be kept and used again."""
        form = {"method": METHOD, "weights": self.weights, "priors": self.priors, "rounds": self.rounds}
        return json.dumps(form, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Model":
        """Read a model.

        Raises:
            FormatError: it is no model, or of another method.
        """
        try:
            form = json.loads(text)
            weights = {name: (list(m), list(u)) for name, (m, u) in form["weights"].items()}
            found = cls(weights, {name: float(share) for name, share in form["priors"].items()}, int(form["rounds"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise FormatError("The file is no linkage model", expected="model.json of an earlier run") from None
        if form.get("method") != METHOD:
            raise FormatError("The linkage model is of another method", expected=METHOD, remedy="Train it anew.")
        return found


def random_pairs(rows: int, wanted: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return pairs of different rows drawn at random, the lower first, shape (pairs, 2); all where they are few."""
    if rows * (rows - 1) // 2 <= wanted:
        left, right = np.triu_indices(rows, k=1)
        return np.column_stack([left, right]).astype(np.int64)
    drawn = rng.integers(0, rows, size=(wanted, 2))
    drawn = np.sort(drawn[drawn[:, 0] != drawn[:, 1]], axis=1)
    return np.unique(drawn, axis=0)


def level_shares(levels: Levels, comparisons: Sequence[Comparison], different: Numbers | None = None) -> list[Numbers]:
    """Return u: the share of each level among pairs where the comparison says something, from the first level down.

    Args:
        levels: shape (pairs, comparisons), Splink's numbers: -1 missing, 0 the last level, upwards to the first.
        comparisons: in the order of the columns.
        different: how probably each pair is two people; certainly where None.
    """
    weights = np.ones(len(levels)) if different is None else different
    shares = []
    for at, each in enumerate(comparisons):
        number = len(each.levels)
        # What was not seen in the sample is rare, not impossible.
        expected = np.append(np.full(number - 1, _RARE), 1 - _RARE * (number - 1))
        counts = _counts(levels[:, at], number, weights) + _PRIOR_DIFFERENT * expected
        shares.append(counts / counts.sum())
    return shares


def chances(levels: Levels, groups: NDArray[np.int64], model: Model, comparisons: Sequence[Comparison]) -> Numbers:
    """Return the probability of each pair under a model, rare values not yet considered."""
    m, u = ([np.array(model.weights[each.name][which]) for each in comparisons] for which in (0, 1))
    return _posterior(levels.astype(np.int64), groups, m, u, np.array(list(model.priors.values())))


def train(
    levels: Levels,
    groups: NDArray[np.int64],
    possible: Mapping[str, float],
    comparisons: Sequence[Comparison],
    u: Sequence[Numbers],
    *,
    weight: float = 1.0,
    records: int,
) -> Model:
    """Learn m and the priors.

    Args:
        levels: of a sample of the blocked pairs, shape (pairs, comparisons).
        groups: which kind of source pair each pair is, as a number into `possible`.
        possible: kind of source pair to the number of all pairs there could be.
        comparisons: in the order of the columns.
        u: of each comparison, see `level_shares`.
        weight: how many blocked pairs each of the sample stands for.
        records: the number of records.
    """
    patterns, inverse = np.unique(np.column_stack([groups, levels]), axis=0, return_inverse=True)
    counts = np.bincount(inverse.ravel(), minlength=len(patterns)).astype(float) * weight
    kinds, seen = patterns[:, 0], patterns[:, 1:]
    totals = np.maximum(np.array(list(possible.values()), dtype=float), 1.0)
    m = [np.array([level.m for level in each.levels]) for each in comparisons]
    # Before anything is known: half of the records have one other record of the same person.
    priors = np.full(len(totals), min(0.25, 0.5 * records / max(totals.sum(), 1.0)))
    same = np.zeros(len(counts))
    done = 0
    for done in range(1, _ROUNDS + 1):  # noqa: B007 - told in the model
        same = counts * _posterior(seen, kinds, m, u, priors)
        # Where one kind of source pair has few pairs, the average of all kinds speaks for it.
        average = same.sum() / totals.sum()
        fresh = (np.bincount(kinds, same, len(totals)) + 2 * average) / (totals + 2)
        moved = float(np.max(np.abs(np.log(fresh + 1e-15) - np.log(priors + 1e-15))))
        priors = np.clip(fresh, 1e-12, 0.5)
        m = [_fresh_m(seen[:, at], same, each) for at, each in enumerate(comparisons)]
        if moved < _CLOSE:
            break
    guarded = _guarded(u, same, seen, comparisons)
    weights = {each.name: (m[at].tolist(), guarded[at].tolist()) for at, each in enumerate(comparisons)}
    return Model(weights, dict(zip(possible, priors.tolist(), strict=True)), done)


def _posterior(
    seen: NDArray[np.int64], kinds: NDArray[np.int64], m: Sequence[Numbers], u: Sequence[Numbers], priors: Numbers
) -> Numbers:
    evidence = np.log(priors[kinds]) - np.log1p(-priors[kinds])
    for at in range(seen.shape[1]):
        step = np.log(np.maximum(m[at], _SMALLEST)) - np.log(np.maximum(u[at], _SMALLEST))
        # Splink counts levels from the last; one more place holds the zero that a missing value weighs.
        evidence = evidence + np.append(step[::-1], 0.0)[seen[:, at]]
    return np.asarray(1 / (1 + np.exp(-np.clip(evidence, -500, 500))))


def _fresh_m(levels: NDArray[np.int64], same: Numbers, comparison: Comparison) -> Numbers:
    expected = np.array([level.m for level in comparison.levels])
    counts = _counts(levels, len(expected), same) + _PRIOR_PAIRS * expected / expected.sum()
    shares = counts / counts.sum()
    # People killed together share day and place; that must not teach that one person has two names.
    last = min(float(shares[-1]), comparison.most_different)
    return np.append(shares[:-1] * (1 - last) / (1 - shares[-1]), last)


def _guarded(
    u: Sequence[Numbers], same: Numbers, seen: NDArray[np.int64], comparisons: Sequence[Comparison]
) -> list[Numbers]:
    """Raise u where m is hardly more than what was expected beforehand, so that nothing seen is no strong evidence."""
    raised = []
    for at, each in enumerate(comparisons):
        expected = np.array([level.m for level in each.levels])
        known = float(same[seen[:, at] >= 0].sum())
        beforehand = _PRIOR_PAIRS * expected / expected.sum() / (known + _PRIOR_PAIRS)
        whole = u[at] + beforehand * 2.0**-_BITS_BEFOREHAND
        raised.append(whole / whole.sum())
    return raised


def _counts(levels: NDArray[np.integer], number: int, weights: Numbers) -> Numbers:
    """Count levels from the first down; missing ones are left out."""
    known = levels >= 0
    return np.asarray(np.bincount(levels[known].astype(np.int64), weights[known], number)[::-1], dtype=float)
