"""Which encoding a text file is in, and the same file again in UTF-8.

UTF-8 proves itself: text in another encoding is next to never valid UTF-8. UTF-16 shows by its mark or by every second
byte being NUL. Everything else is a judgement: `charset-normalizer` gives the family of scripts, and where that is
Latin, the code page whose high bytes read most like letters within words wins (Windows-1252 against Mac Roman and
others); carriage returns alone as line ends speak for Mac Roman.
"""

import codecs
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import charset_normalizer

from consilience.errors import FormatError
from consilience.formats.survey import Survey

_LATIN = ("cp1252", "mac_roman", "cp1250", "cp850")
_LATIN_GUESSES = {
    *_LATIN,
    "ascii",
    "utf_8",
    "latin_1",
    "iso8859_15",
    "iso8859_2",
    "cp437",
    "cp858",
    "mac_iceland",
    "cp1254",
    "cp1257",
}
_LATIN_GUESSES |= {"mac_latin2", "mac_turkish", "cp1140", "cp037", "cp500", "hp_roman8", "cp775", "cp852", "cp1258"}
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding and how it became known: declared, marked, proven or guessed; `damaged` UTF-8 holds stray bytes."""

    name: str
    how: str
    damaged: bool = False


def detect(survey: Survey, *, declared: str | None = None, name: str = "the file") -> Encoding:
    """Return the encoding of a surveyed file.

    Raises:
        FormatError: the declared encoding does not exist, or the bytes are no text.
    """
    if declared:
        return Encoding(_known(declared), "declared")
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if survey.head.startswith(mark):
            return Encoding(encoding, "marked", damaged=encoding == "utf-8-sig" and not survey.utf8)
    if wide := _wide(survey.head):
        return Encoding(wide, "guessed")
    _refuse_rubbish(survey.head, name)
    if survey.utf8:
        return Encoding("utf-8", "proven")
    if _is_damaged_utf8(survey.foreign):
        return Encoding("utf-8", "guessed", damaged=True)
    return Encoding(_guess(survey), "guessed")


def transcode(path: Path, target: Path, encoding: Encoding) -> None:
    """Write `path` again as UTF-8 with LF line ends, in constant memory.

    Bytes that the encoding does not know become U+FFFD where the encoding is damaged UTF-8.

    Raises:
        FormatError: the bytes are not of that encoding.
    """
    errors = "replace" if encoding.damaged else "strict"
    try:
        with (
            path.open("r", encoding=encoding.name, errors=errors, newline=None) as source,
            target.open("w", encoding="utf-8", newline="") as out,
        ):
            while chunk := source.read(_CHUNK):
                out.write(chunk)
    except UnicodeError as fault:
        at = getattr(fault, "start", None)
        raise FormatError(
            f"{path.name} is not {encoding.name} as {encoding.how}",
            found=f"a foreign byte near offset {at}" if at is not None else "foreign bytes",
            remedy="Declare its encoding in the mapping's [source].",
        ) from None


def _known(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise FormatError(
            "The mapping declares an encoding that does not exist",
            found=name,
            expected="a name such as utf-8, cp1252, mac-roman, utf-16",
            remedy="Correct source.encoding, or leave it out.",
        ) from None


def _wide(head: bytes) -> str | None:
    """Return UTF-16 without a mark: half of the bytes are NUL, all on one side."""
    sample = head[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > len(sample) * 0.3 and even < odd / 10:
        return "utf-16-le"
    if even > len(sample) * 0.3 and odd < even / 10:
        return "utf-16-be"
    return None


def _refuse_rubbish(head: bytes, name: str) -> None:
    control = sum(head.count(byte) for byte in (*range(9), 11, 12, *range(14, 27), *range(28, 32)))
    if control > max(8, len(head) // 50):
        raise FormatError(
            f"{name} is not text",
            found=f"{control} control characters in its first {len(head):,} bytes",
            expected="delimited text, a spreadsheet, JSON Lines or Parquet",
            remedy="Check that this is the file you meant.",
        )


def _is_damaged_utf8(sample: bytes) -> bool:
    text = sample.decode("utf-8", errors="replace")
    broken = text.count("�") - sample.count("�".encode())
    whole = sum(character > "\x7f" for character in text) - text.count("�")
    return whole > 3 * broken


def _guess(survey: Survey) -> str:
    best = charset_normalizer.from_bytes(survey.foreign).best()
    if best is not None and best.encoding not in _LATIN_GUESSES:
        return best.encoding
    words = _high_words(survey.foreign)
    bonus = {"mac_roman": 0.2 if survey.newline == "CR" else 0.0}
    return max(_LATIN, key=lambda name: _score(words, name) + bonus.get(name, 0.0))


def _high_words(sample: bytes) -> list[bytes]:
    words = sample.replace(b",", b" ").replace(b";", b" ").replace(b"\t", b" ").split()
    return [word for word in words if not word.isascii()][:5000]


def _score(words: list[bytes], encoding: str) -> float:
    """Return the share of high bytes that read as a letter beside a letter of like kind, or as common punctuation."""
    good = total = 0.0
    for word in words:
        text = word.decode(encoding, errors="replace")
        for at, character in enumerate(text):
            if character > "\x7f":
                total += 1
                good += _worth(character, text[at - 1 : at], text[at + 1 : at + 2])
    return good / total if total else 0.0


def _worth(character: str, before: str, after: str) -> float:
    if character in "‘’“”–—…«»°ºª¿¡•":
        return 0.8
    if not character.isalpha() or not unicodedata.name(character, "").startswith("LATIN"):
        return 0.0
    inside = before.isalpha() or after.isalpha()
    shouting = character.isupper() and before.islower()
    common = character.lower() in "áéíóúñüçàèâêîôûöäßãõåøæœëïùìò"
    return (0.6 if inside and not shouting else 0.2) + (0.4 if common else 0.0)
