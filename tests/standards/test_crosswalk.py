from datetime import date

from consilience.standards.crosswalk import Crosswalk, Mapping, Method, Relation, Scheme

CROSSWALK = Crosswalk(
    "C", "1.0", Scheme("LOCAL", "1"), Scheme("METHOD", "1.0"), "A body", Method.HUMAN, date(2024, 5, 1),
    (
        Mapping("gun and knife", "FIREARM", Relation.PARTIAL, 1.0),
        Mapping("gun and knife", "BLADE", Relation.PARTIAL, 1.0),
        Mapping("heart failure", None, Relation.NONE, None, "A cause, not a method."),
        Mapping("z", None, Relation.UNKNOWN),
    ),
)  # fmt: skip


def test_a_local_code_may_lead_to_several_targets():
    assert CROSSWALK.targets("gun and knife") == ("FIREARM", "BLADE")
    assert CROSSWALK.locals == ("gun and knife", "heart failure", "z")


def test_none_and_unknown_and_absent_are_three_different_answers():
    assert [mapping.relation for mapping in CROSSWALK.of("heart failure")] == [Relation.NONE]
    assert [mapping.relation for mapping in CROSSWALK.of("z")] == [Relation.UNKNOWN]
    assert CROSSWALK.of("nowhere") == ()


def test_the_table_has_a_row_per_mapping():
    assert CROSSWALK.table().to_pylist()[2] == {
        "local": "heart failure", "target": None, "relation": "none",
        "certainty": None, "note": "A cause, not a method.",
    }  # fmt: skip
    assert CROSSWALK.table().num_rows == 4
