"""What an alert says, as templates with named fields, so that each can be translated.

>>> say((("upper", {"observed": "14", "period": "2024-03", "ratio": "3.5", "expected": "4", "upper": "9"}),))
'14 in 2024-03: 3.5 times the expected 4, and above the upper bound of 9.'
"""

from collections.abc import Mapping

Sentence = tuple[str, Mapping[str, str]]

ENGLISH: Mapping[str, str] = {
    "upper": "{observed} in {period}: {ratio} times the expected {expected}, and above the upper bound of {upper}.",
    "onset": "{observed} in {period}, where fewer than one was expected ({expected}): an onset, "
    "which is always flagged.",
    "within": "{observed} in {period}: not above the upper bound of {upper} (expected {expected}).",
    "few": "{observed} in {period}: above the upper bound of {upper}, but not flagged, as the last {recent} periods "
    "together hold fewer than {least}.",
    "missing": "There is no count for {period}. A missing count is not zero, so nothing was tested.",
    "none": "The history before {period} is too short for any rule.",
    "silent": "{observed} in {period}, but the sources reported too little for a test: {reported} reports where "
    "{usual} are usual.",
    "chance": "If nothing had changed, a count as large would come with a chance of {chance}.",
    "baseline": "The baseline rests on {points} earlier periods from {first} to {last}.",
    "short": "Short baseline: there are fewer than three years of history, so only the last few periods were compared.",
    "weights": "Counted less in the baseline, as outliers: {labels}.",
    "trend": "A trend over the years was taken into account.",
    "no_trend": "No trend over the years was used.",
    "wide": "The past varies so much (dispersion {dispersion}) that the bound tells little.",
    "counterfactual": "It would not have been flagged at {count} or fewer.",
    "event": "Calendar: {names}.",
    "event_unusual": "Unusual even for such a time: the bound that allows for it is {upper}.",
    "event_usual": "Above the usual level, though not above the bound that allows for such a time ({upper}).",
    "event_unknown": "No earlier time of this kind is in the history, so what is usual for it is unknown.",
    "coverage": "Coverage: {reported} reports in this period, where {usual} are usual.",
    "provisional": "Provisional: about {share} of the period's final count is in; the test used {tested}.",
    "range": "As some dates are uncertain, the count lies between {low} and {high}.",
    "practice": "Coverage: of late this source recorded {ratio} times what the other sources' counts account for. "
    "That is a change in what it records, not a rise or fall in violations.",
    "earlier": "Earlier flags on this series: {labels}.",
    "first_flag": "No earlier flag on this series in the periods tested.",
    "bundled": "Also seen in the wider area {parent}; counted as one alert there.",
    "cooling": "An alert on this series is still open; this adds to it.",
}


def say(sentences: tuple[Sentence, ...], templates: Mapping[str, str] = ENGLISH) -> str:
    """Return sentences as text, in the language of the templates; one without a translation stays English."""
    return " ".join((templates.get(key) or ENGLISH[key]).format(**fields) for key, fields in sentences)


def number(value: float) -> str:
    """Return a count for people: whole numbers plain, others with up to three significant digits."""
    if value != value:  # noqa: PLR0124 - NaN is the one value unequal to itself
        return "unknown"
    if value == int(value) if abs(value) < 1e15 else False:
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def chance(value: float) -> str:
    """Return a chance for people."""
    return "less than 1 in a million" if value < 1e-6 else f"{value:.2g}"
