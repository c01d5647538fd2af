"""Deconfliction: "do you already hold this person or incident?", asked without saying whom, and not too often.

Whoever may ask without end can ask about a whole register. Each question is a session of its own (`pair`) with one
record's keys among padding; a budget says how many a partner may ask in a period, and both ledgers show each.

>>> budget = Budget(questions=2, seconds=3600)
>>> budget.left([0.0, 100.0], now=200.0), budget.left([0.0, 100.0], now=3650.0)
(0, 1)
"""

from collections.abc import Sequence
from dataclasses import dataclass

from consilience.errors import DisclosureRefused
from consilience.linkage.private.curve import Secret
from consilience.linkage.private.pair import Party, Random, overlap


@dataclass(frozen=True, slots=True)
class Budget:
    """How many questions a partner may ask in so many seconds."""

    questions: int
    seconds: float

    def left(self, asked: Sequence[float], *, now: float) -> int:
        """Return how many questions are left, given when earlier ones were asked (seconds)."""
        recent = sum(1 for moment in asked if now - self.seconds < moment <= now)
        return max(0, self.questions - recent)

    def check(self, asked: Sequence[float], *, now: float) -> None:
        """Refuse a question beyond the budget.

        Raises:
            DisclosureRefused: none is left.
        """
        if self.left(asked, now=now) == 0:
            raise DisclosureRefused(
                "The budget of questions is used up",
                found=f"{self.questions} within the last {self.seconds:.0f} seconds",
                remedy="Ask later, or run an agreed overlap of both lists.",
            )


def already_held(
    keys: Sequence[str],
    held: Sequence[Sequence[str]],
    *,
    session: bytes,
    rng: Random,
    secrets: tuple[Secret, Secret],
    agreeing: int = 1,
) -> bool:
    """Ask whether a record is held: whether at least `agreeing` of its keys are among the other's.

    Args:
        keys: of the record asked about.
        held: keys of each record of the partner who is asked.
        session: the name of this question's session.
        rng: where order and padding come from.
        secrets: of who asks and of who is asked.
        agreeing: how many keys must meet.
    """
    asker = Party("asks", [keys], session=session, rng=rng, secret=secrets[0])
    asked = Party("is asked", held, session=session, rng=rng, secret=secrets[1])
    return overlap(asker, asked) >= agreeing
