"""Coarsening: say less, before cells are counted. Fresh dates and small places lose detail by a declared ladder.

>>> ladder = FreshDates(((30, 4), (365, 7)))
>>> ladder.coarsen(["2026-01-05", "2025-11-02", "2024-03-09"], today=date(2026, 1, 20))
['2026', '2025-11', '2024-03-09']
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from consilience.disclosure.cells import Cells, Mask
from consilience.disclosure.hierarchy import TOTAL, Hierarchy


@dataclass(frozen=True)
class FreshDates:
    """A ladder for dates: how many characters of an ISO date may be published, by age in days.

    Attributes:
        steps: (younger than so many days, characters kept): 4 a year, 7 a month; older dates stay as they are.
    """

    steps: tuple[tuple[int, int], ...]

    def coarsen(self, dates: Sequence[str], *, today: date) -> list[str]:
        """Return the dates (YYYY-MM-DD, or coarser already) with the fresh ones shortened."""
        return [text[: self._kept(text, today)] for text in dates]

    def _kept(self, text: str, today: date) -> int:
        padded = f"{text}-12-31"[:10] if len(text) == 4 else f"{text}-28"[:10]
        age = (today - date.fromisoformat(padded)).days
        return next((kept for days, kept in self.steps if age < days), len(text))


def coarsen_places(codes: Sequence[str], populations: Mapping[str, int], tree: Hierarchy, *, least: int) -> list[str]:
    """Replace every place of fewer than `least` people by the nearest one above it that has enough.

    A place whose population nobody declared counts as small.

    >>> tree = Hierarchy.over("area", [("Village", "District"), ("District", "Province")])
    >>> coarsen_places(["Village"], {"Village": 900, "District": 60_000}, tree, least=20_000)
    ['District']
    """
    return [
        next((place for place in tree.lineage(code)[:-1] if populations.get(place, 0) >= least), TOTAL)
        for code in codes
    ]


def propose(cells: Cells, suppressed: Mask, gone: float) -> str:
    """Say which dimension to coarsen: the one whose detail loses most."""
    shares = []
    for dimension, column in zip(cells.dimensions, cells.codes.T, strict=True):
        detail = column < dimension.leaves
        shares.append(float(suppressed[detail].mean()) - float(suppressed[~detail].mean() if (~detail).any() else 0.0))
    worst = cells.dimensions[int(np.argmax(shares))].name
    return (
        f"{gone:.0%} of the cells are suppressed. A coarser table would say more: "
        f"combine codes of {worst}, or publish it without {worst}."
    )
