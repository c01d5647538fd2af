"""Names: what an office wrote becomes given, middle and family name, each in three forms that can be compared.

>>> NameReader().whole("SALUCIO SAMAYOA, Gerzon Estuardo").family
'salucio samayoa'
>>> NameReader().whole("Rosa de la Vega") == NameReader().whole("Vega, Rosa")
True

Order: a comma says that the family name comes first; otherwise the last word is the family name, and Chinese and
Korean names begin with it. Particles and titles are left out, unless nothing else is there.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from consilience.linkage.romanise import key_of, sound_of, tokens_of
from consilience.model.vocabulary import fold

_FAMILY_FIRST = re.compile("[\u3400-\u9fff\uac00-\ud7af]")
_COMMA = re.compile("[,،，]")


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart; each part romanised, words joined by spaces, empty where unknown."""

    given: str = ""
    middle: str = ""
    family: str = ""


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    text = (files("consilience.linkage") / "data" / "particles.toml").read_text(encoding="utf-8")
    found: dict[str, list[str]] = tomllib.loads(text)
    return {key: frozenset(fold(word) for word in words) for key, words in found.items()}


@cache
def _roots() -> Mapping[str, str]:
    text = (files("consilience.linkage") / "data" / "nicknames.toml").read_text(encoding="utf-8")
    groups: list[list[str]] = tomllib.loads(text)["groups"]
    return {form: group[0] for group in reversed(groups) for form in group}


def is_unknown(text: str) -> bool:
    """Return whether a text only says, in one of several languages, that nothing is known."""
    plain = " ".join(fold(text).replace(".", " ").replace("/", " ").replace("-", " ").replace("?", " ").split())
    return not plain or plain in _lists()["unknown"]


def root_of(given: str) -> str:
    """Return what stands for a given name and its short forms: the first word's group, or the word itself."""
    first = given.split(" ", 1)[0]
    return _roots().get(first, first)


class NameReader:
    """Reads names of one set of lists.

    Args:
        coarse: whether keys leave out `v`, which is right as soon as one list writes Arabic or Hebrew.
    """

    def __init__(self, *, coarse: bool = False) -> None:
        self._coarse = coarse

    def whole(self, text: str) -> Name:
        """Take a whole name apart."""
        if is_unknown(text):
            return Name()
        parts = _COMMA.split(text, maxsplit=1)
        if len(parts) == 2:
            family, given = self.words(parts[0]), self.words(parts[1])
            if family and given:
                return Name(given[0], " ".join(given[1:]), " ".join(family))
        words = self.words(text)
        if len(words) < 2:
            return Name(given="", family=" ".join(words))
        if _FAMILY_FIRST.search(text):
            return Name(words[1], " ".join(words[2:]), words[0])
        return Name(words[0], " ".join(words[1:-1]), words[-1])

    def part(self, text: str) -> str:
        """Return one part of a name (a given name, a family name), romanised."""
        return "" if is_unknown(text) else " ".join(self.words(text))

    def words(self, text: str) -> list[str]:
        """Return the words of a name without particles and titles; with them where nothing else is left."""
        found = tokens_of(text)
        bare = [word for word in found if word not in _lists()["particles"] and word not in _lists()["titles"]]
        return bare or found

    def sound(self, part: str) -> str:
        """Return the sound of every word of a part, see `romanise.sound_of`."""
        return " ".join(sound_of(word) for word in part.split())

    def key(self, part: str) -> str:
        """Return the consonants of every word of a part, see `romanise.key_of`."""
        return " ".join(key_of(word, coarse=self._coarse) for word in part.split())
