"""Faults in data files: each with the file, the key, what was got and what was expected; all of them, not the first.

>>> print(Fault("SEX-1.0.toml", "codes[2].parent", "Z", "a code of the same list"))
SEX-1.0.toml: codes[2].parent: got Z, expected a code of the same list
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from consilience.errors import StandardError

_TOLD = 5


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a data file."""

    file: str
    key: str
    got: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: got {self.got}, expected {self.expected}"


class FaultyFileError(StandardError):
    """A data file has faults; `faults` holds every one of them."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        files = sorted({fault.file for fault in faults})
        super().__init__(
            f"{len(faults)} fault{'s' if len(faults) > 1 else ''} in {', '.join(files)}",
            found="; ".join(f"{fault.key}: {fault.got}, expected {fault.expected}" for fault in faults[:_TOLD])
            + (f"; and {len(faults) - _TOLD} more" if len(faults) > _TOLD else ""),
            remedy="Mend them; consilience standards validate lists every one.",
        )


def raise_if_any(faults: Iterable[Fault]) -> None:
    """Raise FaultyFileError with every fault, if there is one."""
    found = list(faults)
    if found:
        raise FaultyFileError(found)


def faults_of(error: ValidationError, file: str) -> Iterator[Fault]:
    """Yield the faults that pydantic found."""
    for each in error.errors(include_url=False):
        missing = each["type"] == "missing"
        got = "nothing" if missing else _shown(each["input"])
        expected = "a value" if missing else _expectation(each["type"], each["msg"])
        yield Fault(file, key_path(each["loc"]), got, expected)


def key_path(location: Iterable[int | str]) -> str:
    """Return a path such as `codes[2].labels.en`; entries are counted from 1."""
    path = ""
    for part in location:
        path += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if path else part
    return path


def _expectation(kind: str, message: str) -> str:
    if kind in {"unexpected_keyword_argument", "extra_forbidden"}:
        return "no such key"
    for opening in ("Input should be ", "Input "):
        message = message.removeprefix(opening)
    return message


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
