"""Decisions: the last about a pair holds, they survive writing and reading, and faults are named by line."""

import numpy as np
import pytest

from consilience.errors import FormatError
from consilience.linkage.decisions import (
    Decision,
    RecordRef,
    Verdict,
    as_pairs,
    contradictions,
    read_decisions,
    standing,
    write_decisions,
)


def decide(one, other, verdict):
    refs = [RecordRef(source="a", record_id=each) for each in (one, other)]
    return Decision(left=refs[0], right=refs[1], verdict=verdict, author="an analyst", reason="seen the files")


def test_the_last_decision_about_a_pair_holds_however_it_is_written():
    found = standing([decide("1", "2", Verdict.POSITIVE), decide("2", "1", Verdict.NEGATIVE)])
    assert [each.verdict for each in found] == [Verdict.NEGATIVE]


@pytest.mark.parametrize("verdict", [Verdict.UNSURE, Verdict.NO_JUDGEMENT])
def test_a_decision_can_be_taken_back(verdict):
    assert standing([decide("1", "2", Verdict.POSITIVE), decide("1", "2", verdict)]) == []


def test_written_decisions_are_read_again(tmp_path):
    decisions = [decide("1", "2", Verdict.POSITIVE), decide("3", "4", Verdict.UNSURE)]
    (tmp_path / "d.jsonl").write_text(write_decisions(decisions), encoding="utf-8")
    assert read_decisions(tmp_path / "d.jsonl") == decisions


@pytest.mark.parametrize("line", ["{", '{"left": 1}', '{"verdict": "maybe"}'])
def test_a_line_that_is_no_decision_is_named(tmp_path, line):
    (tmp_path / "d.jsonl").write_text("\n" + line + "\n", encoding="utf-8")
    with pytest.raises(FormatError, match="Line 2"):
        read_decisions(tmp_path / "d.jsonl")


def test_decisions_become_pairs_of_places():
    places = {("a", "1"): 5, ("a", "2"): 3}
    yes, no, absent = as_pairs([decide("1", "2", Verdict.POSITIVE), decide("1", "9", Verdict.NEGATIVE)], places)
    assert yes.tolist() == [[3, 5]]
    assert no.tolist() == []
    assert absent == 1


def test_contradicted_decisions_are_told():
    always = np.array([[0, 1], [1, 2]])
    assert contradictions(always, np.array([[0, 2]]), np.array([0, 0, 2])) == [(1, 2)]
