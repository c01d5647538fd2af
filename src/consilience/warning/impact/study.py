"""The whole question: series, date, control, placebo dates; its checks, warnings and words."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from consilience.errors import RefusalError
from consilience.warning.impact.design import Interruption, left_in
from consilience.warning.impact.fit import Effect, Scale, fit_effect, newey_west
from consilience.warning.impact.words import TEXTS, sentences
from consilience.warning.texts import Sentence, say

Floats = npt.NDArray[np.float64]
FEWEST = 8
FEW = 24
"""Periods on a side: below `FEWEST` nothing is said, below `FEW` with a warning."""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is asked.

    Attributes:
        values: the series; NaN is missing.
        labels: its periods.
        plan: declared date (with lag), transition, season, slope.
        scale: counts or rates.
        per_year: periods in a year.
        population: exposure of counts.
        control: a series the reform did not touch.
        events: what else happened, as told by the caller.
        sensitivity: lags of a Newey-West interval to show beside; 0 shows none.
    """

    values: Floats
    labels: tuple[str, ...]
    plan: Interruption
    scale: Scale
    per_year: float
    population: Floats | None = None
    control: Floats | None = None
    events: tuple[str, ...] = ()
    sensitivity: int = 0


@dataclass(frozen=True, slots=True)
class Impact:
    """The answer.

    Attributes:
        effect: of the series alone.
        controlled: against the control: ratio of ratios, or difference of differences; None without a control.
        placebo: effects at dates before, where nothing was declared.
        warnings: sentences about what the data cannot carry.
        words: the result in plain language.
        sides: periods with values before and after.
        newey_west: interval of the declared sensitivity.
    """

    effect: Effect
    controlled: Effect | None
    placebo: tuple[tuple[str, Effect], ...]
    warnings: tuple[str, ...]
    words: str
    sides: tuple[int, int]
    newey_west: tuple[float, float] | None = None


def measure(question: Question) -> Impact:
    """Measure what changed after the date.

    Raises:
        RefusalError: fewer than eight periods with values on a side, or a series that never varies.
    """
    sides = _sides(question.values, question.plan)
    _check(question.values, sides)
    asked = replace(question, plan=replace(question.plan, seasons=_seasons(question, sides)))
    effect = _effect(asked, asked.values, asked.plan)
    controlled = None if asked.control is None else _against_control(asked, asked.control)
    placebo = _placebo(asked)
    found = _warnings(asked, effect, placebo, sides)
    words = say(
        sentences(
            effect,
            controlled,
            "rate" if asked.scale is Scale.RATE else "count",
            asked.labels[asked.plan.at],
            asked.events,
        ),
        TEXTS,
    )
    interval = None
    if asked.sensitivity:
        interval = newey_west(asked.values, asked.plan, asked.per_year, asked.sensitivity)
    return Impact(effect, controlled, placebo, found, words, sides, interval)


def _effect(asked: Question, values: Floats, plan: Interruption) -> Effect:
    return fit_effect(values, plan, asked.scale, asked.per_year, asked.population)


def _sides(values: Floats, plan: Interruption) -> tuple[int, int]:
    there = np.isfinite(values) & left_in(plan, len(values))
    return int(there[: plan.at].sum()), int(there[plan.at :].sum())


def _check(values: Floats, sides: tuple[int, int]) -> None:
    if min(sides) < FEWEST:
        raise RefusalError(
            "The series is too short to say what changed",
            found=f"{sides[0]} periods with values before the date and {sides[1]} after it",
            expected=f"{FEWEST} or more on each side",
            remedy="Wait for more periods, or use shorter ones.",
        )
    if np.nanmin(values) == np.nanmax(values):
        raise RefusalError("The series never varies, so no model can be fitted", remedy="Check the column.")


def _seasons(asked: Question, sides: tuple[int, int]) -> int:
    """Season pairs that the series can carry: none below two years or four periods a year."""
    if sum(sides) < 2 * asked.per_year or min(sides) < asked.per_year / 2:
        return 0
    return min(asked.plan.seasons, max(int(asked.per_year / 2 - 0.5), 0))


def _against_control(asked: Question, control: Floats) -> Effect:
    """Compare with the control: fit the difference, or the logarithm of the ratio, of the two series.

    What strikes both alike drops out, and with it much of their common autocorrelation.
    """
    if asked.scale is Scale.RATE:
        return replace(
            fit_effect(asked.values - control, asked.plan, Scale.RATE, asked.per_year), method="did-reml-ar1"
        )
    ratio = np.log(np.maximum(asked.values, 0.5) / np.maximum(control, 0.5))
    log = fit_effect(ratio, asked.plan, Scale.RATE, asked.per_year)
    low, value, high = (float(np.exp(one)) for one in (log.low, log.value, log.high))
    slope = None if log.slope is None else float(np.exp(log.slope))
    return Effect(value, low, high, log.p, slope, log.rho, None, "did-log-reml-ar1")


def _placebo(asked: Question) -> tuple[tuple[str, Effect], ...]:
    """Measure at up to five dates before, on the periods before the real date only."""
    at = asked.plan.at
    dates = np.unique(np.linspace(FEWEST, at - FEWEST, 5).astype(int)) if at >= 2 * FEWEST else np.zeros(0, dtype=int)
    population = None if asked.population is None else asked.population[:at]
    found = []
    for date in dates:
        past = replace(asked, population=population)
        plan = replace(asked.plan, at=int(date), seasons=asked.plan.seasons if at >= 2 * asked.per_year else 0)
        if min(_sides(asked.values[:at], plan)) >= FEWEST and np.nanstd(asked.values[:at]) > 0:
            found.append((asked.labels[int(date)], _effect(past, asked.values[:at], plan)))
    return tuple(found)


def _warnings(
    asked: Question, effect: Effect, placebo: tuple[tuple[str, Effect], ...], sides: tuple[int, int]
) -> tuple[str, ...]:
    found: list[Sentence] = []
    if min(sides) < FEW:
        found.append(("few", {"before": str(sides[0]), "after": str(sides[1]), "few": str(FEW)}))
    if asked.control is None:
        found.append(("no_control", {}))
    if asked.scale is not Scale.RATE and effect.rho > 0.2:
        found.append(("autocorrelated", {"rho": f"{effect.rho:.2f}"}))
    false = [label for label, one in placebo if one.p < 0.05]
    if false:
        found.append(("placebo", {"labels": ", ".join(false)}))
    missing = int(np.isnan(asked.values).sum())
    if missing:
        found.append(("missing", {"number": str(missing)}))
    if asked.sensitivity:
        found.append(("newey_west", {}))
    return tuple(say((one,), TEXTS) for one in found)
