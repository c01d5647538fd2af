"""The words in which dates are said, in Arabic, Chinese, English, French, Persian, Russian and Spanish.

Month and weekday names come from the Unicode CLDR (through babel), the words around them ("about", "before", "early")
from `words/dates.toml`. `keywords` turns what was said into keywords and numbers, the same for every language.

>>> keywords("Vers le 12 mai 2019")
['about', '12', 'm5', '2019']
>>> keywords("حوالي مارس ٢٠١٩"), keywords("大约2019年3月")
(['about', 'm3', '2019'], ['about', '2019', 'm3'])
"""

import re
from collections.abc import Iterator
from functools import cache

from babel import Locale

from consilience.model.vocabulary import SILENT, Vocabulary, fold, load_words

LANGUAGES = ("en", "fr", "es", "ar", "ar_SY", "ar_TN", "ar_MA", "ru", "fa")

_NUMERIC_DATES = (
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)",
    r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?!\d)",
    r"\d{4}[-/.]\d{1,2}(?![\d/.-])",
    r"\d{1,2}[-/.]\d{4}(?![\d/.-])",
)
_TOKEN = re.compile("|".join((*_NUMERIC_DATES, r"\d+", r"[mq]\d{1,2}", r"[^\W\d_]+", r"[^\s]")))
_NUMERIC_ONLY = re.compile(r"\d+(?:[-/.]\d+){0,2}")
_TIME_OF_DAY = re.compile(r"(?<=\d)(?:t| )\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[ap]m)?(?: ?z| ?[+-]\d\d:?\d\d)?$")
_CHINESE_MONTH = re.compile(r"(\d{1,2})(?=月)")


def keywords(text: str) -> list[str]:
    """Return what was said about a date as keywords, numbers and numeric dates; unknown words stay as they are."""
    words = _vocabulary()
    folded = _CHINESE_MONTH.sub(r" m\1 ", _TIME_OF_DAY.sub("", fold(text)))
    return words.translate(_TOKEN.findall(words.spaced(folded)))


def is_number(token: str) -> bool:
    """Whether a keyword is a number or a numeric date."""
    return _NUMERIC_ONLY.fullmatch(token) is not None


@cache
def _vocabulary() -> Vocabulary:
    """Return the words of dates: a constant, made when it is first needed."""
    phrases = {fold(name): SILENT for name in _weekdays()}
    phrases |= {fold(name).rstrip("."): f"m{number}" for language in LANGUAGES for number, name in _months(language)}
    signs = {name: f"m{number}" for number, name in _months("zh")}
    return Vocabulary.of(load_words("dates"), phrases=phrases, signs=signs)


def _months(language: str) -> Iterator[tuple[int, str]]:
    months = Locale.parse(language).months
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            yield from ((number, name) for number, name in months[context][width].items() if not name[0].isdigit())


def _weekdays() -> Iterator[str]:
    for language in LANGUAGES:
        yield from Locale.parse(language).days["format"]["wide"].values()
