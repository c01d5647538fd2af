"""The folders of a custody store, and its write-once objects.

objects/ab/<address>.age     sealed content, named by the SHA-256 of the ciphertext, read-only
exhibits/<id>/000000.note    the signed custody record, one note per event; 000000.entry its place in the ledger
ledger/                      the log of this store (see `consilience.ledger.log`)
stamps/<size>/               one published checkpoint and the time-stamp tokens over it
fixity/                      results of the scheduled re-reading
private/                     the node's age key, and files on the way
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from consilience.errors import CustodyError, StateError, UsageError
from consilience.ledger.durable import make_folder, sync_path

CHUNK_BYTES = 1 << 20
_ADDRESS = re.compile(r"[0-9a-f]{64}")
_EXHIBIT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def check_exhibit_id(exhibit: str) -> str:
    """Return `exhibit` when it may name an exhibit: 1 to 64 letters, digits, dots, underscores, hyphens."""
    if not _EXHIBIT.fullmatch(exhibit):
        raise UsageError(
            "An exhibit's number is not usable", expected="1 to 64 letters, digits, dots, underscores or hyphens"
        )
    return exhibit


def check_address(address: str) -> str:
    """Return `address` when it is a SHA-256 digest in hexadecimal."""
    if not _ADDRESS.fullmatch(address):
        raise CustodyError("A content address is malformed", expected="64 hexadecimal digits in lower case")
    return address


def object_path(objects: Path, address: str) -> Path:
    """Return where the object with this address lies."""
    return objects / check_address(address)[:2] / f"{address}.age"


def object_addresses(objects: Path) -> Iterator[str]:
    """Give the address of every object that lies in the store, sorted."""
    yield from sorted(path.stem for path in objects.glob("??/*.age"))


def digest_file(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal, reading it in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def keep_object(aside: Path, objects: Path, address: str) -> Path:
    """Move a finished file to its address, read-only, and sync it; an object that is there already stays.

    Raises:
        StateError: the disk refuses.
    """
    final = object_path(objects, address)
    try:
        aside.chmod(0o444)
        sync_path(aside)
        make_folder(final.parent)
        if final.exists():
            aside.unlink()
        else:
            aside.rename(final)
        sync_path(final.parent)
    except OSError as error:
        raise StateError(
            "The custody store cannot be written", found=error.strerror or "an error", remedy="Free space, then repeat."
        ) from error
    return final


def destroy_object(objects: Path, address: str) -> None:
    """Remove an object; one that is gone already is no fault. Backups and worn disk blocks are not reached."""
    path = object_path(objects, address)
    if path.exists():
        path.unlink()
        sync_path(path.parent)
