"""Differential privacy for one-off releases of counts, with OpenDP (optional: `pip install consilience[privacy]`).

Each count gets discrete Laplace noise (Ghosh, Roughgarden and Sundararajan 2012) of scale `persons / epsilon`, where
`persons` bounds in how many cells one person can be. The error is stated beside the counts, and the budget is spent
before anything is drawn. For data that are revised, use suppression: each revision spends again.

>>> round(error(epsilon=1.0, cells_per_person=1), 2)
2.38
"""

from importlib import import_module
from importlib.util import find_spec
from math import exp, log

import numpy as np

from consilience.disclosure.budget import Budget, Spent
from consilience.disclosure.hierarchy import Ints
from consilience.errors import UsageError

CONFIDENCE = 0.95
_PRELUDE = import_module("opendp.prelude") if find_spec("opendp") else None


def error(*, epsilon: float, cells_per_person: int) -> float:
    """Return how far a count is off at most in 95 of 100 cases (two-sided, before rounding to whole numbers)."""
    alpha = exp(-epsilon / cells_per_person)
    return -1.0 + log((1 - CONFIDENCE) * (1 + alpha) / 2) / log(alpha)


def noisy_counts(
    counts: Ints, *, epsilon: float, cells_per_person: int, budget: Budget, account: str
) -> tuple[Ints, Spent]:
    """Spend a budget and return the counts with noise, never below zero, and the spending for the ledger.

    Args:
        counts: the true counts.
        epsilon: the privacy loss to spend.
        cells_per_person: in how many of the cells one person can be at most.
        budget: what may be spent.
        account: whose budget.

    Raises:
        UsageError: OpenDP is not installed, or a parameter is not above zero.
        DisclosureRefused: the budget is spent.
    """
    if _PRELUDE is None:
        raise UsageError(
            "Differential privacy needs OpenDP, which is not installed",
            remedy="Install it with: pip install 'consilience[privacy]'",
        )
    if epsilon <= 0 or cells_per_person < 1:
        raise UsageError("Epsilon and cells per person must be above zero", found=f"{epsilon:g}, {cells_per_person}")
    spent = budget.spend(account, epsilon)
    _PRELUDE.enable_features("contrib")
    space = _PRELUDE.vector_domain(_PRELUDE.atom_domain(T=int)), _PRELUDE.l1_distance(T=int)
    mechanism = space >> _PRELUDE.m.then_laplace(cells_per_person / epsilon)
    drawn = np.array(mechanism([int(c) for c in counts]), np.int64)
    return np.asarray(np.maximum(drawn, 0)), spent
