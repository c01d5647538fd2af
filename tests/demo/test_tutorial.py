"""The tutorial is true: its commands run in order, its files are written where it says, and the ends are as told.

A dozen programs are started one after the other, so `make soak` runs it whole; what it dictates is read every time.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from consilience.harmonise.mapping import load_mapping
from consilience.study.plan import load_study

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorial" / "first-study.md"
BLOCKS = re.compile(r"```(sh|toml)\n(.*?)```", re.DOTALL)
TARGETS = ("killings/mapping.toml", "killings/study.toml")


def test_the_files_it_dictates_are_a_mapping_and_a_study(tmp_path):
    mapping, study = (text for kind, text in BLOCKS.findall(TUTORIAL.read_text("utf-8")) if kind == "toml")
    (tmp_path / "mapping.toml").write_text(mapping, "utf-8")
    (tmp_path / "study.toml").write_text(study, "utf-8")
    assert load_study(tmp_path / "study.toml").release_id == "my-first-1.0"
    assert load_mapping(tmp_path / "mapping.toml").acts


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """Do what the tutorial says, in an empty folder; return what each block of commands printed."""
    folder = tmp_path_factory.mktemp("tutorial")
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": programs, "CONSILIENCE_HOME": str(folder / "home")}
    targets = iter(TARGETS)
    printed = []
    for kind, text in BLOCKS.findall(TUTORIAL.read_text("utf-8")):
        if kind == "toml":
            (folder / next(targets)).write_text(text, "utf-8")
            continue
        done = subprocess.run(
            ["bash", "-ec", text], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (text, done.stdout, done.stderr)
        printed.append(done.stdout + done.stderr)
    assert next(targets, None) is None
    return printed


@pytest.mark.soak
def test_rows_are_accounted_for_list_by_list(outputs):
    found = re.findall(r"(\d[\d,]*) rows =\s+(\d[\d,]*) accepted \+\s+(\d[\d,]*) rejected", outputs[0])
    assert len(found) == 5
    for rows, accepted, rejected in ([int(number.replace(",", "")) for number in row] for row in found):
        assert rows == accepted + rejected


@pytest.mark.soak
def test_quality_names_what_the_tutorial_says_it_names(outputs):
    sentences = next(text for text in outputs if '"sentence"' in text)
    assert "Ages are rounded" in sentences
    assert re.search(r"codes \w+ and \w+ look exchanged", sentences)
    assert "no other list shows it" in sentences
    assert "another list changed too" in sentences


@pytest.mark.soak
def test_the_changed_number_is_found_and_named(outputs):
    told = next(text for text in outputs if "exit code" in text)
    assert "exit code 3" in told
    assert "data/observations.csv" in told


@pytest.mark.soak
def test_the_release_holds_in_the_end_and_recomputes(outputs):
    assert "The release holds." in outputs[-1]
    assert any("recomputation" in text and "FAILS" not in text for text in outputs)
