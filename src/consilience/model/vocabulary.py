"""Words of several languages to the keywords of a small grammar; what `date_words` and `age` have in common.

>>> table = {"about": {"en": ["about"], "zh": ["大约"]}, "silent": {"en": ["the"]}}
>>> words = Vocabulary.of(table)
>>> words.translate(words.spaced("大约3").split()), words.translate(["the", "about"])
(['about', '3'], ['about'])
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

SILENT = "silent"
_HAS_CHINESE = re.compile("[\u4e00-\u9fff]")
_DIRECTION_MARKS = "\u200e\u200f\u200c\u200d\u2066\u2067\u2068\u2069"
_DROPPED = {ord(sign): " " for sign in ",،;؛'’`\"\u0640"} | {ord(sign): None for sign in _DIRECTION_MARKS}
_WAW = "و"

WordTable = Mapping[str, Mapping[str, list[str]]]


def load_words(name: str) -> WordTable:
    """Return the word table `words/<name>.toml`: keyword to language to phrases."""
    return tomllib.loads((files("consilience.model") / "words" / f"{name}.toml").read_text(encoding="utf-8"))


def fold(text: str) -> str:
    """Return `text` in lower case, with ASCII digits, without accents, vowel signs, direction marks and commas."""
    folded = unicodedata.normalize("NFKD", text.casefold()).translate(_DROPPED)
    if not folded.isascii():
        folded = "".join(_plain(sign) for sign in folded if not unicodedata.combining(sign))
    return " ".join(folded.split())


def _plain(sign: str) -> str:
    return str(unicodedata.decimal(sign)) if sign.isdecimal() else sign


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A word table made ready.

    Attributes:
        phrases: folded phrase to keyword, for languages written with spaces; every keyword stands for itself.
        longest: the number of words of the longest phrase.
        signs: the same for Chinese, which is written without spaces.
        pattern: finds the signs, the longest first.
    """

    phrases: Mapping[str, str]
    longest: int
    signs: Mapping[str, str]
    pattern: re.Pattern[str]

    @classmethod
    def of(
        cls, table: WordTable, *, phrases: Mapping[str, str] | None = None, signs: Mapping[str, str] | None = None
    ) -> "Vocabulary":
        """Return the vocabulary of a word table, with further phrases and signs that the table overrules."""
        found = dict(phrases or {})
        chinese = dict(signs or {})
        for keyword, said in table.items():
            for language, words in said.items():
                (chinese if language == "zh" else found).update({fold(word): keyword for word in words})
        found |= {keyword: keyword for keyword in table}
        longest_first = sorted(chinese, key=len, reverse=True)
        pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
        return cls(found, max(len(phrase.split()) for phrase in found), chinese, pattern)

    def spaced(self, folded: str) -> str:
        """Return a folded text with every Chinese phrase replaced by its keyword between spaces."""
        if not _HAS_CHINESE.search(folded):
            return folded
        return self.pattern.sub(lambda match: f" {self.signs[match[0]]} ", folded)

    def translate(self, tokens: list[str]) -> list[str]:
        """Return the tokens with phrases replaced by keywords, the longest first; silent words fall away."""
        return [word for word in self._translated(tokens) if word != SILENT]

    def _translated(self, tokens: list[str]) -> Iterator[str]:
        at = 0
        while at < len(tokens):
            size, word = self._longest_phrase(tokens, at)
            at += size
            # An Arabic "and" is written on to the word that follows it.
            if word.startswith(_WAW) and word[1:] in self.phrases:
                yield self.phrases[_WAW]
                word = self.phrases[word[1:]]
            yield word

    def _longest_phrase(self, tokens: list[str], at: int) -> tuple[int, str]:
        for size in range(min(self.longest, len(tokens) - at), 0, -1):
            word = self.phrases.get(" ".join(tokens[at : at + size]))
            if word is not None:
                return size, word
        return 1, tokens[at]
