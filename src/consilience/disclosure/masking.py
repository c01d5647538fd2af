"""Geographic masking: publish where something happened only as exactly as is safe, and no more exactly than known.

Points are moved to the centre of a grid cell; a cell is as large as the rule asks, or larger where the place itself is
known less exactly. Random displacement is not used: several releases of one point would average it out.

>>> masked = snap(np.array([9.0301]), np.array([38.7402]), metres=np.array([5000.0]))
>>> [round(float(v[0]), 3) for v in masked]
[9.05, 38.728]
"""

import numpy as np
from numpy.typing import NDArray

from consilience.errors import UsageError

METRES_PER_DEGREE = 111_320.0
Degrees = NDArray[np.float64]


def snap(latitude: Degrees, longitude: Degrees, *, metres: Degrees) -> tuple[Degrees, Degrees]:
    """Return the centre of the grid cell of each point.

    Args:
        latitude: degrees north, shape (points,).
        longitude: degrees east, shape (points,).
        metres: width of the cell for each point, above zero: the larger of what the rule asks and what is known.

    Raises:
        UsageError: a width is not above zero.
    """
    if (metres <= 0).any():
        raise UsageError("The width of a grid cell is not above zero", expected="metres")
    height = metres / METRES_PER_DEGREE
    north = (np.floor(latitude / height) + 0.5) * height
    width = height / np.maximum(np.cos(np.radians(north)), 0.01)
    east = (np.floor(longitude / width) + 0.5) * width
    return np.clip(north, -90, 90), (east + 180.0) % 360.0 - 180.0


def width_for(asked: float, known: Degrees) -> Degrees:
    """Return the width for each point: never finer than asked, never finer than the place is known (metres)."""
    return np.maximum(asked, np.nan_to_num(known, nan=asked))
