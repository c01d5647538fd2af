"""The demo's standards are what the module makes, fit the shared lists, and know every code the lists use."""

import pytest

from consilience.demo.organisations import ORGANISATIONS
from consilience.demo.vocabulary import FOLDER, write_standards
from consilience.standards.registry import load


@pytest.fixture(scope="module")
def registry():
    return load(FOLDER)


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.toml")}


def test_the_files_are_those_the_module_makes(tmp_path):
    write_standards(tmp_path)
    assert contents(tmp_path) == contents(FOLDER)


def test_the_area_list_knows_the_country_its_provinces_and_districts(registry):
    areas = registry.codelist("AREA")
    assert areas.ancestors("XV-0302") == ("XV-03", "XV")
    assert len(areas.within(["XV"])) == 1 + 8 + 40
    assert areas.code("XV").label() == "Orvenna (invented)"


@pytest.mark.parametrize("organisation", ORGANISATIONS, ids=lambda each: each.id)
def test_each_code_of_an_organisation_stands_in_its_crosswalk_but_the_unknown_one(registry, organisation):
    crosswalk = registry.crosswalk(f"{organisation.id.upper()}_VIOLATION")
    assert set(crosswalk.locals) == {*organisation.codes.violation.values(), organisation.codes.other}
    assert organisation.unknown_code not in crosswalk.locals
    people = registry.crosswalk(f"{organisation.id.upper()}_PERPETRATOR_TYPE")
    assert set(people.locals) == set(organisation.codes.perpetrator.values())
    assert set(registry.crosswalk(f"{organisation.id.upper()}_SEX").locals) == set(organisation.codes.sex.values())


def test_every_kind_of_relation_occurs(registry):
    found = {
        mapping.relation.value
        for organisation in ORGANISATIONS
        for mapping in registry.crosswalk(f"{organisation.id.upper()}_VIOLATION").mappings
    }
    assert found == {"exact", "broader", "narrower", "partial", "none", "unknown"}


def test_a_few_villages_are_in_no_crosswalk_and_a_few_are_left_open(registry):
    crosswalk = registry.crosswalk("LANTERNHOUSE_AREA")
    assert len(crosswalk.locals) == 8 + 40 + 160 - 3
    assert sum(mapping.relation.value == "unknown" for mapping in crosswalk.mappings) == 2
