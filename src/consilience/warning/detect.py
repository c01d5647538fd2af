"""Watch every series at every period: expected count, upper bound, alarm and its track.

Two tracks. ONSET: fewer than one was expected and a minimum or more were seen; always flagged, as no calibration on
long quiet series can tell the first weeks of a crisis from chance. ESCALATION: the count exceeds the upper bound.

>>> import pyarrow as pa
>>> from consilience.warning.series import Columns, read_series
>>> weeks = [f"{2015 + i // 52}-W{i % 52 + 1:02d}" for i in range(300)]
>>> rows = pa.table({"week": weeks, "n": [3] * 299 + [30]})
>>> series = read_series(rows, Columns("week", "n"), gaps_are_zero=True)
>>> found = watch(series, NOUFAILY, first=series.counts.shape[1] - 1)
>>> bool(found.alarm[0, 0]), str(found.track[0, 0]), found.upper[0, 0].item()
(True, 'escalation', 8.0)
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from consilience.warning.scan import fit_baselines
from consilience.warning.series import SeriesSet
from consilience.warning.settings import NOUFAILY, Bound, Settings
from consilience.warning.short import Short, short_bound
from consilience.warning.thresholds import limits
from consilience.warning.window import Window, reference_window

__all__ = ["NOUFAILY", "Findings", "watch"]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]
YEARS_FOR_REGRESSION = 3
ONSET_MINIMUM = 5.0
_FALLBACK = Short("ears-c2", alpha=0.01, floor=True)


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What was found; every array is series x periods.

    Attributes:
        settings: the method.
        first: position of the first period.
        observed, expected, upper: counts; NaN where missing or not to be had.
        chance: of a count as large as the observed one, if nothing changed (p).
        alarm: whether either track flags it.
        track: onset, escalation, or empty.
        basis: the rule the bound came from; `none` where the history is too short for any.
        gate: why an exceedance was not flagged: `few` (too few counts of late), or empty.
        dispersion: of the fitted baseline; NaN for short rules.
        trend: whether the baseline kept a trend.
    """

    settings: Settings | Short
    first: int
    observed: Floats
    expected: Floats
    upper: Floats
    chance: Floats
    alarm: Bools
    track: Texts
    basis: Texts
    gate: Texts
    dispersion: Floats
    trend: Bools


def watch(
    series: SeriesSet,
    settings: Settings | Short,
    *,
    first: int = 0,
    last: int | None = None,
    onset_minimum: float = ONSET_MINIMUM,
) -> Findings:
    """Test the periods from `first` to `last` (positions, both included) of every series.

    Args:
        series: the counts.
        settings: a regression baseline, or a rule for short histories.
        first: first position tested.
        last: last position tested; None is the newest.
        onset_minimum: least count of the onset track.
    """
    end = series.counts.shape[1] - 1 if last is None else last
    plan = _Plan.of(series, settings, onset_minimum)
    points = [_test(plan, at) for at in range(first, end + 1)]
    stacked = [np.column_stack(column) for column in zip(*points, strict=True)]
    return Findings(settings, first, series.counts[:, first : end + 1], *stacked)


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """What is the same for every period."""

    series: SeriesSet
    settings: Settings | Short
    window: Window
    need: int
    onset_minimum: float

    @classmethod
    def of(cls, series: SeriesSet, settings: Settings | Short, onset_minimum: float) -> "_Plan":
        if isinstance(settings, Short):
            empty = np.zeros(0, dtype=np.int64)
            return cls(series, settings, Window(empty, empty), 0, onset_minimum)
        window = _window(series, settings)
        years = 1 if settings.compat else min(settings.years, YEARS_FOR_REGRESSION)
        return cls(series, settings, window, round(years * series.line.per_year), onset_minimum)


def _window(series: SeriesSet, settings: Settings) -> Window:
    # The reference program counts whole periods to a year: 52 weeks.
    year = round(series.line.per_year) if settings.compat else series.line.per_year
    return reference_window(
        year,
        years=settings.years,
        half_window=settings.half_window,
        blocks=settings.blocks,
        left_out=settings.left_out,
    )


def reference_points(series: SeriesSet, settings: Settings, row: int, at: int) -> tuple[Window, Floats]:
    """Return the window of a position and one series' counts in it; NaN where missing or before the first period."""
    window = _window(series, settings)
    places = at + window.distances
    return window, np.where(places < 0, np.nan, series.counts[row, np.maximum(places, 0)])


_Point = tuple[Floats, Floats, Floats, Bools, Texts, Texts, Texts, Floats, Bools]


def _test(plan: _Plan, at: int) -> _Point:
    observed = plan.series.counts[:, at]
    expected, upper, chance, basis, dispersion, trend = _bounds(plan, at)
    of_late = np.nansum(plan.series.counts[:, max(at - plan.settings.recent + 1, 0) : at + 1], axis=1)
    few = of_late < plan.settings.least_count
    compat = isinstance(plan.settings, Settings) and plan.settings.compat
    if compat:
        upper = np.where(few, np.nan, upper)
    with np.errstate(invalid="ignore"):
        exceeds = (observed > upper) & (observed > 0)
        onset = (expected < 1) & (observed >= plan.onset_minimum) & (not compat)
    if compat and isinstance(plan.settings, Settings):
        exceeds &= _not_suppressed(expected, upper, plan.settings)
    escalation = exceeds & ~few
    track = np.where(onset, "onset", np.where(escalation, "escalation", "")).astype(object)
    gate = np.where(exceeds & few & ~onset, "few", "").astype(object)
    return expected, upper, chance, onset | escalation, track, basis, gate, dispersion, trend


def _bounds(plan: _Plan, at: int) -> tuple[Floats, Floats, Floats, Texts, Floats, Bools]:
    """Return expected, upper, chance, basis, dispersion and trend at a position."""
    counts, settings = plan.series.counts, plan.settings
    per_year = plan.series.line.per_year
    if isinstance(settings, Short):
        short = short_bound(counts, at, settings, per_year)
        basis = np.where(np.isnan(short.upper), "none", settings.name).astype(object)
        return (
            short.expected,
            short.upper,
            short.chance,
            basis,
            np.full(len(counts), np.nan),
            np.zeros(len(counts), bool),
        )
    chosen = np.flatnonzero(at - plan.series.starts >= plan.need)
    expected, upper, chance, dispersion = (np.full(len(counts), np.nan) for _ in range(4))
    trend = np.zeros(len(counts), dtype=bool)
    basis = np.full(len(counts), "none", dtype=object)
    past = counts if len(chosen) == len(counts) else counts[chosen]
    fitted = fit_baselines(past, plan.window, settings, at)
    drawn = limits(fitted.log_mean, fitted.log_error, fitted.dispersion, counts[chosen, at], settings)
    expected[chosen], upper[chosen], chance[chosen] = drawn.expected, drawn.upper, drawn.chance
    dispersion[chosen], trend[chosen] = fitted.dispersion, fitted.trend
    basis[np.isfinite(upper)] = settings.name
    if not settings.compat:
        _fall_back(plan, at, expected, upper, chance, basis)
    return expected, upper, chance, basis, dispersion, trend


def _fall_back(plan: _Plan, at: int, expected: Floats, upper: Floats, chance: Floats, basis: Texts) -> None:
    """Fill in the short rule where the regression could not be fitted."""
    rows = np.flatnonzero(basis == "none")
    short = short_bound(plan.series.counts[rows], at, _FALLBACK, plan.series.line.per_year)
    expected[rows], upper[rows], chance[rows] = short.expected, short.upper, short.chance
    basis[rows] = np.where(np.isnan(short.upper), "none", "short-baseline")


def _not_suppressed(expected: Floats, upper: Floats, settings: Settings) -> Bools:
    """Whether the reference program would let an exceedance through.

    Its score takes the expected count on the log scale with the two count bounds, and is negative where the bound lies
    below that.
    """
    if settings.bound is Bound.DELTA:
        return np.ones(len(upper), dtype=bool)
    with np.errstate(divide="ignore"):
        return np.asarray(upper > np.log(expected))
