"""The sentences of findings, by rule: what was found, and what the list's owner should do.

A language is one more table of the same identifiers and parameters; a sentence that is missing stands in English.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from consilience.quality.finding import Finding


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence with named places for the finding's parameters, and what to do."""

    found: str
    remedy: str


_ENGLISH: Mapping[str, Message] = {
    "completeness.missing": Message(
        "{subject} is missing in {percent}% of {rows} rows.",
        "Fill the field where the files hold it; figures by this field cannot include these rows.",
    ),
    "accuracy.uncertain": Message(
        "The {subject} is a range, not a single value, in {percent}% of the acts.",
        "Nothing is wrong; read the lower and upper counts beside the figures.",
    ),
    "dates.future": Message(
        "{count} rows of {table} happened after the day of this report.",
        "Correct the dates; look for day and month, or two years, that changed places.",
    ),
    "dates.before_1900": Message("{count} rows of {table} happened before 1900.", "Correct the years."),
    "dates.reversed": Message(
        "{count} rows of {table} end before they begin.", "Put the two dates the right way round."
    ),
    "dates.reported_before": Message(
        "{count} rows of {table} were reported before they happened.", "Correct one of the two dates."
    ),
    "dates.reported_in_future": Message(
        "{count} rows of {table} were reported after the day of this report.", "Correct the dates of the reports."
    ),
    "dates.born_after": Message(
        "{count} acts have a victim who was born after them.", "Correct the date of birth or of the act."
    ),
    "consistency.age": Message(
        "{count} acts have an age that does not agree with the victim's birth, by more than a year.",
        "Correct the age, the birth or the day of the act.",
    ),
    "consistency.sex": Message("{count} acts record another sex than their victim has.", "Correct one of the two."),
    "consistency.place": Message(
        "{count} rows of {table} have a point far from where the other points of the same area lie.",
        "Compare the area with the point; without the area's outline nobody can say which of the two is wrong.",
    ),
    "validity.coordinates": Message(
        "{count} rows of {table} have coordinates that are no place on land or half of which are missing.",
        "Correct the coordinates, or leave both empty.",
    ),
    "validity.age": Message(
        "{count} acts have an age below 0, above 120, or a range the wrong way round.", "Correct the ages."
    ),
    "validity.counts": Message(
        "{count} acts have a lowest, best and highest number of victims that are not in order.", "Correct the numbers."
    ),
    "validity.unknown_code": Message(
        "{count} rows hold {codes} codes in {subject} that the list {codelist} does not have.",
        "Map the codes in the crosswalk, or propose them for the list.",
    ),
    "validity.not_in_force": Message(
        "{count} rows use a code of {codelist} in {subject} that was not in force on their day.",
        "Choose the code that was in force, or correct the date.",
    ),
    "duplicates.key": Message(
        "{count} rows repeat a value of {subject}, which must be unique.", "Give each record an identifier of its own."
    ),
    "duplicates.likely": Message(
        "{count} acts look like an act of another record: same violation, day, place, sex and age.",
        "Compare the records; join those that speak of the same person.",
    ),
    "timeliness.late": Message(
        "{percent}% of the reports came later than 30 days (median {median} days, nine in ten within {p90}).",
        "Read the newest periods as provisional.",
    ),
    "heaping.ages": Message(
        "Ages are rounded: Whipple's index is {whipple} (100 without rounding, 500 when every age ends in 0 or 5), "
        "Myers' index {myers}, over {count} people from 23 to 62.",
        "Record the year of birth or mark ages as estimates; use wide age bands until then.",
    ),
    "heaping.first_of_month": Message(
        "{times} times as many dates as expected fall on the first of a month.",
        "Where only the month is known, record the month; do not write the first day.",
    ),
    "coverage.crosswalk": Message(
        "{percent}% of the rows have no shared code in {subject}: {codes} of the list's own codes lead nowhere "
        "(crosswalk {crosswalk}).",
        "Decide on these codes in the crosswalk.",
    ),
    "comparability.lists": Message(
        "In the same areas and years {mix}% of the acts would need another code for this list to have the mix of the "
        "others; {loose}% of the recoded rows have a shared code that is broader, narrower or partly the same; "
        "{dates}% of the dates are ranges.",
        "Nothing is wrong; the larger these shares, the less a difference between lists is one of the world.",
    ),
    "miscoding.whole": Message(
        "The codes {one} and {other} may be exchanged in the whole list: there are {odds} of the one for each of the "
        "other, where the other lists of the same areas and years let expect {expected}.",
        "Compare a sample of these records with their files; if the list is about such acts only, say so.",
    ),
    "volume.change": Message(
        "The number of acts a month changed from about {before} to about {after} with {since}; "
        "the other lists do not show it.",
        "Say what changed: staff, access, funding, a new office, a new form.",
    ),
    "volume.shared_change": Message(
        "The number of acts a month changed from about {before} to about {after} with {since}; "
        "other lists changed too.",
        "Likely the situation and not the list; confirm it.",
    ),
    "practice.change": Message(
        "The use of the code {code} changed with {since}, from {before}% to {after}% of the acts; the other lists do "
        "not show it, so it looks like a change of practice.",
        "Say what changed in the instructions, and recode the older or the newer records.",
    ),
    "practice.mix": Message(
        "The share of the code {code} changed with {since}, from {before}% to {after}% of the acts; there is no other "
        "list to hold this against.",
        "Say whether the situation or the coding changed.",
    ),
    "miscoding.exchanged": Message(
        "From {first} to {last} the codes {one} and {other} look exchanged: each stands as often as the other should.",
        "Check a sample of these records and put the codes right.",
    ),
}

MESSAGES: Mapping[str, Mapping[str, Message]] = {"en": _ENGLISH}


def sentence(finding: Finding, language: str = "en") -> str:
    """Return what was found, in words."""
    return _message(finding, language).found.format(subject=finding.subject, **finding.parameters)


def remedy(finding: Finding, language: str = "en") -> str:
    """Return what the list's owner should do."""
    return _message(finding, language).remedy


def _message(finding: Finding, language: str) -> Message:
    return MESSAGES.get(language, _ENGLISH).get(finding.rule) or _ENGLISH[finding.rule]
