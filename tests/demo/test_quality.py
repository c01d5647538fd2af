"""The quality report finds what was planted, names the list and the time, and blames nobody for the spike."""

import pytest

from consilience.demo.planted import HEAPING, MISCODING, PRACTICE, SPIKE
from consilience.engine.duck import DuckEngine
from consilience.quality.report import assess
from consilience.standards.registry import load
from consilience.study.plan import load_study


@pytest.fixture(scope="module")
def findings(coalition, snapshot):
    study = load_study(coalition.study)
    names = [entry.name for entry in snapshot.sources]
    with DuckEngine() as engine:
        snapshot.register(engine)
        coverage = {entry.name: entry.coverage for entry in snapshot.sources}
        report = assess(engine, names, load(study.standards_folder), as_of=study.head.as_of, coverage=coverage)
    return report.findings


def of(findings, rule):
    return [finding for finding in findings if finding.rule == rule]


def test_heaped_ages_are_found_in_the_one_list_that_heaps(findings):
    assert [finding.source for finding in of(findings, "heaping.ages")] == [HEAPING.organisation]


def test_exchanged_codes_are_found_in_the_one_list_and_in_its_months(findings):
    (found,) = of(findings, "miscoding.exchanged")
    assert found.source == MISCODING.organisation
    months = (f"{MISCODING.first:%Y-%m}", f"{MISCODING.last:%Y-%m}")
    assert (found.parameters["first"], found.parameters["last"]) == months


def test_the_change_of_practice_is_found_in_the_one_list_and_in_its_month(findings):
    (found,) = of(findings, "practice.change")
    assert found.source == PRACTICE.organisation
    assert found.parameters["since"] == f"{PRACTICE.since:%Y-%m}"
    assert [each.source for each in of(findings, "volume.change")] == [PRACTICE.organisation]


def test_the_spike_is_taken_for_the_situation_and_not_for_a_fault_of_a_list(findings):
    shared = of(findings, "volume.shared_change")
    assert len({finding.source for finding in shared}) >= 2
    assert {finding.parameters["since"][:4] for finding in shared} == {f"{SPIKE.first.year}"}
    assert all(finding.severity == "info" for finding in shared)
