"""The report finds what was planted in the invented coalition, names it, and leaves the election alone."""

import json

import pytest

from consilience.demo.coalition import make_coalition
from consilience.demo.planted import HEAPING, MISCODING, PRACTICE
from consilience.engine.duck import DuckEngine
from consilience.harmonise.load import Source, import_sources
from consilience.quality.messages import MESSAGES, remedy, sentence
from consilience.quality.page import render_report, render_text
from consilience.quality.report import assess
from consilience.standards.registry import load
from consilience.study.plan import load_study


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("coalition")
    study = load_study(make_coalition(folder / "files", records=6_000).study)
    registry, paths = load(study.standards_folder), None
    paths = study.source_paths({})
    sources = [Source(name, paths[name], mapping) for name, mapping in study.mappings()]
    snapshot = import_sources(sources, folder / "snapshot", registry)
    coverage = {source.name: source.coverage for source in snapshot.sources}
    with DuckEngine(threads=2) as engine:
        snapshot.register(engine)
        return assess(engine, list(coverage), registry, as_of=study.head.as_of, coverage=coverage)


def of_rule(report, rule):
    return [finding for finding in report.findings if finding.rule == rule]


def test_the_list_with_rounded_ages_is_the_one_that_is_named(report):
    assert [finding.source for finding in of_rule(report, "heaping.ages")] == [HEAPING.organisation]


def test_the_change_of_practice_is_named_with_its_code_and_month(report):
    (found,) = of_rule(report, "practice.change")
    assert found.source == PRACTICE.organisation
    assert found.subject == "ENFORCED_DISAPPEARANCE"
    assert found.parameters["since"] == f"{PRACTICE.since:%Y-%m}"


def test_the_miscoded_list_is_named_with_its_codes_and_months(report):
    (found,) = of_rule(report, "miscoding.exchanged")
    assert found.source == MISCODING.organisation
    assert set(found.subject.split(", ")) == {"KILLING", "ARBITRARY_DETENTION"}
    assert (found.parameters["first"], found.parameters["last"]) == ("2024-01", "2024-06")


def test_the_json_holds_every_finding_with_its_sentence(report):
    document = json.loads(json.dumps(report.to_json()))
    assert set(document) == {"version", "as_of", "sources", "findings"}
    assert len(document["findings"]) == len(report.findings)
    assert all("{" not in found["sentence"] + found["remedy"] for found in document["findings"])


def test_page_and_text_say_every_finding_and_escape_what_they_show(report):
    page, text = render_report(report), render_text(report)
    assert page.count('<li class="finding') == len(report.findings)
    assert page.count("<caption>") == len(report.sources)
    assert all(sentence(finding) in text and remedy(finding) in text for finding in report.findings)


def test_every_rule_has_a_sentence_and_a_remedy():
    assert all(message.found and message.remedy for message in MESSAGES["en"].values())
