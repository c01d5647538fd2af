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
    whole = np.stack([np.bincount(group, weights=sums, minlength=len(numbers)) for sums in own])
    others = whole[:, group] - own
    odds = np.log((own[0] + _HALF) / (own[1] + _HALF)) - np.log((others[0] + _HALF) / (others[1] + _HALF))
    error = np.sqrt((1 / (own + _HALF) + 1 / (others + _HALF)).sum(axis=0))
    comparable = others.min(axis=0) >= _LEAST
    z = np.where(comparable, odds / error, np.nan)
    return Practice(np.where(comparable, np.exp(odds), np.nan), z, np.nan_to_num(np.abs(z)) >= least_z)
