"""The register: a custody store open for work. Every act on an exhibit is signed, written and logged here.

>>> import io, tempfile
>>> from datetime import datetime
>>> with tempfile.TemporaryDirectory() as name:
...     store, keys = Path(name) / "store", [make_identity(), make_identity()]
...     signer = Signer.generate("archive.example/custody")
...     Register.create(store, signer, recovery=recipient_of(keys[1]), identity=keys[0])
...     with Register.open(store, clock=lambda: datetime(2026, 3, 1, 10, tzinfo=UTC)) as register:
...         sealed = register.seal(io.BytesIO(b"a video"))
...         head = register.publish()
>>> sealed.plain_bytes, len(sealed.address)
(7, 64)

An act is on the disk, in the record and in the ledger, before the caller hears of it; content is decrypted only
after the entry that says so.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import pyrage  # type: ignore[import-untyped]

from consilience.custody.events import Item, read_event
from consilience.custody.record import Link, check_record, custodian_of, items_of, next_link
from consilience.custody.seal import Sealed, open_sealed, opened, read_recipients, seal
from consilience.custody.store import check_exhibit_id, destroy_object
from consilience.errors import CustodyError, UsageError
from consilience.ledger.durable import make_folder, write_files
from consilience.ledger.log import Log
from consilience.ledger.note import Signer, Verifier

ENTRY_FORMAT = "consilience.org/custody-entry@v1"


def ledger_event(link: Link) -> dict[str, Any]:
    """Return what the ledger holds of a link, behind its salt: the exhibit, the number and the note's digest."""
    return {"format": ENTRY_FORMAT, "exhibit": link.exhibit, "number": link.number, "note": link.digest}


def read_record(folder: Path) -> list[Link]:
    """Return the links of the notes in a folder, in the order of their names; none where there is no folder."""
    return [Link.parse(path.read_bytes()) for path in sorted(folder.glob("*.note"))]


def make_identity() -> str:
    """Return a new age identity as text."""
    return str(pyrage.x25519.Identity.generate())


def recipient_of(identity: str) -> str:
    """Return the public half of an age identity."""
    return str(pyrage.x25519.Identity.from_str(identity).to_public())


class Register:
    """A custody store with its ledger, open for writing by one process."""

    def __init__(self, root: Path, log: Log, clock: Callable[[], datetime]) -> None:
        self.root = root
        self.log = log
        self._clock = clock
        self.objects = root / "objects"
        self.scratch = root / "private" / "scratch"
        self.recipients = (root / "recipients").read_text(encoding="utf-8").split()
        self._finish_interrupted()

    @classmethod
    def create(cls, root: Path, signer: Signer, *, recovery: str, identity: str) -> None:
        """Make an empty store.

        Args:
            root: its folder.
            signer: the organisation's signing key; its name stands in every record.
            recovery: the offline recovery key's age recipient; its identity never comes to this machine.
            identity: the node's own age identity.

        Raises:
            UsageError: there is a store already, or a key is not usable.
        """
        if (root / "recipients").exists():
            raise UsageError("There is a custody store in this folder already", remedy="Choose another folder.")
        recipients = [recipient_of(identity), recovery]
        read_recipients(recipients)
        make_folder(root / "private", mode=0o700)
        scratch = root / "private" / "scratch"
        make_folder(scratch)
        Log.create(root / "ledger", signer)
        write_files(root / "private", {"age.key": f"{identity}\n".encode()}, scratch=scratch, mode=0o600)
        write_files(root, {"recipients": "".join(f"{text}\n" for text in recipients).encode()}, scratch=scratch)

    @classmethod
    def open(cls, root: Path, *, clock: Callable[[], datetime]) -> Self:
        """Open a store; `clock` gives the time that events are recorded with.

        Raises:
            UsageError: there is no store.
            StateError: somebody else is writing.
        """
        if not (root / "recipients").exists():
            raise UsageError("There is no custody store here", remedy="Run `consilience custody init`.")
        log = Log.open(root / "ledger")
        with ExitStack() as undo:
            undo.callback(log.close)
            register = cls(root, log, clock)
            undo.pop_all()
        return register

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.log.close()

    @property
    def signer(self) -> Signer:
        """The organisation's signing key."""
        return self.log.signer

    def now(self) -> datetime:
        """Return the time of the clock in UTC, to the second."""
        return self._clock().astimezone(UTC).replace(microsecond=0)

    def identity(self) -> str:
        """Return the text of the node's age identity."""
        return (self.root / "private" / "age.key").read_text(encoding="utf-8")

    def seal(self, source: BinaryIO, recipients: Sequence[str] = ()) -> Sealed:
        """Seal content into the store, to the store's own keys unless others are given."""
        return seal(source, self.objects, recipients or self.recipients, scratch=self.scratch)

    def exhibits(self) -> list[str]:
        """Return the numbers of all exhibits."""
        folder = self.root / "exhibits"
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []

    def record_of(self, exhibit: str) -> list[Link]:
        """Return the record of an exhibit; empty when there is none."""
        return read_record(self.folder_of(exhibit))

    def folder_of(self, exhibit: str) -> Path:
        """Return the folder of an exhibit's notes."""
        return self.root / "exhibits" / check_exhibit_id(exhibit)

    def items(self, exhibit: str) -> tuple[Item, ...]:
        """Return the sealed items of an exhibit."""
        return items_of(self.record_of(exhibit))

    def record(self, exhibit: str, event: dict[str, Any]) -> Link:
        """Sign, write and log one event; its time is that of the clock.

        Raises:
            CustodyError: the event is incomplete or does not fit the record, the record does not hold, or somebody
                else holds the exhibit.
        """
        link = self.draft(exhibit, event)
        self.keep(link)
        return link

    def draft(self, exhibit: str, event: dict[str, Any]) -> Link:
        """Return the link that `record` would write, signed by this organisation."""
        record = self.record_of(exhibit)
        if record and custodian_of(record) != self.signer.name:
            raise CustodyError(
                f"Exhibit {exhibit} is in other hands: only its custodian records events",
                found=self.signer.name,
                expected=custodian_of(record),
            )
        read = read_event(event | {"time": self.now().isoformat()})
        return next_link(record, exhibit, read, self.signer)

    def keep(self, link: Link) -> None:
        """Write a finished link into the record and log it."""
        folder = self.folder_of(link.exhibit)
        make_folder(folder)
        write_files(folder, {f"{link.number:06d}.note": link.data}, scratch=self.scratch, mode=0o600)
        self._log(link)

    def _log(self, link: Link) -> None:
        entry = self.log.append_event(ledger_event(link))
        place = json.dumps({"index": entry.index}) + "\n"
        files = {f"{link.number:06d}.entry": place.encode()}
        write_files(self.folder_of(link.exhibit), files, scratch=self.scratch, mode=0o600)

    def _finish_interrupted(self) -> None:
        """Log the last notes that a crash left without their entry, and drop files on the way."""
        make_folder(self.scratch)
        for path in self.scratch.glob("seal-*"):
            path.unlink()
        for exhibit in self.exhibits():
            folder = self.folder_of(exhibit)
            for path in sorted(folder.glob("*.note")):
                if not path.with_suffix(".entry").exists() and not path.with_suffix(".tlog-proof").exists():
                    self._log(Link.parse(path.read_bytes()))

    def index_of(self, link: Link) -> int | None:
        """Return the place of a link in this store's ledger; None when another organisation logged it."""
        path = self.folder_of(link.exhibit) / f"{link.number:06d}.entry"
        return int(json.loads(path.read_text(encoding="utf-8"))["index"]) if path.exists() else None

    def check(self, exhibit: str, verifiers: Sequence[Verifier] = ()) -> list[str]:
        """Return what does not hold in the record of an exhibit; this store's own key is always trusted."""
        keys = [self.signer.verifier(), *verifiers]
        return [fault.what for fault in check_record(self.record_of(exhibit), keys)]

    def open_item(self, exhibit: str, item: Item, target: Path, *, by: str, reason: str) -> Link:
        """Record a view, then decrypt one item to `target`.

        Raises:
            CustodyError: the item is not one of this exhibit, or does not verify.
        """
        if item not in self.items(exhibit):
            raise CustodyError(f"Exhibit {exhibit} has no such item")
        link = self.record(exhibit, {"act": "view", "by": by, "reason": reason})
        self.decrypt(item, target)
        return link

    def decrypt(self, item: Item, target: Path) -> None:
        """Decrypt an item without a record; the caller has recorded why."""
        open_sealed(sealed_of(item), self.objects, target, self.identity())

    def opened(self, item: Item) -> AbstractContextManager[BinaryIO]:
        """Give the verified plaintext of an item in a file without a name; the caller has recorded why."""
        return opened(sealed_of(item), self.objects, self.identity(), folder=self.scratch)

    def dispose(self, exhibit: str, *, by: str, outcome: str, authority: str, reason: str) -> Link:
        """End an exhibit: write the tombstone, then destroy its objects (unless it is archived).

        The record, with the digests, stays; so do the ledger entries.
        """
        items = self.items(exhibit)
        tombstone = sorted({item.digest for item in items})
        act = {"act": "disposition", "by": by, "outcome": outcome, "authority": authority, "reason": reason}
        link = self.record(exhibit, act | {"tombstone": tombstone})
        if outcome != "archived":
            for item in items:
                destroy_object(self.objects, item.address)
        return link

    def publish(self) -> bytes:
        """Sign a new head over all acts so far and return it."""
        return self.log.publish()


def sealed_of(item: Item) -> Sealed:
    """Return where and how an item is sealed."""
    return Sealed(item.address, item.digest, item.plain_bytes, item.sealed_bytes)


def item_of(sealed: Sealed, *, role: str, media_type: str, name: str | None = None) -> dict[str, Any]:
    """Return the description of a sealed object for an acquisition or conversion."""
    item = {
        "role": role,
        "address": sealed.address,
        "digest": sealed.digest,
        "plain_bytes": sealed.plain_bytes,
        "sealed_bytes": sealed.sealed_bytes,
        "media_type": media_type,
    }
    return item | ({"name": name} if name else {})
