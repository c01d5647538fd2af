"""The whole linkage: order does not matter, decisions constrain and can be undone, odd lists give sound results."""

import random

import pytest

from consilience.linkage.decisions import Decision, RecordRef, Verdict
from consilience.linkage.run import link
from consilience.linkage.spec import LinkageSpec, parse_spec

SPEC = LinkageSpec()


def groups(result):
    """Return the people as sets of records."""
    found = {}
    for row in result.clusters.to_pylist():
        found.setdefault(row["entity_id"], set()).add((row["source"], row["record_id"]))
    return {frozenset(each) for each in found.values()}


def decide(one, other, verdict):
    refs = [RecordRef(source=source, record_id=record) for source, record in (one, other)]
    return Decision(left=refs[0], right=refs[1], verdict=verdict, author="an analyst", reason="seen the files")


@pytest.fixture(scope="module")
def plain(people):
    return link(people, SPEC)


def test_the_same_person_is_found_across_scripts_spellings_and_precisions(plain):
    linked = {each for each in groups(plain) if len(each) > 1}
    assert linked == {
        frozenset({("a", "1"), ("b", "7"), ("c", "x")}),
        frozenset({("a", "2"), ("b", "8")}),
        frozenset({("a", "3"), ("c", "y")}),
    }


def test_the_order_of_records_and_sources_does_not_matter(plain, rows, records_of):
    shuffled = rows.copy()
    random.Random(3).shuffle(shuffled)
    again = link(records_of(shuffled), SPEC)
    assert again.clusters.equals(plain.clusters)
    assert again.threshold == plain.threshold


def test_a_negative_decision_holds_and_undoing_it_restores(people, plain):
    apart = decide(("a", "1"), ("b", "7"), Verdict.NEGATIVE)
    parted = link(people, SPEC, decisions=[apart])
    assert not any({("a", "1"), ("b", "7")} <= each for each in groups(parted))
    undone = decide(("b", "7"), ("a", "1"), Verdict.NO_JUDGEMENT)
    assert link(people, SPEC, decisions=[apart, undone]).clusters.equals(plain.clusters)


def test_a_positive_decision_joins_what_was_never_compared(people):
    result = link(people, SPEC, decisions=[decide(("a", "5"), ("b", "10"), Verdict.POSITIVE)])
    assert frozenset({("a", "5"), ("b", "10")}) in groups(result)


def test_contradicting_decisions_are_told_and_the_negative_holds(people):
    decisions = [
        decide(("a", "1"), ("b", "7"), Verdict.POSITIVE),
        decide(("b", "7"), ("c", "x"), Verdict.POSITIVE),
        decide(("a", "1"), ("c", "x"), Verdict.NEGATIVE),
    ]
    result = link(people, SPEC, decisions=decisions)
    assert not any({("a", "1"), ("c", "x")} <= each for each in groups(result))
    assert len(result.contradicted) == 1


def test_decisions_about_absent_records_are_told(people):
    result = link(people, SPEC, decisions=[decide(("z", "1"), ("b", "7"), Verdict.NEGATIVE)])
    assert any("1 decisions" in note for note in result.notes)


def test_entities_keep_their_names_over_runs(people, plain):
    earlier = {(row["source"], row["record_id"]): f"old-{row['entity_id']}" for row in plain.clusters.to_pylist()}
    assert link(people, SPEC, previous=earlier).entity_ids == [earlier[ref] for ref in earlier]


def test_labels_measure_and_change_nothing(people, plain):
    labels = {("a", "1"): "p", ("b", "7"): "p", ("c", "x"): "p", ("a", "2"): "q", ("b", "8"): "q", ("a", "5"): "r"}
    result = link(people, SPEC, labels=labels)
    assert result.measured.pairs["f1"].value == 1.0
    assert result.clusters.equals(plain.clusters)


def test_labels_choose_the_threshold_only_where_that_is_wanted(people, plain):
    labels = {ref: str(at) for at, ref in enumerate([("a", "1"), ("b", "7"), ("c", "x")])}
    labels |= {("a", "2"): "q", ("b", "8"): "q"}
    told = link(people, SPEC, labels=labels)
    assert told.threshold == plain.threshold
    assert told.advised is not None
    wanted = link(people, parse_spec({"calibrate": True}), labels=labels)
    assert wanted.threshold == told.advised
    assert any("chosen on the labels" in note for note in wanted.notes)


def test_a_higher_precision_never_links_more(people, plain):
    strict = link(people, parse_spec({"threshold": 0.999999}))
    assert strict.linked_pairs <= plain.linked_pairs


def test_trained_weights_can_be_used_again(people, plain):
    assert link(people, SPEC, model=plain.model).clusters.equals(plain.clusters)


@pytest.mark.parametrize(
    "odd",
    [
        [("a", "1", "Mira Dlovan", "1990-04-05", "2019-02-01", "F", "Harrow")],
        [("a", str(at), None, None, None, None, None) for at in range(5)],
        [("a", str(at), "Mira Dlovan", None, None, None, None) for at in range(400)],
        [("a", "1", "\ue000\ue001", None, None, None, None), ("b", "1", "\ue000\ue001", None, None, None, None)],
        [("a", "1", "X", "1990", None, None, None), ("b", "1", "Y", "1990", None, None, None)],
    ],
    ids=["one record", "all missing", "one name many times", "unknown script", "single letters"],
)
def test_odd_lists_give_a_sound_result(odd, records_of):
    result = link(records_of(odd), SPEC)
    assert len(result.entity_ids) == len(odd)
    assert 1 <= result.entities <= len(odd)


def test_one_name_many_times_is_told_and_not_linked_by_the_name_alone(records_of):
    many = [("a", str(at), "Mira Dlovan", None, None, None, None) for at in range(400)]
    result = link(records_of(many), SPEC)
    assert result.entities == 400
    assert any("Up to 400 records" in note and "so common" in note for note in result.notes)


def test_a_field_absent_from_one_source_does_not_speak_against_it(rows, records_of):
    more = [*rows, ("d", "1", "Orin Vesk", None, "2017-06-30", None, None)]
    assert frozenset({("b", "10"), ("d", "1")}) in groups(link(records_of(more), SPEC))
