"""Poisson log-linear fits, many at once: one design, many tables, each with its own set of terms.

A cell's mean is the exponential of the sum of the terms whose lists all lie in the cell. The intercept is then the log
of the cell that nobody recorded (corner coding), so the unseen count is its exponential.

>>> design = design_matrix(2, (0, 1, 2))
>>> fit = fit_poisson(design, np.array([[30.0, 20.0, 6.0]]), np.ones((1, 3), dtype=bool))
>>> round(float(fit.unseen[0]))
100
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]

_STEPS = 40
_TOLERANCE = 1e-8
_FLOOR = 1e-9
_LIMIT = 40.0


@dataclass(frozen=True, slots=True, eq=False)
class Fits:
    """B fits: coefficients (B, q), unseen counts (B,), and minus twice the log-likelihood up to a constant (B,)."""

    coefficients: Numbers
    unseen: Numbers
    badness: Numbers

    def bic(self, active: Mask, observed: int) -> Numbers:
        """Return the Bayesian information criterion; the sample size is the number of people observed."""
        return np.asarray(self.badness + active.sum(axis=1) * np.log(observed))


def design_matrix(lists: int, terms: Sequence[int]) -> Numbers:
    """Return 1 where a cell holds every list of a term, shape (2^lists - 1, terms).

    A term is a bit set of lists; 0 is the intercept.
    """
    cells = np.arange(1, 1 << lists)[:, None]
    members = np.asarray(terms, dtype=np.int64)[None, :]
    return np.asarray((cells & members) == members, dtype=np.float64)


def fit_poisson(design: Numbers, counts: Numbers, active: Mask, start: Numbers | None = None) -> Fits:
    """Fit by Newton's method, with steps of bounded length.

    A term whose margin is zero runs off to minus infinity; its cells' means go to zero and the rest converges, which is
    the extended maximum likelihood. Whether an estimate exists is for `existence.check_existence` to say.

    Args:
        design: shape (C, q), first column the intercept.
        counts: shape (B, C).
        active: which terms each fit has, shape (B, q).
        start: coefficients to begin with, shape (B, q).
    """
    used = active.astype(np.float64)
    beta = _start(counts, used) if start is None else start * used
    squares = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
    open_fits = np.arange(len(beta))
    for _ in range(_STEPS):
        step, moved = _step(design, squares, counts[open_fits], used[open_fits], beta[open_fits])
        beta[open_fits] += step
        open_fits = open_fits[(np.abs(step[:, 0]) > _TOLERANCE) | (moved > _TOLERANCE)]
        if open_fits.size == 0:
            break
    means = _means(design, beta)
    badness = -2.0 * ((counts * np.log(np.maximum(means, 1e-300))).sum(axis=1) - means.sum(axis=1))
    return Fits(beta, np.exp(np.minimum(beta[:, 0], _LIMIT)), badness)


def _step(design: Numbers, squares: Numbers, counts: Numbers, used: Numbers, beta: Numbers) -> tuple[Numbers, Numbers]:
    """Return Newton's step, cut so that no linear predictor moves by more than 2, and the share of people it moves."""
    terms = design.shape[1]
    means = _means(design, beta)
    slope = (counts - means) @ design * used
    curve = (means @ squares).reshape(-1, terms, terms) * (used[:, :, None] * used[:, None, :])
    curve += (1.0 - used)[:, :, None] * np.eye(terms) + _FLOOR * np.eye(terms)
    step = np.linalg.solve(curve, slope[:, :, None])[:, :, 0]
    change = np.abs(step @ design.T)
    cut = np.minimum(1.0, 2.0 / np.maximum(change.max(axis=1), 1e-12))
    return step * cut[:, None], (means * change).sum(axis=1) / means.sum(axis=1)


def _means(design: Numbers, beta: Numbers) -> Numbers:
    return np.asarray(np.exp(np.clip(beta @ design.T, -_LIMIT, _LIMIT)))


def _start(counts: Numbers, used: Numbers) -> Numbers:
    """Return the mean of the smoothed log counts as the intercept, and no effect of any term."""
    beta = np.zeros_like(used)
    beta[:, 0] = np.log(counts + 0.5).mean(axis=1)
    return beta
