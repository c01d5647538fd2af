"""Two partners' session: how many records they have in common; which ones only after a second agreed step.

Each partner holds a `Party`. Four messages, each a list of points in an order that says nothing:

    a.offer()                 -> b     a's keys, blinded by a
    b.offer()                 -> a     b's keys, blinded by b
    b.return_blinded(offer)   -> a     a's keys, blinded by both, shuffled anew: a sees how many, not which
    a.return_blinded(offer)   -> b     the same for b

Both now hold both sets blinded twice, and count what is equal. What is revealed: to each, how many keys are in common
and the padded size of the other's set. Which records these are is revealed only by `disclose`, which both call after
both have agreed: it hands over the order of one's own shuffle, nothing else.

Sizes are padded with random points to a step, capped, and told beforehand (`commitment`), so that a partner cannot
widen the set in the middle. Secrets and the session name are fresh each time. Both `record`s go into both ledgers.

>>> import random
>>> names = b"session 1 of a and b"
>>> a = Party("a", [["k1"], ["k2", "k3"]], session=names, rng=random.Random(1), secret=Secret(b"1" * 32))
>>> b = Party("b", [["k3"], ["k4"]], session=names, rng=random.Random(2), secret=Secret(b"2" * 32))
>>> overlap(a, b)
1
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from consilience.errors import DisclosureRefused, IntegrityError
from consilience.linkage.private.curve import POINT_BYTES, Secret, point_of

PAD_TO = 256
CAP = 2_000_000


class Random(Protocol):
    """What a party draws from: `random.SystemRandom` in earnest, `random.Random` in tests."""

    def shuffle(self, x: list[int], /) -> None:
        """Bring a list into a random order."""

    def randbytes(self, n: int, /) -> bytes:
        """Return random bytes."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What a ledger shows of a session: who, how much, and with what answer; never a key or a point."""

    session: str
    me: str
    partner: str
    my_commitment: str
    partner_commitment: str
    my_size: int
    partner_size: int
    in_common: int | None


class Party:
    """One partner in one session.

    Args:
        name: of the partner.
        keys: the composite keys of each record.
        session: the name both agreed on.
        rng: where order and padding come from.
        secret: fresh for this session.
        cap: the most keys, padding included, that the agreement allows.
    """

    def __init__(
        self,
        name: str,
        keys: Sequence[Sequence[str]],
        *,
        session: bytes,
        rng: Random,
        secret: Secret,
        cap: int = CAP,
    ) -> None:
        self.name = name
        self._session = session
        self._rng = rng
        self._secret = secret
        self._cap = cap
        distinct = sorted({key for record in keys for key in record})
        self._keys = distinct
        self._records: dict[str, list[int]] = {}
        for number, record in enumerate(keys):
            for key in record:
                self._records.setdefault(key, []).append(number)
        self._size = -(-max(len(distinct), 1) // PAD_TO) * PAD_TO
        if self._size > cap:
            raise DisclosureRefused(
                "The set is larger than the agreement allows",
                found=f"{self._size} keys with padding",
                expected=f"at most {cap}",
            )
        points = [point_of(key, session=session) for key in distinct]
        padding = [point_of(rng.randbytes(16).hex(), session=session) for _ in range(self._size - len(points))]
        self._order = list(range(self._size))
        rng.shuffle(self._order)
        blinded = secret.blind([*points, *padding])
        self._offer = [blinded[place] for place in self._order]
        self._theirs: list[bytes] = []
        self._their_order: list[int] = []
        self._mine: list[bytes] = []

    @property
    def size(self) -> int:
        """Number of keys with padding; what the partner learns of the size."""
        return self._size

    @property
    def commitment(self) -> str:
        """SHA-256 of the offer: told before any offer is seen, so that nobody chooses a set after the other's."""
        return _digest(self._offer)

    def offer(self) -> list[bytes]:
        """Return one's keys, blinded once, in a random order."""
        return list(self._offer)

    def return_blinded(self, offer: Sequence[bytes], commitment: str) -> list[bytes]:
        """Blind the partner's offer, keep it, and return it in an order of one's own.

        Raises:
            IntegrityError: it is not what the partner committed to.
            DisclosureRefused: it is larger than agreed.
        """
        if _digest(offer) != commitment:
            raise IntegrityError("The partner's set is not the one it committed to", remedy="End the session.")
        if len(offer) > self._cap:
            raise DisclosureRefused(
                "The partner's set is larger than agreed", found=str(len(offer)), expected=str(self._cap)
            )
        self._theirs = self._secret.blind(offer)
        self._their_order = list(range(len(offer)))
        self._rng.shuffle(self._their_order)
        return [self._theirs[place] for place in self._their_order]

    def receive(self, returned: Sequence[bytes]) -> int:
        """Take one's own keys back, blinded by both; return how many keys are in common.

        Raises:
            IntegrityError: the partner returned another number of points.
        """
        if len(returned) != self._size or any(len(point) != POINT_BYTES for point in returned):
            raise IntegrityError("The partner returned another set than it was given", found=str(len(returned)))
        self._mine = list(returned)
        return len(set(self._mine) & set(self._theirs))

    def disclose(self) -> list[int]:
        """Return the order in which the partner's points were returned: the second step, after both agreed to it."""
        return list(self._their_order)

    def records_in_common(self, order: Sequence[int]) -> list[int]:
        """Return which of one's own records the partner holds too, given what the partner disclosed.

        Raises:
            IntegrityError: it is no order of the points that were returned.
        """
        if sorted(order) != list(range(self._size)):
            raise IntegrityError("The partner disclosed no order of this session's points")
        shared = set(self._mine) & set(self._theirs)
        found: set[int] = set()
        for point, place in zip(self._mine, order, strict=True):
            key = self._order[place]
            if point in shared and key < len(self._keys):
                found.update(self._records[self._keys[key]])
        return sorted(found)

    def record(self, partner: "str", commitment: str, size: int, in_common: int | None) -> RunRecord:
        """Return what the ledger shows of this session."""
        name = hashlib.sha256(self._session).hexdigest()
        return RunRecord(name, self.name, partner, self.commitment, commitment, self._size, size, in_common)


def _digest(points: Sequence[bytes]) -> str:
    return hashlib.sha256(b"".join(points)).hexdigest()


def overlap(one: Party, other: Party) -> int:
    """Run the first step between two parties in one process; return how many keys they have in common."""
    commitments = one.commitment, other.commitment
    to_other, to_one = one.offer(), other.offer()
    back_to_one = other.return_blinded(to_other, commitments[0])
    back_to_other = one.return_blinded(to_one, commitments[1])
    counts = one.receive(back_to_one), other.receive(back_to_other)
    if counts[0] != counts[1]:
        raise IntegrityError("The two partners count differently", found=f"{counts[0]} and {counts[1]}")
    return counts[0]
