import io
import json
import subprocess
import sys
from types import SimpleNamespace

import pyrage
import pytest
from PIL import Image

from consilience.cli.main import main

EVENT = {
    "act": "acquisition",
    "by": "collector-2",
    "origin": "https://videos.example/watch?v=1",
    "collector": "collector-2",
    "tool": {"name": "browser-capture", "version": "1.4"},
    "acquired": "2026-03-01T09:55:00Z",
    "reason": "documents the incident I-12",
    "legal_basis": "consent of the publisher",
    "not_collected": [{"searched": "the channel", "left_out": "12 videos", "reason": "unrelated"}],
}
WHO = ["--by", "custodian-1", "--reason", "order 7/2026"]


@pytest.fixture
def run(capsys):
    def call(*args, code=0):
        with pytest.raises(SystemExit) as stopped:
            main([str(arg) for arg in args])
        printed = capsys.readouterr()
        assert stopped.value.code == code, printed.err
        assert "Traceback" not in printed.err
        return printed.out or printed.err

    return call


@pytest.fixture
def recovery():
    return str(pyrage.x25519.Identity.generate().to_public())


@pytest.fixture
def store(run, tmp_path, recovery):
    made = json.loads(
        run("custody", "init", tmp_path / "store", "--name", "archive.example", "--recovery", recovery, "--json")
    )
    (tmp_path / "vkey").write_text(made["vkey"])
    (tmp_path / "event.json").write_text(json.dumps(EVENT))
    target = io.BytesIO()
    Image.linear_gradient("L").save(target, "PNG")
    (tmp_path / "clip.png").write_bytes(target.getvalue())
    item = ["--item", f"original={tmp_path / 'clip.png'}"]
    run("custody", "record", tmp_path / "store", "E-1", tmp_path / "event.json", *item)
    return tmp_path / "store"


@pytest.fixture
def vkey(store):
    return (store.parent / "vkey").read_text()


def shown(run, store, exhibit="E-1"):
    return json.loads(run("custody", "show", store, exhibit, "--json"))["events"]


def test_an_exhibit_is_acquired_shown_and_opened(run, store, tmp_path):
    item = shown(run, store)[0]["items"][0]
    assert (item["media_type"], item["name"]) == ("image/png", "clip.png")
    run("custody", "open", store, "E-1", item["digest"][:8], "--out", tmp_path / "copy.png", *WHO)
    assert (tmp_path / "copy.png").read_bytes() == (tmp_path / "clip.png").read_bytes()
    assert [event["act"] for event in shown(run, store)] == ["acquisition", "view"]
    assert "acquisition  collector-2" in run("custody", "show", store, "E-1")
    assert "No single item" in run("custody", "open", store, "E-1", "zz", "--out", tmp_path / "x", *WHO, code=2)


def test_a_file_or_standard_input_is_sealed(run, store, tmp_path, monkeypatch):
    sealed = json.loads(run("custody", "seal", store, tmp_path / "clip.png", "--role", "capture", "--json"))
    assert sealed["role"] == "capture"
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"piped")))
    assert "sealed as" in run("custody", "seal", store, "-", "--media-type", "text/plain")
    assert "no such file" in run("custody", "seal", store, tmp_path / "absent", code=2)


def test_an_incomplete_event_is_refused_and_names_its_fields(run, store, tmp_path):
    (tmp_path / "bad.json").write_text('{"act": "view", "by": "analyst-3"}')
    assert "reason" in run("custody", "record", store, "E-1", tmp_path / "bad.json", code=3)
    for text in ("[]", "not json"):
        (tmp_path / "bad.json").write_text(text)
        assert "event is not" in run("custody", "record", store, "E-1", tmp_path / "bad.json", code=1)
    args = ["custody", "record", store, "E-2", tmp_path / "event.json", "--item", "no-role"]
    assert "ROLE=FILE" in run(*args, code=2)


def test_copies_without_metadata_and_re_posts(run, store, tmp_path):
    digest = shown(run, store)[0]["items"][0]["digest"]
    made = json.loads(run("custody", "derive", store, "E-1", digest, "--by", "analyst-3", "--json"))["made"]
    assert [item["role"] for item in made] == ["metadata", "derivative", "derivative"]
    found = json.loads(run("custody", "reposts", store, tmp_path / "clip.png", "--json"))["found"]
    assert found == [{"exhibit": "E-1", "digest": digest, "distance": 0}]


def test_an_undated_bundle_is_made_verified_and_its_faults_named(run, store, vkey, tmp_path):
    made = [
        "custody",
        "bundle",
        store,
        "E-1",
        "--out",
        tmp_path / "b",
        *WHO,
        "--undated",
        "--redaction",
        "E-1=faces blurred",
    ]
    assert "fingerprint" in run(*made)
    assert "faces blurred" in (tmp_path / "b/index.csv").read_text()
    said = json.loads(run("custody", "verify", tmp_path / "b", "--undated", "--vkey", vkey, "--json"))
    assert (said["holds"], said["events"], said["keys_from_bundle"]) == (True, 2, False)
    identity = store / "private/age.key"
    assert "1 items opened" in run("custody", "verify", tmp_path / "b", "--undated", "--identity", identity)
    assert "A token is missing" in run("custody", "verify", tmp_path / "b", code=3)
    next((tmp_path / "b/items").iterdir()).write_bytes(b"swapped")
    faults = json.loads(run("custody", "verify", tmp_path / "b", "--undated", "--json", code=3))["faults"]
    assert {fault["kind"] for fault in faults} == {"item", "manifest"}
    assert "not a court bundle" in run("custody", "verify", store, code=2)


def test_verification_needs_no_store_and_no_network(run, store, tmp_path):
    run("custody", "bundle", store, "E-1", "--out", tmp_path / "b", *WHO, "--undated")
    program = (
        "import socket, sys\n"
        "def refuse(*_): raise OSError('no network')\n"
        "socket.socket.connect = refuse\n"
        "from consilience.cli.main import main\n"
        "main(['custody', 'verify', sys.argv[1], '--undated'])"
    )
    store.rename(tmp_path / "gone")
    command = [sys.executable, "-c", program, tmp_path / "b"]
    done = subprocess.run(command, capture_output=True, text=True, env={"HOME": "/nonexistent"}, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Holds: 1 exhibits, 2 events")


def test_fixity_is_silent_on_a_sound_store_and_exits_3_on_a_changed_one(run, store):
    assert json.loads(run("custody", "fixity", store, "--by", "custodian-1", "--json"))["unchanged"] == 1
    path = next((store / "objects").rglob("*.age"))
    path.unlink()
    assert f"missing {path.stem}" in run("custody", "fixity", store, "--by", "custodian-1", code=3)


def test_stamping_needs_two_configured_authorities(run, store):
    assert "two authorities" in run("custody", "stamp", store, code=2)
    (store / "authorities").mkdir()
    (store / "authorities/one.pem").write_text("x")
    assert "has no address" in run("custody", "stamp", store, code=2)
    (store / "authorities/one.url").write_text("http://127.0.0.1:1/")
    (store / "authorities/two.pem").write_text("x")
    (store / "authorities/two.url").write_text("http://127.0.0.1:1/")
    said = json.loads(run("custody", "stamp", store, "--json", code=3))
    assert said["dated_by"] == []
    assert "does not answer" in said["missing"]["one"]


def test_an_exhibit_is_handed_over_with_both_signatures(run, store, vkey, tmp_path, recovery):
    court = tmp_path / "court"
    made = json.loads(run("custody", "init", court, "--name", "court.example", "--recovery", recovery, "--json"))
    to = ["--to", made["vkey"]]
    keys = [part for text in made["recipients"] for part in ("--recipient", text)]
    terms = [
        "--authority",
        "order 7",
        "--received-by",
        "registrar-1",
        "--by",
        "custodian-1",
        "--out",
        tmp_path / "offer",
    ]
    assert "two authorities" in run("custody", "transfer", "offer", store, "E-1", *to, *keys, *terms, code=2)
    assert not (tmp_path / "offer").exists()
    terms.append("--undated")
    run("custody", "transfer", "offer", store, "E-1", *to, *keys, *terms)
    assert "exists already" in run("custody", "transfer", "offer", store, "E-1", *to, *keys, *terms, code=2)
    nowhere = ["--receipt", tmp_path / "absent/receipt.note"]
    unwritten = run("custody", "transfer", "accept", court, tmp_path / "offer", "--from", vkey, *nowhere, code=2)
    assert "cannot be written" in unwritten
    receipt = tmp_path / "receipt.note"
    run("custody", "transfer", "accept", court, tmp_path / "offer", "--from", vkey, "--receipt", receipt)
    run("custody", "transfer", "complete", store, receipt, *to)
    assert shown(run, court) == shown(run, store)
    assert "in other hands" in run("custody", "open", store, "E-1", "", "--out", tmp_path / "x", *WHO, code=3)


def test_an_exhibit_is_disposed_of_and_its_tombstone_stays(run, store):
    run("custody", "dispose", store, "E-1", "--outcome", "destroyed", "--authority", "schedule 4", *WHO)
    assert list((store / "objects").rglob("*.age")) == []
    assert shown(run, store)[-1]["tombstone"] == [shown(run, store)[0]["items"][0]["digest"]]


def test_a_record_that_does_not_hold_is_shown_with_exit_code_3(run, store):
    note = store / "exhibits/E-1/000000.note"
    data = note.read_bytes()
    note.write_bytes(data[:-12] + (b"B" if data[-12:-11] == b"A" else b"A") + data[-11:])
    assert "lacks a valid signature" in run("custody", "show", store, "E-1", code=3)
    assert "no exhibit" in run("custody", "show", store, "E-9", code=2)
