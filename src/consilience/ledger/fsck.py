"""The full check of a log in a folder: every entry, every tile, the root, the signature, the openings.

It goes on after a fault and names every file that is not what the signed head says it must be.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from consilience.errors import ConsilienceError, LedgerError
from consilience.ledger.edge import tile_root
from consilience.ledger.journal import continues_beyond, scan
from consilience.ledger.merkle import EMPTY_ROOT, HASH_BYTES, fold, perfect_subtrees
from consilience.ledger.note import Verifier
from consilience.ledger.openings import read_lines
from consilience.ledger.reading import LogReader
from consilience.ledger.tiles import (
    TILE_WIDTH,
    bundle_path,
    read_part,
    split_entries,
    tile_levels,
    tile_path,
    tile_width,
)


@dataclass(frozen=True)
class Fault:
    """One file that does not hold, and why."""

    path: str
    what: str


@dataclass(frozen=True)
class Health:
    """Result of a full check: size, tiles and entries read, openings held, entries waiting, and every fault."""

    size: int
    tiles: int
    openings: int
    pending: int
    faults: tuple[Fault, ...]


def check_log(public: Path, verifiers: Iterable[Verifier], *, private: Path | None = None) -> Health:
    """Check a log from its entries up.

    Args:
        public: the folder with `checkpoint` and `tile/`.
        verifiers: the log's keys.
        private: the folder with journal and openings, when they are at hand.

    Returns:
        What was found; `faults` is empty when all is well.
    """
    try:
        log = LogReader(public, verifiers)
    except ConsilienceError as error:
        return Health(0, 0, 0, 0, (Fault("checkpoint", str(error)),))
    check = _Check(public, log.checkpoint.size)
    root = check.run()
    if root != log.checkpoint.root and not check.faults:
        check.faults.append(Fault("checkpoint", "The signed root is not that of the entries"))
    openings, pending = _check_private(private, log, check) if private else (0, 0)
    return Health(log.checkpoint.size, check.tiles, openings, pending, tuple(check.faults))


class _Check:
    """A check under way: the hashes of each level are computed from the one below and held against the tiles."""

    def __init__(self, public: Path, size: int) -> None:
        self.public = public
        self.size = size
        self.tiles = 0
        self.faults: list[Fault] = []

    def run(self) -> bytes:
        """Check entries and tiles; return the root that the entries lead to."""
        peaks: list[bytes] = []
        level, hashes = 0, [part for bundle in self._bundles() for part in bundle]
        while hashes:
            above, tail = [], len(hashes) % TILE_WIDTH
            for start in range(0, len(hashes), TILE_WIDTH):
                part = hashes[start : start + TILE_WIDTH]
                self._compare(level, start // TILE_WIDTH, part)
                if len(part) == TILE_WIDTH:
                    above.append(tile_root(part))
            if tail:
                inner = tile_levels(hashes[-tail:])
                peaks[:0] = [inner[height][place] for height, place in perfect_subtrees(0, tail)]
            level, hashes = level + 1, above
        return fold(peaks) if peaks else EMPTY_ROOT

    def _bundles(self) -> Iterator[list[bytes]]:
        for index in range(-(-self.size // TILE_WIDTH)):
            width = tile_width(0, index, self.size)
            path = bundle_path(index, width)
            try:
                entries = split_entries(read_part(self.public, bundle_path(index, TILE_WIDTH), path))
            except LedgerError as error:
                entries = []
                self.faults.append(Fault(path, str(error)))
            if entries and len(entries) < width:
                self.faults.append(Fault(path, f"{len(entries)} entries instead of {width}"))
            leaves = [sha256(b"\x00" + entry).digest() for entry in entries[:width]]
            yield leaves + [bytes(HASH_BYTES)] * (width - len(leaves))

    def _compare(self, level: int, index: int, part: list[bytes]) -> None:
        self.tiles += 1
        path = tile_path(level, index, len(part))
        try:
            held = read_part(self.public, tile_path(level, index, TILE_WIDTH), path)
        except LedgerError as error:
            self.faults.append(Fault(path, str(error)))
            return
        if held[: len(part) * HASH_BYTES] != b"".join(part):
            place = f"level {level}, from hash {index * TILE_WIDTH} on"
            below = "the entries" if level == 0 else "the tiles below"
            self.faults.append(Fault(path, f"The tile does not agree with {below} ({place})"))


def _check_private(private: Path, log: LogReader, check: _Check) -> tuple[int, int]:
    """Check that the journal continues the log and that openings open their entries."""
    journal = (private / "journal").read_bytes() if (private / "journal").exists() else b""
    pending, _ = scan(journal, log.checkpoint.size)
    if continues_beyond(journal, log.checkpoint.size):
        check.faults.append(Fault("journal", "The journal continues a longer log than the one at hand"))
    held: set[int] = set()
    for path in sorted((private / "openings").rglob("*.jsonl")):
        name = f"openings/{path.relative_to(private / 'openings')}"
        try:
            held.update(_opened(path, log, pending))
        except ConsilienceError as error:
            check.faults.append(Fault(name, str(error)))
    return len(held), len(pending)


def _opened(path: Path, log: LogReader, pending: list[bytes]) -> set[int]:
    """Return the indexes whose entries the openings in one file open."""
    lines = list(read_lines(path))
    size = log.checkpoint.size
    opened: set[int] = set()
    for index, opening in lines:
        if index < size:
            entry = log.entry(index)
        elif index - size < len(pending):
            entry = pending[index - size]
        else:
            continue
        if opening.entry == entry:
            opened.add(index)
    wrong = {index for index, _ in lines if index < size + len(pending)} - opened
    if wrong:
        raise LedgerError("Openings do not open their entries", found=", ".join(map(str, sorted(wrong)[:10])))
    return opened
