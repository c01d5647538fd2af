"""Fields: which column of a list says what, told by its name and, where that is unknown, by what it holds.

>>> role_of("Date of birth"), role_of("Отчество"), role_of("zzz")
('birth', 'middle_name', None)
>>> guess_kind(["a@b.org", "c@d.org", "a@b.org"])
'email'
"""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from consilience.linkage.names import is_unknown
from consilience.model.vocabulary import fold

KINDS = ("text", "code", "email", "category")
CORE_ROLES = (
    "name", "given_name", "middle_name", "family_name", "birth", "birth_year", "birth_month", "birth_day", "age",
    "date", "date_end", "sex", "area", "latitude", "longitude",
)  # fmt: skip
_SAMPLE = 2_000
_FEWEST = 20
_JOINTS = re.compile(r"[^\w]+|_+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_PHONE = re.compile(r"\+?[\d ()/-]{7,20}")
_LETTERS = re.compile(r"[^\W\d_]{2}")


@cache
def _book() -> Mapping[str, Any]:
    text = (files("consilience.linkage") / "data" / "columns.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _by_name() -> Mapping[str, str]:
    return {_plain(word): role for role, words in _book()["roles"].items() for word in words}


def _plain(header: str) -> str:
    return "_".join(part for part in _JOINTS.split(fold(header)) if part)


def role_of(header: str) -> str | None:
    """Return what a column's name says it holds; None where the name is not known."""
    return _by_name().get(_plain(header))


def kind_of(role: str) -> str:
    """Return how values of a further role are compared: text, code, email or category."""
    found: str = _book()["kinds"].get(role.split(":", maxsplit=1)[0], "text")
    return found


def id_candidates(headers: Sequence[str]) -> list[str]:
    """Return the columns that may name the records, the likeliest first."""
    order = [_plain(name) for name in _book()["roles"]["record_id"]]
    known = [header for header in headers if role_of(header) == "record_id"]
    return sorted(known, key=lambda header: order.index(_plain(header)))


def guess_kind(values: Sequence[str]) -> str | None:
    """Return the kind of a column whose name says nothing; None where comparing it would not help.

    Args:
        values: its values; at most 2,000 are looked at. A column without a value that occurs twice names the record
            and not the person, numbers without a meaning could be anything, and long texts repeat themselves for
            other reasons: none of them is used.
    """
    known = [value for value in values if not is_unknown(value)][:_SAMPLE]
    counts = Counter(known)
    if not known or len(counts) == len(known) or len(counts) < 2:
        return None
    if _share(known, _EMAIL) > 0.8:
        return "email"
    if _share(known, _PHONE) > 0.8 and sum(sign.isdigit() for sign in known[0]) >= 7:
        return "code"
    if _LETTERS.search("".join(counts)) is None or sum(map(len, known)) > 60 * len(known):
        return None
    if len(known) >= _FEWEST and _share(known, _LETTERS, whole=False) > 0.8:
        return "category" if len(counts) <= min(30, len(known) // 10) else "text"
    return None


def _share(values: Sequence[str], pattern: re.Pattern[str], *, whole: bool = True) -> float:
    hits = sum((pattern.fullmatch(value) if whole else pattern.search(value)) is not None for value in values)
    return hits / len(values)
