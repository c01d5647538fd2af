import json
import shutil

import pytest

LIST = """\
[study]
id = "towns"
version = "1.0"
title = { en = "Towns" }
publisher = "P"
licence = "CC0-1.0"
released_on = 2024-02-01
as_of = 2024-01-31

[sources.first]
title = "First list"
organisation = "O"
mapping = "first.toml"
path = "first.csv"
licence = "CC0-1.0"
citation = "First list"

[count]
indicators = ["KILLINGS"]
frequency = "month"
"""
MAPPING = """\
mapping = "first"
version = "1"
title = "First"

[record]
id = "no"

[event]
date = { period = "day" }
place.area = "country"

[[act]]
violation = { constant = "KILLING" }
"""


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "study.toml").write_text(LIST)
    (folder / "first.toml").write_text(MAPPING)
    (folder / "first.csv").write_text("no,day,country\n1,2024-01-02,FR\n2,2024-01-40,FR\n3,about 3 January 2024,FR\n")
    return folder / "study.toml"


def test_a_run_prints_totals_that_add_up(consilience, study, tmp_path):
    done = consilience("study", "run", study, "--out", tmp_path / "out", "--json")
    assert done.code == 0, done.err
    result = json.loads(done.out)
    assert result["sources"] == {"first": {"rows": 3, "accepted": 2, "rejected": 1}}
    assert set(result["digests"]) == {"release", "snapshot", "study"}
    assert "signing key was made" in done.err


def test_a_run_says_the_same_in_words(consilience, study, tmp_path):
    done = consilience("study", "run", study, "--out", tmp_path / "out")
    assert "3 rows =         2 accepted +       1 rejected" in done.out
    assert "stays in the house" in done.out


def test_the_rejected_row_comes_back_with_its_line(consilience, study, tmp_path):
    consilience("study", "run", study, "--out", tmp_path / "out")
    rejected = (tmp_path / "out.private" / "snapshot" / "rejected" / "first.csv").read_text()
    assert rejected.splitlines()[1].startswith("3,day,")


def test_a_new_study_can_be_checked_at_once(consilience, tmp_path):
    assert consilience("study", "new", tmp_path / "mine").code == 0
    checked = consilience("study", "check", tmp_path / "mine" / "study.toml", "--json")
    assert checked.code == 3
    assert [fault[:29] for fault in json.loads(checked.out)["faults"]] == ["The file of source first is n"]
    assert consilience("study", "new", tmp_path / "mine").code == 2


def test_a_right_study_checks_out(consilience, study):
    assert consilience("study", "check", study).code == 0


def test_checking_names_every_fault_at_once(consilience, study):
    study.write_text(LIST.replace("KILLINGS", "KILINGS").replace("first.toml", "none.toml"))
    faults = json.loads(consilience("study", "check", study, "--json").out)["faults"]
    assert len(faults) == 2
    assert any("KILLINGS" in fault for fault in faults)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--source", "second=x.csv"], 2, "no source called second"),
        (["--source", "first"], 2, "NAME=PATH"),
        (["--source", "first=nowhere.csv"], 1, "is not there"),
        (["--key", "nowhere.skey"], 2, "no signing key"),
    ],
)
def test_a_wrong_call_gets_one_sentence_and_no_traceback(consilience, study, tmp_path, words, code, says):
    done = consilience("study", "run", study, "--out", tmp_path / "out", *words)
    assert done.code == code
    assert says in done.err
    assert "Traceback" not in done.err
    assert not (tmp_path / "out").exists()


def spoil(study, data):
    (study.parent / "first.csv").write_bytes(data)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"no,when,country\n1,2024-01-02,FR\n", "day"),
        (b"PAR1 and then nothing", "Parquet"),
        (b"\x00\x01\x02\x03" * 400, ""),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_sentence(consilience, study, tmp_path, data, says):
    spoil(study, data)
    done = consilience("study", "run", study, "--out", tmp_path / "out")
    assert done.code == 1
    assert says in done.err
    assert "Traceback" not in done.err
    assert not (tmp_path / "out").exists()


def test_mac_roman_with_carriage_returns_simply_works(consilience, study, tmp_path):
    spoil(study, "no,day,country\r1,2024-01-02,FR\r2,vers le 3 août 2024,FR\r".encode("mac-roman"))
    done = consilience("study", "run", study, "--out", tmp_path / "out", "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["sources"]["first"]["rows"] == 2


def test_a_release_is_checked_by_a_stranger_and_by_its_maker(consilience, study, tmp_path, home):
    consilience("study", "run", study, "--out", tmp_path / "out")
    mine = consilience("verify", tmp_path / "out", "--snapshot", tmp_path / "out.private" / "snapshot", "--json")
    assert mine.code == 0, mine.out
    assert json.loads(mine.out)["signed_by"]
    key = home / "keys" / "node.vkey"
    shutil.copy(key, tmp_path / "their.vkey")
    shutil.rmtree(home)
    assert consilience("verify", tmp_path / "out", "--key", tmp_path / "their.vkey").code == 0
    alone = consilience("verify", tmp_path / "out")
    assert alone.code == 0
    assert "the key the release names itself" in alone.out


def test_a_flipped_byte_fails_with_exit_code_3_and_its_file(consilience, study, tmp_path):
    consilience("study", "run", study, "--out", tmp_path / "out")
    table = tmp_path / "out" / "data" / "observations.csv"
    table.write_bytes(table.read_bytes().replace(b"KILLINGS", b"KILLINGT", 1))
    done = consilience("verify", tmp_path / "out")
    assert done.code == 3
    assert "FAILS  files: data/observations.csv" in done.out


def test_a_release_signed_by_somebody_else_fails_where_a_key_is_trusted(consilience, study, tmp_path, home):
    consilience("study", "run", study, "--out", tmp_path / "out")
    shutil.rmtree(home)
    consilience("study", "run", study, "--out", tmp_path / "mine")
    done = consilience("verify", tmp_path / "out")
    assert done.code == 3
    assert "FAILS  signature" in done.out


def test_a_key_that_is_none_and_a_folder_that_is_no_release_are_named(consilience, tmp_path):
    assert consilience("verify", tmp_path).code == 3
    done = consilience("verify", tmp_path, "--key", "PRIVATE+KEY+secret")
    assert done.code == 2
    assert "secret" not in done.err


def test_what_stays_in_the_house_can_be_entered_by_its_owner_only(consilience, study, tmp_path):
    consilience("study", "run", study, "--out", tmp_path / "out")
    private = tmp_path / "out.private"
    assert {path.stat().st_mode & 0o777 for path in (private, private / "snapshot")} == {0o700}


def test_the_signing_key_can_be_read_by_its_owner_only(consilience, study, tmp_path, home):
    done = consilience("study", "run", study, "--out", tmp_path / "out")
    key = home / "keys" / "node.skey"
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.read_text().strip() not in done.out + done.err
