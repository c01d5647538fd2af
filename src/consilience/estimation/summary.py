"""Intervals of a posterior and its shape in words.

>>> draws = np.exp(np.random.default_rng(1).normal(7, 0.1, size=4000))
>>> shape_of(draws).words
'one peak'
>>> both = np.concatenate([draws, 3 * draws])
>>> shape_of(both).words
'two peaks, near 1,098 (50%) and 3,271 (50%)'
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consilience.estimation.posterior import interval

Numbers = NDArray[np.float64]

_GRID = 250
_LEAST_HEIGHT = 0.1
_DEEPEST_VALLEY = 0.8
_LEAST_MASS = 0.05


@dataclass(frozen=True, slots=True)
class Summary:
    """Centre and intervals of a population size."""

    median: float
    mean: float
    interval_50: tuple[float, float]
    interval_80: tuple[float, float]
    interval_95: tuple[float, float]

    def to_json(self) -> dict[str, Any]:
        """Return numbers rounded to a tenth of a person."""
        return {
            "median": round(self.median, 1),
            "mean": round(self.mean, 1),
            "interval_50": [round(end, 1) for end in self.interval_50],
            "interval_80": [round(end, 1) for end in self.interval_80],
            "interval_95": [round(end, 1) for end in self.interval_95],
        }


@dataclass(frozen=True, slots=True)
class Shape:
    """How many peaks a posterior has, where, and the same in words."""

    peaks: tuple[float, ...]
    masses: tuple[float, ...]
    words: str


def summarise(draws: NDArray[np.generic]) -> Summary:
    """Return centre and intervals of draws of any shape."""
    flat = draws.astype(np.float64).ravel()
    return Summary(
        float(np.median(flat)), float(flat.mean()), interval(flat, 50), interval(flat, 80), interval(flat, 95)
    )


def shape_of(draws: NDArray[np.generic]) -> Shape:
    """Return peaks of the density of log N that stand clear: each holds 5% or more, with a valley before the next."""
    logs = np.log(np.maximum(draws.astype(np.float64).ravel(), 1.0))
    if np.ptp(logs) < 1e-9:
        return Shape((float(np.exp(logs[0])),), (1.0,), "one peak")
    grid, density = _density(logs)
    cuts, tops = _peaks(density)
    masses = np.add.reduceat(density, [0, *cuts]) / density.sum()
    held = masses >= _LEAST_MASS
    peaks = tuple(float(np.exp(grid[top])) for top, keep in zip(tops, held, strict=True) if keep)
    kept = tuple(float(mass) for mass in masses[held])
    return Shape(peaks, kept, _words(peaks, kept, logs))


def _density(logs: Numbers) -> tuple[Numbers, Numbers]:
    """Return a Gaussian kernel density on a grid; width by Silverman's rule with the interquartile range."""
    low, high = np.quantile(logs, [0.001, 0.999])
    quartiles = np.quantile(logs, [0.25, 0.75])
    spread = min(float(logs.std()), float(np.ptp(quartiles)) / 1.34 or float(logs.std()))
    width = max(0.9 * spread * len(logs) ** -0.2, (high - low) / _GRID, 1e-9)
    grid = np.linspace(low - 3 * width, high + 3 * width, _GRID)
    counts, edges = np.histogram(logs, bins=2 * _GRID, range=(float(grid[0]), float(grid[-1])))
    centres = (edges[:-1] + edges[1:]) / 2
    kernel = np.exp(-0.5 * ((grid[:, None] - centres[None, :]) / width) ** 2)
    return grid, np.asarray(kernel @ counts, dtype=np.float64)


def _peaks(density: Numbers) -> tuple[list[int], list[int]]:
    """Return the valleys that part the peaks, and the peaks."""
    inner = density[1:-1]
    tops = [int(place) + 1 for place in np.flatnonzero((inner >= density[:-2]) & (inner > density[2:]))]
    tops = [top for top in tops if density[top] >= _LEAST_HEIGHT * density.max()]
    kept = tops[:1]
    cuts: list[int] = []
    for top in tops[1:]:
        valley = kept[-1] + int(np.argmin(density[kept[-1] : top + 1]))
        if density[valley] < _DEEPEST_VALLEY * min(density[kept[-1]], density[top]):
            kept.append(top)
            cuts.append(valley)
        elif density[top] > density[kept[-1]]:
            kept[-1] = top
    return cuts, kept


def _words(peaks: tuple[float, ...], masses: tuple[float, ...], logs: Numbers) -> str:
    if len(peaks) > 1:
        number = {2: "two", 3: "three"}.get(len(peaks), str(len(peaks)))
        parts = [f"{peak:,.0f} ({mass:.0%})" for peak, mass in zip(peaks, masses, strict=True)]
        return f"{number} peaks, near {', '.join(parts[:-1])} and {parts[-1]}"
    low, middle, high = np.quantile(logs, [0.025, 0.5, 0.975])
    if high - middle > 2.0 * (middle - low):
        return "one peak with a long upper tail"
    return "one peak"
