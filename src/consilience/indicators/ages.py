"""Age bands: which band an age known as an interval of completed years belongs to, for sure or perhaps.

>>> bands = AgeBands((AgeBand("Y0T14", 0, 14), AgeBand("Y15T17", 15, 17), AgeBand("Y_GE18", 18, math.inf)))
>>> bands.place(15, 20).central, sorted(bands.place(15, 20).possible)
('Y15T17', ['Y15T17', 'Y_GE18'])
>>> bands.place(18, None).central, bands.place(16, None).central
('Y_GE18', '_U')
"""

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass

from consilience.errors import UsageError
from consilience.standards.codelist import Codelist

TOTAL, UNKNOWN, OTHER = "_T", "_U", "_O"


@dataclass(frozen=True, slots=True)
class AgePlace:
    """Where an age counts: its most likely cell, whether that is certain, and every cell it may lie in."""

    central: str
    sure: bool
    possible: frozenset[str]


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Completed years from `low` to `high`, both included; `high` is infinite in the topmost band."""

    code: str
    low: float
    high: float


_NOT_KNOWN = AgePlace(UNKNOWN, sure=True, possible=frozenset({UNKNOWN}))


@dataclass(frozen=True, slots=True)
class AgeBands:
    """Disjoint age bands, from the youngest to the oldest; ages outside all of them count under `_O`."""

    bands: tuple[AgeBand, ...] = ()

    @classmethod
    def from_codelist(cls, codelist: Codelist, codes: Iterable[str]) -> "AgeBands":
        """Choose bands of the codelist AGE.

        Raises:
            StandardError: the list has no such code.
            UsageError: a code is not a band, or two bands share an age.
        """
        bands = sorted((_band(codelist, code) for code in codes), key=lambda band: (band.low, band.high))
        for younger, older in itertools.pairwise(bands):
            if older.low <= younger.high:
                raise UsageError(
                    "Two age bands share an age",
                    found=f"{younger.code} and {older.code}",
                    expected="bands of which each age belongs to one at most",
                    remedy="Choose disjoint bands.",
                )
        return cls(tuple(bands))

    def place(self, low: float | None, high: float | None) -> AgePlace:
        """Place an age of `low` to `high` years; None where that end is not known.

        An age known on both sides counts in the band that holds most of its completed years (of equal ones the
        youngest). One known on one side only counts in a band where that is certain, else under `_U`.
        """
        if low is None and high is None:
            return _NOT_KNOWN
        first = 0 if low is None else math.floor(low)
        last = math.inf if high is None else math.floor(high)
        if last < first:
            return _NOT_KNOWN
        years = self._years_inside(first, last)
        if len(years) == 1:
            (code,) = years
            return AgePlace(code, sure=True, possible=frozenset(years))
        if low is None or high is None:
            return AgePlace(UNKNOWN, sure=True, possible=frozenset({UNKNOWN, *years}))
        return AgePlace(max(years, key=lambda code: years[code]), sure=False, possible=frozenset(years))

    def _years_inside(self, first: float, last: float) -> dict[str, float]:
        """Return, for each band the interval touches, how many of its completed years lie in it; gaps under `_O`."""
        years: dict[str, float] = {}
        outside: float = 0
        edge = first
        for band in self.bands:
            inside = min(last, band.high) - max(first, band.low) + 1
            if inside <= 0:
                continue
            outside += max(0, band.low - edge)
            edge = band.high + 1
            years[band.code] = inside
        if last >= edge and not math.isinf(edge):
            outside += last - edge + 1
        return {**years, OTHER: outside} if outside > 0 else years


def _band(codelist: Codelist, identifier: str) -> AgeBand:
    code = codelist.code(identifier)
    if code.low is None and code.high is None:
        raise UsageError(
            "An age code has no bounds",
            found=identifier,
            expected="an age band, such as Y15T17",
            remedy="Totals and unknown ages are always counted; name bands only.",
        )
    return AgeBand(code.id, code.low or 0, math.inf if code.high is None else code.high)
