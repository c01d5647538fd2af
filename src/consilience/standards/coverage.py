"""How far a crosswalk covers a column of codes: by code and by share of records (requirement ST3).

>>> import pyarrow as pa
>>> from consilience.standards.registry import load
>>> report = coverage(load().crosswalk("CHILE_SEX"), pa.array(["1", "1", "0", "9", None]))
>>> report.records, report.records_mapped, report.codes, report.codes_mapped
(5, 3, 3, 2)
>>> report.lines[2].outcome
'not in the crosswalk'
"""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from consilience.standards.crosswalk import Crosswalk, Relation

NOT_IN_CROSSWALK = "not in the crosswalk"
EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One local code: how many records hold it, what the crosswalk says of it, and where it leads."""

    local: str | None
    records: int
    outcome: str
    targets: tuple[str, ...] = ()

    @property
    def is_mapped(self) -> bool:
        """Whether the code leads to a code of the target."""
        return bool(self.targets)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The report: a line for each local code that occurs, the most frequent first; then the empty records."""

    lines: tuple[CoverageLine, ...]

    @property
    def records(self) -> int:
        """How many records there are, empty ones included."""
        return sum(line.records for line in self.lines)

    @property
    def records_mapped(self) -> int:
        """How many records lead to a code of the target."""
        return sum(line.records for line in self.lines if line.is_mapped)

    @property
    def codes(self) -> int:
        """How many different local codes occur."""
        return sum(line.local is not None for line in self.lines)

    @property
    def codes_mapped(self) -> int:
        """How many of them lead to a code of the target."""
        return sum(line.is_mapped for line in self.lines)

    def by_outcome(self) -> dict[str, tuple[int, int]]:
        """Return (codes, records) for each relation, for codes the crosswalk does not know, and for empty records."""
        found: dict[str, tuple[int, int]] = {}
        for line in self.lines:
            codes, records = found.get(line.outcome, (0, 0))
            found[line.outcome] = (codes + (line.local is not None), records + line.records)
        return found


def coverage(crosswalk: Crosswalk, column: pa.Array | pa.ChunkedArray) -> Coverage:
    """Return how far the crosswalk covers a column of local codes; the column is counted, not looped over."""
    counted = pc.value_counts(column.cast(pa.string()))
    pairs = [(pair["values"], pair["counts"]) for pair in counted.to_pylist()]
    pairs.sort(key=lambda pair: (pair[0] is None, -pair[1], pair[0] or ""))
    return Coverage(tuple(_line(crosswalk, local, records) for local, records in pairs))


def _line(crosswalk: Crosswalk, local: str | None, records: int) -> CoverageLine:
    if local is None:
        return CoverageLine(None, records, EMPTY)
    mappings = crosswalk.of(local)
    if not mappings:
        return CoverageLine(local, records, NOT_IN_CROSSWALK)
    relation: Relation = mappings[0].relation
    return CoverageLine(local, records, relation.value, crosswalk.targets(local))
