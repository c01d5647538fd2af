import pytest

from consilience.errors import StateError
from consilience.ledger.fsck import check_log
from consilience.ledger.log import Log, private_folder, public_folder
from consilience.ledger.note import Signer

SIGNER = Signer.from_seed("example.org/log", bytes(range(32)))


@pytest.fixture
def folder(tmp_path):
    Log.create(tmp_path / "log", SIGNER)
    with Log.open(tmp_path / "log") as log:
        log.append_events([{"number": number} for number in range(600)])
        log.publish()
        log.append([b"waiting"])
    return tmp_path / "log"


def check(folder):
    return check_log(public_folder(folder), [SIGNER.verifier()], private=private_folder(folder))


def flip(path, place):
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(bytes(data))


def test_a_sound_log_is_counted_and_has_no_fault(folder):
    health = check(folder)
    assert (health.size, health.tiles, health.openings, health.pending, health.faults) == (600, 4, 600, 1, ())


@pytest.mark.parametrize(
    ("path", "place", "named"),
    [
        ("public/tile/0/001", 5000, ["tile/0/001"]),
        ("public/tile/0/002.p/88", 0, ["tile/0/002.p/88"]),
        ("public/tile/1/000.p/2", 40, ["tile/1/000.p/2"]),
        ("public/tile/entries/000", 40, ["tile/0/000", "tile/1/000.p/2", "openings/000.jsonl"]),
        ("public/checkpoint", 30, ["checkpoint"]),
        ("private/openings/001.jsonl", 100, ["openings/001.jsonl"]),
    ],
)
def test_one_flipped_bit_is_found_and_its_file_named(folder, path, place, named):
    flip(folder / path, place)
    assert sorted(fault.path for fault in check(folder).faults) == sorted(named)


@pytest.mark.parametrize("path", ["tile/0/001", "tile/1/000.p/2", "tile/entries/002.p/88"])
def test_a_missing_file_is_named(folder, path):
    (folder / "public" / path).unlink()
    assert path in [fault.path for fault in check(folder).faults]


def test_a_bundle_that_lost_its_last_entry_is_named(folder):
    path = folder / "public/tile/entries/002.p/88"
    path.write_bytes(path.read_bytes()[:-34])
    assert check(folder).faults[0].what == "87 entries instead of 88"


def test_a_checkpoint_of_a_foreign_key_is_refused(folder):
    health = check_log(public_folder(folder), [Signer.from_seed("example.org/log", bytes(32)).verifier()])
    assert "No trusted key" in health.faults[0].what


def test_a_public_part_older_than_the_private_one_is_named(folder):
    backup = (folder / "public/checkpoint").read_bytes()
    with Log.open(folder) as log:
        log.publish()
        log.append([b"later"])
    (folder / "public/checkpoint").write_bytes(backup)
    assert [fault.path for fault in check(folder).faults] == ["journal"]
    with pytest.raises(StateError, match="longer log"):
        Log.open(folder)
