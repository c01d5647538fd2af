import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from consilience.ledger.fsck import check_log
from consilience.ledger.log import Log, private_folder, public_folder
from consilience.ledger.merkle import verify_consistency
from consilience.ledger.note import Signer

SIGNER = Signer.from_seed("example.org/log", bytes(range(32)))
WRITER = Path(__file__).parent / "kill_writer.py"
POINTS = Path(__file__).parent / "kill_points.py"


def run_until_killed(folder, batch, after):
    """Let a writer run for `after` seconds past its first acknowledgement; return its acknowledgements."""
    with subprocess.Popen([sys.executable, WRITER, folder, str(batch)], stdout=subprocess.PIPE) as writer:
        first = writer.stdout.readline()
        threading.Timer(after, writer.kill).start()
        lines = (first + writer.stdout.read()).decode().split("\n")
    assert writer.returncode == -9
    return [(line[0], int(line[1:])) for line in lines[:-1]]


def kill_and_check(folder, rounds, chance):
    """Kill a writer at random moments; after each kill the log is sound and holds what was acknowledged."""
    for _ in range(rounds):
        with Log.open(folder) as log:
            before = log.read()
        said = run_until_killed(folder, chance.choice([1, 3, 40, 300]), chance.uniform(0, 0.12))
        health = check_log(public_folder(folder), [SIGNER.verifier()], private=private_folder(folder))
        assert health.faults == ()
        assert health.size + health.pending >= max(size for _, size in said)
        assert health.size >= max((size for kind, size in said if kind == "P"), default=0)
        with Log.open(folder) as log:
            after = log.read()
            old, new = before.checkpoint, after.checkpoint
            verify_consistency(old.size, new.size, old.root, new.root, after.consistency(old.size))
            log.publish()
    return health


@pytest.fixture
def folder(tmp_path):
    Log.create(tmp_path / "log", SIGNER)
    return tmp_path / "log"


def test_a_writer_killed_at_random_moments_leaves_a_sound_log_with_all_that_was_acknowledged(folder):
    health = kill_and_check(folder, rounds=6, chance=random.Random(7))
    assert health.size > 0


def test_a_writer_ended_at_any_single_file_operation_leaves_a_sound_log(folder):
    with Log.open(folder) as log:
        log.append([b"before"] * 250)
        log.publish()
    done = subprocess.run([sys.executable, POINTS, folder], check=True, capture_output=True, text=True)
    points = int(done.stdout)
    assert points > 40
    for point in range(points + 1):
        ended = folder.parent / str(point)
        said = (folder.parent / f"{point}.acknowledged").read_text().split()
        health = check_log(public_folder(ended), [SIGNER.verifier()], private=private_folder(ended))
        assert health.faults == (), point
        assert health.size + health.pending >= max([250, *map(int, said)]), point
        with Log.open(ended) as log:
            log.append([b"after"])
            log.publish()
            assert log.read().entry(log.size - 1) == b"after"


@pytest.mark.soak
def test_a_hundred_and_fifty_kills_lose_nothing(tmp_path_factory):
    folder = tmp_path_factory.mktemp("disk") / "log"
    Log.create(folder, SIGNER)
    assert kill_and_check(folder, rounds=150, chance=random.Random(11)).size > 1_000
