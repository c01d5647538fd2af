"""Which earlier periods a baseline rests on, and which seasonal level each belongs to.

The design depends on the distance to the tested period only, so all series of a time point, and all time points of a
series, share it. Windows of `half_window` periods lie around the same position of each earlier year (level 0); the
stretches between them are cut into `blocks - 1` levels, longer ones first (Noufaily et al. 2013, section 3.3).

>>> design = reference_window(12.0, years=2, half_window=1, blocks=4, left_out=6)
>>> design.distances.tolist()
[-25, -24, -23, -22, -21, -20, -19, -18, -17, -16, -15, -14, -13, -12, -11, -10, -9, -8, -7]
>>> design.levels.tolist()
[0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 0, 0, 0, 1, 1, 1, 2]
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Distances to the tested period (negative, ascending) and seasonal levels (from 0, without gaps) of a baseline."""

    distances: Ints
    levels: Ints

    @property
    def reach(self) -> int:
        """How many periods a series must go back."""
        return int(-self.distances[0])


def reference_window(period: float, *, years: int, half_window: int, blocks: int, left_out: int) -> Window:
    """Return the reference window of a tested period.

    Args:
        period: periods in a year, such as 12, 52 or 365.2425 / 7.
        years: earlier years used.
        half_window: periods on either side of the anniversary.
        blocks: seasonal levels; 1 keeps the windows alone.
        left_out: latest periods before the tested one that are left out.
    """
    centres = [-round(year * period) for year in range(years, -1, -1)]
    distances: list[int] = []
    levels: list[int] = []
    for centre, following in pairwise(centres):
        inside = range(centre - half_window, centre + half_window + 1)
        between = range(centre + half_window + 1, following - half_window) if blocks > 1 else range(0)
        distances += [*inside, *between]
        levels += [0] * len(inside) + _cut(len(between), blocks - 1)
    return _tidy(np.asarray(distances, dtype=np.int64), np.asarray(levels, dtype=np.int64), left_out)


def _cut(length: int, blocks: int) -> list[int]:
    """Number the positions of a stretch by block, the remainder going to the first blocks."""
    if blocks < 1:
        return []
    size, rest = divmod(length, blocks)
    return [number + 1 for number in range(blocks) for _ in range(size + (number < rest))]


def _tidy(distances: Ints, levels: Ints, left_out: int) -> Window:
    """Keep each distance once (windows overlap in short years), far enough back, with levels numbered without gaps."""
    kept, first = np.unique(distances, return_index=True)
    far = kept < -left_out
    _, numbers = np.unique(levels[first][far], return_inverse=True)
    return Window(kept[far], numbers.astype(np.int64))
