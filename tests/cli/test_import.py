import json

import pytest

from consilience.cli.main import main
from consilience.formats.snapshot import Snapshot


@pytest.fixture
def run(capsys):
    def run(*args):
        with pytest.raises(SystemExit) as done:
            main([str(arg) for arg in args])
        out, err = capsys.readouterr()
        return done.value.code, out, err

    return run


def write(folder, text, name="list.csv"):
    path = folder / name
    path.write_text(text)
    return path


def test_the_totals_add_up_and_the_snapshot_is_there(run, tmp_path):
    path = write(tmp_path, "id,violation\n1,TORTURE\n2,KILLING\n")
    code, out, err = run("import", path, "--mapping", "persons", "--out", tmp_path / "s")
    assert (code, err) == (0, "")
    assert "list: 2 rows = 2 accepted + 0 rejected" in out
    assert Snapshot.open(tmp_path / "s").digest in out


def test_rejected_rows_are_told_on_stderr_with_exit_code_3(run, tmp_path):
    path = write(tmp_path, "id,violation\n1,TORTURE\n2,\n")
    code, out, err = run("import", path, "--mapping", "persons", "--out", tmp_path / "s", "--name", "mine", "--json")
    assert code == 3
    totals = json.loads(out)
    assert (totals["rows"], totals["accepted"], totals["rejected"]) == (2, 1, 1)
    assert "rejected/mine.csv" in err
    assert (tmp_path / "s" / "rejected" / "mine.rows.csv").read_text() == "id,violation\n2,\n"


def test_a_second_source_joins_and_an_update_corrects(run, tmp_path):
    path = write(tmp_path, "id,violation\n1,TORTURE\n2,KILLING\n")
    run("import", path, "--mapping", "persons", "--out", tmp_path / "s", "--name", "one")
    run("import", path, "--mapping", "persons", "--out", tmp_path / "s", "--name", "two")
    path = write(tmp_path, "id,violation\n2,TORTURE\n3,KILLING\n", "more.csv")
    args = ("--mapping", "persons", "--out", tmp_path / "s", "--update", tmp_path / "s", "--name", "one")
    code, out, _ = run("import", path, *args)
    assert (code, "after 1 updates: 3 rows = 3 accepted" in out) == (0, True)
    snapshot = Snapshot.open(tmp_path / "s")
    snapshot.verify()
    assert [source.accepted for source in snapshot.sources] == [3, 2]
    run("import", path, *args)
    assert Snapshot.open(tmp_path / "s").digest == snapshot.digest


@pytest.mark.parametrize(
    ("text", "options", "says"),
    [
        ("id,violation\n", (), "holds no row"),
        ("", (), "is empty"),
        ("id,what\n1,x\n", (), "lacks 1 column"),
        ("id,violation\n1,x\n", ("--mapping", "nope"), "no ready mapping"),
    ],
)
def test_what_cannot_be_imported_is_one_sentence_with_exit_code_1(run, tmp_path, text, options, says):
    path = write(tmp_path, text)
    code, out, err = run("import", path, "--out", tmp_path / "s", *(options or ("--mapping", "persons")))
    assert (code, out) == (1, "")
    assert says in err
    assert "Traceback" not in err
    assert not (tmp_path / "s").exists()


def test_a_name_that_cannot_be_used_is_misuse(run, tmp_path):
    path = write(tmp_path, "id,violation\n1,x\n")
    code, _, err = run("import", path, "--mapping", "persons", "--out", tmp_path / "s", "--name", "../x")
    assert (code, "--name" in err) == (2, True)
