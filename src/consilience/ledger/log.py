"""The log: an append-only list of entries in a folder, with signed heads, that a kill or a power cut cannot break.

Layout: `public/` is what may be served to anybody (`checkpoint`, `tile/...`, `log.vkey`); `private/` holds the
signing key, the journal, the openings and the newest head known elsewhere.

>>> import tempfile
>>> with tempfile.TemporaryDirectory() as name:
...     folder = Path(name) / "log"
...     Log.create(folder, Signer.generate("example.org/log"))
...     with Log.open(folder) as log:
...         entry = log.append_event({"act": "view", "exhibit": "E-1"})   # on the disk when it returns
...         signed = log.publish()                                        # under a signed head
...         text = log.read().prove(entry.index).text                     # for anybody, for ever
>>> text.splitlines()[:2]
['c2sp.org/tlog-proof@v1', 'index 0']

Invariants: an acknowledged append is in the journal or under the checkpoint; tiles are on the disk before the
checkpoint that covers them; one writer at a time (a lock held by the kernel); no head is signed that contradicts
one that a witness or partner holds.
"""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from consilience.errors import ConsilienceError, StateError, UsageError
from consilience.ledger.checkpoint import Checkpoint
from consilience.ledger.durable import make_folder, remove_folders, write_files
from consilience.ledger.edge import Edge, check_root, grow, replaced_parts
from consilience.ledger.floor import Floor
from consilience.ledger.journal import Journal
from consilience.ledger.merkle import EMPTY_ROOT
from consilience.ledger.note import Note, Signature, Signer, Verifier
from consilience.ledger.opening import SALT_BYTES, Opening
from consilience.ledger.openings import OpeningStore
from consilience.ledger.reading import LogReader
from consilience.ledger.tiles import MAX_ENTRY_BYTES


@dataclass(frozen=True)
class Entry:
    """An acknowledged event: its place in the log, the 32 bytes that stand there, and its opening."""

    index: int
    entry: bytes
    opening: Opening


def public_folder(root: Path) -> Path:
    """Return the part of a log that may be served to anybody."""
    return root / "public"


def private_folder(root: Path) -> Path:
    """Return the part of a log that never leaves the machine unencrypted."""
    return root / "private"


def read_verifier(root: Path) -> Verifier:
    """Return the public key that lies beside the log, for reading one's own; a stranger brings the key himself."""
    return Verifier.from_text(_read_key(public_folder(root) / "log.vkey"))


def _read_key(path: Path) -> str:
    """Return the text of a key file of a log.

    Raises:
        StateError: it is missing.
    """
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError as error:
        remedy = "Name the folder of a log, or restore the key from its sealed copy."
        raise StateError(f"There is no {path.name} in this log", remedy=remedy) from error


class Log:
    """A log open for writing. Make one with `Log.create`, open it with `Log.open`, use it in a `with` block."""

    def __init__(self, root: Path, signer: Signer, lock: int, entropy: Callable[[int], bytes]) -> None:
        self.root = root
        self.signer = signer
        self._lock = lock
        self._entropy = entropy
        self._public = public_folder(root)
        self._scratch = private_folder(root) / "scratch"
        self._openings = OpeningStore(private_folder(root) / "openings", self._scratch)
        self._edge = _published_edge(self._public, signer)
        self._journal = Journal.open(private_folder(root) / "journal")
        self._pending = self._journal.recover(self._edge.size)
        self._openings.discard_from(self.size)
        self._floor = Floor.load(self._floor_path)

    @classmethod
    def create(cls, root: Path, signer: Signer) -> None:
        """Make an empty log for `signer`, whose name is the log's origin.

        Raises:
            UsageError: there is a log already.
        """
        private, public = private_folder(root), public_folder(root)
        if (public / "checkpoint").exists():
            raise UsageError("There is a log in this folder already", remedy="Choose another folder.")
        make_folder(public)
        make_folder(private, mode=0o700)
        make_folder(private / "scratch")
        write_files(private, {"signing.key": f"{signer.skey}\n".encode()}, scratch=private / "scratch", mode=0o600)
        head = Checkpoint(signer.name, 0, EMPTY_ROOT).sign(signer)
        files = {"log.vkey": f"{signer.verifier().vkey}\n".encode(), "checkpoint": head}
        write_files(public, files, scratch=private / "scratch")

    @classmethod
    def open(
        cls, root: Path, signer: Signer | None = None, *, entropy: Callable[[int], bytes] = secrets.token_bytes
    ) -> Self:
        """Open a log for writing and take in what a crash left in the journal.

        Args:
            root: the log's folder.
            signer: its key; by default the one in `private/signing.key`.
            entropy: where salts come from.

        Raises:
            StateError: somebody else is writing, or there is no log.
            LedgerError: tiles, checkpoint and key do not agree.
        """
        private = private_folder(root)
        if not (public_folder(root) / "checkpoint").exists():
            raise StateError("There is no log in this folder", remedy="Run `consilience ledger init`.")
        make_folder(private / "scratch")
        if signer is None:
            signer = Signer.from_text(_read_key(private / "signing.key"))
        lock = _take_lock(private / "lock")
        with ExitStack() as undo:
            undo.callback(os.close, lock)
            log = cls(root, signer, lock, entropy)
            undo.pop_all()
        return log

    def close(self) -> None:
        """Let go of the log; another writer may open it."""
        self._journal.close()
        os.close(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def _floor_path(self) -> Path:
        return private_folder(self.root) / "floor.json"

    @property
    def size(self) -> int:
        """Number of acknowledged entries, published or not."""
        return self._edge.size + len(self._pending)

    def read(self) -> LogReader:
        """Return a reader of the published state."""
        return LogReader(self._public, [self.signer.verifier()])

    def append(self, entries: Sequence[bytes]) -> range:
        """Add raw entries (at most 65,535 bytes each) and return their indexes when they are on the disk.

        Raises:
            UsageError: an entry is too long; none was added.
            StateError: the disk refuses.
            LedgerError: the log was rolled back below what others hold.
        """
        if any(len(entry) > MAX_ENTRY_BYTES for entry in entries):
            raise UsageError(
                "An entry is too long", expected=f"at most {MAX_ENTRY_BYTES} bytes", remedy="Log its digest."
            )
        if self._floor.size > self._edge.size:
            self._floor.check(self.read())
        first = self.size
        if entries:
            self._journal.append(first, entries)
            self._pending += entries
        return range(first, self.size)

    def append_event(self, event: dict[str, Any]) -> Entry:
        """Add an event behind a fresh salt and return it when entry and opening are on the disk."""
        return self.append_events([event])[0]

    def append_events(self, events: Iterable[dict[str, Any]]) -> list[Entry]:
        """Add events, each behind its own salt, in one durable step.

        Raises:
            FormatError: an event is not JSON; none was added.
        """
        openings = [Opening(self._entropy(SALT_BYTES), event) for event in events]
        entries = [opening.entry for opening in openings]
        try:
            self._openings.add(self.size, openings)
            indexes = self.append(entries)
        except ConsilienceError:
            self._openings.discard_from(self.size)
            raise
        return [Entry(*parts) for parts in zip(indexes, entries, openings, strict=True)]

    def opening(self, index: int) -> Opening | None:
        """Return the opening of entry `index`, or None when it was destroyed or the entry is raw."""
        return self._openings.get(index, self._entry(index))

    def destroy_opening(self, index: int) -> bool:
        """Destroy salt and event of entry `index`: the entry then says nothing. Say whether there was one."""
        return self._openings.destroy(index)

    def publish(self) -> bytes:
        """Put all acknowledged entries under a new signed checkpoint and return it.

        Raises:
            LedgerError: the new head would contradict one that others hold.
            StateError: the disk refuses; nothing acknowledged is lost.
        """
        current = self.read()
        self._floor.check(current)
        if not self._pending:
            return current.signed
        edge, files = grow(self._edge, self._pending)
        write_files(self._public, files, scratch=self._scratch)
        signed = Checkpoint(self.signer.name, edge.size, edge.root()).sign(self.signer)
        write_files(self._public, {"checkpoint": signed}, scratch=self._scratch)
        finished = replaced_parts(self._edge, edge)
        self._edge, self._pending = edge, []
        self._journal.restart()
        remove_folders(self._public, finished)
        return signed

    def hold(self, signed: bytes, holder: str) -> None:
        """Take note of a head of this log that `holder` has; from now on nothing is signed below it.

        Raises:
            LedgerError: it is not under our signature, or this log was rolled back or forked against it.
        """
        checkpoint = Checkpoint.open(signed, [self.signer.verifier()])
        raised = self._floor.raised(checkpoint, holder)
        if raised != self._floor:
            raised.save(self._floor_path, scratch=self._scratch)
            self._floor = raised
        Floor(checkpoint.size, checkpoint.root, holder).check(self.read())

    def add_cosignatures(self, lines: Iterable[Signature]) -> bytes:
        """Put witnesses' signatures under the current head and return it.

        The caller has verified them; see `witness.cosign`.
        """
        note = Note.parse(self.read().signed)
        new = tuple(line for line in lines if line not in note.signatures)
        signed = Note(note.text, note.signatures + new).encode()
        write_files(self._public, {"checkpoint": signed}, scratch=self._scratch)
        return signed

    def _entry(self, index: int) -> bytes:
        if index >= self._edge.size:
            return self._pending[index - self._edge.size]
        return self.read().entry(index)


def _published_edge(public: Path, signer: Signer) -> Edge:
    """Return the edge below the signed head, checked against its root."""
    head = LogReader(public, [signer.verifier()]).checkpoint
    edge = Edge.load(public, head.size)
    check_root(edge, head.root)
    return edge


def _take_lock(path: Path) -> int:
    """Take the one writer's lock; the kernel lets go of it when the process ends, however it ends."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise StateError(
            "Somebody else is writing to this log", remedy="Wait until the other process has finished, then repeat."
        ) from error
    return lock
