"""How much of the answer comes from what was assumed rather than from the data?

Two questions. The prior: the posterior is computed again under other priors. The assumption that nobody can test:
within a group lists record independently, so that the unseen cell follows from the seen ones. The curve shows the
total if the odds of being on no list were another multiple of what the model says; no data can choose among them.

>>> [round(point.population) for point in odds_curve(100, 300.0, (250.0, 400.0))][::4]
[150, 300, 900]
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from consilience.estimation.capture import CaptureTable
from consilience.estimation.latent.engine import quick_latent
from consilience.estimation.latent.model import Prior
from consilience.estimation.posterior import interval

RATIOS = (0.25, 0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 4.0)

OTHER_PRIORS: Mapping[str, Prior] = MappingProxyType(
    {
        "fewer groups (5 instead of 10)": Prior(classes=5),
        "more even groups (concentration Gamma(1, 1))": Prior(concentration=(1.0, 1.0)),
        "low chances of being recorded (Beta(1, 3))": Prior(capture=(1.0, 3.0)),
        "extreme chances of being recorded (Beta(0.5, 0.5))": Prior(capture=(0.5, 0.5)),
        "a cap three times as high": Prior(cap=60),
    }
)


@dataclass(frozen=True, slots=True)
class PriorCheck:
    """The answer under another prior, and the log ratio of its median unseen count to that under the standard one."""

    name: str
    median: float
    interval_95: tuple[float, float]
    shift: float


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The total if the odds of the unseen cell were `ratio` times what the model says."""

    ratio: float
    population: float
    interval_95: tuple[float, float]


def check_priors(
    table: CaptureTable, *, median: float, seed: int, particles: int = 80, workers: int = 1
) -> tuple[PriorCheck, ...]:
    """Return the answer under each of `OTHER_PRIORS`.

    Args:
        table: three lists or more.
        median: the median population size under the standard prior.
        seed: the same seed gives the same answers.
        particles: states in each of two clouds.
        workers: threads.
    """
    found = []
    for place, (name, prior) in enumerate(OTHER_PRIORS.items()):
        draws = quick_latent(table, seed=seed + 7919 * (place + 1), prior=prior, particles=particles, workers=workers)
        unseen = max(float(np.median(draws)) - table.observed, 0.5)
        shift = float(np.log(unseen / max(median - table.observed, 0.5)))
        found.append(PriorCheck(name, float(np.median(draws)), interval(draws, 95), shift))
    return tuple(found)


def odds_curve(observed: int, median: float, ends: tuple[float, float]) -> tuple[CurvePoint, ...]:
    """Return the sensitivity curve: the unseen count times each of `RATIOS`, and the seen people added."""

    def total(ratio: float, population: float) -> float:
        return observed + ratio * (population - observed)

    return tuple(
        CurvePoint(ratio, total(ratio, median), (total(ratio, ends[0]), total(ratio, ends[1]))) for ratio in RATIOS
    )
