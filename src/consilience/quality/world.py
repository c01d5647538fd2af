"""What the other lists say of the world: how the mix of codes moved from month to month, apart from anybody's habits.

Lists hold different codes in different shares, and grow and shrink at different times; their plain sum moves when they
do. So the other lists are fitted together by a log-linear model without the three-way interaction: a list has its own
share of each code and its own number of records each month, and the month has its own weight of each code, which is the
same for all of them (Bishop, Fienberg and Holland 1975, Discrete Multivariate Analysis, ch. 3). That weight is the
world's part. Fitting it to one list's margins gives what the list would hold had its habits stayed as they were.

>>> lists = {"a": np.array([[8.0, 2.0], [2.0, 8.0]]), "b": np.array([[80.0, 20.0], [20.0, 80.0]])}
>>> weights = world_of(lists, "a")
>>> expected(weights, lists["a"]).round().tolist()
[[8.0, 2.0], [2.0, 8.0]]
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
DRAWN = 20.0
"""The records by which each month is drawn to the lists' mean, so that a month with few says little."""
_ROUNDS, _CLOSE = 40, 1e-4


def world_of(counts: Mapping[str, Matrix], source: str) -> Matrix:
    """Return the world's weights (months x codes) as every list but `source` shows them; 0 for codes none of them has.

    Weights are defined up to a factor per month and one per code, which `expected` takes from the list's own margins.
    """
    others = np.stack([np.zeros_like(counts[source]), *(m for name, m in counts.items() if name != source)])
    if not others.any():
        return np.asarray(others[0])
    drawn = others + DRAWN * others.sum(axis=1, keepdims=True) / others.sum()
    fit, weights = (drawn > 0).astype(np.float64), np.ones(drawn.shape[1:])
    by_code, by_month, world = drawn.sum(axis=1), drawn.sum(axis=2), drawn.sum(axis=0)
    for _ in range(_ROUNDS):
        fit *= _ratio(by_code, fit.sum(axis=1))[:, None, :]
        fit *= _ratio(by_month, fit.sum(axis=2))[:, :, None]
        step = _ratio(world, fit.sum(axis=0))
        weights *= step
        fit *= step
        if np.abs(step[step > 0] - 1).max() < _CLOSE:
            break
    return weights


def expected(weights: Matrix, own: Matrix) -> Matrix:
    """Return the counts a list with the margins of `own` would hold in the world of `weights`."""
    fit = np.where(own.sum(axis=0) > 0, weights, 0.0)
    for _ in range(_ROUNDS):
        fit = fit * _ratio(own.sum(axis=0), fit.sum(axis=0))
        fit = fit * _ratio(own.sum(axis=1), fit.sum(axis=1))[:, None]
    return np.asarray(fit)


def noise(counts: Mapping[str, Matrix], source: str, codes: npt.NDArray[np.bool_]) -> Matrix:
    """Return, per month and code, the variance of the log odds that the other lists give, among the codes marked."""
    others = np.asarray(sum((m for name, m in counts.items() if name != source), np.zeros_like(counts[source])))
    others = others * codes
    total = others.sum(axis=1, keepdims=True)
    drawn = others + DRAWN * others.sum(axis=0) / max(others.sum(), 1)
    rest = drawn.sum(axis=1, keepdims=True) - drawn
    with np.errstate(divide="ignore"):
        variance = (1 / drawn + 1 / rest) * total / (total + DRAWN)
    return np.where(np.isfinite(variance), variance, 0.0)


def _ratio(target: Matrix, found: Matrix) -> Matrix:
    return np.divide(target, found, out=np.zeros_like(target), where=found > 0)
