import csv
import json
import shutil
from pathlib import Path

import pytest

from consilience.errors import StudyError, UsageError
from consilience.ledger.note import Signer
from consilience.publishing.logged import Seal
from consilience.study.plan import load_study
from consilience.study.recompute import recompute_release
from consilience.study.run import run_study

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "ucdp" / "study.toml"
SIGNER = Signer.from_seed("example.org/tests", bytes(32))


def run(tmp_path, real_data, rules):
    path = tmp_path / "study.toml"
    path.write_text(EXAMPLE.read_text(encoding="utf-8") + rules, encoding="utf-8")
    given = {"ged": real_data / "events" / "ucdp_candidate_2023_10.csv"}
    seal = Seal(SIGNER, tmp_path / "ledger")
    return run_study(load_study(path), given, out=tmp_path / "out", private=tmp_path / "private", seal=seal)


def observations(folder):
    with (folder / "data" / "observations.csv").open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_no_small_count_is_in_a_protected_release_and_it_can_still_be_recomputed(tmp_path, real_data):
    made = run(tmp_path, real_data, "\n[disclosure]\nthreshold = 5\n")
    rows = observations(made.release)
    assert [row for row in rows if row["OBS_VALUE"] in {"1", "2", "3", "4"}] == []
    hidden = [row for row in rows if row["CONF_STATUS"] == "C"]
    assert len(hidden) > 20
    assert {(row["OBS_VALUE"], row["LOWER_BOUND"], row["UPPER_BOUND"], row["OBS_STATUS"]) for row in hidden} == {
        ("", "", "", "Q")
    }
    assert not (made.release / "data" / "by_source.csv").exists()
    head = json.loads((made.release / "release.json").read_text())
    assert head["disclosure"]["attack"]["exactly_disclosed"] == 0
    assert [check for check in recompute_release(made.release, made.snapshot) if not check.holds] == []


def test_lists_that_overlap_to_an_unknown_degree_are_refused(tmp_path, real_data):
    text = EXAMPLE.read_text(encoding="utf-8")
    source = text[text.index("[sources.ged]") : text.index("[count]")].replace("[sources.ged]", "[sources.second]")
    path = tmp_path / "study.toml"
    path.write_text(
        text.replace("[count]", source + "[count]").replace('overlap = "none"', 'overlap = "unknown"')
        + "\n[disclosure]\nthreshold = 5\n",
        encoding="utf-8",
    )
    events = real_data / "events" / "ucdp_candidate_2023_10.csv"
    small = tmp_path / "small.csv"
    small.write_text("".join(events.read_text(encoding="utf-8").splitlines(keepends=True)[:50]), encoding="utf-8")
    given = {"ged": small, "second": shutil.copy(small, tmp_path / "second.csv")}
    with pytest.raises(StudyError, match="unknown degree"):
        run_study(
            load_study(path),
            {name: Path(file) for name, file in given.items()},
            out=tmp_path / "out",
            private=tmp_path / "private",
            seal=Seal(SIGNER, tmp_path / "ledger"),
        )
    assert not (tmp_path / "out").exists()


def test_a_rule_that_does_not_exist_is_named(tmp_path, real_data):
    with pytest.raises(UsageError, match="Unknown disclosure rules"):
        run(tmp_path, real_data, "\n[disclosure]\ntreshold = 5\n")
