"""Federated tables: fixed tables with names, never free questions.

A partner may ask for a named table. Each node protects its own table once and keeps the answer: the same request gets
the same bytes. Sums need a least number of nodes, and no node may hold more than a share of them: two partners could
subtract their own. Every requester has a budget for each table, never refilled.

Free predicates are not offered: with them rounding to 5 is undone by three differences (docs/reference/disclosure.md).

>>> named = NamedTable("acts-by-area", ("area",), (("N", "S", "_T"),))
>>> named.digest == NamedTable("acts-by-area", ("area",), (("N", "S", "_T"),)).digest
True
>>> combined = combine([{("N",): 10}, {("N",): 15}, {("N",): 20}], FederationRules())
>>> combined[("N",)]
45
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from consilience.disclosure.budget import Budget
from consilience.errors import DisclosureRefused, UsageError

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedTable:
    """A table that may be asked for: its dimensions and the codes of each, fixed.

    Attributes:
        name: what a request says.
        dimensions: the dimensions in order.
        codes: the codes of each dimension.
    """

    name: str
    dimensions: tuple[str, ...]
    codes: tuple[tuple[str, ...], ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the definition; a changed table is another table."""
        text = json.dumps([self.name, self.dimensions, self.codes], ensure_ascii=False, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class FederationRules:
    """What a sum over nodes needs.

    Attributes:
        nodes: the fewest nodes that must have answered for a cell.
        share: the largest share of a cell that one node may hold.
    """

    nodes: int = 3
    share: float = 0.8


@dataclass
class TableService:
    """The named tables of one node, protected once, given out as kept bytes.

    Attributes:
        tables: the tables that may be asked for, by name.
        budget: what is left for each requester and table; kept in the ledger by the caller.
    """

    tables: Mapping[str, NamedTable]
    budget: Budget
    _kept: dict[str, bytes] = field(default_factory=dict)

    def publish(self, name: str, protected: bytes) -> None:
        """Keep the protected bytes of a table; what is kept is never changed.

        Raises:
            UsageError: the table is not one of the named ones, or is kept already.
        """
        if name not in self.tables:
            raise UsageError("There is no such named table", found=name, expected=", ".join(sorted(self.tables)))
        if self._kept.setdefault(name, protected) != protected:
            raise UsageError("The table is published already", remedy="Publish a new table under a new name.")

    def answer(self, requester: str, name: str) -> bytes:
        """Return the kept bytes of a table, and spend one request of the requester's budget.

        Raises:
            DisclosureRefused: the table is not offered, or the budget is spent.
        """
        if name not in self._kept:
            raise DisclosureRefused(
                "Only named tables are answered", expected=", ".join(sorted(self._kept)), remedy="Ask for one of them."
            )
        self.budget.spend(f"{requester}/{self.tables[name].digest}", 1.0)
        return self._kept[name]


def combine(answers: Sequence[Mapping[Key, int | None]], rules: FederationRules) -> dict[Key, int | None]:
    """Add the answers of several nodes up, cell by cell.

    Args:
        answers: for each node its protected cells; None where a node suppressed.
        rules: what a sum needs.

    Returns:
        The sums; None where a node suppressed, too few nodes answered or one holds too much.
    """
    keys = sorted({key for answer in answers for key in answer})
    return {key: _sum([answer[key] for answer in answers if key in answer], rules) for key in keys}


def _sum(values: Sequence[int | None], rules: FederationRules) -> int | None:
    known = [value for value in values if value is not None]
    if len(known) < len(values) or sum(value > 0 for value in known) < rules.nodes:
        return None
    total = sum(known)
    return total if max(known) <= rules.share * total else None
