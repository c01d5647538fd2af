"""Handing an exhibit over: both parties sign one note, and the receiver signs only what it has opened itself.

    offer       sender: content sealed anew to the receiver, record, proofs, and the note with its signature
    accept      receiver: checks everything, opens every item, counter-signs, becomes custodian, gives a receipt
    complete    sender: checks the receipt and writes the same note into its own record

The folder that travels holds only ciphertext, signed notes and proofs; it may go by stick or by wire.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from consilience.custody.authority import Authority, date_log
from consilience.custody.events import Item, Resealed, Transfer
from consilience.custody.judge import Trust, judge
from consilience.custody.package import FOREIGN_PROOFS, copy_item, new_folder, put, slug, write_package
from consilience.custody.record import Link, content_digest, items_of, moved
from consilience.custody.register import Register, read_record
from consilience.custody.store import destroy_object, digest_file, keep_object
from consilience.errors import CustodyError, LedgerError
from consilience.ledger.durable import make_folder, write_files
from consilience.ledger.note import Note, Verifier

OFFER = "transfer.note"


def reseal(register: Register, items: Sequence[Item], recipients: Sequence[str], target: Path) -> list[Resealed]:
    """Seal the content of items anew for other recipients and put the objects into the folder `target`.

    The plaintext stands only in a file without a name, and is verified before it is sealed again.
    """
    made: dict[str, Resealed] = {}
    for item in {item.digest: item for item in items}.values():
        with register.opened(item) as stream:
            sealed = register.seal(stream, recipients)
        copy = Resealed(digest=sealed.digest, address=sealed.address, sealed_bytes=sealed.sealed_bytes)
        made[item.digest] = copy
        copy_item(register, moved([item], [copy])[0], target)
        destroy_object(register.objects, sealed.address)
    return list(made.values())


def offer(
    register: Register,
    exhibit: str,
    receiver: Verifier,
    recipients: Sequence[str],
    target: Path,
    *,
    authorities: Mapping[str, Authority],
    **terms: str,
) -> Link:
    """Write what the receiver needs into the new folder `target`, with the note signed by this side.

    Args:
        register: the sender's open store.
        exhibit: what is handed over.
        receiver: the receiver's signing key.
        recipients: the receiver's age recipients (its node and its recovery key).
        target: folder that travels.
        authorities: who dates the log first; without them what the receiver gets is not dated.
        terms: `by`, `authority`, `received_by`: who hands over, under what authority, to whom.

    Returns:
        The half-signed link; nothing is recorded until the receipt is back.
    """
    items = register.items(exhibit)
    with new_folder(target):
        copies = reseal(register, items, recipients, target / "items")
        digest = content_digest(items)
        event = {
            "act": "transfer",
            "sender": register.signer.name,
            "receiver": receiver.name,
            "digest_before": digest,
            "digest_after": digest,
            "copies": [copy.model_dump() for copy in copies],
        }
        link = register.draft(exhibit, event | terms)
        date_log(register, authorities)
        write_package(register, [exhibit], target, [])
        (target / OFFER).write_bytes(link.data)
    return link


def accept(register: Register, folder: Path, sender: Verifier, known: Sequence[Verifier] = ()) -> bytes:
    """Take over an exhibit and return the receipt: the note with both signatures.

    Args:
        register: the receiver's open store.
        folder: what the sender made.
        sender: the sender's signing key, from a trusted source.
        known: keys of earlier custodians.

    Raises:
        CustodyError: the record, a proof, an item or the offer does not hold; nothing was taken in or signed.
    """
    link = _read_note(folder / OFFER)
    event = _terms(link, sender.name, register.signer.name)
    # The objects in the folder are those named by the offer, not yet those of the record: items are judged below.
    keys = {key.name: key for key in (*known, sender, register.signer.verifier())}
    faults = [fault for fault in judge(folder, Trust(keys, {}, dated=False)) if fault.kind != "item"]
    record = read_record(folder / "record" / link.exhibit)
    if faults:
        raise CustodyError("The record that came with the offer does not hold", found=faults[0].what)
    if (link.number, link.previous) != (len(record), record[-1].digest):
        raise CustodyError("The offer does not continue the record that came with it")
    _signed_by(link, sender)
    _take_items(register, record, event, folder / "items")
    _take_record(register, folder, link.exhibit, (*known, sender))
    signed = replace(link, note=link.note.sign(register.signer))
    register.keep(signed)
    return signed.data


def complete(register: Register, receipt: bytes, receiver: Verifier) -> Link:
    """Write the note with both signatures into the sender's record.

    Raises:
        CustodyError: it is not the note that this store offered, or the receiver did not sign it.
    """
    link = Link.parse(receipt)
    _terms(link, register.signer.name, receiver.name)
    record = register.record_of(link.exhibit)
    if (link.number, link.previous) != (len(record), record[-1].digest if record else ""):
        raise CustodyError("The receipt does not continue the record as it stands", remedy="Make a new offer.")
    _signed_by(link, register.signer.verifier())
    _signed_by(link, receiver)
    register.keep(link)
    _keep_keys(register, [receiver])
    return link


def _read_note(path: Path) -> Link:
    if not path.is_file():
        raise CustodyError("The folder holds no offer", expected=f"a file {OFFER}")
    return Link.parse(path.read_bytes())


def _terms(link: Link, sender: str, receiver: str) -> Transfer:
    event = link.event
    if not isinstance(event, Transfer) or (event.sender, event.receiver) != (sender, receiver):
        raise CustodyError("The note is not a transfer between these two parties", expected=f"{sender} to {receiver}")
    if event.digest_before != event.digest_after:
        raise CustodyError("The note says that the content changed on the way")
    return event


def _signed_by(link: Link, key: Verifier) -> None:
    try:
        link.note.verify([key])
    except LedgerError as error:
        raise CustodyError(f"The transfer is not signed by {key.name}", remedy="Both parties sign.") from error


def _take_items(register: Register, record: Sequence[Link], event: Transfer, folder: Path) -> None:
    """Copy the objects into the store and open each with the receiver's own key; keep none when one fails."""
    items = items_of([*record, Link("", 0, "", event, Note("\n"))])
    taken: list[str] = []
    try:
        for item in items:
            _take_item(register, item, folder / f"{item.address}.age", taken)
        _check_content(items, event)
    except CustodyError:
        for address in taken:
            destroy_object(register.objects, address)
        raise


def _take_item(register: Register, item: Item, path: Path, taken: list[str]) -> None:
    if not path.is_file() or digest_file(path) != item.address:
        raise CustodyError(f"The {item.role} in the offer is missing or changed")
    aside = register.scratch / f"seal-{item.address}"
    shutil.copyfile(path, aside)
    keep_object(aside, register.objects, item.address)
    taken.append(item.address)
    with register.opened(item):
        pass


def _check_content(items: Sequence[Item], event: Transfer) -> None:
    if content_digest(items) != event.digest_before:
        raise CustodyError("The content is not what the sender says it was", remedy="Do not sign; ask the sender.")


def _take_record(register: Register, folder: Path, exhibit: str, keys: Sequence[Verifier]) -> None:
    """Copy the sender's notes with their openings and proofs, its dated heads, and the keys that vouch for them."""
    source, target = folder / "record" / exhibit, register.folder_of(exhibit)
    make_folder(target)
    names = sorted(path for path in source.iterdir() if path.suffix in {".note", *FOREIGN_PROOFS})
    # Proofs first: a note without one would be logged here as our own.
    names.sort(key=lambda path: path.suffix == ".note")
    files = {path.name: path.read_bytes() for path in names}
    write_files(target, files, scratch=register.scratch, mode=0o600)
    shutil.copytree(folder / "logs", register.root / "foreign" / "logs", dirs_exist_ok=True)
    _keep_keys(register, keys)


def _keep_keys(register: Register, keys: Sequence[Verifier]) -> None:
    """Keep the keys of other custodians beside the records they signed."""
    for key in keys:
        put(register.root / "foreign" / "keys" / f"{slug(key.name)}.vkey", f"{key.vkey}\n".encode())
