"""The ledger against pymerkle, and durable publishing against bare fsync, in one run.

    python benchmarks/bench_ledger.py [--entries 1000000]

Every line is: what, ours, the baseline, the ratio (above 1 is faster than the baseline), the aim.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from consilience.ledger.fsck import check_log
from consilience.ledger.log import Log, private_folder, public_folder
from consilience.ledger.merkle import leaf_hash, verify_inclusion
from consilience.ledger.note import Signer

SIGNER = Signer.from_seed("bench.example/log", bytes(32))
BATCH = 50_000
ENTRY_BYTES = 200


def entry(number: int) -> bytes:
    return number.to_bytes(8, "big") + bytes(ENTRY_BYTES - 8)


def seconds(work: Callable[[], object], repeat: int = 1) -> float:
    start = time.perf_counter()
    for _ in range(repeat):
        work()
    return (time.perf_counter() - start) / repeat


def line(what: str, ours: str, baseline: str, ratio: float | None, aim: str) -> None:
    print(f"{what:<44} {ours:>16}  {baseline:>34}  {'' if ratio is None else f'{ratio:8.2f}x'}  aim {aim}", flush=True)


def append_all(folder: Path, count: int) -> float:
    """Append `count` entries in batches, tiles and entries on the disk after each; return the seconds."""
    Log.create(folder, SIGNER)
    taken = 0.0
    with Log.open(folder) as log:
        for start in range(0, count, BATCH):
            batch = [entry(number) for number in range(start, min(start + BATCH, count))]
            begin = time.perf_counter()
            log.append(batch)
            log.publish()
            taken += time.perf_counter() - begin
    return taken


def bench_append(folder: Path, count: int) -> None:
    ours = count / append_all(folder, count)
    try:
        from pymerkle import InmemoryTree
    except ImportError:
        line("append in batches, on disk", f"{ours:,.0f}/s", "pymerkle is not installed", None, "1.5x")
        return
    tree = InmemoryTree(algorithm="sha256")
    entries = [entry(number) for number in range(count)]
    begin = time.perf_counter()
    for data in entries:
        tree.append_entry(data)
    base = count / (time.perf_counter() - begin)
    line("append in batches, on disk", f"{ours:,.0f}/s", f"pymerkle in memory {base:,.0f}/s", ours / base, "1.5x")


def bench_proof(folder: Path, root: Path, count: int) -> None:
    with Log.open(folder) as log:
        head = log.read().checkpoint
        places = [number * (count // 50) for number in range(50)]
        # A fresh reader each time: nothing is cached but what the system caches.
        cold = seconds(lambda: [log.read().inclusion(index) for index in places]) / len(places)
        proofs = [(index, log.read().inclusion(index)) for index in places]
        checks = [(index, leaf_hash(entry(index)), proof) for index, proof in proofs]
    check = seconds(lambda: [verify_inclusion(i, head.size, leaf, proof, head.root) for i, leaf, proof in checks])
    try:
        from pymerkle import SqliteTree
    except ImportError:
        line("inclusion proof from disk", f"{cold * 1e3:.2f} ms", "pymerkle is not installed", None, "50x, 3 ms")
    else:
        with SqliteTree(str(root / "tree.db"), algorithm="sha256") as tree:
            tree.append_entries([entry(number) for number in range(count)], chunksize=100_000)
            base = seconds(lambda: tree.prove_inclusion(count // 3, count), 3)
        line(
            "inclusion proof from disk",
            f"{cold * 1e3:.2f} ms",
            f"pymerkle on SQLite {base * 1e3:.0f} ms",
            base / cold,
            "50x, 3 ms",
        )
    line("verify an inclusion proof", f"{check / len(checks) * 1e6:.0f} us", "", None, "50 us")


def bench_fsck(folder: Path, count: int) -> None:
    key = [SIGNER.verifier()]
    taken = seconds(lambda: check_log(public_folder(folder), key, private=private_folder(folder)))
    line(f"fsck of {count:,} entries", f"{taken:.1f} s", "", None, "10 s")


def bench_publish(root: Path, rounds: int = 100) -> None:
    """One entry per publication, against the same files written, synced and renamed with nothing around them."""
    Log.create(root / "publish", SIGNER)
    bare = root / "bare"
    for name in ("journal", "tile", "entries", "checkpoint"):
        (bare / name).mkdir(parents=True)
    journal = os.open(bare / "journal" / "file", os.O_RDWR | os.O_CREAT)
    state = [0]

    def publish_bare() -> None:
        state[0] += 1
        os.pwrite(journal, bytes(214), 0)
        os.fdatasync(journal)
        files = [("tile", 32 * state[0]), ("entries", 202 * state[0]), ("checkpoint", 180)]
        for name, size in files:
            target = bare / name / ("checkpoint" if name == "checkpoint" else str(state[0]))
            aside = target.with_suffix(".aside")
            with aside.open("wb") as stream:
                stream.write(bytes(size))
                stream.flush()
                os.fsync(stream.fileno())
            aside.rename(target)
            handle = os.open(bare / name, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)

    # Turn by turn, so that a disk busy with something else slows both.
    ours = base = 0.0
    with Log.open(root / "publish") as log:
        for _ in range(rounds):
            ours += seconds(lambda: (log.append([entry(0)]), log.publish())) / rounds
            base += seconds(publish_bare) / rounds
    os.close(journal)
    line(
        "durable publish of one entry",
        f"{1 / ours:.0f}/s",
        f"bare fsync of the files {1 / base:.0f}/s",
        base / ours,
        "0.5x",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    count = parser.parse_args().entries
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        bench_publish(root)
        bench_append(root / "log", count)
        bench_proof(root / "log", root, count)
        bench_fsck(root / "log", count)


main()
