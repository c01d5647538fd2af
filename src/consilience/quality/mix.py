"""Changes in the mix of codes: a source that begins to code otherwise, and a source that confuses two codes.

What happens in the world changes every source's mix; a change of practice changes one source's. So a source's share of
a code is held against what the other sources make of the same months: their odds of the code enter as the offset of a
binomial model, and only the departure from it is tested. Counts are months x codes, one array per source.

Change of practice: the largest cumulative departure, scaled by its dispersion, against Kolmogorov's distribution
(Brown, Durbin and Evans 1975; Csorgo and Horvath 1997, ch. 1), with Bonferroni's correction over sources and codes.
A pair of codes that changed places: the likelihood ratio "exchanged from month i to month j" against "as always". Under
the latter its mean is 1, so by Markov's inequality it exceeds W / 0.01 with a chance below 0.01 / W for each of the W
windows, pairs and sources. An exchange moves no records between the pair and the rest; a pair that grew or shrank by
more than a quarter is a change of practice, not an exchange.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

Matrix = npt.NDArray[np.float64]
Series = npt.NDArray[np.float64]
ALPHA = 0.01
FEWEST_MONTHS = 12
FEWEST_RECORDS = 20
_PRIOR = 0.5
_LARGEST_CHANGE_OF_PAIR = 1.25


@dataclass(frozen=True, slots=True)
class Exchange:
    """Two codes of one source that stand for each other from month `first` to month `last`, both included."""

    source: str
    codes: tuple[int, int]
    first: int
    last: int
    log_ratio: float
    threshold: float


@dataclass(frozen=True, slots=True)
class PracticeChange:
    """A code whose share in one source changes with month `position`, and that no other source explains."""

    source: str
    code: int
    position: int
    before: float
    after: float
    p_value: float
    tests: int
    others: bool


def find_exchanges(counts: Mapping[str, Matrix]) -> list[Exchange]:
    """Return the exchanged pairs, the surest of each source first; a code is named once a source.

    Args:
        counts: by source, months x codes; all of the same shape. Needs two sources at least.
    """
    if len(counts) < 2:
        return []
    candidates = [
        found
        for source in sorted(counts)
        for one, other in combinations(range(_codes(counts)), 2)
        if (found := _exchange(counts, source, (one, other))) is not None
    ]
    chosen: list[Exchange] = []
    for candidate in sorted(candidates, key=lambda found: -found.log_ratio):
        taken = {code for found in chosen if found.source == candidate.source for code in found.codes}
        if not taken & set(candidate.codes):
            chosen.append(candidate)
    return chosen


def undo(counts: Mapping[str, Matrix], exchanges: list[Exchange]) -> dict[str, Matrix]:
    """Return the counts with every exchange taken back."""
    mended = {source: matrix.copy() for source, matrix in counts.items()}
    for found in exchanges:
        window = slice(found.first, found.last + 1)
        mended[found.source][window, list(found.codes)] = mended[found.source][window, list(found.codes[::-1])]
    return mended


def find_practice_changes(counts: Mapping[str, Matrix]) -> list[PracticeChange]:
    """Return the changes of practice, the surest first.

    After each, the code no longer counts in its source: neither as that source's mix nor as what others are held
    against, so that one change is not found again as its mirror image.
    """
    left = {source: matrix.copy() for source, matrix in counts.items()}
    tests = len(counts) * _codes(counts) if counts else 0
    found: list[PracticeChange] = []
    while True:
        changes = [
            change
            for source in sorted(left)
            for code in range(_codes(left))
            if (change := _practice(left, source, code, tests)) is not None
        ]
        if not changes:
            return found
        surest = min(changes, key=lambda change: (change.p_value, -abs(change.after - change.before)))
        found.append(surest)
        left[surest.source][:, surest.code] = 0


def _codes(counts: Mapping[str, Matrix]) -> int:
    return int(next(iter(counts.values())).shape[1])


def _others(counts: Mapping[str, Matrix], source: str, code: int) -> Matrix:
    """Sum the other sources that use `code` at all."""
    using = [matrix for name, matrix in counts.items() if name != source and matrix[:, code].sum() > 0]
    return np.asarray(sum(using, np.zeros_like(counts[source])))


def _offset(hits: Series, total: Series) -> tuple[Series, Series]:
    """Return the log odds that the other sources show month by month, drawn to their mean, and their variance."""
    overall = hits.sum() / total.sum() if total.sum() else 0.5
    some, rest = hits + _PRIOR * 2 * overall, total - hits + _PRIOR * 2 * (1 - overall)
    return np.log(some / rest), 1 / some + 1 / rest


def _fit(hits: Series, total: Series, offset: Series) -> Series:
    """Return the expected share per month: the offset, moved so that the expected hits sum to the observed ones."""

    def excess(shift: float) -> float:
        return float((total * special.expit(offset + shift)).sum() - hits.sum())

    return np.asarray(special.expit(offset + optimize.brentq(excess, -60, 60)))


def _practice(counts: Mapping[str, Matrix], source: str, code: int, tests: int) -> PracticeChange | None:
    own = counts[source]
    hits, total = own[:, code], own.sum(axis=1)
    inside = total > 0
    if inside.sum() < FEWEST_MONTHS or not FEWEST_RECORDS <= hits.sum() < total.sum():
        return None
    others = _others(counts, source, code)
    held = others[:, code].sum() >= FEWEST_RECORDS
    offset, noise = _offset(others[:, code], others.sum(axis=1)) if held else (np.zeros(len(hits)), np.zeros(len(hits)))
    share = _fit(hits, total, offset)
    spread = total * share * (1 - share)
    variance = spread + spread**2 * noise
    departure = hits - total * share
    path = np.cumsum(departure)
    scale = np.sqrt(_dispersion(departure[inside], variance[inside]) * variance.sum())
    position = int(np.argmax(np.abs(path[:-1]))) + 1
    p_value = float(special.kolmogorov(np.abs(path[:-1]).max() / scale))
    if p_value * tests > ALPHA:
        return None
    before, after = (float(hits[part].sum() / max(total[part].sum(), 1)) for part in _split(position))
    return PracticeChange(source, code, position, before, after, p_value, tests, others=bool(held))


def _split(position: int) -> tuple[slice, slice]:
    return slice(None, position), slice(position, None)


def _dispersion(departure: Series, variance: Series) -> float:
    """Return the dispersion, not below 1, from neighbouring months: a change of level counts in one difference only."""
    scaled = departure / np.sqrt(np.maximum(variance, 1e-9))
    return max(1.0, float((np.diff(scaled) ** 2).mean() / 2))


def _exchange(counts: Mapping[str, Matrix], source: str, codes: tuple[int, int]) -> Exchange | None:
    own = counts[source]
    one, other = own[:, codes[0]], own[:, codes[1]]
    pair = one + other
    if min(one.sum(), other.sum()) < FEWEST_RECORDS or (pair > 0).sum() < FEWEST_MONTHS:
        return None
    offset = _pair_offset(counts, source, codes)
    # A window that is exchanged must not move what "as always" means: the middle month decides.
    usual = np.log((one + _PRIOR) / (other + _PRIOR)) - offset
    odds = offset + np.median(usual[pair > 0])
    share = special.expit(odds)
    scaled = (one - pair * share) / np.sqrt(np.maximum(pair * share * (1 - share), 1e-9))
    # The median of squared departures of a clean series is that of chi-square with one degree: 0.455.
    phi = max(1.0, float(np.median(scaled[pair > 0] ** 2) / 0.455))
    gain = (other - one) * odds / phi
    first, last, most = _largest_run(gain)
    windows = len(gain) * (len(gain) + 1) / 2 * own.shape[1] * (own.shape[1] - 1) / 2 * len(counts)
    threshold = float(np.log(windows / ALPHA))
    if most < threshold or not _keeps_its_size(counts, source, codes, slice(first, last + 1)):
        return None
    return Exchange(source, codes, first, last, most, threshold)


def _pair_offset(counts: Mapping[str, Matrix], source: str, codes: tuple[int, int]) -> Series:
    using = [m for name, m in counts.items() if name != source and all(m[:, code].sum() > 0 for code in codes)]
    others = np.asarray(sum(using, np.zeros_like(counts[source])))
    if others[:, list(codes)].sum() < FEWEST_RECORDS:
        return np.zeros(len(others))
    return _offset(others[:, codes[0]], others[:, list(codes)].sum(axis=1))[0]


def _largest_run(gain: Series) -> tuple[int, int, float]:
    """Return the run of months with the largest sum (Kadane): first, last, sum."""
    best, most, start, running = (0, 0), 0.0, 0, 0.0
    for month, value in enumerate(gain):
        if running <= 0:
            start, running = month, 0.0
        running += float(value)
        if running > most:
            best, most = (start, month), running
    return *best, most


def _keeps_its_size(counts: Mapping[str, Matrix], source: str, codes: tuple[int, int], window: slice) -> bool:
    """Whether the pair has the part of the source's records that it has outside the window, as other sources move."""
    own = counts[source]
    outside = np.ones(len(own), dtype=bool)
    outside[window] = False
    if not outside.any():
        return False

    def growth(matrix: Matrix) -> float:
        pair, total = matrix[:, list(codes)].sum(axis=1), matrix.sum(axis=1)
        inner, outer = pair[window].sum() + 1, pair[outside].sum() + 1
        return float(inner / (total[window].sum() + 1) / (outer / (total[outside].sum() + 1)))

    others = np.asarray(sum((m for name, m in counts.items() if name != source), np.zeros_like(own)))
    ratio = growth(own) / growth(others)
    return 1 / _LARGEST_CHANGE_OF_PAIR < ratio < _LARGEST_CHANGE_OF_PAIR
