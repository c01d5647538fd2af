"""Sealing: content becomes an age file for the node and for an offline recovery key, in one pass and little memory.

The address of an object is the SHA-256 of its ciphertext, so that anybody can check that it is unchanged without
being able to read it. The SHA-256 of the plaintext is given back for the custody record and stays sealed there.

    sealed = seal(stream, objects, [node_recipient, recovery_recipient], scratch=scratch)
    open_sealed(sealed, objects, Path("copy.mp4"), identity)     # refuses what does not verify

Source of the file format: C2SP age (age-encryption.org/v1); the `age` tool opens every object.
"""

import contextlib
import hashlib
import io
import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

import pyrage  # type: ignore[import-untyped]

from consilience.custody.store import CHUNK_BYTES, digest_file, keep_object, object_path
from consilience.errors import CustodyError, InputError, StateError, UsageError
from consilience.ledger.durable import make_folder

# The recovery key lies offline, in another hand than the node's: content survives the loss of the node.
RECIPIENTS_NEEDED = 2


@dataclass(frozen=True)
class Sealed:
    """One sealed object.

    Attributes:
        address: SHA-256 of the ciphertext, hexadecimal; its name in the store.
        digest: SHA-256 of the plaintext, hexadecimal; goes into the custody record only.
        plain_bytes: size of the plaintext.
        sealed_bytes: size of the ciphertext.
    """

    address: str
    digest: str
    plain_bytes: int
    sealed_bytes: int


class Digest(Protocol):
    """The part of hashlib's objects that is used here."""

    def update(self, data: bytes, /) -> None:
        """Take in bytes."""
        ...

    def hexdigest(self) -> str:
        """Return the digest so far."""
        ...


class Counted(io.RawIOBase):
    """A stream that counts and hashes what passes through it.

    The age library asks for 8 KiB at a time; the file below is read, and hashed, in pieces of 1 MiB.
    """

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self._held = memoryview(b"")
        self.digest: Digest = hashlib.sha256()
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        """Read at most `size` bytes from the stream below; all that is left of a piece when `size` is negative."""
        if not self._held:
            self._held = memoryview(self._take(self._stream.read(CHUNK_BYTES)))
        given = self._held[:size] if size >= 0 else self._held
        self._held = self._held[len(given) :]
        return bytes(given)

    def write(self, data: bytes) -> int:  # type: ignore[override]  # pyrage hands over bytes, nothing else
        """Write to the stream below."""
        self._take(data)
        return self._stream.write(data)

    def flush(self) -> None:
        """Flush the stream below."""
        if not self.closed:
            self._stream.flush()

    def _take(self, data: bytes) -> bytes:
        self.digest.update(data)
        self.count += len(data)
        return data


def read_recipients(texts: Sequence[str]) -> list[pyrage.x25519.Recipient]:
    """Return age recipients from their texts (`age1...`).

    Raises:
        UsageError: a text is not a recipient, or fewer than two different ones are given.
    """
    if len(set(texts)) < RECIPIENTS_NEEDED:
        raise UsageError(
            "Sealing needs two different keys",
            found=f"{len(set(texts))}",
            expected="the node's key and an offline recovery key",
            remedy="Make a recovery key with `age-keygen` on another machine and give its public half.",
        )
    try:
        return [pyrage.x25519.Recipient.from_str(text) for text in texts]
    except pyrage.RecipientError as error:
        raise UsageError("A recipient is not an age key", expected="age1... as age-keygen prints it") from error


def read_identity(text: str) -> pyrage.x25519.Identity:
    """Return the age identity in `text`, which may have comment lines as `age-keygen` writes them.

    Raises:
        UsageError: there is none; the message never repeats the text.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    try:
        return pyrage.x25519.Identity.from_str(lines[0] if lines else "")
    except pyrage.IdentityError as error:
        raise UsageError("This is not an age identity", expected="a line AGE-SECRET-KEY-1...") from error


def seal(source: BinaryIO, objects: Path, recipients: Sequence[str], *, scratch: Path) -> Sealed:
    """Encrypt `source` into the store, hashing plaintext and ciphertext on the way.

    Args:
        source: the content, read once, from where it stands to its end.
        objects: the folder of objects.
        recipients: texts of at least two age recipients.
        scratch: folder for the file on the way, on the same file system; only ciphertext is ever in it.

    Raises:
        UsageError: the recipients are not usable.
        StateError: the disk is full or the source cannot be read.
    """
    keys = read_recipients(recipients)
    make_folder(scratch)
    aside = scratch / f"seal-{secrets.token_hex(8)}"
    try:
        with aside.open("xb") as target:
            plain, cipher = Counted(source), Counted(target)
            pyrage.encrypt_io(plain, cipher, keys)
        sealed = Sealed(cipher.digest.hexdigest(), plain.digest.hexdigest(), plain.count, cipher.count)
        keep_object(aside, objects, sealed.address)
    except (OSError, pyrage.EncryptError) as error:
        raise StateError(
            "The content could not be sealed", remedy="Check the source and the space on the disk, then repeat."
        ) from error
    finally:
        aside.unlink(missing_ok=True)
    return sealed


def open_sealed(sealed: Sealed, objects: Path, target: Path, identity: str) -> None:
    """Decrypt an object to `target`, which appears only when everything has verified.

    Args:
        sealed: what the custody record says of the object.
        objects: the folder of objects.
        target: a file that must not exist yet.
        identity: text of an age identity that may read it.

    Raises:
        CustodyError: ciphertext or plaintext is not what was sealed; nothing is left behind.
        UsageError: `target` exists, or the identity is not one.
    """
    if target.exists():
        raise UsageError(f"The file {target.name} exists already", remedy="Choose another name.")
    with opened(sealed, objects, identity, folder=target.parent) as stream:
        os.fsync(stream.fileno())
        try:
            # With a folder handle Python calls linkat, which follows the link; link(2) would not.
            handle = stream.fileno()
            os.link(f"/proc/self/fd/{handle}", target, src_dir_fd=handle, follow_symlinks=True)
        except OSError as error:
            raise InputError(f"The file {target.name} could not be made", found=error.strerror or "an error") from error


@contextlib.contextmanager
def opened(sealed: Sealed, objects: Path, identity: str, *, folder: Path) -> Iterator[BinaryIO]:
    """Give the plaintext of an object, wholly verified, in a file without a name inside `folder`.

    A process that is killed leaves nothing: the kernel frees a file without a name.

    Raises:
        CustodyError: ciphertext or plaintext is not what was sealed.
    """
    key = read_identity(identity)
    check_object(objects, sealed)
    with object_path(objects, sealed.address).open("rb") as source, _nameless(folder) as stream:
        plain = Counted(stream)
        _decrypt(source, plain, key)
        if (plain.digest.hexdigest(), plain.count) != (sealed.digest, sealed.plain_bytes):
            raise CustodyError(
                "The content is not what was sealed",
                remedy="Keep the object as it is and restore it from a second copy.",
            )
        stream.flush()
        stream.seek(0)
        yield stream


def _decrypt(source: BinaryIO, target: Counted, key: pyrage.x25519.Identity) -> None:
    """Decrypt, and tell a file that does not authenticate from a disk that fails.

    pyrage reports a broken chunk as an OSError without a number; the system's own errors have one.
    """
    try:
        pyrage.decrypt_io(source, target, [key])
    except OSError as error:
        if error.errno is not None:
            raise StateError(
                "The copy could not be written", found=error.strerror or "", remedy="Free space."
            ) from error
        raise _not_decrypted() from error
    except pyrage.DecryptError as error:
        raise _not_decrypted() from error


def _not_decrypted() -> CustodyError:
    return CustodyError("The object cannot be decrypted", expected="a key it was sealed to, and an unchanged file")


def check_object(objects: Path, sealed: Sealed) -> None:
    """Check that the ciphertext lies in the store unchanged; no key is needed.

    Raises:
        CustodyError: it is missing or changed.
    """
    path = object_path(objects, sealed.address)
    if not path.is_file():
        raise CustodyError(f"The object {sealed.address[:12]} is missing", remedy="Restore it from a second copy.")
    if digest_file(path) != sealed.address:
        raise CustodyError(
            f"The object {sealed.address[:12]} is changed", remedy="Keep it as it is and restore a second copy."
        )


def _nameless(folder: Path) -> BinaryIO:
    try:
        handle = os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o600)
    except OSError as error:
        raise InputError(
            f"Nothing can be written into the folder {folder.name}",
            found=error.strerror or "an error",
            expected="a folder on a Linux file system that allows files without a name (ext4, xfs, btrfs, tmpfs)",
        ) from error
    return open(handle, "w+b")  # noqa: PTH123 - a descriptor, and the caller closes it
