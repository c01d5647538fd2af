"""Importing the lists gives the totals the truth foretells, list by list, fault by fault."""

import csv
from collections import Counter

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from consilience.demo.organisations import ORGANISATIONS
from consilience.study.plan import load_study

IDS = [each.id for each in ORGANISATIONS]


@pytest.mark.parametrize("source", IDS)
def test_every_row_is_accounted_for_as_the_truth_says(coalition, snapshot, source):
    totals = coalition.totals.lists[source]
    found = next(entry for entry in snapshot.sources if entry.name == source)
    assert (found.rows, found.accepted, found.rejected) == (totals.rows, totals.sound, sum(totals.bad.values()))


@pytest.mark.parametrize("source", IDS)
def test_the_rejected_lines_are_the_bad_lines_of_the_labels(coalition, snapshot, source):
    labels = pq.read_table(coalition.truth / "labels.parquet").to_pylist()
    bad = {label["line"] for label in labels if label["source"] == source and label["fault"] != "sound"}
    with (snapshot.path / "rejected" / f"{source}.csv").open(encoding="utf-8", newline="") as file:
        assert {int(row["line"]) for row in csv.DictReader(file)} == bad


@pytest.mark.parametrize("source", IDS)
def test_acts_keep_record_and_lie_in_the_time_and_place_of_the_truth(coalition, snapshot, source):
    acts = pq.read_table(snapshot.path / "tables" / "acts" / f"{source}.parquet").to_pylist()
    labels = pq.read_table(coalition.truth / "labels.parquet").to_pylist()
    about = {(label["source"], label["record_id"]): label["act_id"] for label in labels}
    truth = {act["act_id"]: act for act in pq.read_table(coalition.truth / "acts.parquet").to_pylist()}
    for act in acts:
        true = truth[about[source, act["record_id"]]]
        if act["date_earliest"] is not None:
            assert act["date_earliest"] <= true["date"] <= act["date_latest"]
        if act["area"] is not None:
            assert true["area"].startswith(act["area"])


def test_dates_of_every_precision_arrive(snapshot):
    acts = pq.read_table(snapshot.path / "tables" / "acts")
    found = Counter(acts["date_precision"].to_pylist())
    assert {"DAY", "MONTH", "YEAR"} <= {str(name).upper() for name in found}
    assert sum(count for name, count in found.items() if name and str(name).upper() != "DAY") > 0.1 * len(acts)


def test_ages_and_births_arrive_where_the_lists_have_them(snapshot):
    tables = snapshot.path / "tables"
    for source in ("reed_circle", "wicker_gate", "heron_office"):
        ages = pq.read_table(tables / "acts" / f"{source}.parquet")
        assert pc.mean(pc.is_valid(ages["age_low"]).cast("int8")).as_py() > 0.8
    for source in ("lanternhouse", "tallow_bridge"):
        births = pq.read_table(tables / "actors" / f"{source}.parquet")
        assert pc.mean(pc.is_valid(births["birth_earliest"]).cast("int8")).as_py() > 0.7


def test_names_go_to_identities_and_nowhere_else(coalition, snapshot):
    names = pq.read_table(snapshot.path / "tables" / "identities" / "tallow_bridge.parquet")["family_name"]
    family = next(name for name in names.to_pylist() if name)
    for table in ("acts", "actors", "events"):
        held = pq.read_table(snapshot.path / "tables" / table / "tallow_bridge.parquet").to_pylist()
        assert not any(family in str(row) for row in held)
    records = pq.read_table(snapshot.path / "records" / "tallow_bridge.parquet")
    assert "Фамилия" not in records.column_names
    assert coalition.totals.lists["tallow_bridge"].sound == records.num_rows


def test_the_study_that_is_written_finds_its_lists_and_mappings(coalition):
    study = load_study(coalition.study)
    assert study.source_paths({}) == coalition.sources
    assert [name for name, _ in study.mappings()] == IDS


def test_the_licence_and_citation_of_the_study_are_those_of_the_organisations(coalition):
    study = load_study(coalition.study)
    for organisation in ORGANISATIONS:
        source = study.form.sources[organisation.id]
        assert (source.licence, source.citation) == (organisation.licence, organisation.citation)
        assert source.limitations == {"en": organisation.limitations}
