"""Every fault of meaning is reported, with key, got and expected."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from consilience.standards.check import check_codelist, check_crosswalk, check_indicator
from consilience.standards.codelist import Code, Codelist
from consilience.standards.crosswalk import Crosswalk, Mapping, Method, Relation, Scheme
from consilience.standards.indicator import Filter
from consilience.standards.lifecycle import State, Transition


def _keys(faults):
    return [fault.key for fault in faults]


def test_every_fault_of_a_codelist_is_reported_at_once():
    codelist = Codelist(
        "X", "1", {}, (
            Code("A", {"en": "A"}, "B"),
            Code("B", {"en": "B"}, "A"),
            Code("C", {}, "Z"),
            Code("C", {"en": "C"}, valid_from=date(2020, 1, 2), valid_to=date(2020, 1, 1)),
            Code("D", {"en": "D"}, low=5, high=4),
        ),
    )  # fmt: skip
    assert _keys(check_codelist(codelist, "X-1.toml")) == [
        "names", "codes[1] A.parent", "codes[2] B.parent", "codes[3] C.id", "codes[3] C.labels", "codes[3] C.parent",
        "codes[4] C.id", "codes[4] C.valid_to", "codes[5] D.high",
    ]  # fmt: skip


def test_languages_that_are_owed_are_asked_for_one_by_one():
    codelist = Codelist("X", "1", {"en": "X", "fr": "X"}, (Code("A", {"en": "A", "fr": " "}),))
    faults = list(check_codelist(codelist, "X-1.toml", ("en", "fr")))
    assert [str(fault) for fault in faults] == ["X-1.toml: codes[1] A.labels.fr: got nothing, expected a text"]


def _crosswalk(*mappings, author="A body"):
    return Crosswalk(
        "C", "1", Scheme("LOCAL", "1"), Scheme("SEX", "1.0"), author, Method.HUMAN, date(2024, 1, 1), mappings
    )


@pytest.mark.parametrize(
    ("mapping", "key"),
    [
        (Mapping("f", None, Relation.EXACT), "target"),
        (Mapping("f", "F", Relation.NONE), "target"),
        (Mapping("f", "F", Relation.UNKNOWN), "target"),
        (Mapping("f", "FEMALE", Relation.EXACT), "target"),
        (Mapping("f", "F", Relation.EXACT, 1.5), "certainty"),
        (Mapping("f", "F", Relation.EXACT, -0.1), "certainty"),
    ],
)
def test_a_mapping_that_cannot_be_so_is_a_fault(registry, mapping, key):
    assert _keys(check_crosswalk(_crosswalk(mapping), "f", registry.find)) == [f"mappings[1] f.{key}"]


def test_several_targets_are_for_partial_relations_only(registry):
    two = _crosswalk(Mapping("x", "F", Relation.EXACT), Mapping("x", "M", Relation.PARTIAL), author=" ")
    assert _keys(check_crosswalk(two, "f", registry.find)) == ["author", "mappings[1] x.relation"]


def test_a_crosswalk_to_a_scheme_that_is_not_held_is_not_guessed_at(registry):
    outside = replace(_crosswalk(Mapping("f", "anything", Relation.EXACT)), target=Scheme("ICCS", "1.0"))
    assert list(check_crosswalk(outside, "f", registry.find)) == []


def test_every_fault_of_an_indicator_is_reported_at_once(registry):
    when = datetime(2030, 1, 1, tzinfo=UTC)
    indicator = replace(
        registry.indicator("TORTURE"),
        definition={},
        sources=(),
        disaggregation=("AREA", "COLOUR"),
        filter=Filter(violations=("TORTUR",), sexes=("Q",), age_from=18, age_to=17),
        transitions=(Transition(State.PILOT, State.RETIRED, "", when, "r"),),
    )
    assert _keys(check_indicator(indicator, "f", registry.find)) == [
        "definition", "sources", "disaggregation", "filter.violations", "filter.sexes", "filter.age_to",
        "transitions[1].before", "transitions[1]",
    ]  # fmt: skip
