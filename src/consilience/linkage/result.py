"""The result of a linkage: who is one person, why, and how sure that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from consilience.linkage.blocking import Blocked
from consilience.linkage.clustering import Pairs
from consilience.linkage.comparisons import Comparison
from consilience.linkage.evaluate import Measured
from consilience.linkage.threshold import probability
from consilience.linkage.training import Model

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class LinkageResult:
    """What linkage found.

    Attributes:
        records: `source`, `record_id` and `line` of each record.
        label: for each record the place of the lowest record of the same person.
        entity_ids: the entity of each record.
        pairs: the compared pairs that matter, weights as log2 odds of being one person.
        scores: of the same pairs, `g0 ...` the level of each comparison, `w0 ...` its weight in bits.
        comparisons: in the order of these columns.
        blocked: what each blocking rule gave.
        model: the trained weights; None where nothing could be compared.
        threshold: the probability from which a pair is taken to be one person.
        measured: error against labels; None without labels.
        advised: the threshold that labels advise for the same aim; None without labels.
        always, never: pairs decided by people.
        contradicted: pairs decided to be the same that other decisions keep apart.
        columns: source to column to what it was taken for.
        notes: what a reader of the numbers must know, as sentences.
    """

    records: pa.Table
    label: Ints
    entity_ids: Sequence[str]
    pairs: Pairs
    scores: pa.Table
    comparisons: Sequence[Comparison]
    blocked: Sequence[Blocked]
    model: Model | None
    threshold: float
    measured: Measured | None
    advised: float | None
    always: Ints
    never: Ints
    contradicted: Sequence[tuple[int, int]] = ()
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notes: Sequence[str] = ()

    @property
    def clusters(self) -> pa.Table:
        """`source`, `record_id`, `entity_id`, in the order of the records."""
        return self.records.select(["source", "record_id"]).append_column(
            "entity_id", pa.array(self.entity_ids, pa.string())
        )

    @property
    def entities(self) -> int:
        """How many people there are."""
        return len(np.unique(self.label))

    @property
    def linked(self) -> NDArray[np.bool_]:
        """For each pair whether it is one person after clustering."""
        return np.asarray(self.label[self.pairs.left] == self.label[self.pairs.right])

    @property
    def linked_pairs(self) -> int:
        """How many pairs of records are one person."""
        sizes = np.bincount(self.label) if len(self.label) else np.zeros(0, dtype=np.int64)
        return int((sizes * (sizes - 1) // 2).sum())

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """The probability of each pair."""
        return probability(self.pairs.weight)
