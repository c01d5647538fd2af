"""Numbers, periods and scripts in the language of the chart.

Digits are Western (`latn`) in every language, as in the data files beside the chart, so that a reader can find a
printed figure again in the download.

>>> number(1234567.5, "fr"), compact(1250000, "en"), period_label("2019-03", "es")
('1\u202f234\u202f567,5', '1.25M', 'mar 2019')
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import groupby

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_compact_decimal, format_decimal, format_scientific

RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})

_SCRIPTS = (
    ("Hebr", re.compile("[\u0590-\u05ff\ufb1d-\ufb4f]")),
    ("Arab", re.compile("[\u0600-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")),
    ("Hani", re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff01-\uffef\U00020000-\U0003ffff]")),
    ("Cyrl", re.compile("[\u0400-\u052f]")),
    ("Grek", re.compile("[\u0370-\u03ff]")),
)
_PERIOD = re.compile(r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>\d\d)(?:-(?P<day>\d\d))?))?")
_LANGUAGE_SCRIPT = {"ar": "Arab", "fa": "Arab", "ur": "Arab", "ps": "Arab", "he": "Hebr", "zh": "Hani", "ru": "Cyrl"}


def is_right_to_left(lang: str) -> bool:
    """Whether text in the language `lang` (a BCP 47 tag) runs from right to left."""
    return lang.split("-", maxsplit=1)[0] in RIGHT_TO_LEFT


@lru_cache(maxsize=64)
def locale_of(lang: str) -> Locale:
    """Return babel's locale for a BCP 47 tag; English where babel knows none."""
    found = Locale.negotiate([lang, lang.split("-", maxsplit=1)[0]], _known(), sep="-")
    # International English: 2 September 2026, as the United Nations write it.
    return Locale.parse("en_001") if found is None or found.language == "en" else found


@lru_cache(maxsize=1)
def _known() -> tuple[str, ...]:
    return (
        "ar",
        "en",
        "es",
        "fr",
        "ru",
        "zh",
        "de",
        "fa",
        "he",
        "hi",
        "id",
        "it",
        "ja",
        "ko",
        "pt",
        "sw",
        "tr",
        "uk",
        "ur",
    )


@lru_cache(maxsize=4096)
def number(value: float, lang: str) -> str:
    """Write `value` as people who read `lang` write it, with at most two decimals."""
    if abs(value) >= 1e15:
        return str(format_scientific(value, "0.##E0", locale=locale_of(lang)))
    return str(format_decimal(value, "#,##0.##", locale=locale_of(lang)))


@lru_cache(maxsize=4096)
def compact(value: float, lang: str) -> str:
    """Write `value` short enough for an axis: whole below 100,000, then thousands, millions and so on."""
    if 100_000 <= abs(value) < 1e15:
        return str(format_compact_decimal(value, locale=locale_of(lang), fraction_digits=2))
    return number(value, lang)


@lru_cache(maxsize=4096)
def period_label(code: str, lang: str, *, long: bool = False) -> str:
    """Write an SDMX period (`2019`, `2019-03`, `2019-Q1`, `2019-03-31`) for people; other codes stay as they are."""
    match = _PERIOD.fullmatch(code)
    day = _first_day(match) if match else None
    if match is None or day is None or not (match["quarter"] or match["month"]):
        return code
    if match["day"]:
        return day_label(day, lang, long=long)
    skeleton = "yQQQ" if match["quarter"] else ("yMMMM" if long else "yMMM")
    return _bare_year(str(format_skeleton(skeleton, day, locale=locale_of(lang))))


def day_label(day: date, lang: str, *, long: bool = True) -> str:
    """Write a day in words."""
    return _bare_year(str(format_date(day, "long" if long else "medium", locale=locale_of(lang))))


def _bare_year(text: str) -> str:
    """Leave out the Russian abbreviation of "year", whose full stop would double the one of a sentence."""
    return text.removesuffix("г.").rstrip()


def _first_day(match: re.Match[str]) -> date | None:
    month = int(match["quarter"]) * 3 - 2 if match["quarter"] else int(match["month"] or 1)
    try:
        return date(int(match["year"]), month, int(match["day"] or 1))
    except ValueError:
        return None


def script_of(character: str) -> str:
    """Return the ISO 15924 script of one character, `Zyyy` where it belongs to every script (digits, signs, spaces)."""
    for script, pattern in _SCRIPTS:
        if pattern.match(character):
            return script
    return "Latn" if character.isalpha() else "Zyyy"


def runs(text: str, lang: str) -> Iterator[tuple[str, str]]:
    """Cut `text` into (script, run) pairs with one script each; digits and signs join the run before them.

    >>> list(runs("Sana'a صنعاء 2019", "en"))
    [('Latn', "Sana'a "), ('Arab', 'صنعاء 2019')]
    """
    current = _first_script(text, lang)
    tagged = []
    for character in text:
        script = script_of(character)
        current = current if script == "Zyyy" else script
        tagged.append((current, character))
    for script, pairs in groupby(tagged, key=lambda pair: pair[0]):
        yield script, "".join(character for _, character in pairs)


def _first_script(text: str, lang: str) -> str:
    for character in text:
        script = script_of(character)
        if script != "Zyyy":
            return script
    return _LANGUAGE_SCRIPT.get(lang.split("-", maxsplit=1)[0], "Latn")


def language_script(lang: str) -> str:
    """Return the script that `lang` is written in."""
    return _LANGUAGE_SCRIPT.get(lang.split("-", maxsplit=1)[0], "Latn")


@lru_cache(maxsize=8192)
def text_width(text: str, size: float) -> float:
    """Estimate the width of `text` in px at font size `size`, a little on the wide side.

    No font is at hand when a chart is written, so the widths are those of common system fonts (Segoe UI, Roboto,
    Noto Sans), rounded up.
    """
    return sum(_em(character) for character in text) * size


def _em(character: str) -> float:
    if character in "iljItf.,:;'|!()[] \u00a0\u202f":
        return 0.34
    if character in "mwMW@%—…":
        return 0.95
    if script_of(character) == "Hani":
        return 1.02
    return 0.7 if character.isupper() else 0.59


def shorten(text: str, size: float, room: float) -> str:
    """Cut `text` with an ellipsis so that it fits into `room` px at font size `size`."""
    if text_width(text, size) <= room:
        return text
    kept = text
    while kept and text_width(kept + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def wrap(text: str, size: float, room: float, lines: int) -> tuple[str, ...]:
    """Break `text` at spaces into at most `lines` lines of `room` px; the last one is cut with an ellipsis."""
    wrapped: list[str] = []
    words = text.split()
    while words and len(wrapped) < lines - 1:
        taken = 1
        while taken < len(words) and text_width(" ".join(words[: taken + 1]), size) <= room:
            taken += 1
        wrapped.append(shorten(" ".join(words[:taken]), size, room))
        words = words[taken:]
    if words:
        wrapped.append(shorten(" ".join(words), size, room))
    return tuple(wrapped)
