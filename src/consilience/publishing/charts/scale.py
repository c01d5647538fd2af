"""From values to pixels, and the round numbers to mark on the way.

>>> nice_ticks(0, 87, 5)
(0.0, 20.0, 40.0, 60.0, 80.0, 100.0)
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

LARGEST = 1e300
SMALLEST = 1e-290


def nice_ticks(low: float, high: float, wanted: int, *, whole: bool = False) -> tuple[float, ...]:
    """Return round, evenly spaced numbers that enclose `low` and `high`.

    The method is P. S. Heckbert's, "Nice Numbers for Graph Labels", Graphics Gems (1990).

    Args:
        low: the smallest value to show.
        high: the largest value to show; an empty range is widened to 1.
        wanted: about how many marks are wanted.
        whole: whether marks must be whole numbers (counts).
    """
    span = high - low if high - low > SMALLEST else 1.0
    step = _nice(span / max(wanted - 1, 1))
    if whole:
        step = max(1.0, step)
    first = math.floor(low / step)
    last = max(math.ceil(max(high, low + span) / step), first + 1)
    return tuple(_clean(index * step, step) for index in range(first, last + 1))


def _nice(step: float) -> float:
    exponent = math.floor(math.log10(step))
    fraction = step / 10.0**exponent
    for limit, nice in ((1.5, 1.0), (3.0, 2.0), (7.0, 5.0)):
        if fraction < limit:
            return float(nice * 10.0**exponent)
    return float(10.0 ** (exponent + 1))


def _clean(value: float, step: float) -> float:
    """Remove what binary fractions add: 0.30000000000000004 becomes 0.3."""
    digits = max(0, 2 - math.floor(math.log10(step)))
    return round(value, min(digits, 300)) + 0.0


def finite(values: Iterable[float | None]) -> tuple[float, ...]:
    """Return the values that can be drawn: neither None, NaN nor infinite, and not beyond 1e300."""
    return tuple(value for value in values if value is not None and drawable(value) is not None)


def drawable(value: float | None) -> float | None:
    """Return `value` if it can be drawn, otherwise None."""
    return value if value is not None and math.isfinite(value) and abs(value) <= LARGEST else None


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear map of the values `low` to `high` onto the positions `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the position of `value`, held inside the scale."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)


def value_axis(values: Iterable[float | None], wanted: int, *, whole: bool) -> tuple[float, ...]:
    """Return the marks of an axis that holds all `values` and zero; from 0 to 1 where there are none."""
    shown = finite(values)
    low, high = min((0.0, *shown)), max((0.0, *shown))
    return nice_ticks(low, high, wanted, whole=whole and all(value == int(value) for value in shown))
