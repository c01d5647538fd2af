"""Entities: names for clusters that stay the same from run to run.

A cluster's name comes from one of its records, the one whose digest is lowest, so it does not depend on order or on
what else is in the lists. Given the clusters of an earlier run, each cluster keeps the name that most of its records
had; a name never goes to two clusters.

>>> refs = [("a", "1"), ("a", "2"), ("b", "9")]
>>> entity_ids(refs, np.array([0, 1, 0]))[0] == entity_ids(refs[::-1], np.array([0, 1, 0]))[0]
True
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Ref = tuple[str, str]


def entity_ids(refs: Sequence[Ref], label: NDArray[np.int64], previous: Mapping[Ref, str] | None = None) -> list[str]:
    """Return the entity of each record.

    Args:
        refs: (source, record_id) of each record.
        label: a number for each record, equal for one person.
        previous: (source, record_id) to entity of an earlier run.
    """
    digests = [hashlib.sha256(f"{source}\0{record}".encode()).hexdigest() for source, record in refs]
    order = np.argsort(np.array(digests))
    named: dict[int, str] = {}
    for place in order.tolist():
        named.setdefault(int(label[place]), f"e-{digests[place][:16]}")
    if previous:
        named.update(_inherited(refs, label, previous))
    return [named[number] for number in label.tolist()]


def _inherited(refs: Sequence[Ref], label: NDArray[np.int64], previous: Mapping[Ref, str]) -> dict[int, str]:
    """Give each name to the cluster that holds most of its records, the largest shares first."""
    shares = Counter(
        (int(number), previous[ref]) for ref, number in zip(refs, label.tolist(), strict=True) if ref in previous
    )
    named: dict[int, str] = {}
    gone: set[str] = set()
    for (number, name), _ in sorted(shares.items(), key=lambda item: (-item[1], item[0][1], item[0][0])):
        if number not in named and name not in gone:
            named[number] = name
            gone.add(name)
    return named
