"""How many ways an act can be known along each side of the cube."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many ways there are along each side.

    Attributes:
        indicators: indicators counted together.
        areas: area codes that occur.
        sexes: codes of sex that occur, unknown included.
        ages: ways of lying in the age bands.
        times: single periods and the intervals that touch several.
        periods: single periods alone.
        base: the number of the first period.
    """

    indicators: int
    areas: int
    sexes: int
    ages: int
    times: int
    periods: int
    base: int
