r"""The custody record: one signed note per event, each bound to the one before, readable without any program.

The text of a note is five lines: the format, the exhibit, the number of the event, the SHA-256 of the whole note
before it (zeros for the first), and the event as canonical JSON. The signatures stand below it in the C2SP
signed-note form; a transfer carries those of both parties.

    consilience.org/custody@v1
    E-2026-017
    3
    9f2c...
    {"act":"view","by":"analyst-3","reason":"verification","time":"2026-03-01T10:00:00Z"}

    — node.example/custody Az3grl...
"""

import hashlib
import itertools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from consilience.custody.events import Acquisition, Event, Item, Resealed, Transfer, read_event, write_event
from consilience.custody.store import check_exhibit_id
from consilience.errors import ConsilienceError, CustodyError, LedgerError, UsageError
from consilience.ledger.checkpoint import read_decimal
from consilience.ledger.note import Note, SigningKey, Verifier
from consilience.ledger.opening import canonical

FORMAT = "consilience.org/custody@v1"
FIRST = "0" * 64


@dataclass(frozen=True)
class Link:
    """One event of a record with its signatures."""

    exhibit: str
    number: int
    previous: str
    event: Event
    note: Note

    @property
    def data(self) -> bytes:
        """The note's bytes, as they lie in a file."""
        return self.note.encode()

    @property
    def digest(self) -> str:
        """SHA-256 of the note's bytes, hexadecimal: what the next link and the ledger refer to."""
        return hashlib.sha256(self.data).hexdigest()

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a note's bytes; signatures and place in the record are not judged yet.

        Raises:
            CustodyError: it is not a note of a custody record.
        """
        try:
            note = Note.parse(data)
            form, exhibit, number, previous, event = note.text.removesuffix("\n").split("\n")
            if form != FORMAT:
                raise CustodyError("A custody note is of another format", found=form, expected=FORMAT)
            link = cls(
                check_exhibit_id(exhibit), read_decimal(number, "number"), previous, read_event(json.loads(event)), note
            )
        except (LedgerError, UsageError, ValueError, RecursionError) as error:
            raise CustodyError(
                "A custody note is malformed", expected=f"five lines, the first of them {FORMAT}"
            ) from error
        if draft(link.exhibit, link.number, link.previous, link.event).text != note.text:
            raise CustodyError("A custody note is not in canonical form", expected="RFC 8785 JSON, times in UTC")
        return link


def draft(exhibit: str, number: int, previous: str, event: Event) -> Note:
    """Return the note of an event before it is signed."""
    lines = (FORMAT, exhibit, str(number), previous, canonical(write_event(event)).decode())
    return Note("".join(f"{line}\n" for line in lines))


def next_link(record: Sequence[Link], exhibit: str, event: Event, *signers: SigningKey) -> Link:
    """Return the signed link that continues `record` with `event`.

    Raises:
        CustodyError: the event does not fit: no acquisition before it, earlier than the last, or after the end.
    """
    _check_order(record, event)
    previous = record[-1].digest if record else FIRST
    note = draft(check_exhibit_id(exhibit), len(record), previous, event)
    return Link(exhibit, len(record), previous, event, note.sign(*signers))


def _check_order(record: Sequence[Link], event: Event) -> None:
    acts = [link.event.act for link in record]
    if record and event.time < record[-1].event.time:
        raise CustodyError(
            "An event cannot be recorded before the one it follows",
            found=event.time.isoformat(),
            expected=f"{record[-1].event.time.isoformat()} or later",
            remedy="Set the clock right; when something happened earlier, say so in its reason.",
        )
    if any(link.event.act == "disposition" and link.event.outcome != "archived" for link in record):
        raise CustodyError("The exhibit has been disposed of; its record is closed")
    if event.act == "acquisition" and "acquisition" in acts:
        raise CustodyError("An exhibit is acquired once", remedy="Record a new exhibit and refer to this one.")
    if event.act not in {"acquisition", "assessment"} and "acquisition" not in acts:
        raise CustodyError("The record has no acquisition yet", remedy="Record how the exhibit came in first.")


@dataclass(frozen=True)
class RecordFault:
    """What does not hold in a record: the number of the event, a word for the kind, and a sentence."""

    number: int
    kind: str
    what: str


def check_record(record: Sequence[Link], verifiers: Iterable[Verifier]) -> list[RecordFault]:
    """Check the links, the order, the times and the signatures of a record.

    Args:
        record: the links in the order of their files.
        verifiers: keys of the organisations that may hold the exhibit.

    Returns:
        Every fault; empty when the record holds. The custodian is the key that signed the first event, until a
        transfer names another; only the custodian's signature counts, and a transfer needs both.
    """
    keys = {verifier.name: verifier for verifier in verifiers}
    faults = [*_chain_faults(record), *_time_faults(record)]
    custodian = record[0].note.signatures[0].name if record and record[0].note.signatures else ""
    for link in record:
        needed = [custodian]
        if isinstance(link.event, Transfer):
            needed = [link.event.sender, link.event.receiver]
            faults += _transfer_faults(link, link.event, custodian)
            custodian = link.event.receiver
        faults += _signature_faults(link, needed, keys)
    return faults


def _chain_faults(record: Sequence[Link]) -> list[RecordFault]:
    faults: list[RecordFault] = []
    previous = FIRST
    for number, link in enumerate(record):
        if link.number != number:
            what = f"Event {number} is missing or out of its place: event {link.number} stands there"
            faults.append(RecordFault(number, "sequence", what))
        elif link.previous != previous:
            faults.append(RecordFault(number, "chain", f"Event {number} does not follow the one before it"))
        if link.exhibit != record[0].exhibit:
            faults.append(RecordFault(number, "exhibit", f"Event {number} is of another exhibit"))
        previous = link.digest
    if not any(isinstance(link.event, Acquisition) for link in record):
        faults.append(RecordFault(0, "sequence", "The record has no acquisition"))
    return faults


def _time_faults(record: Sequence[Link]) -> list[RecordFault]:
    return [
        RecordFault(later.number, "time", f"Event {later.number} is dated before the event it follows")
        for earlier, later in itertools.pairwise(record)
        if later.event.time < earlier.event.time
    ]


def _transfer_faults(link: Link, event: Transfer, custodian: str) -> list[RecordFault]:
    faults = []
    if event.sender != custodian:
        faults.append(RecordFault(link.number, "transfer", f"Transfer {link.number} does not come from the custodian"))
    if event.digest_before != event.digest_after:
        faults.append(RecordFault(link.number, "transfer", f"Transfer {link.number}: the content changed on the way"))
    return faults


def _signature_faults(link: Link, needed: Iterable[str], keys: dict[str, Verifier]) -> list[RecordFault]:
    faults = []
    for name in needed:
        if name not in keys:
            what = f"Event {link.number} is signed by a key that is not trusted: {name}"
            faults.append(RecordFault(link.number, "key", what))
            continue
        try:
            link.note.verify([keys[name]])
        except ConsilienceError:
            kind = "transfer" if isinstance(link.event, Transfer) else "signature"
            what = f"Event {link.number} lacks a valid signature of {name}"
            faults.append(RecordFault(link.number, kind, what))
    return faults


def items_of(record: Iterable[Link]) -> tuple[Item, ...]:
    """Return every sealed item of an exhibit, those acquired and then the derivatives, where they lie now."""
    found: tuple[Item, ...] = ()
    for link in record:
        if link.event.act == "acquisition":
            found += link.event.items
        elif link.event.act == "conversion":
            found += (link.event.result,)
        elif link.event.act == "transfer":
            found = moved(found, link.event.copies)
    return found


def moved(items: Iterable[Item], copies: Iterable[Resealed]) -> tuple[Item, ...]:
    """Return the items, those that were sealed anew at their new addresses."""
    places = {copy.digest: {"address": copy.address, "sealed_bytes": copy.sealed_bytes} for copy in copies}
    return tuple(item.model_copy(update=places.get(item.digest, {})) for item in items)


def custodian_of(record: Sequence[Link]) -> str:
    """Return the name of the key that holds the exhibit: the first signer, or the receiver of the last transfer."""
    receivers = [link.event.receiver for link in record if link.event.act == "transfer"]
    return receivers[-1] if receivers else record[0].note.signatures[0].name


def content_digest(items: Iterable[Item]) -> str:
    """Return one SHA-256 over the digests of all items: what the two sides of a transfer compare."""
    lines = sorted(f"{item.digest} {item.role}\n" for item in items)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
