"""Uncertainty from linkage and from missing fields, carried into the interval.

Which records are the same person, and which stratum a record without a place belongs to, is not known for sure. Each
replicate is one way it may be: a capture table from one posterior draw of the linkage and one imputation of missing
fields. The posterior given each table is computed, and draws are pooled with equal weight (linkage averaging, Sadinle
2018 and Aleshin-Guendel, Sadinle and Wakefield 2024; multiple imputation, Rubin 1987). The variance of the log unseen
count splits into what remains within a replicate and what differs between linkages and between imputations.

>>> logs = {("a", 0): np.array([1.0, 1.2]), ("b", 0): np.array([2.0, 2.2])}
>>> parts = split_variance(logs)
>>> round(parts.linkage, 2), parts.missing
(0.99, 0.0)
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consilience.errors import InputError
from consilience.estimation.capture import CaptureTable

Numbers = NDArray[np.float64]
Key = tuple[Hashable, Hashable]


@dataclass(frozen=True, slots=True)
class Replicate:
    """One capture table that may be the true one, and which draws of linkage and of missing fields made it."""

    table: CaptureTable
    linkage: Hashable = 0
    imputation: Hashable = 0


@dataclass(frozen=True, slots=True)
class VarianceParts:
    """Total variance of the log unseen count, and the share that each source adds; shares sum to 1."""

    total: float
    estimation: float
    linkage: float
    missing: float


def split_variance(log_unseen: Mapping[Key, Numbers]) -> VarianceParts:
    """Return total variance and shares.

    Within variance is the mean of the replicates' variances; between variance is that of their means, with Rubin's
    factor 1 + 1/M for the finite number of replicates, split by a two-way analysis into linkage and the rest.

    Args:
        log_unseen: draws of log unseen count by (linkage, imputation).

    Raises:
        InputError: no replicate.
    """
    if not log_unseen:
        raise InputError("There are no replicates to pool", expected="one capture table or more")
    keys = list(log_unseen)
    means = np.array([float(np.mean(log_unseen[key])) for key in keys])
    within = float(np.mean([np.var(log_unseen[key]) for key in keys]))
    linkage = _between(means, [key[0] for key in keys])
    missing = _between(means, [key[1] for key in keys])
    total = within + linkage + missing
    if total == 0.0:
        return VarianceParts(0.0, 1.0, 0.0, 0.0)
    return VarianceParts(total, within / total, linkage / total, missing / total)


def _between(means: Numbers, groups: list[Hashable]) -> float:
    """Return (1 + 1/G) times the variance of the G groups' means; 0 where there is one group."""
    distinct = list(dict.fromkeys(groups))
    if len(distinct) < 2:
        return 0.0
    chosen = [np.array([group == one for group in groups]) for one in distinct]
    of_groups = np.array([means[mask].mean() for mask in chosen])
    return float(of_groups.var(ddof=1) * (1 + 1 / len(distinct)))


def thin(draws: Numbers, number: int) -> Numbers:
    """Return `number` of the draws, evenly spaced, so that every replicate weighs the same."""
    flat = draws.ravel()
    return np.asarray(flat[np.linspace(0, len(flat) - 1, number).astype(int)])
