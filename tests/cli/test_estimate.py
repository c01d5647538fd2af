import io
import json

import pyarrow as pa
import pyarrow.parquet
import pytest

from consilience.cli.estimate import _check_lines
from consilience.cli.main import main

ARTIFICIAL = "A,B,C,n\n1,0,0,40\n0,1,0,30\n0,0,1,20\n1,1,0,6\n"
GOOD = "A,B,C,n\n1,0,0,60\n0,1,0,60\n0,0,1,60\n1,1,0,40\n1,0,1,40\n0,1,1,40\n1,1,1,26\n"


def _run(capsys, *args):
    with pytest.raises(SystemExit) as ended:
        main(["estimate", *args])
    out, err = capsys.readouterr()
    return ended.value.code or 0, out, err


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(GOOD)
    return str(path)


def test_a_good_table_gives_the_documented_keys(capsys, table):
    code, out, err = _run(capsys, table, "--lists", "A,B,C", "--count", "n", "--method", "graphs", "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert {"observed", "verdict", "reasons", "methods", "recommended", "strata"} <= set(found)
    assert {"median", "mean", "interval_95", "interval_80", "rhat", "ess", "ess_per_cpu_second"} <= set(
        found["methods"]["graphs"]
    )
    assert found["observed"] == 326


def test_the_artificial_table_ends_with_three_and_no_number(capsys, tmp_path):
    path = tmp_path / "artificial.csv"
    path.write_text(ARTIFICIAL)
    code, out, _ = _run(capsys, str(path), "--lists", "A,B,C", "--count", "n", "--json")
    found = json.loads(out)
    assert (code, found["verdict"], found["recommended"]) == (3, "not supported", None)
    assert found["reasons"]


def test_text_for_people_tells_verdict_words_methods_and_overlaps(capsys, table):
    code, out, _ = _run(capsys, table, "--lists", "A,B,C", "--count", "n", "--method", "graphs")
    assert code == 0
    assert out.startswith("Verdict: usable")
    for part in ("326 people are documented", "graphs", "Largest overlaps", "A + B + C"):
        assert part in out


def test_text_shows_the_odds_curve_and_what_names_the_run(capsys, table):
    arguments = (table, "--lists", "A,B,C", "--count", "n", "--method", "graphs", "--seed", "7")
    found = json.loads(_run(capsys, *arguments, "--json")[1])
    _, out, _ = _run(capsys, *arguments)
    lines = [line.split() for line in out.splitlines()]
    for point in found["checks"]["odds_curve"]:
        low, high = point["interval_95"]
        wanted = [f"{point['odds_ratio']:g}", f"{point['total']:,.0f}", f"{low:,.0f}", "to", f"{high:,.0f}"]
        assert wanted in lines
    assert f"Seed 7; graphs/1; table sha256 {found['provenance']['table_sha256']}" in out


def test_text_names_a_list_without_which_there_is_no_number():
    row = {"list": "A", "median": None, "interval_95": None}
    lines = _check_lines({"checks": {"left_out": [row]}})
    assert lines == ["Total without one list", "  A           no number", ""]


def test_text_of_a_refused_table_shows_no_curve(capsys, tmp_path):
    path = tmp_path / "artificial.csv"
    path.write_text(ARTIFICIAL)
    _, out, _ = _run(capsys, str(path), "--lists", "A,B,C", "--count", "n")
    assert "no number" in out
    assert "odds" not in out


def test_one_row_per_person_and_parquet_give_the_same_figures(capsys, table, tmp_path):
    _, patterns, _ = _run(capsys, table, "--lists", "A,B,C", "--count", "n", "--method", "graphs", "--json")
    rows = [line.split(",") for line in GOOD.splitlines()[1:]]
    people = [[int(mark) for mark in row[:3]] for row in rows for _ in range(int(row[3]))]
    path = tmp_path / "people.parquet"
    columns = {name: [person[place] for person in people] for place, name in enumerate("ABC")}
    pyarrow.parquet.write_table(pa.table(columns), path)
    _, persons, _ = _run(capsys, str(path), "--lists", "A,B,C", "--method", "graphs", "--json")
    first, second = json.loads(patterns), json.loads(persons)
    assert first["provenance"]["table_sha256"] == second["provenance"]["table_sha256"]
    assert first["recommended"] == second["recommended"]


def test_strata_are_summed_and_those_without_a_number_named(capsys, tmp_path, monkeypatch):
    lines = ["A,B,C,n,area", *(f"{line},N" for line in GOOD.splitlines()[1:])]
    lines += [f"{line},S" for line in ARTIFICIAL.splitlines()[1:]]
    text = "\n".join(lines) + "\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    options = ["--lists", "A,B,C", "--count", "n", "--strata", "area", "--method", "graphs", "--workers", "1"]
    code, out, _ = _run(capsys, "-", *options, "--json")
    found = json.loads(out)
    assert code == 0
    assert [one["stratum"] for one in found["strata"]] == ["N", "S"]
    assert [one["stratum"] for one in found["left_out"]] == ["S"]
    assert found["observed"] == 326 + 96


def test_strata_are_told_in_text_too(capsys, tmp_path):
    path = tmp_path / "strata.csv"
    path.write_text("\n".join(["A,B,C,n,area", *(f"{line},N" for line in GOOD.splitlines()[1:])]) + "\n")
    options = ["--lists", "A,B,C", "--count", "n", "--strata", "area", "--method", "graphs", "--workers", "1"]
    _, out, _ = _run(capsys, str(path), *options, "--journal", str(tmp_path / "journal.jsonl"))
    assert "N: 326 documented, total" in out
    assert (tmp_path / "journal.jsonl").exists()


@pytest.mark.parametrize(
    ("text", "lists", "code", "sentence"),
    [
        (GOOD.replace("60\n0,1,0", "-60\n0,1,0"), "A,B,C", 1, "row 1 of column n is not a whole number"),
        (GOOD.replace(",26", ",2.6"), "A,B,C", 1, "row 7"),
        (GOOD.replace(",26", ",nan"), "A,B,C", 1, "row 7"),
        (GOOD + "0,0,0,9\n", "A,B,C", 1, "on no list"),
        (GOOD + "1,1,1,9\n", "A,B,C", 1, "rows 7, 8"),
        (GOOD, "A,B,X", 2, "no column X"),
        (GOOD, "A", 2, "One list cannot say"),
        ("", "A,B,C", 1, "cannot be read as a table"),
        ("A,B,C,n\n", "A,B,C", 1, "no rows"),
    ],
)
def test_wrong_input_gets_the_sentence_that_helps(capsys, tmp_path, text, lists, code, sentence):
    path = tmp_path / "wrong.csv"
    path.write_text(text)
    ended, out, err = _run(capsys, str(path), "--lists", lists, "--count", "n", "--json")
    assert (ended, out) == (code, "")
    assert sentence in err


def test_forty_lists_are_too_many(capsys, tmp_path):
    names = [f"L{number}" for number in range(40)]
    path = tmp_path / "forty.csv"
    path.write_text(",".join([*names, "n"]) + "\n" + ",".join(["1"] * 40 + ["5"]) + "\n")
    code, _, err = _run(capsys, str(path), "--lists", ",".join(names), "--count", "n")
    assert code == 1
    assert "at most 32" in err


def test_a_file_that_is_not_there_is_a_misuse(capsys):
    code, _, err = _run(capsys, "nowhere.csv", "--lists", "A,B")
    assert code == 2
    assert "no file nowhere.csv" in err
