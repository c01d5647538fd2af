"""Disclosure rules: what may not be published, as one frozen value that a study file can state.

>>> rules = DisclosureRules.parse({"threshold": 10, "rules": ["dominance=1,80", "contributors=3"]})
>>> rules.threshold, rules.dominance, rules.contributors
(10, (1, 80.0), 3)
>>> rules.describe()
'Counts from 1 to 9; cells of which 1 contributor holds more than 80%; cells with fewer than 3 contributors.'
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from consilience.errors import UsageError


class Method(StrEnum):
    """How a table is protected."""

    SUPPRESS = "suppress"
    CELLKEY = "cellkey"
    ROUND = "round"


@dataclass(frozen=True, slots=True)
class DisclosureRules:
    """What makes a cell unsafe and how it is protected.

    Attributes:
        threshold: counts from 1 to below this are unsafe.
        zeros: whether a count of zero is unsafe too.
        dominance: (n, k): unsafe if the n largest contributors hold more than k percent.
        p_percent: unsafe if the second contributor can estimate the largest within p percent.
        contributors: unsafe if fewer organisations than this contribute; 3 keeps two members from subtracting.
        group: unsafe if one category holds everybody of a sum, which then says it of each of them.
        protection: how far each unsafe cell must be able to move both ways; 0 asks only that it is not exact.
        knows_zeros: defend against a reader who knows that zeros are never suppressed.
        singletons: defend against the one person of a cell of one, who knows that cell.
        method: suppression, cell key or rounding.
        base: what rounding rounds to.
        keep: codes whose cells should stay if at all possible.
        share: above this share of suppressed cells, a coarser table is proposed.
    """

    threshold: int = 5
    zeros: bool = False
    dominance: tuple[int, float] | None = None
    p_percent: float | None = None
    contributors: int = 0
    group: bool = False
    protection: int = 0
    knows_zeros: bool = False
    singletons: bool = False
    method: Method = Method.SUPPRESS
    base: int = 5
    keep: tuple[str, ...] = ()
    share: float = 0.4

    def __post_init__(self) -> None:
        for name, least in (("threshold", 0), ("contributors", 0), ("protection", 0), ("base", 2)):
            if getattr(self, name) < least:
                raise UsageError(
                    f"The disclosure rule {name} is too small",
                    found=str(getattr(self, name)),
                    expected=f"{least} or more",
                )

    @classmethod
    def parse(cls, said: Mapping[str, Any]) -> "DisclosureRules":
        """Read the rules of a study file's `[disclosure]` table.

        Raises:
            UsageError: a key or a value is not one of the rules.
        """
        known = {field.name for field in fields(cls)} | {"rules"}
        if unknown := sorted(set(said) - known):
            raise UsageError(
                "Unknown disclosure rules", found=", ".join(unknown), expected=f"some of {', '.join(sorted(known))}"
            )
        plain: dict[str, Any] = {key: value for key, value in said.items() if key != "rules"}
        if "method" in plain:
            plain["method"] = _method(str(plain["method"]))
        if "keep" in plain:
            plain["keep"] = tuple(plain["keep"])
        if isinstance(plain.get("dominance"), list):
            plain["dominance"] = tuple(plain["dominance"])
        return cls(**plain).having(said.get("rules", ()))

    def having(self, texts: Sequence[str]) -> "DisclosureRules":
        """Return the rules with more of them, each written as on the command line (`dominance=1,80`).

        Raises:
            UsageError: a text is not a rule.
        """
        changed: dict[str, Any] = {}
        for text in texts:
            changed.update(_rule(text))
        return replace(self, **changed)

    @property
    def needs_contributors(self) -> bool:
        """Whether a rule asks who contributed what."""
        return bool(self.dominance or self.p_percent or self.contributors)

    def describe(self) -> str:
        """Say in a sentence what is unsafe, for the methodology note."""
        said = [f"Counts from 1 to {self.threshold - 1}" if self.threshold > 1 else "No counts by size"]
        if self.zeros:
            said.append("counts of zero")
        if self.dominance:
            n, k = self.dominance
            who = "1 contributor holds" if n == 1 else f"{n} contributors hold"
            said.append(f"cells of which {who} more than {k:g}%")
        if self.p_percent:
            said.append(f"cells whose largest contribution could be estimated within {self.p_percent:g}%")
        if self.contributors:
            said.append(f"cells with fewer than {self.contributors} contributors")
        if self.group:
            said.append("categories that hold everybody of a sum")
        return "; ".join(said) + "."


def _method(text: str) -> Method:
    if text not in list(Method):
        raise UsageError("Unknown method of protection", found=text, expected=", ".join(Method))
    return Method(text)


def _rule(text: str) -> dict[str, Any]:
    name, _, value = (part.strip() for part in text.partition("="))
    try:
        if name == "dominance":
            n, k = value.split(",")
            return {"dominance": (int(n), float(k))}
        if name == "p-percent":
            return {"p_percent": float(value)}
        if name in {"threshold", "contributors", "protection"}:
            return {name: int(value)}
    except ValueError:
        pass
    flags = {"group": "group", "zeros": "zeros", "knows-zeros": "knows_zeros", "singletons": "singletons"}
    if name in flags and not value:
        return {flags[name]: True}
    raise UsageError(
        "A disclosure rule cannot be understood",
        found=text,
        expected="threshold=N, dominance=N,K, p-percent=P, contributors=N, protection=N, "
        "group, zeros, knows-zeros or singletons",
    )
