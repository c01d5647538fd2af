"""Does a log-linear model's maximum-likelihood estimate exist, and does it say anything about the unseen count?

Fienberg and Rinaldo (2012): it exists if and only if some table with a positive mean in every cell has the same
sufficient statistics as the data. That is a linear programme. Where lists do not overlap a term may run off to minus
infinity while the rest stays estimable (the extended estimate; Chan, Silverman and Vincent 2021): such terms and the
cells they empty are taken out first. What is left must have full rank, or the unseen count is not identified.

>>> from consilience.estimation.poisson import design_matrix
>>> counts = np.array([40, 30, 6, 20, 0, 0, 0])
>>> check_existence(design_matrix(3, (0, 1, 2, 4)), counts).value
'exists'
>>> check_existence(design_matrix(3, (0, 1, 2, 4, 3)), counts).value
'does not exist'
"""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

_POSITIVE = 1e-9


class Existence(StrEnum):
    """What can be said of a model's estimate of the unseen count."""

    EXISTS = "exists"
    EXTENDED = "exists with terms at minus infinity"
    UNIDENTIFIED = "not identified"
    ABSENT = "does not exist"

    @property
    def usable(self) -> bool:
        """Return whether the model gives a number."""
        return self in {Existence.EXISTS, Existence.EXTENDED}


def check_existence(design: NDArray[np.float64], counts: NDArray[np.int64]) -> Existence:
    """Return whether the maximum-likelihood estimate exists.

    Args:
        design: the model's own columns, shape (C, q), the intercept first.
        counts: the table's observed cells, shape (C,).
    """
    empty = (counts @ design) == 0
    cells = ~design[:, empty].any(axis=1)
    terms = ~empty
    reduced = design[np.ix_(cells, terms)]
    if np.linalg.matrix_rank(reduced) < reduced.shape[1]:
        return Existence.UNIDENTIFIED
    if not _interior(reduced, counts[cells].astype(np.float64)):
        return Existence.ABSENT
    return Existence.EXTENDED if empty.any() else Existence.EXISTS


def _interior(design: NDArray[np.float64], counts: NDArray[np.float64]) -> bool:
    """Maximise the smallest cell mean that the sufficient statistics allow; positive where the estimate exists."""
    if (counts > 0).all():
        return True
    scaled = counts / counts.sum()
    cells = len(counts)
    floor = np.hstack([-np.eye(cells), np.ones((cells, 1))])
    equal = np.hstack([design.T, np.zeros((design.shape[1], 1))])
    goal = np.zeros(cells + 1)
    goal[-1] = -1.0
    solved = linprog(
        goal, A_ub=floor, b_ub=np.zeros(cells), A_eq=equal, b_eq=design.T @ scaled, bounds=(0, None), method="highs"
    )
    return bool(solved.status == 0 and -solved.fun > _POSITIVE)
