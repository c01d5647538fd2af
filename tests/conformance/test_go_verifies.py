"""Checkpoints, proofs and tiles are checked by golang.org/x/mod/sumdb, which shares no code with ours."""

import base64
import json
import os
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from consilience.ledger.log import Log
from consilience.ledger.note import Signer

pytestmark = pytest.mark.xdist_group("go")

SIZES = [0, 1, 2, 3, 255, 256, 257, 65_535, 65_536, 70_000]
SIGNER = Signer.from_seed("example.org/log", bytes(range(32)))
GOPATH = Path("/usr/share/gocode")


def entry(number):
    return b"entry %d" % number


@pytest.fixture(scope="session")
def verifier(tmp_path_factory):
    if shutil.which("go") is None or not (GOPATH / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        pytest.skip("Debian's golang-go and golang-golang-x-mod-dev are not installed: no second verifier")
    target = tmp_path_factory.mktemp("go")
    places = {"GO111MODULE": "off", "GOPATH": str(GOPATH), "GOCACHE": str(target / "cache"), "GOFLAGS": ""}
    source = Path(__file__).parent / "verifier" / "main.go"
    command = ["go", "build", "-o", str(target / "verifier"), str(source)]
    subprocess.run(command, check=True, env=os.environ | places, cwd=target)
    return target / "verifier"


@pytest.fixture(scope="session")
def log(tmp_path_factory):
    """One log that was published at each of the sizes; its heads by size."""
    folder = tmp_path_factory.mktemp("log") / "log"
    Log.create(folder, SIGNER)
    with Log.open(folder) as log:
        heads = {0: log.read().signed}
        for old, new in pairwise(SIZES):
            log.append([entry(number) for number in range(old, new)])
            heads[new] = log.publish()
        yield log.read(), heads


@pytest.fixture
def go(verifier, log):
    """Let Go judge cases; bytes are sent in Base64."""

    def plain(value):
        if isinstance(value, bytes):
            return base64.b64encode(value).decode()
        return [plain(part) for part in value] if isinstance(value, list) else value

    def judge(cases, signer=SIGNER):
        sent = [{key.capitalize(): plain(value) for key, value in case.items()} for case in cases]
        request = {"Vkey": signer.verifier().vkey, "Tiles": str(log[0].public), "Cases": sent}
        done = subprocess.run([verifier], input=json.dumps(request), capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    return judge


def some_indexes(size):
    return sorted({index for index in (0, 1, 2, 254, 255, 256, size // 2, size - 2, size - 1) if 0 <= index < size})


def inclusion(log, index, size):
    reader, heads = log
    path = reader.inclusion(index, size)
    return {"kind": "inclusion", "signed": heads[size], "entry": entry(index), "index": index, "path": path}


def consistency(log, old, new):
    reader, heads = log
    path = reader.consistency(old, new)
    return {"kind": "consistency", "signed": heads[new], "earlier": heads[old], "path": path}


def test_go_accepts_every_checkpoint(go, log):
    assert go([{"kind": "checkpoint", "signed": log[1][size]} for size in SIZES]) == ["ok"] * len(SIZES)


def test_go_accepts_inclusion_proofs_of_every_size(go, log):
    cases = [inclusion(log, index, size) for size in SIZES for index in some_indexes(size)]
    assert len(cases) > 50
    assert go(cases) == ["ok"] * len(cases)


def test_go_accepts_consistency_proofs_between_all_sizes(go, log):
    # Go's package has no proof from the empty tree; that one is empty by definition and checked on our side.
    cases = [consistency(log, old, new) for old in SIZES[1:] for new in SIZES if old <= new]
    assert go(cases) == ["ok"] * len(cases)


def test_go_reads_our_tiles_and_builds_the_same_proofs(go, log):
    reader, heads = log
    cases = [
        {"kind": "tiles", "signed": heads[70_000], "index": index, "path": reader.inclusion(index)}
        for index in some_indexes(70_000)
    ]
    assert go(cases) == ["ok"] * len(cases)


def flipped(data, place):
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


NEGATIVE = {
    "hash": lambda case: case | {"path": [flipped(case["path"][0], 7), *case["path"][1:]]},
    "missing hash": lambda case: case | {"path": case["path"][:-1]},
    "extra hash": lambda case: case | {"path": [*case["path"], bytes(32)]},
    "entry": lambda case: case | {"entry": case["entry"] + b"!"},
    "index": lambda case: case | {"index": case["index"] ^ 1},
    "size": lambda case: case | {"signed": case["signed"].replace(b"\n257\n", b"\n256\n")},
    "root": lambda case: case | {"signed": flipped(case["signed"], case["signed"].index(b"\n257\n") + 8)},
    "signature": lambda case: case | {"signed": flipped(case["signed"], len(case["signed"]) - 12)},
    "key name": lambda case: (
        case | {"signed": case["signed"].replace(b"\xe2\x80\x94 example", b"\xe2\x80\x94 exemple")}
    ),
    "origin": lambda case: case | {"signed": b"x" + case["signed"]},
}


@pytest.mark.parametrize("spoil", NEGATIVE.values(), ids=NEGATIVE)
def test_go_refuses_one_change_in_every_class_of_bytes(go, log, spoil):
    good = inclusion(log, 100, 257)
    assert go([good]) == ["ok"]
    assert go([spoil(good)]) != ["ok"]


def test_go_refuses_a_foreign_key(go, log):
    foreign = Signer.from_seed("example.org/log", bytes(32))
    assert go([{"kind": "checkpoint", "signed": log[1][3]}], signer=foreign) != ["ok"]


def test_go_refuses_consistency_with_another_history(go, log, tmp_path):
    Log.create(tmp_path / "other", SIGNER)
    with Log.open(tmp_path / "other") as other:
        other.append([b"another first entry", entry(1), entry(2)])
        fork = consistency(log, 3, 256) | {"earlier": other.publish()}
    assert go([fork]) != ["ok"]


def test_go_refuses_a_changed_tile(go, log):
    reader, heads = log
    tile = reader.public / "tile/0/000"
    before = tile.read_bytes()
    # The Debian release of Go's reader leaves some tiles unchecked against the root, so the changed hash is one that
    # the proof itself holds: the sibling of entry 3.
    case = {"kind": "tiles", "signed": heads[70_000], "index": 3, "path": reader.inclusion(3)}
    try:
        tile.write_bytes(flipped(before, 2 * 32 + 5))
        assert go([case]) != ["ok"]
    finally:
        tile.write_bytes(before)
    assert go([case]) == ["ok"]
