"""Romanisation: a name in any script as lower-case Latin tokens that can be compared.

>>> tokens_of("Звахорин дал-Краш"), tokens_of("عبد الرحمن"), tokens_of("王小明")
(['zvakhorin', 'dal', 'krash'], ['bdrhmn'], ['wang', 'xiaoming'])
>>> sound_of("zvakhorin") == sound_of(tokens_of("زواخورين")[0])
True

Three forms of a token, from the finest to the coarsest: the token itself; its sound (`sound_of`), which writes what
Arabic and Hebrew write, so that a name in Latin letters and the same name in Arabic meet; its key (`key_of`), the
consonants only, which brings spellings together for blocking. A script that the romaniser does not know stays as it is,
and is then compared with itself.
"""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

_CACHE = 1 << 18
_ARABIC = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه",
     "ؤ": "و", "ئ": "ي", "ء": None, "ـ": None, "ک": "ك", "ی": "ي"}
)  # fmt: skip
_HAS_CONSONANT_SCRIPT = re.compile("[\u0590-\u08ff\ufb1d-\ufeff]")
_HAS_CHINESE = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_HAS_HANGUL = re.compile("[\uac00-\ud7af]")
_COMPOUND_CHINESE = frozenset(
    "欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 夏侯 皇甫 尉迟 东方 公孙 慕容 令狐 司徒".split()  # noqa: SIM905 - a list of names reads as one
)
_SEPARATORS = re.compile(r"[\s\-‐‑–—_/.,;:()\[\]\"&+|]+")
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
_SERVANT = re.compile(r"^abd[aeou]?(?:l(?=[^aeiou])|l(?=l)|(?=(.)\1))?")
_SOUNDS = (
    ("sch", "$"), ("tch", "$"), ("sh", "$"), ("ch", "$"), ("kh", "h"), ("zh", "j"), ("dj", "j"), ("dh", "d"),
    ("th", "t"), ("gh", "g"), ("ph", "f"), ("c", "k"), ("q", "k"), ("x", "ks"),
)  # fmt: skip
_ABJAD = str.maketrans({"a": None, "e": None, "o": "w", "u": "w", "v": "w", "i": "y"})
_DOUBLES = re.compile(r"(.)\1+")
_CONSONANTS = str.maketrans("", "", "aeiouy")
_COARSE = str.maketrans("", "", "aeiouyv")


def is_consonant_script(text: str) -> bool:
    """Return whether a text holds Arabic or Hebrew letters, which leave short vowels unwritten."""
    return _HAS_CONSONANT_SCRIPT.search(text) is not None


def tokens_of(text: str) -> list[str]:
    """Return the words of a name, romanised, in lower case, in their order.

    Latin, Cyrillic, Greek, Arabic, Hebrew, Chinese and Korean names, among others, through ISO-like tables (anyascii).
    The Arabic article is dropped and "servant of" joined to what follows it. A Chinese or Korean name gives its family
    name first, then the given name as one word.
    """
    plain = unicodedata.normalize("NFKC", text)
    if plain.isascii():
        return _latin_words(plain)
    words: list[str] = []
    for word in _SEPARATORS.split(plain):
        words.extend(_words_of(word))
    return _join_servants(words)


def _latin_words(text: str) -> list[str]:
    words = [_NOT_LETTERS.sub("", word) for word in _SEPARATORS.split(text.lower())]
    return _join_servants([word for word in words if word])


def _words_of(word: str) -> list[str]:
    if not word:
        return []
    if _HAS_CHINESE.match(word) or _HAS_HANGUL.match(word):
        return _east_asian(word)
    return [_latin(word)]


def _east_asian(word: str) -> list[str]:
    at = 2 if word[:2] in _COMPOUND_CHINESE else 1
    parts = [word[:at], word[at:]] if len(word) > at else [word]
    return [_latin(part) for part in parts]


@lru_cache(_CACHE)
def _latin(word: str) -> str:
    if _HAS_CONSONANT_SCRIPT.search(word):
        bare = "".join(sign for sign in word.translate(_ARABIC) if not unicodedata.combining(sign))
        word = bare[2:] if bare.startswith("ال") and len(bare) > 3 else bare
    plain = _NOT_LETTERS.sub("", anyascii(word).lower())
    return plain or word.casefold()


def _join_servants(words: list[str]) -> list[str]:
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in {"abd", "abdul", "abdel", "abdal", "bd"}:
            joined[-1] = ("bd" if joined[-1] == "bd" else "abd") + word
        elif not (joined == [] and word in {"al", "el", "ul"}) or len(words) == 1:
            joined.append(word)
    return joined


@lru_cache(_CACHE)
def sound_of(token: str) -> str:
    """Return what an abjad would write of a token: no short vowels, `o u v w` alike, `i y` alike, doubles once."""
    text = _DOUBLES.sub(r"\1", _simple(token).translate(_ABJAD))
    return (text[:-1] if len(text) > 2 and text.endswith("h") else text) or token


@lru_cache(_CACHE)
def key_of(token: str, *, coarse: bool = False) -> str:
    """Return the consonants of a token; `coarse` also leaves out `v`, which Arabic writes like `u`."""
    text = _simple(token).replace("w", "v").translate(_COARSE if coarse else _CONSONANTS)
    text = _DOUBLES.sub(r"\1", text)
    return (text[:-1] if len(text) > 2 and text.endswith("h") else text) or token


def _simple(token: str) -> str:
    """Write each sound with one sign; `$` stands for sh and ch, which languages exchange."""
    text = _servant(token)
    for spelt, sound in _SOUNDS:
        text = text.replace(spelt, sound)
    return text


def _servant(token: str) -> str:
    """Bring abdulrahman, abdelrahman and abdrahman together."""
    if token.startswith("abd") and len(token) > 5:
        return "abd" + _SERVANT.sub("", token)
    if token.startswith("bdl") and len(token) > 4:
        return "bd" + token[3:]
    return token
