"""Measured error: precision, recall and F1 of pairs and of clusters, with intervals.

>>> found = measure(np.array([0, 0, 0, 3]), np.array([0, 0, 2, 2]), seed=1)
>>> round(found.pairs["precision"].value, 3), found.pairs["recall"].value
(0.333, 0.5)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Numbers = NDArray[np.float64]

_REPLICATES = 400


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure and the interval that holds it in 95 of 100 samples of people (percentile bootstrap)."""

    value: float
    low: float
    high: float

    def to_json(self) -> dict[str, float]:
        """Return the three numbers, rounded."""
        return {"value": round(self.value, 6), "low": round(self.low, 6), "high": round(self.high, 6)}


@dataclass(frozen=True, slots=True)
class Measured:
    """Error against labels.

    Attributes:
        pairs: precision, recall, f1 over pairs of records.
        clusters: the same over records by B-cubed (Bagga and Baldwin 1998), and `exact`, the share of true people whose
            records form exactly one cluster.
        records: labelled records.
    """

    pairs: Mapping[str, Figure]
    clusters: Mapping[str, Figure]
    records: int

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values; precision, recall and f1 are those of pairs."""
        plain = {name: round(figure.value, 6) for name, figure in self.pairs.items()}
        intervals = {name: [round(figure.low, 6), round(figure.high, 6)] for name, figure in self.pairs.items()}
        clusters = {name: figure.to_json() for name, figure in self.clusters.items()}
        return {**plain, "intervals": intervals, "clusters": clusters, "labelled_records": self.records}


def measure(found: Ints, truth: Ints, *, seed: int) -> Measured:
    """Compare clusters with labels.

    Args:
        found: a number for each labelled record, equal where linkage says it is one person.
        truth: the same by the labels.
        seed: of the bootstrap, which draws whole people with replacement.
    """
    _, mine = np.unique(found, return_inverse=True)
    people, real = np.unique(truth, return_inverse=True)
    both = _cells(mine, real)
    per_person = np.column_stack(_per_person(both, np.bincount(mine), np.bincount(real)))
    rng = np.random.default_rng(seed)
    weights = np.vstack([np.ones(len(people)), rng.poisson(1.0, size=(_REPLICATES, len(people)))])
    sums = weights @ per_person
    pairs = {"precision": _share(sums[:, 0], sums[:, 1]), "recall": _share(sums[:, 0], sums[:, 2])}
    pairs["f1"] = _harmonic(pairs["precision"], pairs["recall"])
    cubed = {"precision": _share(sums[:, 3], sums[:, 5]), "recall": _share(sums[:, 4], sums[:, 5])}
    cubed["f1"] = _harmonic(cubed["precision"], cubed["recall"])
    cubed["exact"] = _share(sums[:, 6], sums[:, 7])
    figures = [{name: _figure(each) for name, each in group.items()} for group in (pairs, cubed)]
    return Measured(figures[0], figures[1], len(truth))


def _cells(mine: Ints, real: Ints) -> tuple[Ints, Ints, Ints]:
    """Return cluster, person and number of records of every combination that occurs."""
    cells, counts = np.unique(np.column_stack([mine, real]), axis=0, return_counts=True)
    return cells[:, 0], cells[:, 1], counts


def _per_person(both: tuple[Ints, Ints, Ints], clusters: Ints, people: Ints) -> list[Numbers]:
    """Return per true person: right pairs, pairs found, pairs there are, B-cubed sums, records, exactly found, one."""
    mine, real, counts = both
    number = len(people)

    def add(values: Numbers | Ints) -> Numbers:
        return np.asarray(np.bincount(real, values, number), dtype=float)

    right = add(counts * (counts - 1) / 2)
    # Half of each wrong pair belongs to each of its two people.
    found = right + add(counts * (clusters[mine] - counts) / 2)
    exact = add((counts == people[real]) & (counts == clusters[mine]))
    precision, recall = add(counts * counts / clusters[mine]), add(counts * counts / people[real])
    return [right, found, people * (people - 1) / 2, precision, recall, people.astype(float), exact, np.ones(number)]


def _share(part: Numbers, whole: Numbers) -> Numbers:
    """Return shares; where there is nothing to be right about, nothing is wrong."""
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1), 1.0)


def _harmonic(one: Numbers, other: Numbers) -> Numbers:
    together = one + other
    return np.where(together > 0, 2 * one * other / np.where(together > 0, together, 1), 0.0)


def _figure(draws: Numbers) -> Figure:
    low, high = np.quantile(draws[1:], [0.025, 0.975])
    return Figure(float(draws[0]), float(min(low, draws[0])), float(max(high, draws[0])))
