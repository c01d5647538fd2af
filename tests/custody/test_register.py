import doctest
import json
import subprocess
import sys

import pytest

from consilience.custody import register as register_module
from consilience.custody.record import check_record
from consilience.custody.register import Register, ledger_event, make_identity, read_record
from consilience.custody.store import object_path
from consilience.errors import CustodyError, StateError, UsageError
from consilience.ledger.fsck import check_log
from consilience.ledger.log import private_folder, public_folder


def test_the_example_in_the_docstring_runs():
    assert doctest.testmod(register_module).failed == 0


def test_every_act_is_in_the_ledger_behind_its_salt(register, acquisition):
    register.record("E-1", acquisition(register))
    register.record("E-1", {"act": "view", "by": "analyst-3", "reason": "verification"})
    for link in register.record_of("E-1"):
        assert register.log.opening(register.index_of(link)).event == ledger_event(link)
    register.publish()
    assert register.log.read().checkpoint.size == 2
    assert check_log(public_folder(register.root / "ledger"), [register.signer.verifier()]).faults == ()


def test_opening_an_item_is_recorded_before_it_is_decrypted(register, acquisition, tmp_path):
    register.record("E-1", acquisition(register, b"moving pictures"))
    item = register.items("E-1")[0]
    register.open_item("E-1", item, tmp_path / "copy", by="analyst-3", reason="verification")
    assert (tmp_path / "copy").read_bytes() == b"moving pictures"
    object_path(register.objects, item.address).unlink()
    with pytest.raises(CustodyError, match="is missing"):
        register.open_item("E-1", item, tmp_path / "second", by="analyst-4", reason="verification")
    assert [link.event.by for link in register.record_of("E-1")[1:]] == ["analyst-3", "analyst-4"]


def test_an_item_of_another_exhibit_is_not_opened(register, acquisition, tmp_path):
    for exhibit in ("E-1", "E-2"):
        register.record(exhibit, acquisition(register))
    with pytest.raises(CustodyError, match="no such item"):
        register.open_item("E-1", register.items("E-2")[0], tmp_path / "copy", by="a", reason="b")


def test_a_disposition_keeps_the_tombstone_and_closes_the_record(register, acquisition):
    register.record("E-1", acquisition(register))
    items = register.items("E-1")
    end = {"outcome": "destroyed", "authority": "retention schedule 4", "reason": "period ended"}
    link = register.dispose("E-1", by="custodian-1", **end)
    assert set(link.event.tombstone) == {item.digest for item in items}
    assert not any(object_path(register.objects, item.address).exists() for item in items)
    with pytest.raises(CustodyError, match="disposed of"):
        register.record("E-1", {"act": "view", "by": "analyst-3", "reason": "x"})
    assert check_record(register.record_of("E-1"), [register.signer.verifier()]) == []


def test_archived_content_stays(register, acquisition):
    register.record("E-1", acquisition(register))
    register.dispose("E-1", by="c", outcome="archived", authority="statute 3", reason="permanent value")
    assert object_path(register.objects, register.items("E-1")[0].address).exists()


def test_a_note_whose_entry_was_lost_in_a_crash_is_logged_at_the_next_opening(store, clock, acquisition):
    with Register.open(store, clock=clock) as register:
        link = register.record("E-1", acquisition(register))
        (register.folder_of("E-1") / "000000.entry").unlink()
        (register.scratch / "seal-left").write_bytes(b"ciphertext on the way")
    with Register.open(store, clock=clock) as register:
        assert register.log.opening(register.index_of(link)).event == ledger_event(link)
        assert not (register.scratch / "seal-left").exists()


def test_a_store_is_made_once_and_opened_by_one_writer(store, make_store, clock):
    with pytest.raises(UsageError, match="already"):
        make_store()
    with Register.open(store, clock=clock), pytest.raises(StateError, match="Somebody else"):
        Register.open(store, clock=clock)


def test_a_folder_without_a_store_is_misuse(tmp_path, clock):
    with pytest.raises(UsageError, match="no custody store"):
        Register.open(tmp_path, clock=clock)


def test_recovery_key_and_node_key_must_differ(tmp_path, archive, node_key):
    with pytest.raises(UsageError, match="two different keys"):
        Register.create(tmp_path / "s", archive, recovery=str(node_key.to_public()), identity=str(node_key))


def test_exhibit_numbers_cannot_leave_their_folder(register, acquisition):
    for wrong in ("../E", "", "a/b", ".hidden", "x" * 65):
        with pytest.raises(UsageError, match="number is not usable"):
            register.record(wrong, acquisition(register))


def test_secrets_are_for_the_owner_only(register, acquisition):
    register.record("E-1", acquisition(register))
    paths = [register.root / "private/age.key", *register.folder_of("E-1").iterdir()]
    assert all(path.stat().st_mode & 0o077 == 0 for path in paths)
    assert (register.root / "private").stat().st_mode & 0o077 == 0


KILLED = """
import sys, io
from datetime import UTC, datetime
from pathlib import Path
from consilience.custody.register import Register
with Register.open(Path(sys.argv[1]), clock=lambda: datetime.now(UTC)) as register:
    number = 0
    while True:
        register.seal(io.BytesIO(bytes(10_000)))
        register.record("E-1", {"act": "view", "by": "analyst-3", "reason": f"{number}"})
        number += 1
        print(number, flush=True)
        if number % 3 == 0:
            register.publish()
"""


def test_a_killed_register_keeps_every_acknowledged_act(store, acquisition, archive, clock):
    with Register.open(store, clock=clock) as register:
        register.record("E-1", acquisition(register))
    for least in (1, 4, 7):
        before = len(read_record(store / "exhibits" / "E-1"))
        with subprocess.Popen([sys.executable, "-c", KILLED, store], stdout=subprocess.PIPE) as writer:
            said = [writer.stdout.readline() for _ in range(least)]
            writer.kill()
            said += writer.stdout.read().split()
        record = read_record(store / "exhibits" / "E-1")
        assert len(record) >= before + int(said[-1])
        assert check_record(record, [archive.verifier()]) == []
    with Register.open(store, clock=clock) as register:
        assert all(register.index_of(link) is not None for link in record)
        register.publish()
    ledger = store / "ledger"
    assert check_log(public_folder(ledger), [archive.verifier()], private=private_folder(ledger)).faults == ()


def test_a_new_identity_is_an_age_key():
    assert make_identity().startswith("AGE-SECRET-KEY-1")


def test_the_entry_file_names_the_place_in_the_ledger(register, acquisition):
    register.record("E-1", acquisition(register))
    assert json.loads((register.folder_of("E-1") / "000000.entry").read_text()) == {"index": 0}
