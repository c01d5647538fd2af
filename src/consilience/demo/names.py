"""Invented names in Latin, Arabic and Cyrillic script, with spelling variants.

Every name is composed of clusters that no living language puts together, so nobody can take one for a real person.
A name is first written in a small Latin alphabet; one fixed table turns it into each script, so the truth about which
spellings belong together is known exactly. Arabic leaves `e` unwritten and writes `o`, `u` and `v` alike, Cyrillic
writes `h` and `kh` alike: what is lost between scripts is lost here as well.

>>> spell("zvakhorin", Script.LATIN), spell("zvakhorin", Script.CYRILLIC), spell("zvakhorin", Script.ARABIC)
('Zvakhorin', 'Звахорин', 'زواخورين')
>>> variants("zvakhorin")
('zvakhorin', 'zwakhorin', 'zvahorin', 'zvakhorrin')
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa

VARIANTS = 4
"""How many spellings each name has, the usual one first."""

_STARTS = ("zv", "tl", "kv", "vr", "dl", "mr", "zhl", "kshe", "gv", "bz", "sht", "vl", "kr", "dv", "khr", "pl")
_VOWELS = ("a", "e", "i", "o", "u")
_MIDDLES = ("m", "r", "kh", "l", "sh", "n", "b", "v", "d", "zh", "t", "q")
_ENDINGS = {
    "male": ("oren", "ishor", "amik", "uden", "ovar"),
    "female": ("ilune", "eshia", "orva", "imbra", "uvelle"),
    "family": ("umbrax", "ovesht", "ilqen", "antorv", "edrimsh", "oskelk", "uvarnt", "ishkond"),
}


class Script(IntEnum):
    """The scripts an organisation may write in."""

    LATIN = 0
    ARABIC = 1
    CYRILLIC = 2


_TABLES: dict[Script, dict[str, str]] = {
    Script.LATIN: {},
    Script.ARABIC: {
        "sh": "ش", "kh": "خ", "zh": "ژ", "ch": "چ", "a": "ا", "e": "", "i": "ي", "o": "و", "u": "و", "b": "ب",
        "d": "د", "f": "ف", "g": "گ", "h": "ه", "k": "ك", "l": "ل", "m": "م", "n": "ن", "p": "پ", "q": "ق", "r": "ر",
        "s": "س", "t": "ت", "v": "و", "w": "و", "x": "كس", "y": "ي", "z": "ز",
    },
    Script.CYRILLIC: {
        "sh": "ш", "kh": "х", "zh": "ж", "ch": "ч", "a": "а", "e": "е", "i": "и", "o": "о", "u": "у", "b": "б",
        "d": "д", "f": "ф", "g": "г", "h": "х", "k": "к", "l": "л", "m": "м", "n": "н", "p": "п", "q": "к", "r": "р",
        "s": "с", "t": "т", "v": "в", "w": "в", "x": "кс", "y": "й", "z": "з",
    },
}  # fmt: skip


_SOUND = re.compile("sh|kh|zh|ch|.")


def spell(name: str, script: Script) -> str:
    """Write one name of our small Latin alphabet in a script, with capitals where the script has them."""
    table = _TABLES[script]
    return _SOUND.sub(lambda sound: table.get(sound[0], sound[0]), name).title() if table else name.title()


def variants(name: str) -> tuple[str, ...]:
    """Return the `VARIANTS` spellings of one name; two of them may be equal where a rule finds nothing to change."""
    doubled = name[:-2] + name[-3] + name[-2:] if name[-3] not in "aeiou" else name[:-1] + name[-1] * 2
    return name, name.replace("v", "w"), name.replace("kh", "h").replace("q", "k"), doubled


def compose(kind: str, count: int) -> list[str]:
    """Return `count` distinct names; `kind` is male, female or family."""
    ends = _ENDINGS[kind]
    total = len(_STARTS) * len(_VOWELS) * len(_MIDDLES) * len(ends)
    # A stride that shares no factor with the total walks over every combination once, far apart from its neighbours.
    stride = next(step for step in range(617, 2 * 617) if np.gcd(step, total) == 1)
    return [_combination(number * stride % total, ends) for number in range(count)]


def _combination(number: int, ends: Sequence[str]) -> str:
    number, end = divmod(number, len(ends))
    number, middle = divmod(number, len(_MIDDLES))
    start, vowel = divmod(number, len(_VOWELS))
    return _STARTS[start].rstrip("e") + _VOWELS[vowel] + _MIDDLES[middle] + ends[end]


@dataclass(frozen=True, slots=True)
class NamePool:
    """Names of one kind in every script and spelling, to be taken by number for millions of rows at once."""

    size: int
    spellings: pa.Array

    @classmethod
    def of(cls, names: Sequence[str], ending: str = "") -> "NamePool":
        """Spell every name in every script and variant; `ending` is added to each (a patronymic)."""
        return cls(
            len(names),
            pa.array([spell(form + ending, script) for name in names for script in Script for form in variants(name)]),
        )

    def take(self, numbers: npt.NDArray[np.int64], script: Script, variant: npt.NDArray[np.int64]) -> pa.Array:
        """Return the spellings of the names `numbers`, one variant number (0 to 3) for each."""
        return self.spellings.take(pa.array((numbers * len(Script) + int(script)) * VARIANTS + variant))


@dataclass(frozen=True, slots=True)
class People:
    """The name pools of the country. Given names: the first half male, the second half female."""

    given: NamePool
    nickname: NamePool
    patronymic: NamePool
    family: NamePool

    @property
    def per_sex(self) -> int:
        """How many given names each sex has."""
        return self.given.size // 2


def people_of_the_country() -> People:
    """Build the name pools: 480 given names with their nicknames, 240 patronymics, 1,600 family names."""
    male, female = compose("male", 240), compose("female", 240)
    return People(
        given=NamePool.of(male + female),
        nickname=NamePool.of([f"{name[:4]}ush" for name in male + female]),
        patronymic=NamePool.of(male, "ish"),
        family=NamePool.of(compose("family", 1600)),
    )
