"""Changes in the mix of codes: a source that begins to code otherwise, and a source that confuses two codes.

What happens in the world changes every source's mix; a change of practice changes one source's. So a source's share of
a code is held against what the other sources make of the same months (`quality.world`): the odds of the code that they
let expect enter as the offset of a binomial model, and only the departure from it is tested. Counts are months x codes,
one array per source.

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
from scipy import special

from consilience.quality.world import expected, noise, world_of

Matrix = npt.NDArray[np.float64]
Series = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
ALPHA = 0.01
FEWEST_MONTHS = 12
FEWEST_RECORDS = 20
_LARGEST_CHANGE_OF_PAIR = 1.25
_ROUNDS = 10
_STEPS, _CLOSE = 200, 1e-12


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
    steady = _without_changes(counts)
    candidates = [
        found
        for source in sorted(counts)
        for found in _exchanges_of({**steady, source: counts[source]}, source)
        if _explains(counts, found)
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
    tests = _tests(counts)
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


def _without_changes(counts: Mapping[str, Matrix]) -> dict[str, Matrix]:
    """Leave out the codes of sources whose practice changed: others must not be held against them."""
    steady = {source: matrix.copy() for source, matrix in counts.items()}
    for change in find_practice_changes(counts):
        steady[change.source][:, change.code] = 0
    return steady


def _tests(counts: Mapping[str, Matrix]) -> int:
    """How many codes of how many sources have enough records to be tested."""
    return sum(int((matrix.sum(axis=0) >= FEWEST_RECORDS).sum()) for matrix in counts.values())


def _codes(counts: Mapping[str, Matrix]) -> int:
    return int(next(iter(counts.values())).shape[1])


def _fit(hits: Series, total: Series, offset: Series) -> Series:
    """Return the expected share per month: the offset, moved so that the expected hits sum to the observed ones."""
    if not offset.any():
        return np.full(len(total), hits.sum() / max(total.sum(), 1))
    # Where all or none are hits the likeliest shift is infinite; 30 is as good.
    if hits.sum() <= 0 or hits.sum() >= total.sum():
        return np.asarray(special.expit(offset + (30 if hits.sum() > 0 else -30)))
    return np.asarray(special.expit(offset + _shift(float(hits.sum()), total, offset)))


def _shift(wanted: float, total: Series, offset: Series) -> float:
    """Return the shift of `offset` under which `wanted` hits are expected: Newton's steps, kept inside a bracket."""
    low, high, shift = -60.0, 60.0, 0.0
    for _ in range(_STEPS):
        share = special.expit(offset + shift)
        excess = float((total * share).sum()) - wanted
        low, high = (low, shift) if excess > 0 else (shift, high)
        slope = float((total * share * (1 - share)).sum())
        step = shift - excess / slope if slope > 0 else low
        new = step if low < step < high else (low + high) / 2
        if abs(new - shift) < _CLOSE:
            return new
        shift = new
    return shift


def _practice(counts: Mapping[str, Matrix], source: str, code: int, tests: int) -> PracticeChange | None:
    own = counts[source]
    hits, total = own[:, code], own.sum(axis=1)
    inside = total > 0
    if inside.sum() < FEWEST_MONTHS or not FEWEST_RECORDS <= hits.sum() < total.sum():
        return None
    # Held against itself first: a change that only shows against the others is the others' change.
    flat = np.zeros(len(hits))
    alone = _departure(hits, total, flat, flat)
    if alone * tests > ALPHA:
        return None
    held = _held(counts, source)
    compared = own[:, held].sum(axis=1) if held[code] else total
    offset, variance = _offset(counts, source, code, held) if held[code] else (flat, flat)
    p_value = max(alone, _departure(hits, compared, offset, variance))
    if p_value * tests > ALPHA:
        return None
    position = _position(hits, compared, offset)
    before, after = (float(hits[part].sum() / max(total[part].sum(), 1)) for part in _split(position))
    return PracticeChange(source, code, position, before, after, p_value, tests, others=bool(held[code]))


def _held(counts: Mapping[str, Matrix], source: str) -> Mask:
    """Mark the codes of which the other lists have enough to hold this one against."""
    others = sum((matrix.sum(axis=0) for name, matrix in counts.items() if name != source), np.zeros(_codes(counts)))
    return np.asarray(others >= FEWEST_RECORDS)


def _offset(counts: Mapping[str, Matrix], source: str, code: int, held: Mask) -> tuple[Series, Series]:
    """Return the log odds of a code that the other lists let expect month by month, and their variance."""
    likely = expected(world_of(counts, source) * held, counts[source] * held)
    rest = likely.sum(axis=1) - likely[:, code]
    odds = np.log(np.maximum(likely[:, code], 1e-9) / np.maximum(rest, 1e-9))
    return odds, noise(counts, source, held)[:, code]


def _departure(hits: Series, total: Series, offset: Series, noise: Series) -> float:
    """Return the p-value of the largest cumulative departure from a constant shift of `offset`."""
    share, inside = _fit(hits, total, offset), total > 0
    spread = total * share * (1 - share)
    variance = spread + spread**2 * noise
    departure = hits - total * share
    scale = np.sqrt(_dispersion(departure[inside], variance[inside]) * variance.sum())
    return float(special.kolmogorov(np.abs(np.cumsum(departure)[:-1]).max() / scale))


def _position(hits: Series, total: Series, offset: Series) -> int:
    """Return the first month of the new practice: the cut with the largest likelihood."""

    def fitted(part: slice) -> float:
        some, whole = hits[part], total[part]
        return _log_likelihood(some, whole, _fit(some, whole, offset[part]))

    positions = range(1, len(hits))
    return max(positions, key=lambda position: sum(fitted(part) for part in _split(position)))


def _split(position: int) -> tuple[slice, slice]:
    return slice(None, position), slice(position, None)


def _dispersion(departure: Series, variance: Series) -> float:
    """Return the dispersion, not below 1, from neighbouring months: a change of level counts in one difference only."""
    scaled = departure / np.sqrt(np.maximum(variance, 1e-9))
    return max(1.0, float((np.diff(scaled) ** 2).mean() / 2))


def _exchanges_of(counts: Mapping[str, Matrix], source: str) -> list[Exchange]:
    """Return the pairs of one source that look exchanged."""
    # Weights of nought, of codes that nobody else holds, are never read: such a pair is held against itself only.
    world = np.log(np.maximum(world_of(counts, source), 1e-300))
    pairs = combinations(range(_codes(counts)), 2)
    return [found for pair in pairs if (found := _exchange(counts, source, pair, world)) is not None]


def _exchange(counts: Mapping[str, Matrix], source: str, codes: tuple[int, int], world: Matrix) -> Exchange | None:
    own = counts[source]
    one, other = own[:, codes[0]], own[:, codes[1]]
    pair = one + other
    if min(one.sum(), other.sum()) < FEWEST_RECORDS or (pair > 0).sum() < FEWEST_MONTHS:
        return None
    offset = _pair_offset(world, codes) if _held(counts, source)[list(codes)].all() else np.zeros(len(pair))
    first, last = _best_window(one, pair, offset)
    # The other sources' odds are noisy; what they explain away, and what shows without them, must both hold.
    most = min(_gain(one, pair, each, first, last) for each in (offset, np.zeros(len(pair))))
    windows = len(own) * (len(own) + 1) / 2 * own.shape[1] * (own.shape[1] - 1) / 2 * len(counts)
    threshold = float(np.log(windows / ALPHA))
    too_long = last - first + 1 > len(own) / 2
    if too_long or most < threshold or not _looks_exchanged(counts, source, codes, slice(first, last + 1)):
        return None
    return Exchange(source, codes, first, last, most, threshold)


def _best_window(one: Series, pair: Series, offset: Series) -> tuple[int, int]:
    """Return the window whose exchange explains the pair best.

    What "as always" means is fitted anew without the window found, until the window stays.
    """
    share, first, last = _fit(one, pair, offset), 0, -1
    for _ in range(_ROUNDS):
        before = first, last
        first, last = _largest_run((pair - 2 * one) * special.logit(share))
        share = _fit(_exchanged(one, pair, first, last), pair, offset)
        if (first, last) == before:
            break
    return first, last


def _gain(one: Series, pair: Series, offset: Series, first: int, last: int) -> float:
    """Return what the exchange adds to the log-likelihood, each side at its best fit, over the dispersion."""
    mended, inside = _exchanged(one, pair, first, last), pair > 0
    as_always, share = _fit(one, pair, offset), _fit(mended, pair, offset)
    phi = _dispersion((mended - pair * share)[inside], (pair * share * (1 - share))[inside])
    return (_log_likelihood(mended, pair, share) - _log_likelihood(one, pair, as_always)) / phi


def _exchanged(one: Series, pair: Series, first: int, last: int) -> Series:
    mended = one.copy()
    mended[first : last + 1] = (pair - one)[first : last + 1]
    return mended


def _log_likelihood(hits: Series, total: Series, share: Series) -> float:
    return float((special.xlogy(hits, share) + special.xlog1py(total - hits, -share)).sum())


def _pair_offset(world: Matrix, codes: tuple[int, int]) -> Series:
    """Return how the log odds of one code against the other moved in the world, apart from a constant."""
    odds = world[:, codes[0]] - world[:, codes[1]]
    return np.asarray(odds - odds.mean())


def _largest_run(gain: Series) -> tuple[int, int]:
    """Return the run of months with the largest sum (Kadane): first and last."""
    best, most, start, running = (0, 0), 0.0, 0, 0.0
    for month, value in enumerate(gain):
        if running <= 0:
            start, running = month, 0.0
        running += float(value)
        if running > most:
            best, most = (start, month), running
    return best


def _explains(counts: Mapping[str, Matrix], found: Exchange) -> bool:
    """Whether no change of practice remains in the two codes once the exchange is taken back."""
    mended = undo(counts, [found])
    tests = _tests(counts)
    return all(_practice(mended, found.source, code, tests) is None for code in found.codes)


def _looks_exchanged(counts: Mapping[str, Matrix], source: str, codes: tuple[int, int], window: slice) -> bool:
    """Whether both codes took the other's part of the records, and the pair kept its own, as other sources move.

    A code that only grew, beside one that did not shrink, is a change of practice.
    """
    own = counts[source]
    others = np.asarray(sum((m for name, m in counts.items() if name != source), np.zeros_like(own)))
    inner, outer = _shares(own, codes, window)
    other_inner, other_outer = _shares(others, codes, window)
    expected = outer * other_inner / other_outer
    growth = inner.sum() / expected.sum()
    as_always, exchanged = np.abs(np.log(inner / expected)), np.abs(np.log(inner / expected[::-1]))
    return bool((exchanged < as_always).all() and 1 / _LARGEST_CHANGE_OF_PAIR < growth < _LARGEST_CHANGE_OF_PAIR)


def _shares(matrix: Matrix, codes: tuple[int, int], window: slice) -> tuple[Series, Series]:
    """Return the shares of two codes inside and outside a window, each of at least one record."""
    within, total = matrix[window].sum(axis=0), matrix.sum(axis=0)
    outside = total - within
    chosen = list(codes)
    return (within[chosen] + 1) / (within.sum() + 1), (outside[chosen] + 1) / (outside.sum() + 1)
