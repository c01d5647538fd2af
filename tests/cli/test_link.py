"""`consilience link` finds people across files, writes its results and speaks JSON."""

import csv
import json

import pyarrow.parquet as pq
import pytest

from consilience.cli.main import main

ONE = """id,first_name,surname,dob,city
1,Mira,Dlovan,1990-04-05,Harrow
2,Tarek,Osh,1971-01-30,Weld
3,Lusa,Brenn,2001-05-05,Tarn
"""
TWO = """رقم;الاسم;تاريخ الميلاد;المدينة
7;ميرا دلوفان;1990-04-05;
8;سوفين كراش;1985-11-02;
"""
LABELS = "source,record_id,cluster\none,1,a\ntwo,2,a\none,2,b\ntwo,3,c\n"


@pytest.fixture
def lists(tmp_path):
    for name, text in (("one.csv", ONE), ("two.csv", TWO), ("labels.csv", LABELS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def run(capsys, *args):
    with pytest.raises(SystemExit) as ended:
        main(["link", *map(str, args)])
    return ended.value.code, capsys.readouterr()


def test_people_are_found_across_two_scripts(lists, capsys):
    code, said = run(
        capsys, lists / "one.csv", lists / "two.csv", "--out", lists / "out", "--labels", lists / "labels.csv", "--json"
    )
    summary = json.loads(said.out)
    assert code == 0
    assert set(summary) == {"records", "entities", "pairs", "threshold", "metrics"}
    assert (summary["records"], summary["entities"], summary["pairs"]) == (5, 4, 1)
    assert summary["metrics"]["f1"] == 1.0
    rows = pq.read_table(lists / "out" / "clusters.parquet").to_pylist()
    with (lists / "out" / "clusters.csv").open(encoding="utf-8") as file:
        assert list(csv.DictReader(file)) == rows


def test_every_file_is_written(lists, capsys):
    run(capsys, lists / "one.csv", lists / "two.csv", "--out", lists / "out")
    written = {path.name for path in (lists / "out").iterdir()}
    assert written >= {
        "clusters.csv",
        "pairs.csv",
        "pairs.parquet",
        "review.jsonl",
        "overlap.csv",
        "report.json",
        "model.json",
    }
    report = json.loads((lists / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["sources"]["one"]["records"] == 3
    assert report["columns"]["two"]["الاسم"] == "name"


def test_draws_are_capture_histories_too(lists, capsys):
    run(capsys, lists / "one.csv", lists / "two.csv", "--out", lists / "out", "--draws", 3)
    with (lists / "out" / "overlap_draws.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["draw"] for row in rows} == {"1", "2", "3"}
    assert set(rows[0]) == {"draw", "one", "two", "count"}


def test_a_review_line_filled_in_parts_the_pair_and_names_stay(lists, capsys):
    out = lists / "out"
    run(capsys, lists / "one.csv", lists / "two.csv", "--out", out)
    decision = {
        "left": {"source": "one", "record_id": "1"}, "right": {"source": "two", "record_id": "2"},
        "verdict": "negative", "author": "an analyst", "reason": "two cousins",
    }  # fmt: skip
    (lists / "d.jsonl").write_text(json.dumps(decision) + "\n", encoding="utf-8")
    _, said = run(
        capsys, lists / "one.csv", lists / "two.csv", "--out", lists / "again", "--json",
        "--decisions", lists / "d.jsonl", "--previous", out / "clusters.csv", "--model", out / "model.json",
    )  # fmt: skip
    assert json.loads(said.out)["entities"] == 5
    before, after = (
        {
            (row["source"], row["record_id"]): row["entity_id"]
            for row in pq.read_table(folder / "clusters.parquet").to_pylist()
        }
        for folder in (out, lists / "again")
    )
    assert {ref for ref in before if before[ref] == after[ref]} >= {("one", "2"), ("one", "3"), ("two", "3")}


def test_a_specification_is_obeyed(lists, capsys):
    (lists / "s.toml").write_text("threshold = 0.9999999\n", encoding="utf-8")
    _, said = run(
        capsys, lists / "one.csv", lists / "two.csv", "--spec", lists / "s.toml", "--out", lists / "out", "--json"
    )
    assert json.loads(said.out)["threshold"] == pytest.approx(1.0, abs=1e-6)


def test_text_tells_how_to_measure_where_there_are_no_labels(lists, capsys):
    _, said = run(capsys, lists / "one.csv", lists / "two.csv", "--out", lists / "out")
    assert "5 records are 4 people" in said.out
    assert "to_label.jsonl" in said.out


@pytest.mark.parametrize("args", [["absent.csv"], ["one.csv", "--labels", "absent.csv"], ["one.csv", "one.csv"]])
def test_mistakes_are_one_sentence(lists, capsys, monkeypatch, args):
    monkeypatch.chdir(lists)
    code, said = run(capsys, *args, "--out", "out")
    assert code == 2
    assert said.err.startswith("consilience: ")
