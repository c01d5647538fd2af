"""The attack before the release: try to compute every suppressed cell, and say what was tried.

Small tables are attacked exactly: the smallest and largest possible value of every suppressed cell (`bounds`). Large
tables are attacked in growing parts: another table that agrees with everything published proves a cell safe, and two
such tables bound it from inside; what no part proves is attacked exactly in the whole. A cell counts as disclosed
only if exactly one value is left.

>>> from scipy import sparse
>>> sums = sparse.csr_matrix([[1.0, -1.0, -1.0]])
>>> report = attack(View(sums, np.array([10, 3, 7]), np.array([False, True, False])))
>>> report.exactly_disclosed, report.held, report.cells.tolist()
(1, False, [1])
>>> report.public()["held"]
False
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from consilience.disclosure.bounds import Guess, View, bounds, components
from consilience.disclosure.cells import Mask
from consilience.disclosure.hierarchy import Ints

EXACT_UP_TO = 400
PART = 900


@dataclass(frozen=True)
class AttackReport:
    """What an attack found.

    Attributes:
        attacked: how many suppressed cells were attacked.
        exactly_disclosed: how many of them have only one possible value.
        within_protection: how many primary cells can move by less than the protection asked.
        exact: whether `low` and `high` are exact; otherwise the true range is at least as wide.
        scenarios: what was tried, in words.
        low: smallest value found for each cell. Private.
        high: largest value found for each cell. Private.
        cells: the cells that fail. Private.
    """

    attacked: int
    exactly_disclosed: int
    within_protection: int
    exact: bool
    scenarios: tuple[str, ...]
    low: Ints = field(repr=False)
    high: Ints = field(repr=False)
    cells: Ints = field(repr=False)

    @property
    def held(self) -> bool:
        """Whether nothing was found."""
        return not len(self.cells)

    def public(self) -> dict[str, Any]:
        """Return what may be published: what was attacked and whether it held, never which cells."""
        return {
            "attacked": self.attacked,
            "exactly_disclosed": self.exactly_disclosed,
            "within_protection": self.within_protection,
            "bounds": "exact" if self.exact else "at least this wide",
            "scenarios": list(self.scenarios),
            "held": self.held,
        }


def attack(
    view: View,
    *,
    primary: Mask | None = None,
    protection: int = 0,
    codes: Ints | None = None,
    scenarios: Sequence[str] = ("published cells and sums",),
    exact_up_to: int = EXACT_UP_TO,
) -> AttackReport:
    """Attack every hidden cell of a view.

    Args:
        view: what the attacker sees.
        primary: the cells that need the protection; all hidden cells by default.
        protection: how far a primary cell must be able to move both ways (down to zero at most).
        codes: codes of the cells, shape (cells, dimensions); lets a large table be attacked in parts.
        scenarios: what the view stands for, in words, for the report.
        exact_up_to: up to how many hidden cells the bounds are exact.
    """
    count = int(view.hidden.sum())
    exact = count <= exact_up_to
    low, high = bounds(view) if exact else _search(view, codes)
    fixed = view.hidden & (low == high)
    wanted = view.hidden if primary is None else primary & view.hidden
    narrow = fixed & wanted
    if protection:
        below = np.minimum(protection, view.values - view.low)
        narrow |= wanted & ((high < view.values + protection) | (low > view.values - below))
    return AttackReport(
        count, int(fixed.sum()), int(narrow.sum()), exact, tuple(scenarios), low, high, np.flatnonzero(fixed | narrow)
    )


def _search(view: View, codes: Ints | None) -> tuple[Ints, Ints]:
    """Bound every hidden cell from inside, part by part; what stays fixed is attacked in the whole."""
    low, high = view.values.copy(), view.values.copy()
    groups = components(view)
    for group in groups:
        for part in _parts(group, codes):
            if (low[part] == high[part]).any():
                _probe(view, part, low, high)
    for group in groups:
        _settle(view, group, low, high)
    return low, high


def _parts(group: Ints, codes: Ints | None) -> Iterator[Ints]:
    """Yield parts of a group, a few codes of the widest dimension with its largest code; then other such parts."""
    if codes is None or len(group) <= PART:
        yield group
        return
    spread = [len(np.unique(column)) for column in codes[group].T]
    column = codes[group, int(np.argmax(spread))]
    found = np.unique(column)
    top, rest = found[-1], found[:-1]
    for seed in range(4):
        order = rest if seed == 0 else np.random.default_rng(seed).permutation(rest)
        pieces = max(1, round(len(group) / (PART * (1 + seed))))
        for chosen in np.array_split(order, min(pieces, max(len(rest) // 2, 1))):
            part = group[np.isin(column, np.append(chosen, top))]
            if len(part):
                yield part


def _probe(view: View, part: Ints, low: Ints, high: Ints) -> None:
    """Look for other tables in one part: far away in two directions, then close by."""
    guess = Guess(view, part)
    rng = np.random.default_rng(len(part))
    for distance in (0, 2, 1):
        if distance:
            guess.nearby(distance)
        for _ in range(2):
            open_cells = (guess.smallest == guess.largest) & (low[part] == high[part])
            if not open_cells.any():
                break
            cost = rng.choice([-1.0, 1.0], len(part)) * (1.0 + rng.random(len(part))) * (1.0 + 9.0 * open_cells)
            guess.minimise(cost)
    low[part] = np.minimum(low[part], guess.smallest)
    high[part] = np.maximum(high[part], guess.largest)


def _settle(view: View, group: Ints, low: Ints, high: Ints) -> None:
    """Attack exactly what no part could prove safe."""
    left = np.flatnonzero(low[group] == high[group])
    if not len(left):
        return
    guess = Guess(view, group)
    for place in left:
        if guess.smallest[place] == guess.largest[place]:
            guess.extreme(int(place), 1)
        if guess.smallest[place] == guess.largest[place]:
            guess.extreme(int(place), -1)
    low[group] = np.minimum(low[group], guess.smallest)
    high[group] = np.maximum(high[group], guess.largest)
