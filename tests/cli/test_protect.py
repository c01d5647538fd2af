"""`consilience protect`: what goes in, what comes out, and what is refused."""

import csv
import json
import re

import pytest

from consilience.cli.main import main

ROWS = "region,sex,n\nA,F,2\nA,M,30\nB,F,8\nB,M,41\nC,F,25\nC,M,60\n"


@pytest.fixture
def run(tmp_path, capsys):
    """Run the command on a table; return exit code, parsed JSON (if any), stderr and the rows written."""

    def call(text=ROWS, *more, dimensions="region,sex", out="out.csv"):
        table = tmp_path / "table.csv"
        table.write_text(text)
        target = tmp_path / out
        with pytest.raises(SystemExit) as left:
            main(
                [
                    "protect",
                    str(table),
                    "--dimensions",
                    dimensions,
                    "--value",
                    "n",
                    "--out",
                    str(target),
                    "--json",
                    *more,
                ]
            )
        said = capsys.readouterr()
        rows = list(csv.DictReader(target.read_text().splitlines())) if target.exists() else None
        return left.value.code, json.loads(said.out) if said.out else None, said.err, rows

    return call


def test_every_cell_is_written_with_its_status(run):
    code, said, _, rows = run()
    assert code == 0
    assert {key: said[key] for key in ("cells", "primary", "secondary")} == {"cells": 12, "primary": 1, "secondary": 3}
    assert said["attack"]["exactly_disclosed"] == said["attack"]["within_protection"] == 0
    assert said["solver_seconds"] >= 0
    assert len(rows) == 12
    assert list(rows[0]) == ["region", "sex", "n", "status"]
    assert all((row["n"] == "") == (row["status"] == "suppressed") for row in rows)
    assert next(row["n"] for row in rows if row["region"] == row["sex"] == "_T") == "166"


def test_nothing_in_the_output_tells_unsafe_cells_from_those_that_go_with_them(run):
    _, said, err, rows = run()
    assert {row["status"] for row in rows} == {"published", "suppressed"}
    assert "region" not in json.dumps(said["attack"])
    assert err == ""


def test_two_hierarchies_of_one_dimension_are_linked(run, tmp_path):
    for name, pairs in (("h1", "A,X B,X C,Y"), ("h2", "A,P B,Q C,Q")):
        lines = [f"region,{pair}" for pair in pairs.split()]
        (tmp_path / f"{name}.csv").write_text("\n".join(["dimension,code,parent", *lines]) + "\n")
    code, said, _, rows = run(ROWS, "--hierarchy", str(tmp_path / "h1.csv"), "--hierarchy", str(tmp_path / "h2.csv"))
    assert code == 0
    assert said["cells"] == 24
    assert {row["region"] for row in rows} == {"A", "B", "C", "X", "Y", "P", "Q", "_T"}


def test_another_table_of_the_release_is_protected_with_it(run, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("region,age,n\nA,young,3\nA,old,29\nB,young,20\nB,old,29\nC,young,45\nC,old,40\n")
    code, said, _, rows = run(ROWS, "--linked", str(other))
    assert code == 0
    assert list(rows[0]) == ["region", "sex", "age", "n", "status"]
    assert said["cells"] == 12 + 12 - 4
    assert said["primary"] == 2


def test_zero_suppressed_missing_and_not_collected_are_four_things(run):
    _, _, _, rows = run("region,n\nA,0\nB,3\nC,40\nD,\nE,not collected\nF,9\n", dimensions="region")
    said = {row["region"]: (row["n"], row["status"]) for row in rows}
    assert said["A"] == ("0", "published")
    assert said["B"] == ("", "suppressed")
    assert said["D"] == ("", "missing")
    assert said["E"] == ("", "not collected")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("region,sex,n\nA,F,-2\n", "not a count.*negative.*line 2"),
        ("region,sex,n\nA,F,2.5\n", "not a count"),
        ("region,sex,n\nA,F,2\nA,F,3\n", "stands in the table twice"),
        (ROWS + "_T,_T,99\n", "contradict its cells.*1 totals"),
        ("region,n\nA,2\n", "no column sex"),
        ("region,sex,n\n,F,2\n", "empty code"),
        ("region,sex,n\n", "no inner cell"),
        ("", "cannot be read"),
    ],
)
def test_a_faulty_table_is_refused_with_a_sentence_that_helps(run, text, message):
    code, _, err, rows = run(text)
    assert code == 1
    assert rows is None
    assert re.search(message, err)
    assert "Traceback" not in err


def test_totals_that_agree_are_welcome(run):
    code, said, _, _ = run(ROWS + "_T,_T,166\nA,_T,32\n")
    assert (code, said["cells"]) == (0, 12)


def test_a_hierarchy_with_a_circle_is_refused(run, tmp_path):
    tree = tmp_path / "h.csv"
    tree.write_text("dimension,code,parent\nregion,A,X\nregion,X,A\n")
    code, _, err, _ = run(ROWS, "--hierarchy", str(tree))
    assert code == 1
    assert "circle" in err


def test_a_single_cell_is_suppressed_with_its_total(run):
    code, said, _, rows = run("region,n\nA,3\n", dimensions="region")
    assert code == 0
    assert said["attack"]["held"]
    assert {row["status"] for row in rows} == {"suppressed"}


def test_a_table_of_small_counts_is_suppressed_whole_and_a_coarser_one_proposed(run):
    code, said, _, rows = run("region,sex,n\nA,F,1\nA,M,2\nB,F,2\nB,M,1\n", "--threshold", "10")
    assert code == 0
    assert {row["status"] for row in rows} == {"suppressed"}
    assert any("coarser" in note for note in said["notes"])


def test_a_release_that_gave_a_cell_away_cannot_take_it_back(run, tmp_path):
    before = tmp_path / "before.csv"
    before.write_text("region,sex,n,status\nA,F,2,published\nA,M,30,published\n")
    private = tmp_path / "private.csv"
    code, said, err, rows = run(ROWS, "--previous", str(before), "--private", str(private))
    assert code == 3
    assert rows is None
    assert not said["attack"]["held"]
    assert "must not be published" in err
    assert private.read_text().split() == ['"region","sex"', '"A","F"']


def test_a_revision_is_attacked_together_with_the_release_before(run, tmp_path):
    _, _, _, first = run()
    before = tmp_path / "before.csv"
    with before.open("w") as stream:
        writer = csv.DictWriter(stream, list(first[0]))
        writer.writeheader()
        writer.writerows(first)
    code, said, _, _ = run(ROWS.replace("C,M,60", "C,M,66"), "--previous", str(before))
    assert code == 0
    assert "the earlier release, and its difference to this one" in said["attack"]["scenarios"]


def test_a_published_rate_gives_its_count_away(run, tmp_path):
    rates = tmp_path / "rates.csv"
    rates.write_text("region,sex,rate,denominator,decimals,per\nA,F,3.1,64516,1,100000\n")
    code, said, _, _ = run(ROWS, "--rates", str(rates))
    assert code == 3
    assert "rates with published denominators" in said["attack"]["scenarios"]


def test_cell_keys_need_a_secret_and_never_show_it(run, tmp_path):
    assert run(ROWS, "--method", "cellkey")[0] == 2
    secret = tmp_path / "secret"
    secret.write_bytes(b"a secret of the node, 32 bytes!!")
    code, said, err, rows = run(ROWS, "--method", "cellkey", "--secret", str(secret))
    again = run(ROWS, "--method", "cellkey", "--secret", str(secret))
    assert code == 0
    assert rows == again[3]
    assert "a secret" not in json.dumps(said) + err + json.dumps(rows)
    assert any("Totals may not be the sum" in note for note in said["notes"])


def test_rounding_is_labelled(run):
    code, said, _, rows = run(ROWS, "--method", "round", "--base", "5")
    assert code == 0
    assert all(int(row["n"]) % 5 == 0 for row in rows)
    assert any("multiple of 5" in note for note in said["notes"])


def test_contributors_are_told_apart_where_a_rule_asks(run):
    text = "region,org,n\nA,x,30\nA,y,20\nB,x,40\nB,y,10\nB,z,10\nC,x,9\nC,y,20\nC,z,20\nD,x,9\nD,y,20\nD,z,20\n"
    code, said, _, rows = run(text, "--contributor", "org", "--rule", "contributors=3", dimensions="region")
    assert code == 0
    assert said["primary"] == 1
    assert next(row["status"] for row in rows if row["region"] == "A") == "suppressed"
    assert run(ROWS, "--rule", "contributors=3")[0] == 2


def test_an_unknown_rule_is_refused(run):
    code, _, err, _ = run(ROWS, "--rule", "dominanz=1")
    assert code == 2
    assert "dominance=N,K" in err
