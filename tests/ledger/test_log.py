import doctest
import json
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consilience.errors import FormatError, LedgerError, StateError, UsageError
from consilience.ledger import log as log_module
from consilience.ledger.checkpoint import Checkpoint
from consilience.ledger.fsck import check_log
from consilience.ledger.log import Log, private_folder, public_folder, read_verifier
from consilience.ledger.merkle import leaf_hash, reader, root_hash, verify_consistency, verify_inclusion
from consilience.ledger.note import Note, Signer
from consilience.ledger.opening import Opening
from consilience.ledger.reading import LogReader

SIGNER = Signer.from_seed("example.org/log", bytes(range(32)))


@pytest.fixture
def folder(tmp_path):
    Log.create(tmp_path / "log", SIGNER)
    return tmp_path / "log"


def faults(folder):
    return check_log(public_folder(folder), [SIGNER.verifier()], private=private_folder(folder)).faults


def fill(folder, count, start=0):
    with Log.open(folder) as log:
        log.append([f"entry {number}".encode() for number in range(start, start + count)])
        return log.publish()


def test_the_example_in_the_docstring_runs():
    assert doctest.testmod(log_module).failed == 0


def test_a_new_log_is_empty_signed_and_sound(folder):
    with Log.open(folder) as log:
        assert log.size == 0
        assert log.read().checkpoint == Checkpoint("example.org/log", 0, root_hash(0, reader([])))
    assert read_verifier(folder) == SIGNER.verifier()
    assert faults(folder) == ()


def test_the_signing_key_and_the_openings_are_for_the_owner_only(folder):
    with Log.open(folder) as log:
        log.append_event({"act": "view"})
    private = private_folder(folder)
    assert private.stat().st_mode & 0o777 == 0o700
    secret = [private / "signing.key", private / "journal", private / "openings/000.jsonl"]
    assert [path.stat().st_mode & 0o077 for path in secret] == [0, 0, 0]


def test_a_log_is_not_made_over_another(folder):
    with pytest.raises(UsageError, match="log in this folder already"):
        Log.create(folder, SIGNER)


def test_what_was_appended_but_not_published_is_there_after_a_crash(folder):
    with Log.open(folder) as log:
        assert log.append([b"one", b"two"]) == range(2)
    with Log.open(folder) as log:
        assert log.size == 2
        assert log.read().checkpoint.size == 0
        log.publish()
        assert list(log.read().entries()) == [b"one", b"two"]
    with Log.open(folder) as log:
        assert log.size == 2


def test_a_torn_record_in_the_journal_is_cut_off_and_the_ones_before_are_kept(folder):
    with Log.open(folder) as log:
        log.append([b"one", b"two"])
    journal = private_folder(folder) / "journal"
    journal.write_bytes(journal.read_bytes()[:-3])
    with Log.open(folder) as log:
        assert log.size == 1
        log.append([b"zwei"])
        log.publish()
        assert list(log.read().entries()) == [b"one", b"zwei"]
    assert faults(folder) == ()


def test_records_already_published_are_passed_over(folder):
    with Log.open(folder) as log:
        log.append([b"one", b"two"])
        before = (private_folder(folder) / "journal").read_bytes()
        log.publish()
    (private_folder(folder) / "journal").write_bytes(before)
    with Log.open(folder) as log:
        assert log.size == 2
        log.append([b"three"])
        log.publish()
        assert list(log.read().entries()) == [b"one", b"two", b"three"]


def test_a_shorter_new_record_before_stale_ones_does_not_revive_them(folder):
    with Log.open(folder) as log:
        log.append([b"a long first entry", b"a long second entry", b"third"])
        log.publish()
        log.append([b"x"])
    with Log.open(folder) as log:
        assert log.size == 4


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 300), min_size=1, max_size=5))
def test_any_sequence_of_batches_gives_the_tree_of_its_entries(tmp_path, counts):
    folder = Path(tempfile.mkdtemp(dir=tmp_path)) / "log"
    Log.create(folder, SIGNER)
    entries = []
    for count in counts:
        fill(folder, count, start=len(entries))
        entries += [f"entry {number}".encode() for number in range(len(entries), len(entries) + count)]
        with Log.open(folder) as log:
            read = reader([leaf_hash(entry) for entry in entries])
            assert log.read().checkpoint.root == root_hash(len(entries), read)
    assert faults(folder) == ()


def test_tiles_lie_where_the_specification_says_and_partial_ones_go_when_full(folder):
    fill(folder, 255)
    assert (public_folder(folder) / "tile/0/000.p/255").stat().st_size == 255 * 32
    fill(folder, 2, start=255)
    found = sorted(
        str(path.relative_to(folder / "public")) for path in folder.glob("public/tile/**/*") if path.is_file()
    )
    assert found == ["tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/1"]


def test_every_entry_and_every_two_sizes_can_be_proved(folder):
    entries = [f"entry {number}".encode() for number in range(600)]
    fill(folder, 600)
    with Log.open(folder) as log:
        read, root = log.read(), log.read().checkpoint.root
        for index in (0, 1, 255, 256, 511, 512, 599):
            assert read.entry(index) == entries[index]
            verify_inclusion(index, 600, leaf_hash(entries[index]), read.inclusion(index), root)
            small = max(index, 1)
            verify_consistency(small, 600, read.root_at(small), root, read.consistency(small))
            verify_inclusion(0, small, leaf_hash(entries[0]), read.inclusion(0, small), read.root_at(small))
        assert list(read.entries(250, 260)) == entries[250:260]
        proof = read.prove(300, extra=b"context")
        assert proof.verify(entries[300], verifiers=[SIGNER.verifier()]).size == 600


def test_asking_beyond_the_log_is_misuse(folder):
    fill(folder, 3)
    with Log.open(folder) as log:
        for ask in (lambda: log.read().inclusion(3), lambda: log.read().inclusion(0, 4), lambda: log.read().entry(3)):
            with pytest.raises(UsageError):
                ask()
        with pytest.raises(UsageError):
            log.read().consistency(2, 9)


def test_a_second_writer_is_turned_away(folder):
    with Log.open(folder), pytest.raises(StateError, match="Somebody else is writing"):
        Log.open(folder)
    with Log.open(folder):
        pass


def test_a_writer_that_comes_after_goes_on_where_the_first_stopped(folder):
    fill(folder, 3)
    assert Checkpoint.open(fill(folder, 2, start=3), [SIGNER.verifier()]).size == 5


def test_an_entry_that_is_too_long_is_refused_with_its_whole_batch(folder):
    with Log.open(folder) as log:
        with pytest.raises(UsageError, match="65535"):
            log.append([b"short", bytes(65_536)])
        assert log.size == 0
        log.append([bytes(65_535)])
        log.publish()
    assert faults(folder) == ()


def test_an_event_is_logged_behind_its_salt_and_can_be_opened(folder):
    event = {"act": "view", "exhibit": "E-1", "n": 3}
    with Log.open(folder, entropy=lambda count: b"s" * count) as log:
        entry = log.append_event(event)
        assert entry.entry == Opening(b"s" * 32, event).entry
        assert log.opening(0) == entry.opening
        log.publish()
        assert log.opening(0).event == event
        assert log.read().entry(0) == entry.entry
    assert faults(folder) == ()


def test_two_equal_events_give_two_entries_that_do_not_resemble_each_other(folder):
    with Log.open(folder) as log:
        first, second = log.append_events([{"act": "view"}, {"act": "view"}])
    assert first.entry != second.entry


def test_when_the_opening_is_destroyed_the_log_still_verifies_and_the_event_is_nowhere(folder):
    with Log.open(folder) as log:
        log.append_events([{"act": "view", "by": "Visible Invented"}, {"act": "copy"}])
        log.publish()
        assert log.destroy_opening(0)
        assert not log.destroy_opening(0)
        assert log.opening(0) is None
        assert log.opening(1) is not None
        log.read().prove(0)
    assert faults(folder) == ()
    assert not any(b"Visible Invented" in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_an_event_that_json_cannot_carry_is_refused_and_nothing_is_added(folder):
    with Log.open(folder) as log:
        for value in (float("nan"), 2**60, "\ud800"):
            with pytest.raises(FormatError):
                log.append_events([{"act": "view"}, {"n": value}])
        assert log.size == 0


def test_a_log_whose_tiles_were_changed_is_not_opened_for_writing(folder):
    fill(folder, 3)
    tile = public_folder(folder) / "tile/0/000.p/3"
    tile.write_bytes(b"\x00" + tile.read_bytes()[1:])
    with pytest.raises(LedgerError, match="signed root"):
        Log.open(folder)


def test_the_key_must_be_that_of_the_log(folder):
    with pytest.raises(LedgerError, match="No trusted key"):
        Log.open(folder, Signer.from_seed("example.org/log", bytes(32)))


def test_opening_a_folder_without_a_log_says_so(tmp_path):
    with pytest.raises(StateError, match="no log"):
        Log.open(tmp_path)


def test_reading_a_folder_without_a_log_says_so(tmp_path):
    with pytest.raises(LedgerError, match="no log here"):
        LogReader(tmp_path, [SIGNER.verifier()])


def test_publishing_nothing_new_gives_the_same_head(folder):
    signed = fill(folder, 2)
    with Log.open(folder) as log:
        assert log.publish() == signed


def test_openings_of_events_that_were_not_taken_in_are_dropped(folder):
    with Log.open(folder) as log:
        log.append_event({"n": 0})
        (private_folder(folder) / "floor.json").write_text(json.dumps({"size": 9, "root": "00", "holder": "partner"}))
    with Log.open(folder) as log:
        with pytest.raises(LedgerError, match="rolled back"):
            log.append_event({"n": 1})
        assert log.size == 1
    (private_folder(folder) / "floor.json").unlink()
    torn = private_folder(folder) / "openings/000.jsonl"
    assert torn.read_bytes().count(b"\n") == 1
    torn.write_bytes(torn.read_bytes() + torn.read_bytes().replace(b'"index": 0', b'"index": 1'))
    with Log.open(folder) as log:
        log.append([b"raw"])
    assert faults(folder) == ()


def copy_of(folder, name):
    target = folder.parent / name
    os.system(f"cp -r '{folder}' '{target}'")
    return target


def test_a_log_restored_from_an_old_backup_signs_nothing_once_a_partner_shows_a_newer_head(folder):
    fill(folder, 3)
    backup = copy_of(folder, "backup")
    newer = fill(folder, 4, start=3)
    with Log.open(backup) as log:
        with pytest.raises(LedgerError, match="rolled back"):
            log.hold(newer, "partner.example")
        with pytest.raises(LedgerError, match="rolled back"):
            log.append([b"other"])
        with pytest.raises(LedgerError, match=r"partner\.example"):
            log.publish()
    with Log.open(backup) as log, pytest.raises(LedgerError, match="rolled back"):
        log.append([b"other"])


def test_a_second_history_is_noticed_when_a_partner_shows_the_first(folder):
    fill(folder, 3)
    twin = copy_of(folder, "twin")
    theirs = fill(folder, 2, start=3)
    fill(twin, 5, start=100)
    with Log.open(twin) as log:
        with pytest.raises(LedgerError, match="second history"):
            log.hold(theirs, "partner.example")
        log.append([b"more"])
        with pytest.raises(LedgerError, match="second history"):
            log.publish()


def test_a_head_that_we_did_not_sign_cannot_stop_the_log(folder):
    forged = Checkpoint("example.org/log", 99, bytes(32)).sign(Signer.from_seed("example.org/log", bytes(32)))
    with Log.open(folder) as log:
        with pytest.raises(LedgerError, match="No trusted key"):
            log.hold(forged, "partner.example")
        log.append([b"goes on"])
        log.publish()


def test_an_older_head_at_a_partner_does_no_harm(folder):
    old = fill(folder, 3)
    fill(folder, 3, start=3)
    with Log.open(folder) as log:
        log.hold(old, "partner.example")
        log.append([b"more"])
        log.publish()
    assert json.loads((private_folder(folder) / "floor.json").read_text())["size"] == 3


def test_a_full_disk_loses_nothing_acknowledged(folder):
    with Log.open(folder) as log:
        log.append([b"kept"])
        scratch = private_folder(folder) / "scratch"
        scratch.rmdir()
        scratch.write_bytes(b"")
        with pytest.raises(StateError, match="cannot be written"):
            log.publish()
        scratch.unlink()
        scratch.mkdir()
        assert log.size == 1
        log.publish()
        assert log.read().entry(0) == b"kept"


def test_cosignatures_stand_below_the_head(folder):
    fill(folder, 1)
    witness = Signer.from_seed("witness.example", bytes(32))
    with Log.open(folder) as log:
        text = Note.parse(log.read().signed).text
        signed = log.add_cosignatures([witness.sign(text.encode())])
        assert log.add_cosignatures([witness.sign(text.encode())]) == signed
        assert Note.parse(log.read().signed).verify([witness.verifier()]) == ["witness.example"]
