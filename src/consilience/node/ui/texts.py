"""Texts that come in several languages: the best one for the reader, with the language it is really in.

>>> spoken({"en": "Killings", "fr": "Homicides"}, "fr")
Said(text='Homicides', lang='fr')
>>> spoken({"en": "Killings"}, "ar")
Said(text='Killings', lang='en')
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """A text and the language it is in."""

    text: str
    lang: str

    def __str__(self) -> str:
        return self.text


def spoken(texts: Mapping[str, str], lang: str) -> Said:
    """Return the text in `lang`, else in English, else in the first language there is, else nothing."""
    for wanted in (lang, "en", *texts):
        if texts.get(wanted):
            return Said(texts[wanted], wanted)
    return Said("", lang)
