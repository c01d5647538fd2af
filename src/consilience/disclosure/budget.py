"""Budgets that are never refilled: how much each requester or table may still spend.

Every spending is an event for the ledger; a budget is what the events leave. Nothing here can add to a budget.

>>> budget = Budget({"partner/table": 2.0})
>>> budget.spend("partner/table", 1.5).left
0.5
>>> budget.spend("partner/table", 1.0)  # doctest: +ELLIPSIS
Traceback (most recent call last):
...
consilience.errors.DisclosureRefused: The budget is spent. Found: 0.5 left. Expected: 1 to spend. Budgets are ...
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from consilience.errors import DisclosureRefused, UsageError

SLACK = 1e-12


@dataclass(frozen=True, slots=True)
class Spent:
    """One spending, as it enters the ledger: whose budget, how much, and what is left."""

    account: str
    amount: float
    left: float


class Budget:
    """What may still be spent.

    Args:
        granted: the whole budget of each account, stated once.
        default: the whole budget of an account that is not named.
        spent: earlier spendings, read from the ledger.
    """

    def __init__(self, granted: Mapping[str, float], *, default: float = 0.0, spent: Iterable[Spent] = ()) -> None:
        self._granted, self._default = dict(granted), default
        self._spent: dict[str, float] = {}
        for event in spent:
            self._spent[event.account] = self._spent.get(event.account, 0.0) + event.amount

    def left(self, account: str) -> float:
        """Return what an account may still spend."""
        return self._granted.get(account, self._default) - self._spent.get(account, 0.0)

    def spend(self, account: str, amount: float) -> Spent:
        """Spend, and return the event for the ledger.

        Raises:
            DisclosureRefused: less than the amount is left.
            UsageError: the amount is not above zero.
        """
        if not amount > 0:
            raise UsageError("A spending is not above zero", found=f"{amount:g}")
        left = self.left(account)
        if amount > left + SLACK:
            raise DisclosureRefused(
                "The budget is spent",
                found=f"{max(left, 0):g} left",
                expected=f"{amount:g} to spend",
                remedy="Budgets are never refilled.",
            )
        self._spent[account] = self._spent.get(account, 0.0) + amount
        return Spent(account, amount, self.left(account))
