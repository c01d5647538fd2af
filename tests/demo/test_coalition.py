"""The files of the coalition hold what the truth says they hold."""

import csv
import hashlib
import json
from collections import Counter

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import python_calamine

from consilience.demo import slices
from consilience.demo.coalition import make_coalition
from consilience.demo.organisations import ORGANISATIONS
from consilience.errors import UsageError


def read_list(coalition, organisation):
    """Read a list's data rows with readers that know nothing of the project; a broken line of JSON gives None."""
    path = coalition.sources[organisation.id]
    if path.suffix == ".jsonl":
        return [_json_or_none(line) for line in path.read_text("utf-8").splitlines()]
    if path.suffix == ".xlsx":
        return python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[1:]
    with path.open(encoding=organisation.file.encoding, newline="") as file:
        return list(csv.reader(file, delimiter=organisation.file.delimiter))[1:]


def _json_or_none(line):
    try:
        return list(json.loads(line).values())
    except json.JSONDecodeError:
        return None


def digests(coalition):
    files = sorted(path for path in coalition.folder.rglob("*") if path.is_file())
    return {str(path.relative_to(coalition.folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def labels_of(coalition, source):
    labels = pq.read_table(coalition.truth / "labels.parquet")
    return labels.filter(pc.equal(labels["source"], source))


def test_the_five_lists_hold_exactly_the_rows_asked_for(coalition):
    assert sum(len(read_list(coalition, each)) for each in ORGANISATIONS) == 5_000


@pytest.mark.parametrize("organisation", ORGANISATIONS, ids=lambda each: each.id)
def test_each_list_holds_the_rows_the_truth_counts(coalition, organisation):
    totals = coalition.totals.lists[organisation.id]
    assert len(read_list(coalition, organisation)) == totals.rows == totals.sound + sum(totals.bad.values())


@pytest.mark.parametrize("organisation", ORGANISATIONS, ids=lambda each: each.id)
def test_each_row_bears_the_record_number_its_label_names(coalition, organisation):
    labels = labels_of(coalition, organisation.id).to_pylist()
    for row, label in zip(read_list(coalition, organisation), labels, strict=True):
        if label["fault"] != "wrong_columns":
            assert row[0] == label["record_id"]


@pytest.mark.parametrize("organisation", ORGANISATIONS, ids=lambda each: each.id)
def test_labels_name_the_line_of_the_file(coalition, organisation):
    first = 1 if organisation.file.format == "jsonl" else 2
    lines = labels_of(coalition, organisation.id)["line"].to_pylist()
    assert lines == list(range(first, first + len(lines)))


@pytest.mark.parametrize("organisation", ORGANISATIONS, ids=lambda each: each.id)
def test_bad_rows_are_bad_in_the_way_the_label_says(coalition, organisation):
    rows, labels = read_list(coalition, organisation), labels_of(coalition, organisation.id).to_pylist()
    code = next(number for number, each in enumerate(organisation.columns) if each.says == "violation")
    known = {*organisation.codes.violation.values(), organisation.codes.other}
    for row, label in zip(rows, labels, strict=True):
        sound_width = row is not None and not any(row[len(organisation.columns) :])
        assert sound_width == (label["fault"] != "wrong_columns")
        if sound_width:
            assert (organisation.impossible_date in row) == (label["fault"] == "impossible_date")
            assert (row[code] not in known) == (label["fault"] == "unknown_code")


def test_a_duplicate_is_an_act_that_the_same_list_holds_already(coalition):
    labels = pq.read_table(coalition.truth / "labels.parquet").to_pylist()
    sound = [label for label in labels if label["fault"] == "sound"]
    acts = Counter((label["source"], label["act_id"]) for label in sound)
    assert sum(count - 1 for count in acts.values()) == sum(label["duplicate"] for label in sound)


def test_each_label_leads_to_an_act_a_person_and_an_event_of_the_truth(coalition):
    labels = pq.read_table(coalition.truth / "labels.parquet")
    for table, key in (("acts", "act_id"), ("people", "person_id"), ("events", "event_id")):
        known = pq.read_table(coalition.truth / f"{table}.parquet")[key]
        assert len(set(known.to_pylist())) == len(known)
        assert pc.all(pc.is_in(labels[key], value_set=known.combine_chunks())).as_py()


def test_the_lists_that_hold_a_person_are_those_the_truth_names(coalition):
    labels = pq.read_table(coalition.truth / "labels.parquet").to_pylist()
    on_file = {(label["source"], label["person_id"]) for label in labels}
    people = pq.read_table(coalition.truth / "people.parquet").to_pylist()
    told = {(each.id, person["person_id"]) for person in people for each in ORGANISATIONS if person[f"on_{each.id}"]}
    assert on_file == told


def test_about_two_in_five_people_are_documented_by_nobody_and_strata_add_up(coalition):
    people = pq.read_table(coalition.truth / "people.parquet")
    strata = pq.read_table(coalition.truth / "strata.parquet")
    hidden = pc.sum(pc.equal(people["lists"], 0)).as_py()
    assert pc.sum(strata["undocumented"]).as_py() == hidden == coalition.totals.undocumented
    assert pc.sum(strata["people"]).as_py() == len(people) == coalition.totals.people
    assert 0.34 < hidden / len(people) < 0.44


def test_the_summary_says_what_was_planted(coalition):
    summary = json.loads((coalition.truth / "truth.json").read_text("utf-8"))
    assert set(summary["planted"]) == {"spike", "practice", "heaping", "miscoding"}
    assert summary["lists"]["wicker_gate"]["file"] == "wicker_gate.xlsx"


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(small, tmp_path):
    again = make_coalition(tmp_path / "again", records=1_000)
    other = make_coalition(tmp_path / "other", records=1_000, seed=7)
    assert digests(again) == digests(small)
    assert digests(other)["sources/lanternhouse.csv"] != digests(small)["sources/lanternhouse.csv"]


def test_a_second_coalition_in_the_same_folder_leaves_nothing_of_the_first(tmp_path):
    make_coalition(tmp_path, records=1_500)
    (tmp_path / "sources" / "wicker_gate.csv").write_text("left over")
    second = make_coalition(tmp_path, records=1_000)
    assert {path.name for path in (tmp_path / "sources").iterdir()} == {p.name for p in second.sources.values()}


@pytest.mark.parametrize("records", [999, 10_000_001])
def test_sizes_outside_the_limits_are_refused_in_a_sentence(tmp_path, records):
    with pytest.raises(UsageError, match="1000 to 10000000"):
        make_coalition(tmp_path, records=records)


def test_progress_is_told_slice_by_slice(tmp_path):
    steps = []
    make_coalition(tmp_path, records=1_000, progress=lambda *step: steps.append(step))
    assert steps == [("coalition", "slice 1 of 1 written")]


def test_slices_join_without_a_seam(tmp_path, monkeypatch):
    monkeypatch.setattr(slices, "ROWS_PER_SLICE", 700)
    pieces = make_coalition(tmp_path, records=2_000)
    labels = pq.read_table(pieces.truth / "labels.parquet")
    assert len(labels) == sum(len(read_list(pieces, each)) for each in ORGANISATIONS) == 2_000
    records = set(zip(labels["source"].to_pylist(), labels["record_id"].to_pylist(), strict=True))
    assert len(records) == 2_000
    for table, key in (("acts", "act_id"), ("people", "person_id"), ("events", "event_id")):
        known = pq.read_table(pieces.truth / f"{table}.parquet")[key]
        assert len(set(known.to_pylist())) == len(known)
        assert pc.all(pc.is_in(labels[key], value_set=known.combine_chunks())).as_py()
    days = pq.read_table(pieces.truth / "people.parquet")["date"].to_pylist()
    assert (min(days).year, max(days).year) == (2021, 2024)
