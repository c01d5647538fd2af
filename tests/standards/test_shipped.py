"""What is shipped says what it must, and agrees with the model and with itself."""

from datetime import date
from itertools import pairwise

import pytest

from consilience.model.precision import DatePrecision, PlacePrecision
from consilience.model.schema import TABLES
from consilience.model.unit import UnitOfCount
from consilience.standards.check import UN_LANGUAGES
from consilience.standards.crosswalk import Relation
from consilience.standards.lifecycle import State
from consilience.standards.validate import validate


def test_no_shipped_file_has_a_fault():
    assert validate() == []


def test_the_lists_that_the_shared_tables_name_are_shipped(registry):
    named = {column.codelist for table in TABLES.values() for column in table.columns if column.codelist}
    assert named <= set(registry.ids("codelists"))


@pytest.mark.parametrize(
    ("codelist", "enumeration"),
    [("DATE_PRECISION", DatePrecision), ("PLACE_PRECISION", PlacePrecision), ("UNIT", UnitOfCount)],
)
def test_lists_and_types_of_the_model_have_the_same_codes(registry, codelist, enumeration):
    assert [code.id for code in registry.codelist(codelist)] == [each.value for each in enumeration]


def test_every_label_is_there_in_six_languages(registry):
    for codelist in registry.codelists():
        if codelist.id != "AREA":
            for code in codelist:
                assert set(code.labels) >= set(UN_LANGUAGES), code.id


def test_age_bands_say_their_years_and_five_year_bands_leave_no_gap(registry):
    ages = registry.codelist("AGE")
    five = sorted((code.low, code.high) for code in ages if code.high and code.high - code.low == 4)
    assert five[0] == (0, 4)
    assert all(later[0] == earlier[1] + 1 for earlier, later in pairwise(five))
    assert (ages.code("Y_GE85").low, ages.code("Y_GE85").high) == (five[-1][1] + 1, None)
    assert (ages.code("Y_LT18").low, ages.code("Y_LT18").high, ages.code("Y_GE18").low) == (0, 17, 18)


def test_the_violations_that_the_coalition_counts_are_there(registry):
    violations = registry.codelist("VIOLATION")
    assert len(violations.roots()) >= 10
    wanted = {
        "ENFORCED_DISAPPEARANCE", "ABDUCTION", "ARBITRARY_DETENTION", "ASSEMBLY_RESTRICTION", "CENSORSHIP", "TORTURE",
        "DEATH_IN_CUSTODY", "ATTACK_JOURNALIST", "HEALTH_ATTACK", "FORCED_DISPLACEMENT", "SEXUAL_VIOLENCE",
    }  # fmt: skip
    assert wanted <= {code.id for code in violations}


def test_indicators_begin_as_drafts_with_a_date_of_review_and_full_metadata(registry):
    for indicator in registry.indicators():
        assert indicator.state is State.DRAFT
        assert indicator.review_due > date(2026, 1, 1)
        assert set(indicator.names) >= set(UN_LANGUAGES)
        assert indicator.filter.violations
        assert indicator.periodicity.startswith("P")


def test_conflict_deaths_count_every_kind_of_violence_that_ucdp_tells_apart(registry):
    wanted = registry.codelist("VIOLATION").within(registry.indicator("CONFLICT_DEATHS").filter.violations)
    assert {mapping.target for mapping in registry.crosswalk("UCDP_VIOLATION").mappings} <= wanted


def test_no_code_of_an_outside_scheme_is_claimed_for_huridocs(registry):
    assert {m.relation for m in registry.crosswalk("VIOLATION_HURIDOCS_ACTS").mappings} == {Relation.UNKNOWN}


@pytest.mark.parametrize("crosswalk", ["VIOLATION_ICCS", "VIOLATION_SDG", "VIOLATION_HURIDOCS_ACTS"])
def test_an_outward_crosswalk_speaks_of_every_violation(registry, crosswalk):
    assert set(registry.crosswalk(crosswalk).locals) == {code.id for code in registry.codelist("VIOLATION")}


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("2", "US"),
        ("155", "CL"),
        ("369", "UA"),
        ("490", "CD"),
        ("678", "YE"),
        ("775", "MM"),
        ("816", "VN"),
        ("260", "DE"),
    ],
)
def test_numbers_of_states_lead_to_their_country(registry, number, country):
    assert registry.crosswalk("UCDP_AREA").targets(number) == (country,)


def test_what_has_no_iso_code_is_none_and_what_is_not_settled_is_unknown(registry):
    areas = registry.crosswalk("UCDP_AREA")
    assert areas.of("347")[0].relation is Relation.NONE
    assert areas.of("345")[0].relation is Relation.UNKNOWN
