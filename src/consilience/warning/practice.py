"""A change in what one source records, told apart from a change in the world: the other sources do not show it.

For each series of a source, the counts of the latest periods and of those before are held against the same two sums of
all other sources. A rise that the others share is no change of practice; one that they do not is an alert on
coverage, and the rise must not be read as a rise in violations.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from consilience.errors import UsageError
from consilience.warning.series import SeriesSet

Floats = npt.NDArray[np.float64]
_HALF = 0.5
_LEAST = 10.0
"""Counts of the others that a comparison needs."""


@dataclass(frozen=True, slots=True, eq=False)
class Practice:
    """Per series: how many times more it recorded than the others' change accounts for, its z, and whether it changed.

    `ratio` and `z` are NaN where the other sources hold too little to compare with.
    """

    ratio: Floats
    z: Floats
    changed: npt.NDArray[np.bool_]


def practice_at(
    series: SeriesSet, source: str, at: int, *, recent: int = 12, before: int = 40, least_z: float = 4.0
) -> Practice:
    """Judge the practice of every series up to a position.

    Args:
        series: counts by source and other parts.
        source: the part of the key that names the source.
        at: the last position taken.
        recent: periods that may show the change.
        before: periods before those.
        least_z: how far from chance, in standard errors, a change must lie.

    Raises:
        UsageError: the series are not told apart by source.
    """
    if source not in series.by:
        raise UsageError(f"The series have no part {source}", expected=f"one of {', '.join(series.by) or 'none'}")
    place = series.by.index(source)
    rest = [key[:place] + key[place + 1 :] for key in series.keys]
    numbers = {key: number for number, key in enumerate(dict.fromkeys(rest))}
    group = np.array([numbers[key] for key in rest], dtype=np.int64)
    own = np.stack(
        [
            np.nansum(series.counts[:, max(at - recent + 1, 0) : at + 1], axis=1),
            np.nansum(series.counts[:, max(at - recent - before + 1, 0) : max(at - recent + 1, 0)], axis=1),
        ]
    )
    whole = np.zeros((2, len(numbers)))
    for sums, total in zip(own, whole, strict=True):
        np.add.at(total, group, sums)
    others = whole[:, group] - own
    odds = np.log((own[0] + _HALF) / (own[1] + _HALF)) - np.log((others[0] + _HALF) / (others[1] + _HALF))
    comparable = others.min(axis=0) >= _LEAST
    z = np.where(comparable, _score(own, whole[:, group]), np.nan)
    far = np.nan_to_num(np.abs(z))
    # One source's change bends what the others are held against: only the farthest of a group is told.
    farthest = np.zeros(len(numbers))
    np.maximum.at(farthest, group, far)
    changed = (far >= least_z) & (far == farthest[group])
    return Practice(np.where(comparable, np.exp(odds), np.nan), z, changed)


def _score(own: Floats, whole: Floats) -> Floats:
    """Return the standardised score of the two-by-two table (hypergeometric): it holds for zeros too."""
    total, own_total = whole.sum(axis=0), own.sum(axis=0)
    safe = np.maximum(total, 2.0)
    expected = own_total * whole[0] / safe
    variance = own_total * (total - own_total) * whole[0] * whole[1] / (safe**2 * (safe - 1))
    return np.asarray((own[0] - expected) / np.sqrt(np.maximum(variance, 1e-9)))
