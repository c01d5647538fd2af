"""What a capture table can carry at all: overlap, connection between lists, balance.

>>> table = CaptureTable.build("ABC", [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]], [40, 30, 20, 6])
>>> facts = examine(table)
>>> facts.groups, facts.shared
((('A', 'B'), ('C',)), 6)
"""

from dataclasses import dataclass

from consilience.estimation.capture import CaptureTable


@dataclass(frozen=True, slots=True)
class OverlapFacts:
    """Facts of a table.

    Attributes:
        lists: how many lists hold anybody.
        observed: how many people are on one list or more.
        shared: how many are on two lists or more.
        groups: lists that overlap, directly or through others, together; one group when all connect.
        largest: the list that holds the most, and the share of the observed it holds.
        empty_pairs: pairs of lists without a person in common.
    """

    lists: int
    observed: int
    shared: int
    groups: tuple[tuple[str, ...], ...]
    largest: tuple[str, float]
    empty_pairs: tuple[tuple[str, str], ...]


def examine(table: CaptureTable) -> OverlapFacts:
    """Return the facts of `table`."""
    totals, overlaps, names = table.list_totals, table.overlaps, table.lists
    count = len(names)
    biggest = int(totals.argmax()) if count else 0
    empty = tuple((names[i], names[j]) for i in range(count) for j in range(i + 1, count) if overlaps[i, j] == 0)
    share = float(totals[biggest]) / table.observed if table.observed else 0.0
    return OverlapFacts(
        int((totals > 0).sum()),
        table.observed,
        int(table.frequencies[1:].sum()),
        _groups(table),
        (names[biggest] if count else "", share),
        empty,
    )


def _groups(table: CaptureTable) -> tuple[tuple[str, ...], ...]:
    overlaps = table.overlaps
    left = set(range(len(table.lists)))
    groups = []
    while left:
        reached, frontier = set(), {min(left)}
        while frontier:
            reached |= frontier
            frontier = {other for other in left - reached if any(overlaps[node, other] > 0 for node in frontier)}
        groups.append(tuple(table.lists[node] for node in sorted(reached)))
        left -= reached
    return tuple(groups)
