"""Decisions by people: what somebody judged of two records constrains every later run, and can be taken back.

A file of JSON lines, one decision a line, never edited, only added to; of several about one pair the last holds:

    {"left": {"source": "a", "record_id": "7"}, "right": {"source": "b", "record_id": "19"},
     "verdict": "positive", "author": "...", "reason": "...", "made_at": "2026-03-01T10:00:00Z"}

Verdicts are `positive` (the same person), `negative` (not the same), `unsure` and `no_judgement`; the last two take an
earlier verdict back.

>>> one, other = RecordRef(source="a", record_id="7"), RecordRef(source="b", record_id="19")
>>> first = Decision(left=one, right=other, verdict=Verdict.NEGATIVE, author="an analyst", reason="other father")
>>> undone = first.model_copy(update={"verdict": Verdict.NO_JUDGEMENT, "reason": "misread"})
>>> len(standing([first])), len(standing([first, undone]))
(1, 0)
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from consilience.errors import FormatError

Ints = NDArray[np.int64]


class Verdict(StrEnum):
    """What somebody judged of two records."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    UNSURE = "unsure"
    NO_JUDGEMENT = "no_judgement"


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RecordRef(_Form):
    """A record of a source."""

    source: str
    record_id: str


class Decision(_Form):
    """One decision, with who made it and why."""

    left: RecordRef
    right: RecordRef
    verdict: Verdict
    author: str
    reason: str
    made_at: datetime | None = None

    @property
    def pair(self) -> tuple[RecordRef, RecordRef]:
        """The two records in a fixed order, however they were written."""
        one, other = sorted((self.left, self.right), key=lambda each: (each.source, each.record_id))
        return one, other


def read_decisions(path: Path) -> list[Decision]:
    """Read a file of decisions.

    Raises:
        FormatError: a line is no decision; it is named by its number.
    """
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(Decision.model_validate_json(line))
        except ValidationError as fault:
            where = ".".join(str(part) for part in fault.errors()[0]["loc"]) or "the line"
            raise FormatError(
                f"Line {number} of {path.name} is no decision",
                found=f"{fault.error_count()} faults, the first at {where}",
                expected="left and right (source, record_id), verdict, author, reason",
                remedy="Correct the line.",
            ) from None
    return found


def write_decisions(decisions: Iterable[Decision]) -> str:
    """Return decisions as JSON lines."""
    return "".join(json.dumps(each.model_dump(mode="json"), ensure_ascii=False) + "\n" for each in decisions)


def standing(decisions: Sequence[Decision]) -> list[Decision]:
    """Return the decisions that hold: the last about each pair, if it says yes or no."""
    last = {each.pair: each for each in decisions}
    return [each for each in last.values() if each.verdict in {Verdict.POSITIVE, Verdict.NEGATIVE}]


def as_pairs(decisions: Sequence[Decision], places: Mapping[tuple[str, str], int]) -> tuple[Ints, Ints, int]:
    """Return standing decisions as pairs of places: those that say yes, those that say no, and how many do not apply.

    Args:
        decisions: in the order in which they were made.
        places: (source, record_id) to the record's place. A decision about a record that is not there does not apply.
    """
    found: dict[Verdict, list[tuple[int, int]]] = {Verdict.POSITIVE: [], Verdict.NEGATIVE: []}
    absent = 0
    for each in standing(decisions):
        ends = [places.get((ref.source, ref.record_id)) for ref in each.pair]
        if ends[0] is None or ends[1] is None or ends[0] == ends[1]:
            absent += 1
            continue
        found[each.verdict].append((min(ends[0], ends[1]), max(ends[0], ends[1])))
    yes, no = (
        np.array(found[verdict], dtype=np.int64).reshape(-1, 2) for verdict in (Verdict.POSITIVE, Verdict.NEGATIVE)
    )
    return yes, no, absent


def contradictions(always: Ints, never: Ints, label: Ints) -> list[tuple[int, int]]:
    """Return the pairs that somebody called the same and that other decisions keep apart."""
    if not len(always):
        return []
    apart = label[always[:, 0]] != label[always[:, 1]]
    return [(int(left), int(right)) for left, right in always[apart]] if len(never) else []
