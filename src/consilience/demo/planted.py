"""What was planted in the coalition for others to find, each with what, where, when and how strong.

The figures here go into `truth.json` word for word.
"""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spike:
    """A real rise of several violations around the election of 18 June 2023; every list sees it."""

    first: dt.date
    last: dt.date
    violations: tuple[str, ...]
    factor: float


@dataclass(frozen=True, slots=True)
class Practice:
    """One organisation changes what it records from a day on; nothing real changed.

    `violation` was not recorded before; from `since` on it is recorded with probability `probability` and counted
    under the code of `counted_as`.
    """

    organisation: str
    since: dt.date
    violation: str
    counted_as: str
    probability: float


@dataclass(frozen=True, slots=True)
class Heaping:
    """One organisation writes `share` of its ages as the nearest multiple of five."""

    organisation: str
    share: float


@dataclass(frozen=True, slots=True)
class Miscoding:
    """One organisation writes the codes of two violations the wrong way round for some months."""

    organisation: str
    first: dt.date
    last: dt.date
    violations: tuple[str, str]


SPIKE = Spike(
    first=dt.date(2023, 6, 11),
    last=dt.date(2023, 7, 8),
    violations=("detention", "short_detention", "ill_treatment", "assembly"),
    factor=4.0,
)
PRACTICE = Practice("wicker_gate", dt.date(2022, 4, 1), "short_detention", "disappearance", 0.60)
HEAPING = Heaping("heron_office", 0.60)
MISCODING = Miscoding("tallow_bridge", dt.date(2024, 1, 1), dt.date(2024, 6, 30), ("killing", "detention"))
