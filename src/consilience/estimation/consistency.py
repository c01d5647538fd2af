"""Does the method work on these lists where the answer is known? And what does each list do to the answer?

Drop-one prediction (Binette and Steorts 2022): among the people of one list, take its own record away and estimate from
the other lists how many of them no other list holds. That number is known: the people who stand on that list alone.
A method that misses it on these lists has no standing for people whom no list holds.

Leave-one-out: the estimate without each list in turn. A list that moves the answer far is one the answer rests on.
"""

from dataclasses import dataclass

import numpy as np

from consilience.errors import EstimationRefused
from consilience.estimation.capture import CaptureTable
from consilience.estimation.latent.engine import quick_latent
from consilience.estimation.latent.model import STANDARD_PRIOR, Prior
from consilience.estimation.overlap import examine
from consilience.estimation.posterior import interval

LEAST_SHARED = 5
MOST_LEFT_OUT = 8


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the other lists say of the people on `name` alone, and how many there are."""

    name: str
    predicted: float
    interval_95: tuple[float, float]
    actual: int

    @property
    def holds(self) -> bool:
        """Return whether the interval holds the actual number."""
        return self.interval_95[0] <= self.actual <= self.interval_95[1]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The estimate without the list `name`; None where the rest cannot carry one."""

    name: str
    median: float | None
    interval_95: tuple[float, float] | None


def predict_each_list(
    table: CaptureTable, *, seed: int, prior: Prior = STANDARD_PRIOR, particles: int = 80, workers: int = 1
) -> tuple[Prediction, ...]:
    """Return the prediction for each list whose people the other lists, three or more, overlap enough to predict.

    Args:
        table: four lists or more; fewer give no prediction.
        seed: the same seed gives the same predictions.
        prior: as for the estimate itself.
        particles: states in each of two clouds.
        workers: threads.
    """
    found = []
    for place, name in enumerate(table.lists):
        among, alone = table.among(name)
        if not _carries(among):
            continue
        draws = quick_latent(among, seed=seed + 101 * (place + 1), prior=prior, particles=particles, workers=workers)
        unseen = draws - among.observed
        found.append(Prediction(name, float(np.median(unseen)), interval(unseen, 95), alone))
    return tuple(found)


def leave_each_out(
    table: CaptureTable, *, seed: int, prior: Prior = STANDARD_PRIOR, particles: int = 80, workers: int = 1
) -> tuple[LeftOut, ...]:
    """Return the estimate without each of the eight largest lists in turn; arguments as for `predict_each_list`."""
    found = []
    largest = set(np.argsort(-table.list_totals, kind="stable")[:MOST_LEFT_OUT].tolist())
    for place, name in enumerate(table.lists):
        if place not in largest:
            continue
        rest = table.without(name)
        try:
            if not _carries(rest):
                raise EstimationRefused("Too little overlap")  # noqa: TRY301 - the same answer as the engine's own
            draws = quick_latent(
                rest, seed=seed + 1009 * (place + 1), prior=prior, particles=particles, workers=workers
            )
        except EstimationRefused:
            found.append(LeftOut(name, None, None))
            continue
        found.append(LeftOut(name, float(np.median(draws)), interval(draws, 95)))
    return tuple(found)


def _carries(table: CaptureTable) -> bool:
    """Return whether three lists or more hold people, connect, and share at least five."""
    facts = examine(table)
    return (
        facts.lists >= 3 and facts.lists == len(table.lists) and len(facts.groups) == 1 and facts.shared >= LEAST_SHARED
    )
