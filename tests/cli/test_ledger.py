import base64
import io
import json
import re
import shutil
import socket
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from consilience.cli.main import main
from consilience.ledger.log import Log
from consilience.ledger.merkle import verify_consistency
from consilience.ledger.note import Signer


@pytest.fixture
def run(capsys):
    def call(*args, code=0):
        with pytest.raises(SystemExit) as stopped:
            main([str(arg) for arg in args])
        printed = capsys.readouterr()
        assert stopped.value.code == code, printed.err
        assert "Traceback" not in printed.err
        return printed.out if code in {0, 3} and not printed.err else printed.err

    return call


@pytest.fixture
def folder(run, tmp_path):
    made = json.loads(run("ledger", "init", tmp_path / "log", "--origin", "example.org/log", "--json"))
    (tmp_path / "log.vkey").write_text(made["vkey"])
    event = tmp_path / "event.json"
    event.write_text('{"act": "view", "exhibit": "E-1"}')
    run("ledger", "append", tmp_path / "log", event)
    return tmp_path / "log"


@pytest.fixture
def vkey(folder):
    return (folder.parent / "log.vkey").read_text()


def test_a_log_is_made_filled_signed_proved_and_verified(run, folder, vkey, tmp_path):
    raw = tmp_path / "raw.bin"
    raw.write_bytes(b"as it is\n")
    added = json.loads(run("ledger", "append", folder, "--raw", raw, "--json"))
    assert added == {"first": 1, "count": 1, "size": 2, "published": 0}
    assert "example.org/log\n2\n" in run("ledger", "checkpoint", folder)
    (tmp_path / "p.tlog-proof").write_text(run("ledger", "prove", folder, 1))
    said = json.loads(
        run("ledger", "verify", tmp_path / "p.tlog-proof", "--vkey", vkey, "--entry", raw, "--json"),
    )
    place = {"origin": "example.org/log", "index": 1, "size": 2}
    assert said == {"holds": True, "inclusion": True, "event": None, **place}


def test_a_proof_of_an_event_verifies_with_its_opening(run, folder, vkey, tmp_path):
    run("ledger", "checkpoint", folder)
    (tmp_path / "p.tlog-proof").write_text(run("ledger", "prove", folder, 0))
    with Log.open(folder) as log:
        (tmp_path / "o.opening").write_bytes(log.opening(0).to_bytes())
    args = ["ledger", "verify", tmp_path / "p.tlog-proof", "--opening", tmp_path / "o.opening"]
    assert json.loads(run(*args, "--vkey", vkey, "--json"))["event"] == {"act": "view", "exhibit": "E-1"}
    policy = tmp_path / "policy"
    policy.write_text(f"log {vkey}\nquorum none\n")
    assert "Holds: entry 0 of 1" in run(*args, "--policy", policy)
    foreign = Signer.generate("example.org/log").verifier().vkey
    assert "No trusted key" in run(*args, "--vkey", foreign, code=3)
    assert "without trusted keys" in run(*args, code=2)
    assert "another log" in run(*args, "--vkey", vkey, "--origin", "elsewhere.example", code=3)
    (tmp_path / "o.opening").write_bytes(bytes(32) + b'{"act":"view","exhibit":"E-1"}')
    assert "inclusion proof" in run(*args, "--vkey", vkey, code=3)


def test_without_an_entry_only_the_head_is_checked_and_that_is_said(run, folder, vkey, tmp_path):
    run("ledger", "checkpoint", folder)
    (tmp_path / "p").write_text(run("ledger", "prove", folder, 0))
    args = ["ledger", "verify", tmp_path / "p", "--vkey", vkey]
    assert "none was checked" in run(*args)
    said = json.loads(run(*args, "--json"))
    assert (said["holds"], said["inclusion"]) == (True, False)
    assert "either" in run(*args, "--entry", tmp_path / "p", "--opening", tmp_path / "p", code=2)
    assert "another log" in run(*args, "--origin", "elsewhere.example", code=3)


def test_lines_and_standard_input_are_taken(run, folder, monkeypatch):
    text = io.BytesIO(b'{"n": 1}\n{"n": 2}\n')
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=text))
    added = json.loads(run("ledger", "append", folder, "-", "--lines", "--publish", "--json"))
    assert added == {"first": 1, "count": 2, "size": 3, "published": 3}


@pytest.mark.parametrize("content", ["not json", "[1]"])
def test_an_event_that_is_no_json_object_is_refused(run, folder, tmp_path, content):
    (tmp_path / "bad").write_text(content)
    assert "Entry 1 is not" in run("ledger", "append", folder, tmp_path / "bad", code=1)


def test_consistency_and_proofs_at_older_sizes_are_given(run, folder, monkeypatch):
    lines = io.BytesIO(b"".join(b"line %d\n" % number for number in range(20)))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=lines))
    run("ledger", "append", folder, "-", "--raw", "--lines", "--publish")
    said = json.loads(run("ledger", "consistency", folder, 7, 21, "--json"))
    raw = [base64.b64decode(said[key]) for key in ("old_root", "new_root")]
    verify_consistency(7, 21, *raw, [base64.b64decode(part) for part in said["path"]])
    assert run("ledger", "consistency", folder, 7, 21).startswith(f"old 7 {said['old_root']}\nnew 21 ")
    at_seven = json.loads(run("ledger", "prove", folder, 3, "--size", 7, "--json"))
    assert (at_seven["root"], at_seven["size"]) == (said["old_root"], 7)
    assert "proof" not in at_seven
    assert "not of that size" in run("ledger", "prove", folder, 3, "--size", 22, code=2)


def test_fsck_is_silent_on_faults_that_are_not_there_and_exits_3_on_those_that_are(run, folder):
    run("ledger", "checkpoint", folder)
    assert run("ledger", "fsck", folder) == "1 entries, 1 tiles, 1 openings, 0 waiting\nsound\n"
    bundle = folder / "public/tile/entries/000.p/1"
    bundle.write_bytes(bundle.read_bytes()[:-1] + b"!")
    found = json.loads(run("ledger", "fsck", folder, "--json", code=3))
    assert "tile/0/000.p/1" in [fault["path"] for fault in found["faults"]]


def test_forgetting_destroys_the_opening_and_the_log_stays_sound(run, folder):
    assert json.loads(run("ledger", "forget", folder, 0, "--json"))["destroyed"]
    assert "has no opening" in run("ledger", "forget", folder, 0)
    run("ledger", "checkpoint", folder)
    assert "0 openings" in run("ledger", "fsck", folder)


def test_a_key_of_another_name_and_a_second_log_are_misuse(run, folder, tmp_path):
    (tmp_path / "key").write_text(Signer.generate("other.example").skey)
    args = ["ledger", "init", tmp_path / "b", "--origin", "example.org/b", "--key", tmp_path / "key"]
    assert "another name" in run(*args, code=2)
    assert "already" in run("ledger", "init", folder, "--origin", "example.org/log", code=2)


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["fsck", "nowhere"], 1, "There is no log.vkey"),
        (["prove", "nowhere", "0"], 1, "There is no log.vkey"),
        (["consistency", "nowhere", "0", "1"], 1, "There is no log.vkey"),
        (["append", "nowhere", "missing"], 2, "There is no file missing"),
        (["append", "nowhere", "binary"], 1, "There is no log in this folder"),
        (["verify", "binary", "--vkey", "x"], 1, "is not text"),
        (["init", "new", "--origin", "a.example", "--key", "binary"], 1, "is not text"),
    ],
)
def test_what_is_not_there_or_not_text_is_said_in_a_sentence(run, tmp_path, monkeypatch, args, code, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    if args[0] == "append" and args[-1] == "binary":
        (tmp_path / "binary").write_bytes(b"{}")
    assert said in run("ledger", *args, code=code)


def test_a_log_that_lost_its_key_says_so(run, folder, tmp_path):
    (folder / "private/signing.key").unlink()
    assert "There is no signing.key" in run("ledger", "append", folder, tmp_path / "event.json", code=1)


def test_a_newer_head_held_by_a_partner_stops_the_log(run, folder, tmp_path):
    shutil.copytree(folder, tmp_path / "backup")
    (tmp_path / "partner.checkpoint").write_text(run("ledger", "checkpoint", folder))
    args = ["ledger", "checkpoint", tmp_path / "backup", "--held", tmp_path / "partner.checkpoint"]
    assert "rolled back" in run(*args, code=3)


def test_a_log_is_cosigned_by_a_served_witness(run, folder, vkey, tmp_path):
    name = ["--name", "witness.example", "--log", vkey]
    witness_key = run("ledger", "witness", "serve", tmp_path / "w", *name, "--dry-run").strip()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from consilience.cli.main import main; main()", "ledger", "witness", "serve"]
    args = [str(tmp_path / "w"), *name, "--address", f"127.0.0.1:{port}"]
    with subprocess.Popen([*command, *args], stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout.readline().decode().strip() == witness_key
            _wait_for(port)
            policy = tmp_path / "policy"
            policy.write_text(f"log {vkey}\nwitness w {witness_key} http://127.0.0.1:{port}\nquorum w\n")
            said = json.loads(run("ledger", "checkpoint", folder, "--policy", policy, "--json"))
            assert said["cosigned_by"] == ["w"]
            url = f"http://127.0.0.1:{port}"
            signed = run("ledger", "witness", "add", folder, "--url", url, "--vkey", witness_key)
            assert re.search(r"^— witness\.example ", signed, re.MULTILINE)
        finally:
            server.terminate()


def _wait_for(port):
    for _ in range(200):
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    pytest.fail("the witness did not start")


def test_a_witness_keeps_its_name_and_needs_a_usable_address(run, tmp_path):
    run("ledger", "witness", "serve", tmp_path / "w", "--name", "w.example", "--dry-run")
    assert (tmp_path / "w/witness.key").stat().st_mode & 0o077 == 0
    args = ["ledger", "witness", "serve", tmp_path / "w"]
    assert "another name" in run(*args, "--name", "x.example", "--dry-run", code=2)
    run(*args, "--name", "w.example", "--address", "nonsense", code=2)
