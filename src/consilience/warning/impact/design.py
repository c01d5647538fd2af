"""The design of an interrupted time series: level, trend, season, and the step and change of slope after a date.

>>> plan = Interruption(at=3, seasons=0)
>>> columns(plan, 6, 12.0).astype(int).tolist()[3]
[1, 3, 1, 1]
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
STEP = 2
"""Column of the step."""
SLOPE = 3
"""Column of the change of slope, where there is one."""


@dataclass(frozen=True, slots=True)
class Interruption:
    """When and how a series may have changed.

    Attributes:
        at: position of the first period after the change (declared date and lag together).
        transition: periods from `at` on that are left out.
        seasons: pairs of harmonics.
        slope: whether the slope may change with the level.
    """

    at: int
    transition: int = 0
    seasons: int = 2
    slope: bool = True


def columns(plan: Interruption, length: int, per_year: float) -> Floats:
    """Return the design: constant, trend, step, change of slope (counting from 1), harmonics."""
    time = np.arange(length, dtype=np.float64)
    after = (time >= plan.at).astype(np.float64)
    parts = [np.ones(length), time, after]
    if plan.slope:
        parts.append(after * (time - plan.at + 1))
    for pair in range(1, plan.seasons + 1):
        angle = 2 * np.pi * pair * (time + 1) / per_year
        parts += [np.sin(angle), np.cos(angle)]
    return np.column_stack(parts)


def left_in(plan: Interruption, length: int) -> npt.NDArray[np.bool_]:
    """Whether each period lies outside the transition."""
    time = np.arange(length)
    return (time < plan.at) | (time >= plan.at + plan.transition)
