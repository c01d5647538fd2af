"""The latent class model: what it assumes, and the arrays its compiled kernels read.

People fall into at most `classes` groups, shares from a truncated stick-breaking process; within a group the lists
record independently, each with its own probability (Manrique-Vallier 2016, Bayesian population size estimation using
Dirichlet process mixtures, Biometrics 72). Who belongs where, how many nobody saw, and the concentration are
integrated out in closed form, so `lists * classes + classes - 1` unbounded numbers remain: the logits of the capture
probabilities, list by list, then the logits of the stick lengths.

>>> prior = Prior()
>>> prior.classes, prior.concentration, prior.cap
(10, (0.25, 0.25), 20)
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from consilience.errors import EstimationRefused
from consilience.estimation.capture import CaptureTable

METHOD = "latent/1"

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed before the data, all of it explicit.

    Attributes:
        classes: the most groups allowed (the truncation of the stick-breaking process).
        concentration: shape and rate of the gamma prior of the stick-breaking concentration.
        capture: the two parameters of the beta prior of every capture probability; (1, 1) is uniform.
        cap: the most unseen people allowed, as a multiple of the observed count; N has prior 1/N below it.
    """

    classes: int = 10
    concentration: tuple[float, float] = (0.25, 0.25)
    capture: tuple[float, float] = (1.0, 1.0)
    cap: int = 20


STANDARD_PRIOR = Prior()


class Problem(NamedTuple):
    """A table and a prior as the kernels read them (a named tuple, which Numba takes as it is).

    Attributes:
        members: for each pattern in turn the lists it stands on, run together.
        starts: where each pattern begins in `members`, shape (P + 1,).
        counts: people per pattern, shape (P,).
        lists: number of lists.
        settings: classes, cap in people, concentration shape and rate, capture parameters, shape (6,).
    """

    members: Places
    starts: Places
    counts: Numbers
    lists: int
    settings: Numbers


def state_size(problem: Problem) -> int:
    """Return how many unbounded numbers describe one state."""
    classes = int(problem.settings[0])
    return problem.lists * classes + classes - 1


def pose(table: CaptureTable, prior: Prior) -> Problem:
    """Return the problem that the kernels solve.

    Raises:
        EstimationRefused: fewer than three lists, or nobody observed.
    """
    if len(table.lists) < 3 or table.observed == 0:
        raise EstimationRefused(
            "The latent class model needs three lists or more",
            found=f"{len(table.lists)} lists with {table.observed} people",
        )
    _, members = np.nonzero(table.patterns)
    starts = np.concatenate([[0], np.cumsum(table.patterns.sum(axis=1, dtype=np.int64))])
    cap = float(prior.cap * table.observed)
    settings = np.array([prior.classes, cap, *prior.concentration, *prior.capture], dtype=np.float64)
    return Problem(
        members.astype(np.int64), starts.astype(np.int64), table.counts.astype(np.float64), len(table.lists), settings
    )
