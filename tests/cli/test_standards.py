"""`consilience standards`, as people type it."""

import json

import pytest

from consilience.cli.main import main


@pytest.fixture
def run(capsys):
    def call(*args):
        with pytest.raises(SystemExit) as stopped:
            main(["standards", *map(str, args)])
        out, err = capsys.readouterr()
        return stopped.value.code, out, err

    return call


def test_list_and_show_answer_in_text_and_json(run):
    code, out, _ = run("list", "indicators", "--json")
    assert code == 0
    assert {"kind": "indicators", "id": "TORTURE", "versions": ["1.0"]} in json.loads(out)
    assert "codelist   SEX" in run("list")[1]
    assert "  F  Femmes" in run("show", "SEX", "--language", "fr")[1]
    assert json.loads(run("show", "CONFLICT_DEATHS", "--json")[1])["unit"] == "VICTIMS"
    assert "BATTLE_DEATH_STATE" in run("show", "UCDP_VIOLATION")[1]


def test_a_name_that_is_not_there_gets_one_sentence_and_no_traceback(run):
    code, out, err = run("show", "TORTUR")
    assert (code, out) == (1, "")
    assert "perhaps TORTURE" in err
    assert "Traceback" not in err


def test_validate_is_silent_on_what_is_shipped_and_exits_3_on_faults(run, tmp_path):
    assert run("validate")[:2] == (0, "")
    (tmp_path / "codelists").mkdir()
    (tmp_path / "codelists" / "X-1.toml").write_text('id = "X"\n', encoding="utf-8")
    code, out, _ = run("validate", tmp_path, "--json")
    assert code == 3
    assert [fault["key"] for fault in json.loads(out)] == ["version", "names", "codes"]


def test_a_list_is_imported_compared_and_exported(run, tmp_path):
    source = tmp_path / "colours.csv"
    source.write_text("code,label_en\nRED,Red\n", encoding="utf-8")
    assert run("import", source, "--id", "COLOUR", "--version", "1", "--out", tmp_path)[0] == 0
    source.write_text("code,label_en\nRED,Red\nBLUE,Blue\n", encoding="utf-8")
    assert run("import", source, "--id", "COLOUR", "--version", "2", "--out", tmp_path)[0] == 0
    assert "added codes BLUE" in run("diff", "COLOUR", "1", "2", "--folder", tmp_path)[1]
    assert json.loads(run("diff", "COLOUR", "1", "2", "--folder", tmp_path, "--json")[1])[-1]["kind"] == "added"
    assert "BLUE" in run("export", "COLOUR", "--folder", tmp_path)[1]
    turtle = tmp_path / "colours.ttl"
    turtle.write_text(run("export", "COLOUR", "--folder", tmp_path, "--format", "skos")[1], encoding="utf-8")
    assert 'id = "BLUE"' in run("import", turtle, "--id", "COLOUR", "--version", "3")[1]


def test_a_file_in_another_encoding_gets_a_sentence(run, tmp_path):
    source = tmp_path / "colours.csv"
    source.write_bytes("code,label_es\nA,año\n".encode("latin-1"))
    code, _, err = run("import", source, "--id", "COLOUR", "--version", "1")
    assert code == 1
    assert "not UTF-8" in err


def test_a_dump_needs_a_list_and_label_columns(run, tmp_path):
    dump = tmp_path / "dump.sql"
    dump.write_text("INSERT INTO mt VALUES ('01000000000004','Top');", encoding="utf-8")
    call = ("import", dump, "--id", "TERMS", "--version", "1")
    assert run(*call)[0] == 2
    assert run(*call, "--list", "4")[0] == 2
    assert run(*call, "--list", "4", "--label", "en")[0] == 2
    assert "Top" in run(*call, "--list", "4", "--label", "en=2")[1]


def test_only_a_codelist_becomes_csv(run):
    assert run("export", "TORTURE")[0] == 2
    assert 'unit = "ACTS"' in run("export", "TORTURE", "--format", "toml")[1]


def test_map_reports_coverage_by_code_and_by_records(run, tmp_path):
    codes = tmp_path / "codes.csv"
    codes.write_text("id,male\n1,1\n2,0\n3,0\n4,NA\n5,7\n6,\n", encoding="utf-8")
    code, out, _ = run("map", "CHILE_SEX", codes, "--column", "male", "--missing", "NA", "--json")
    report = json.loads(out)
    assert code == 0
    assert (report["codes"], report["codes_mapped"], report["records"], report["records_mapped"]) == (3, 2, 6, 3)
    assert report["by_outcome"]["empty"] == {"codes": 0, "records": 2}
    assert report["by_outcome"]["not in the crosswalk"] == {"codes": 1, "records": 1}
    assert "3 of 6 mapped (50.0%)" in run("map", "CHILE_SEX", codes, "--column", "male", "--missing", "NA")[1]
    code, _, err = run("map", "CHILE_SEX", codes, "--column", "sex")
    assert code == 2
    assert "id, male" in err
