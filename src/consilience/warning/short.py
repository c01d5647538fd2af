"""Rules that need little history: EARS C1 to C3, the record of past periods, mean plus three deviations.

EARS (Hutwagner et al. 2003, J Urban Health 80:i89-i96) compares a count with the mean and deviation of `days` periods
before it: C1 the ones just before, C2 after a pause of two, C3 adds up what C2 exceeded over three periods.

>>> import numpy as np
>>> counts = np.array([[4.0, 5, 3, 4, 6, 5, 4, 20]])
>>> bound = ears(counts, 7, Short("ears-c1"))
>>> bool(counts[0, 7] > bound.upper[0]), bound.expected.round(2).tolist()
(True, [4.43])
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from consilience.errors import UsageError

Floats = npt.NDArray[np.float64]
EARS = ("ears-c1", "ears-c2", "ears-c3")
RULES = (*EARS, "record", "three-sigma")
_PAUSE = 2
_LEAST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Short:
    """One rule for short histories.

    Attributes:
        name: one of `RULES`.
        alpha: one-sided level of the EARS bounds; 0.001 is close to their three deviations.
        days: periods in the baseline of EARS.
        floor: whether the deviation is at least that of a Poisson count; the fallback for short series asks for it,
            as seven periods alike would otherwise make every change an alarm.
        least_count: counts that the last `recent` periods must hold for an alarm; the least record.
        recent: see `least_count`.
    """

    name: str
    alpha: float = 0.001
    days: int = 7
    floor: bool = False
    least_count: float = 5.0
    recent: int = 4

    def __post_init__(self) -> None:
        if self.name not in RULES:
            raise UsageError("The rule is not known", found=self.name, expected=", ".join(RULES))


@dataclass(frozen=True, slots=True, eq=False)
class ShortBound:
    """Per series: expected count, upper bound and chance; NaN where less than half of the baseline is there."""

    expected: Floats
    upper: Floats
    chance: Floats


def short_bound(counts: Floats, at: int, rule: Short, per_year: float) -> ShortBound:
    """Apply a rule at a position to all series (series x periods, NaN where missing)."""
    if rule.name in EARS:
        return ears(counts, at, rule)
    year = round(per_year)
    mean, deviation = _moments(counts, at - year, at)
    if rule.name == "three-sigma":
        return ShortBound(mean, mean + 3 * deviation, _normal(counts[:, at], mean, deviation))
    past = counts[:, max(at - year, 0) : at]
    record = np.max(np.nan_to_num(past, nan=0.0), axis=1, initial=0.0)
    upper = np.where(np.isnan(mean), np.nan, np.maximum(record, rule.least_count - 1))
    return ShortBound(mean, upper, np.full(len(counts), np.nan))


def ears(counts: Floats, at: int, rule: Short) -> ShortBound:
    """Apply EARS at a position to all series."""
    pause = 0 if rule.name == "ears-c1" else _PAUSE
    mean, deviation = _ears_moments(counts, at, pause, rule)
    chance = _normal(counts[:, at], mean, deviation)
    level = float(stats.norm.isf(rule.alpha))
    if rule.name != "ears-c3":
        return ShortBound(mean, mean + level * deviation, chance)
    before = sum((_excess(counts, at - back, rule) for back in (1, 2)), np.zeros(len(counts)))
    return ShortBound(mean, mean + (1 + np.maximum(level - 1 - before, 0)) * deviation, chance)


def _excess(counts: Floats, at: int, rule: Short) -> Floats:
    """Return by how much C2 exceeded one deviation at an earlier period."""
    if at < 0:
        return np.zeros(len(counts))
    mean, deviation = _ears_moments(counts, at, _PAUSE, rule)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(np.maximum((counts[:, at] - mean) / deviation - 1, 0), nan=0.0, posinf=0.0)


def _ears_moments(counts: Floats, at: int, pause: int, rule: Short) -> tuple[Floats, Floats]:
    mean, deviation = _moments(counts, at - pause - rule.days, at - pause)
    return mean, np.maximum(deviation, np.sqrt(np.maximum(mean, 0.25))) if rule.floor else deviation


def _moments(counts: Floats, first: int, last: int) -> tuple[Floats, Floats]:
    """Return mean and deviation of the periods from `first` up to, not including, `last`."""
    past = counts[:, max(first, 0) : max(last, 0)]
    there = np.isfinite(past)
    number = there.sum(axis=1)
    enough = (number >= 2) & (number >= _LEAST_SHARE * (last - first))
    safe = np.maximum(number, 2)
    mean = np.where(there, past, 0).sum(axis=1) / safe
    square = (np.where(there, past - mean[:, None], 0) ** 2).sum(axis=1) / (safe - 1)
    return np.where(enough, mean, np.nan), np.where(enough, np.sqrt(square), np.nan)


def _normal(observed: Floats, mean: Floats, deviation: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(stats.norm.sf((observed - mean) / deviation))
