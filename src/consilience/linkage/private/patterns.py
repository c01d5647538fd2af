"""Three and more partners: counts per capture pattern, and nothing else, leave the room.

Each partner holds a share of one common multiplier. A set goes from partner to partner; each multiplies it by its share
and shuffles it; after the last, equal keys are equal pseudonyms that no partner can make or undo alone. A hub, which
holds no share and sees no key, counts how many pseudonyms each pattern of partners has. Counts below `least` are
withheld, with the smallest further pattern beside a lone one, so that no total gives it away; totals of whole sets are
not told either. The pseudonyms are deleted with the session: they are personal data as long as the shares exist.

Pairs of partners cannot give these counts: the overlap of each two does not say how many are on three lists.

>>> import random
>>> shares = [Share(str(n), Secret(bytes([n]) * 32), random.Random(n)) for n in (1, 2, 3)]
>>> sets = [["k1", "k2"], ["k2", "k3"], ["k2"]]
>>> count_patterns(shares, sets, session=b"s", least=0)
{(0, 1, 0): 1, (1, 0, 0): 1, (1, 1, 1): 1}
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consilience.errors import UsageError
from consilience.linkage.private.curve import Secret, point_of
from consilience.linkage.private.pair import Random

LEAST = 5
Pattern = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """One partner's share of the common multiplier, and its source of chance."""

    partner: str
    secret: Secret
    rng: Random

    def pass_on(self, points: Sequence[bytes]) -> list[bytes]:
        """Multiply a set by this share and bring it into a new order."""
        blinded = self.secret.blind(points)
        order = list(range(len(blinded)))
        self.rng.shuffle(order)
        return [blinded[place] for place in order]


def pseudonyms(shares: Sequence[Share], first: int, keys: Sequence[str], *, session: bytes) -> list[bytes]:
    """Return the pseudonyms of one partner's keys after every partner has multiplied them.

    Args:
        shares: of all partners.
        first: the place of the partner whose keys they are; it blinds them before anybody else sees them.
        keys: one for each person of its list.
        session: the name all agreed on.
    """
    points = [point_of(key, session=session) for key in sorted(set(keys))]
    for step in range(len(shares)):
        points = shares[(first + step) % len(shares)].pass_on(points)
    return points


def count_patterns(
    shares: Sequence[Share], sets: Sequence[Sequence[str]], *, session: bytes, least: int = LEAST
) -> Mapping[Pattern, int | None]:
    """Count people by the lists they are on, as the hub sees it.

    Args:
        shares: one for each partner, at least two.
        sets: the keys of each partner, one for each person.
        session: the name all agreed on.
        least: counts below it are withheld.

    Returns:
        Pattern of 0 and 1 to count; None where it is withheld. Patterns without anybody are left out.

    Raises:
        UsageError: there are fewer than two partners, or not as many sets.
    """
    if len(shares) < 2 or len(sets) != len(shares):
        raise UsageError("Patterns need a set for each of two or more partners", found=f"{len(shares)} and {len(sets)}")
    held: dict[bytes, list[int]] = {}
    for at, keys in enumerate(sets):
        for point in pseudonyms(shares, at, keys, session=session):
            held.setdefault(point, [0] * len(shares))[at] = 1
    counts = Counter(tuple(pattern) for pattern in held.values())
    return withhold(dict(sorted(counts.items())), least)


def withhold(counts: Mapping[Pattern, int], least: int) -> dict[Pattern, int | None]:
    """Withhold counts below `least`, and with a lone one the next smallest."""
    small = [pattern for pattern, count in counts.items() if count < least]
    others = sorted((count, pattern) for pattern, count in counts.items() if count >= least)
    if len(small) == 1 and others:
        small.append(others[0][1])
    return {pattern: None if pattern in small else count for pattern, count in counts.items()}
