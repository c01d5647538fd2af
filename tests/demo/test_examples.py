"""The example studies are whole: they load, their mappings and indicators exist, and the coalition's is the demo's."""

from pathlib import Path

import pytest

from consilience.demo.organisations import ORGANISATIONS
from consilience.standards.registry import load
from consilience.study.observe import chosen_indicators
from consilience.study.plan import load_study

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.mark.parametrize(
    ("example", "sources"),
    [
        ("ucdp", {"ged"}),
        ("chile", {"victims"}),
        ("coalition", {each.id for each in ORGANISATIONS}),
    ],
)
def test_the_study_can_be_run_once_it_has_its_files(example, sources):
    study = load_study(EXAMPLES / example / "study.toml")
    assert {name for name, mapping in study.mappings() if mapping.acts} == sources
    assert chosen_indicators(study.form.count, load(study.standards_folder))


def test_the_coalitions_example_is_the_demos_study_and_nothing_else(coalition):
    for path in coalition.folder.rglob("*.toml"):
        assert (EXAMPLES / "coalition" / path.relative_to(coalition.folder)).read_bytes() == path.read_bytes()
