"""The whole chain on real events: every row accounted for, every sum equal to the file's own."""

import csv
import json
import shutil
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from consilience.formats.digest import sha256_file
from consilience.ledger.note import Signer
from consilience.publishing.logged import OPENING, PROOF, Seal
from consilience.publishing.verify import verify_release
from consilience.study.plan import load_study
from consilience.study.recompute import recompute_release
from consilience.study.run import run_study

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SIGNER = Signer.from_seed("example.org/tests", bytes(32))


@pytest.fixture(scope="module")
def events(real_data):
    return real_data / "events" / "ucdp_candidate_2023_10.csv"


@pytest.fixture(scope="module")
def made(events, tmp_path_factory):
    out = tmp_path_factory.mktemp("ucdp")
    study = load_study(EXAMPLES / "ucdp" / "study.toml")
    return run_study(
        study, {"ged": events}, out=out / "release", private=out / "private", seal=Seal(SIGNER, out / "ledger")
    )


def rows_of(path):
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def by_country(made, indicator):
    sums = Counter()
    for row in rows_of(made.release / "data" / "observations.csv"):
        if row["INDICATOR"] == indicator and row["SEX"] == row["AGE"] == "_T":
            sums[row["REF_AREA"]] += int(row["OBS_VALUE"])
    return sums


def test_every_row_is_accounted_for(made):
    assert made.sources["ged"]["rows"] == 2391
    assert made.sources["ged"]["accepted"] + made.sources["ged"]["rejected"] == 2391


def test_deaths_and_events_per_country_equal_the_files_own_sums(made, events):
    own = duckdb.sql(f"SELECT country_id::VARCHAR, sum(best), count(*) FROM '{events}' GROUP BY 1").fetchall()
    deaths, occurrences = by_country(made, "CONFLICT_DEATHS"), by_country(made, "CONFLICT_EVENTS")
    areas = duckdb.sql(
        f"SELECT area_local, any_value(area), count(DISTINCT area) FROM "
        f"'{made.snapshot}/tables/events/ged.parquet' GROUP BY 1"
    ).fetchall()
    area = {local: code for local, code, _ in areas}
    assert {row[2] for row in areas} == {1}
    assert {area[country]: total for country, total, _ in own if total} == {a: n for a, n in deaths.items() if n}
    assert {area[country]: count for country, _, count in own} == dict(occurrences)


def test_uncertain_dates_and_places_become_uncertain_periods_and_places(made, events):
    (own,) = duckdb.sql(
        f"SELECT count(*) FILTER (date_prec > 1), count(*) FILTER (where_prec > 1), count(*) FROM '{events}'"
    ).fetchall()
    (ours,) = duckdb.sql(
        "SELECT count(*) FILTER (date_precision <> 'DAY'), count(*) FILTER (place_precision <> 'EXACT'), count(*) "
        f"FROM '{made.snapshot}/tables/events/ged.parquet'"
    ).fetchall()
    assert ours == own


def test_the_release_verifies_and_its_figures_come_out_again(made):
    assert verify_release(made.release, [SIGNER.verifier()]).holds
    checks = recompute_release(made.release, made.snapshot)
    assert [check.name for check in checks if not check.holds] == []
    assert "recomputation" in [check.name for check in checks]


def test_the_same_inputs_give_the_same_bytes(made, events, tmp_path):
    study = load_study(EXAMPLES / "ucdp" / "study.toml")
    again = run_study(
        study, {"ged": events}, out=tmp_path / "r", private=tmp_path / "p", seal=Seal(SIGNER, tmp_path / "ledger")
    )
    assert again.digests == made.digests


def test_a_snapshot_that_was_altered_is_named(made, tmp_path):
    shutil.copytree(made.snapshot, tmp_path / "s")
    table = tmp_path / "s" / "tables" / "acts" / "ged.parquet"
    raw = bytearray(table.read_bytes())
    raw[len(raw) // 2] ^= 1
    table.write_bytes(raw)
    failing = [check for check in recompute_release(made.release, tmp_path / "s") if not check.holds]
    assert [check.name for check in failing] == ["snapshot"]
    assert "acts/ged.parquet" in failing[0].detail


def test_a_number_that_the_snapshot_does_not_give_is_found_even_when_the_publisher_signs_it(made, tmp_path):
    shutil.copytree(made.release, tmp_path / "r")
    table = tmp_path / "r" / "data" / "unplaced.csv"
    table.write_text(table.read_text() + "\n")
    failing = {check.file for check in recompute_release(tmp_path / "r", made.snapshot) if not check.holds}
    assert failing == {"data/unplaced.csv"}


def test_nothing_in_the_release_comes_from_rejected_rows_or_identities(made):
    names = {path.relative_to(made.release).parts[0] for path in made.release.rglob("*") if path.is_file()}
    metadata = {"CITATION.cff", "README.md", "datapackage.json", "release.json", "release.note"} | {OPENING, PROOF}
    assert names == metadata | {"charts", "data", "method", "quality"}


def test_the_head_names_snapshot_study_and_totals(made):
    head = json.loads((made.release / "release.json").read_text())
    assert head["digests"]["snapshot"] == made.digests["snapshot"]
    assert head["totals"]["observations"] == made.observations
    assert made.digests["release"] == sha256_file(made.release / "release.json")
