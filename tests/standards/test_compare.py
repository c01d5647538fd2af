from dataclasses import replace

from consilience.standards.compare import diff
from consilience.standards.crosswalk import Mapping, Relation
from consilience.standards.indicator import Filter


def test_nothing_changed_between_a_standard_and_itself(registry):
    for standard in (registry.codelist("SEX"), registry.indicator("TORTURE"), registry.crosswalk("UCDP_AREA")):
        assert diff(standard, standard) == ()


def test_a_changed_indicator_names_the_fields(registry):
    old = registry.indicator("TORTURE")
    new = replace(old, version="1.1", filter=Filter(violations=("TORTURE",)), limitations={"en": "Other."})
    changes = {change.path: change for change in diff(old, new)}
    assert set(changes) == {"version", "filter.violations ILL_TREATMENT", "limitations.en"}
    assert changes["filter.violations ILL_TREATMENT"].kind == "removed"
    assert changes["limitations.en"].new == "Other."


def test_a_changed_crosswalk_names_the_mappings(registry):
    old = registry.crosswalk("CHILE_SEX")
    new = replace(old, mappings=(replace(old.mappings[0], certainty=0.5), Mapping("2", None, Relation.UNKNOWN)))
    assert [str(change) for change in diff(old, new)] == [
        "changed mappings 1 to M.certainty: 1.0 -> 0.5",
        "removed mappings 0 to F",
        "added mappings 2 to nothing",
    ]


def test_the_difference_the_other_way_round_is_the_opposite(registry):
    old = registry.codelist("SEX")
    new = replace(old, codes=old.codes[:-1])
    assert [change.kind for change in diff(old, new)] == ["removed"]
    assert [change.kind for change in diff(new, old)] == ["added"]
