"""Ages: how old somebody was, as exactly as is known (requirement DO2).

Ages are completed years, so "25" is 25 to 25 and "under 18" is 0 to 17. Words such as "minor" mean what `AGE_WORDS`
declares, or what the caller declares instead.

>>> Age.parse("25-30").low, Age.parse("25-30").high
(25.0, 30.0)
>>> Age.parse("minor").high, Age.parse("大约30岁").low
(17.0, 27.0)
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from consilience.errors import ValueFormError
from consilience.model.precision import AgePrecision
from consilience.model.vocabulary import Vocabulary, fold, load_words

OLDEST = 130.0

AGE_WORDS: Mapping[str, tuple[float, float | None]] = MappingProxyType(
    {
        "infant": (0.0, 0.0),
        "toddler": (1.0, 2.0),
        "minor": (0.0, 17.0),
        "adolescent": (10.0, 19.0),
        "teenager": (13.0, 19.0),
        "adult": (18.0, None),
        "elderly": (60.0, None),
    }
)
"""Keyword of `words/ages.toml`, or folded word, to completed years, both included. Minor: Convention on the Rights of
the Child, article 1. Adolescent: World Health Organization. Elderly: 60 and over, as in United Nations statistics."""

_TOKEN = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+|[^\s]")
_NUMBER = r"(\d{1,3})(?:[.,]\d+)?"
_ONE_END = (
    (re.compile(rf"least {_NUMBER}|{_NUMBER} plus"), 0, AgePrecision.AT_LEAST),
    (re.compile(rf"over {_NUMBER}"), 1, AgePrecision.AT_LEAST),
    (re.compile(rf"most {_NUMBER}|{_NUMBER} minus"), 0, AgePrecision.AT_MOST),
    (re.compile(rf"under {_NUMBER}"), -1, AgePrecision.AT_MOST),
)
_RANGE = re.compile(rf"(?:between )?{_NUMBER} to {_NUMBER}(?: between)?")
_DECADE = re.compile(r"(?:(early|mid|late) (?:to )?)?(\d{1,2}0) decade")
_YEARS = re.compile(_NUMBER)
_MONTHS = re.compile(rf"{_NUMBER} months")
_DAYS = re.compile(rf"{_NUMBER} days")
_THIRDS = {None: (0, 9), "early": (0, 3), "mid": (4, 6), "late": (7, 9)}

_Bounds = tuple[float | None, float | None, AgePrecision]


@dataclass(frozen=True, slots=True)
class Age:
    """How old somebody was.

    Attributes:
        said: what the source said, word for word.
        low: the youngest they can have been, in completed years; None where unknown.
        high: the oldest, included; None where open or unknown.
        precision: how it was said.
    """

    said: str
    low: float | None
    high: float | None
    precision: AgePrecision

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.high < self.low:
            raise ValueFormError("The age ends before it begins", expected="the lower age first")
        if any(bound is not None and not 0 <= bound <= OLDEST for bound in (self.low, self.high)):
            raise ValueFormError("The age is impossible", expected=f"0 to {OLDEST:.0f} years")

    @classmethod
    def parse(cls, text: str, *, words: Mapping[str, tuple[float, float | None]] = AGE_WORDS) -> "Age":
        """Return what a text says about an age. Pure.

        Args:
            text: a number, a range, or words.
            words: what words mean: keyword or folded word to completed years, both included; None for no upper end.

        Raises:
            ValueFormError: the text is not understood, or is impossible (above 130 years).
        """
        folded = fold(text)
        vocabulary = _vocabulary()
        plain = " ".join(vocabulary.translate(_TOKEN.findall(vocabulary.spaced(folded))))
        declared = words.get(folded) or words.get(plain)
        if declared:
            return cls(text, *declared, AgePrecision.GROUP)
        bounds = _one_end(plain) or _two_ends(plain) or _single(plain)
        if bounds is None:
            raise ValueFormError(
                "The age is not understood",
                found=text,
                expected='completed years such as 25, "25-30", "about 30", "under 18", "60+", "8 months" or "minor"',
            )
        return cls(text, *bounds)


@cache
def _vocabulary() -> Vocabulary:
    """Return the words of ages: a constant, made when it is first needed."""
    return Vocabulary.of(load_words("ages"))


def _one_end(text: str) -> _Bounds | None:
    """Read an age of which only one end is said: at least, over, at most, under."""
    for pattern, shift, precision in _ONE_END:
        if match := pattern.fullmatch(text):
            years = float(next(group for group in match.groups() if group)) + shift
            return (years, None, precision) if precision is AgePrecision.AT_LEAST else (0.0, years, precision)
    return None


def _two_ends(text: str) -> _Bounds | None:
    """Read a range, or a decade such as "late 30s"."""
    if match := _RANGE.fullmatch(text):
        return float(match[1]), float(match[2]), AgePrecision.RANGE
    if match := _DECADE.fullmatch(text):
        first, last = _THIRDS[match[1]]
        return float(match[2]) + first, float(match[2]) + last, AgePrecision.RANGE
    return None


def _single(text: str) -> _Bounds | None:
    """Read one age, exact or about (a tenth more or less, at least one year), or that nothing is known."""
    if text == "unknown":
        return None, None, AgePrecision.UNKNOWN
    plain = " ".join(word for word in text.split() if word != "about")
    years = _years(plain)
    if years is None:
        return None
    if plain == text:
        return years, years, AgePrecision.EXACT
    width = max(1.0, round(years / 10))
    return max(0.0, years - width), years + width, AgePrecision.ABOUT


def _years(text: str) -> float | None:
    if match := _YEARS.fullmatch(text):
        return float(match[1])
    if match := _MONTHS.fullmatch(text):
        return float(int(match[1]) // 12)
    return 0.0 if _DAYS.fullmatch(text) else None
