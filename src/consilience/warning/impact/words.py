"""The result of an impact question in plain language; no causal word without a control."""

from collections.abc import Mapping

from consilience.warning.impact.fit import Effect
from consilience.warning.texts import Sentence

TEXTS: Mapping[str, str] = {
    "ratio": "After {date} the level was {value} times what the course before would have led to (95% interval {low} to "
    "{high}).",
    "difference": "After {date} the level differed by {value} from what the course before would have led to (95% "
    "interval {low} to {high}).",
    "unclear": "That is compatible with no change.",
    "ratio_control": "Against the control series the change was {value} times (95% interval {low} to {high}).",
    "difference_control": "Against the control series the change was {value} (95% interval {low} to {high}).",
    "alone": "This says that something changed, not why: no series without the reform was compared.",
    "compared": "The comparison attributes the change to the reform only if nothing else struck one series and not the "
    "other.",
    "events": "What else happened: {names}.",
    "few": "There are few periods: {before} before and {after} after the date; {few} on each side would be sound.",
    "no_control": "There is no control series, so nothing can be said about the cause.",
    "autocorrelated": "Neighbouring periods resemble each other (autocorrelation {rho}), so the interval is "
    "too narrow.",
    "placebo": "A change is also found where none was declared: {labels}.",
    "missing": "{number} periods have no value and were left out.",
    "newey_west": "The Newey-West interval is a declared sensitivity; on short series it is much too narrow.",
}


def sentences(
    effect: Effect, controlled: Effect | None, scale: str, date: str, events: tuple[str, ...]
) -> tuple[Sentence, ...]:
    """Return the result as sentences."""
    kind = "ratio" if scale == "count" else "difference"
    told: list[Sentence] = [(kind, {"date": date, **_numbers(effect)})]
    decisive = controlled or effect
    if controlled is not None:
        told.append((f"{kind}_control", _numbers(controlled)))
    neutral = 1.0 if scale == "count" else 0.0
    if decisive.low <= neutral <= decisive.high:
        told.append(("unclear", {}))
    told.append(("compared" if controlled else "alone", {}))
    if events:
        told.append(("events", {"names": "; ".join(events)}))
    return tuple(told)


def _numbers(effect: Effect) -> dict[str, str]:
    return {"value": f"{effect.value:.3g}", "low": f"{effect.low:.3g}", "high": f"{effect.high:.3g}"}
