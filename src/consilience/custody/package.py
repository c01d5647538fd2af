"""What travels: records with their proofs, sealed items, dated heads and public keys, in one folder.

    record/<exhibit>/000000.note .opening .tlog-proof    the record, and each event's place in a log
    items/<address>.age                                  sealed content
    logs/<log>/<size>/checkpoint, <authority>.tsr .pem   signed heads of the logs, and the time-stamp tokens
    logs/<log>/consistency/<old>-<new>                   proof that the log only grew between two heads
    keys/<key>.vkey                                      public keys

`custody.judge` checks such a folder; a court bundle and a transfer are both made of it.
"""

import contextlib
import itertools
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from consilience.custody.events import Item
from consilience.custody.record import Link, items_of, moved
from consilience.custody.register import Register
from consilience.custody.store import object_path
from consilience.errors import ConsilienceError, CustodyError
from consilience.ledger import base64text
from consilience.ledger.durable import make_folder, write_files
from consilience.ledger.note import Note, Verifier
from consilience.ledger.proof import TlogProof

FOREIGN_PROOFS = (".opening", ".tlog-proof")


def slug(name: str) -> str:
    """Return a key's or log's name as a file name."""
    return "".join(char if char.isalnum() or char in ".-" else "_" for char in name)


def head_folders(stamps: Path) -> dict[int, Path]:
    """Return the folders of kept heads by size: those dated, and those that once travelled."""
    return {int(path.name): path for path in sorted(stamps.iterdir())} if stamps.is_dir() else {}


def is_dated(head: Path) -> bool:
    """Whether a head's folder holds a token."""
    return any(head.glob("*.tsr"))


def present_items(record: Iterable[Link]) -> tuple[Item, ...]:
    """Return the items that must lie in a package: none after a destruction, at their newest addresses."""
    record = list(record)
    last = record[-1].event if record else None
    if last is not None and last.act == "disposition" and last.outcome != "archived":
        return ()
    items = items_of(record)
    for link in record:
        if link.event.act in {"view", "download", "export", "search"}:
            items = moved(items, link.event.copies)
    return items


def write_package(register: Register, exhibits: Iterable[str], target: Path, keys: Iterable[Verifier]) -> None:
    """Write records, proofs, heads and keys of exhibits into a new folder; items are added by the caller.

    Raises:
        CustodyError: an exhibit has no record.
    """
    register.publish()
    for exhibit in exhibits:
        record = register.record_of(exhibit)
        if not record:
            raise CustodyError(f"There is no exhibit {exhibit}")
        for link in record:
            _write_link(register, link, target / "record" / exhibit)
    _write_heads(register, target / "logs" / slug(register.signer.name))
    for name in ("logs", "keys"):
        if (register.root / "foreign" / name).is_dir():
            shutil.copytree(register.root / "foreign" / name, target / name, dirs_exist_ok=True)
    for key in (register.signer.verifier(), *keys):
        put(target / "keys" / f"{slug(key.name)}.vkey", f"{key.vkey}\n".encode())


@contextlib.contextmanager
def new_folder(target: Path) -> Iterator[None]:
    """Make a folder that stays only when the block ends well."""
    target.mkdir(parents=True)
    try:
        yield
    except ConsilienceError:
        shutil.rmtree(target)
        raise


def put(path: Path, data: bytes) -> None:
    """Write a file of a package, with its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def copy_item(register: Register, item: Item, target: Path) -> None:
    """Copy one sealed object as it lies in the store."""
    source = object_path(register.objects, item.address)
    if not source.exists():
        raise CustodyError(f"The object {item.address[:12]} is missing", remedy="Restore it from a second copy.")
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target / f"{item.address}.age")


def _write_link(register: Register, link: Link, folder: Path) -> None:
    stem = f"{link.number:06d}"
    put(folder / f"{stem}.note", link.data)
    index = register.index_of(link)
    if index is None:
        for ending in FOREIGN_PROOFS:
            shutil.copyfile(register.folder_of(link.exhibit) / f"{stem}{ending}", folder / f"{stem}{ending}")
        return
    opening = register.log.opening(index)
    if opening is None:
        raise CustodyError(f"The opening of event {link.number} of {link.exhibit} was destroyed: it cannot be shown")
    put(folder / f"{stem}.opening", opening.to_bytes())
    put(folder / f"{stem}.tlog-proof", _proof(register, index).text.encode())


def _proof(register: Register, index: int) -> TlogProof:
    """Return the proof of an entry under the first dated head that covers it, or under the newest head."""
    reader = register.log.read()
    for size, folder in head_folders(register.root / "stamps").items():
        if size > index and is_dated(folder):
            signed = (folder / "checkpoint").read_bytes()
            return TlogProof(index, tuple(reader.inclusion(index, size)), Note.parse(signed))
    return reader.prove(index)


def _write_heads(register: Register, target: Path) -> None:
    """Write all kept heads and the newest one, with the proofs that each only adds to the one before.

    The newest is kept from now on: whoever received it can be shown later that the log went on from there.
    """
    reader = register.log.read()
    stamps = register.root / "stamps"
    newest = stamps / f"{reader.checkpoint.size:012d}"
    if not (newest / "checkpoint").exists():
        make_folder(newest)
        write_files(newest, {"checkpoint": reader.signed}, scratch=register.scratch)
    heads = head_folders(stamps)
    for size, folder in heads.items():
        shutil.copytree(folder, target / f"{size:012d}")
    for old, new in itertools.pairwise(sorted(heads)):
        lines = "".join(f"{base64text.encode(part)}\n" for part in reader.consistency(old, new))
        put(target / "consistency" / f"{old}-{new}", lines.encode())


def read_heads(log: Path) -> list[tuple[Path, bytes]]:
    """Return folder and bytes of the signed heads in `logs/<log>`, smallest first."""
    folders = [
        path for path in log.iterdir() if path.name.isascii() and path.name.isdigit() and (path / "checkpoint").exists()
    ]
    return [(path, (path / "checkpoint").read_bytes()) for path in sorted(folders, key=lambda path: int(path.name))]


def read_keys(folder: Path) -> dict[str, Verifier]:
    """Return the public keys of a package by name."""
    texts = [path.read_bytes().decode("utf-8", "replace") for path in sorted((folder / "keys").glob("*.vkey"))]
    return {key.name: key for key in map(Verifier.from_text, texts)}
