r"""Signed notes: a text and the signatures under it, in the C2SP `signed-note` format, byte for byte.

A note is readable text, an empty line, and one line per signature. Any note verifier (Go's `sumdb/note`, Sigsum,
the C2SP tools) checks what is written here, and the keys have the same text form.

>>> signer = Signer.from_seed("example.org/log", bytes(32))
>>> note = Note("Something was seen.\n").sign(signer)
>>> Note.parse(note.encode()).verify([signer.verifier()])
['example.org/log']

Sources: C2SP signed-note (format, key ID, verifier keys), C2SP tlog-cosignature (type 0x04), RFC 8032 (Ed25519).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from consilience.errors import LedgerError
from consilience.ledger import base64text

ED25519 = 0x01
COSIGNATURE = 0x04
MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100
_LINE_START = "— "
_SKEY_START = "PRIVATE+KEY+"
_SIGNATURE_BYTES = 64


def check_name(name: str) -> str:
    """Return `name` when it may name a key: not empty, no Unicode space, no plus, no control character."""
    if not name or any(char.isspace() or char == "+" or ord(char) < 0x20 for char in name):
        raise LedgerError(
            "A key name is not usable",
            expected="at least one character, no space, no plus sign, no control character",
            remedy="Use an address without the scheme, as in example.org/log.",
        )
    return name


def key_id(name: str, algorithm: int, public_key: bytes) -> bytes:
    """Return the four bytes that stand for a key in a signature line (C2SP signed-note, "Signatures")."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([algorithm]) + public_key).digest()[:4]


def cosigned_message(text: bytes, time: int) -> bytes:
    """Return what a witness signs: header, time in POSIX seconds, whole note text (C2SP tlog-cosignature)."""
    return b"cosignature/v1\ntime %d\n" % time + text


@dataclass(frozen=True)
class Signature:
    """One signature line: the key's name and ID, and the bytes after the ID.

    A witness's cosignature (type 0x04) holds 8 bytes of time before its 64 bytes of Ed25519.
    """

    name: str
    key_id: bytes
    value: bytes

    def line(self) -> str:
        """Return the line as it stands in the note, with its newline."""
        return f"{_LINE_START}{self.name} {base64text.encode(self.key_id + self.value)}\n"

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read one line without its newline."""
        name, _, value = line.removeprefix(_LINE_START).partition(" ")
        if not line.startswith(_LINE_START) or not value:
            raise LedgerError(
                "A signature line is malformed", expected="an em dash, a name and Base64, one space apart"
            )
        raw = base64text.decode(value, "signature")
        if len(raw) < 5:
            raise LedgerError("A signature is too short", found=f"{len(raw)} bytes", expected="5 bytes or more")
        return cls(check_name(name), raw[:4], raw[4:])


@dataclass(frozen=True)
class Verifier:
    """A public key with its name: who is trusted to sign.

    `algorithm` is 0x01 for a plain Ed25519 signature, 0x04 for a witness's timestamped cosignature.
    """

    name: str
    public_key: bytes
    algorithm: int = ED25519

    @classmethod
    def from_text(cls, vkey: str) -> Self:
        """Read `name+keyid+base64(type || public key)`.

        Raises:
            LedgerError: the text is not a verifier key, or its parts contradict each other.
        """
        parts = vkey.strip().split("+", 2)
        if len(parts) != 3:
            raise LedgerError("A verifier key is malformed", expected="name+hash+base64")
        material = base64text.decode(parts[2], "verifier key")
        if len(material) != 33 or material[0] not in {ED25519, COSIGNATURE}:
            raise LedgerError("A verifier key is of an unknown type", expected="Ed25519 (01) or cosignature (04)")
        verifier = cls(check_name(parts[0]), material[1:], material[0])
        if verifier.key_id.hex() != parts[1]:
            raise LedgerError("A verifier key contradicts itself", found=parts[1], expected=verifier.key_id.hex())
        return verifier

    @property
    def key_id(self) -> bytes:
        """The key's four-byte ID."""
        return key_id(self.name, self.algorithm, self.public_key)

    @property
    def vkey(self) -> str:
        """The key as text, for a policy file or a partner."""
        material = base64text.encode(bytes([self.algorithm]) + self.public_key)
        return f"{self.name}+{self.key_id.hex()}+{material}"

    def matches(self, signature: Signature) -> bool:
        """Say whether `signature` claims to come from this key (name and ID, not yet the mathematics)."""
        return signature.name == self.name and signature.key_id == self.key_id

    def holds(self, text: bytes, signature: Signature) -> bool:
        """Say whether `signature` is this key's signature over `text`."""
        if not self.matches(signature):
            return False
        message, value = text, signature.value
        if self.algorithm == COSIGNATURE:
            message, value = cosigned_message(text, int.from_bytes(value[:8], "big")), value[8:]
        if len(value) != _SIGNATURE_BYTES:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(value, message)
        except (InvalidSignature, ValueError):
            return False
        return True


class SigningKey(Protocol):
    """What can put a signature under a note."""

    def sign(self, text: bytes) -> Signature:
        """Return the signature over `text`."""
        ...


@dataclass(frozen=True)
class Signer:
    """A private Ed25519 key with its name. `skey` shows the secret; `repr` does not."""

    name: str
    key: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def generate(cls, name: str) -> Self:
        """Make a new key from the operating system's randomness."""
        return cls(check_name(name), Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> Self:
        """Make the key that belongs to 32 bytes of seed."""
        return cls(check_name(name), Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def from_text(cls, skey: str) -> Self:
        """Read `PRIVATE+KEY+name+keyid+base64(type || seed)`.

        Raises:
            LedgerError: the text is not such a key; the message never repeats it.
        """
        parts = skey.strip().removeprefix(_SKEY_START).split("+", 2)
        if not skey.strip().startswith(_SKEY_START) or len(parts) != 3:
            raise LedgerError("A signing key is malformed", expected="PRIVATE+KEY+name+hash+base64")
        material = base64text.decode(parts[2], "signing key", length=33)
        if material[0] != ED25519:
            raise LedgerError("A signing key is of an unknown type", expected="Ed25519 (01)")
        signer = cls.from_seed(parts[0], material[1:])
        if signer.verifier().key_id.hex() != parts[1]:
            raise LedgerError("A signing key contradicts itself", remedy="Restore it from the sealed copy.")
        return signer

    @property
    def skey(self) -> str:
        """The secret key as text. Keep it in a file that only its owner can read."""
        material = base64text.encode(bytes([ED25519]) + self.key.private_bytes_raw())
        return f"{_SKEY_START}{self.name}+{self.verifier().key_id.hex()}+{material}"

    def verifier(self) -> Verifier:
        """Return the public half."""
        return Verifier(self.name, self.key.public_key().public_bytes_raw())

    def sign(self, text: bytes) -> Signature:
        """Return the signature over `text`."""
        return Signature(self.name, self.verifier().key_id, self.key.sign(text))


@dataclass(frozen=True)
class Note:
    """A text and the signatures under it. The text ends in a newline and is to be ignored until `verify` passed."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def __post_init__(self) -> None:
        if not self.text.endswith("\n"):
            raise LedgerError("A note's text does not end in a newline")
        if any(ord(char) < 0x20 and char != "\n" for char in self.text):
            raise LedgerError(
                "A note's text holds a control character", expected="no character below U+0020 but newline"
            )

    def sign(self, *signers: SigningKey) -> Self:
        """Return the note with one more signature per signer."""
        new = tuple(signer.sign(self.text.encode()) for signer in signers)
        return replace(self, signatures=self.signatures + new)

    def encode(self) -> bytes:
        """Return the note's bytes: text, empty line, signature lines."""
        if not self.signatures:
            raise LedgerError("A note without a signature cannot be written", remedy="Sign it first.")
        return (self.text + "\n" + "".join(signature.line() for signature in self.signatures)).encode()

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a signed note; nothing is verified yet.

        Raises:
            LedgerError: the bytes are not a signed note.
        """
        text, lines = _split(data)
        if len(lines) > MAX_SIGNATURES:
            raise LedgerError(
                "A note has too many signatures", found=str(len(lines)), expected=f"{MAX_SIGNATURES} or fewer"
            )
        return cls(text, tuple(Signature.parse(line) for line in lines))

    def verify(self, verifiers: Iterable[Verifier]) -> list[str]:
        """Return the names of the keys that signed, in the order of their signatures, each once.

        Signatures of unknown keys are ignored, as the format demands.

        Raises:
            LedgerError: a known key's signature does not hold, or no known key signed.
        """
        known = list(verifiers)
        names: list[str] = []
        for signature in self.signatures:
            for verifier in known:
                if not verifier.matches(signature):
                    continue
                if not verifier.holds(self.text.encode(), signature):
                    raise LedgerError(f"The signature of {signature.name} does not hold", remedy="Refuse this note.")
                names.append(signature.name)
        if not names:
            raise LedgerError(
                "No trusted key signed this note",
                found=", ".join(sorted({signature.name for signature in self.signatures})) or "no signature",
                expected=" or ".join(sorted(verifier.name for verifier in known)) or "a list of trusted keys",
            )
        return list(dict.fromkeys(names))


def _split(data: bytes) -> tuple[str, list[str]]:
    """Cut a note at its last empty line into text and signature lines."""
    if len(data) > MAX_NOTE_BYTES:
        raise LedgerError(
            "A note is too large", found=f"{len(data)} bytes", expected=f"{MAX_NOTE_BYTES} bytes or fewer"
        )
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise LedgerError("A note is not UTF-8") from error
    body, gap, tail = whole.rpartition("\n\n")
    if not gap or not tail.endswith("\n"):
        raise LedgerError("A note is malformed", expected="text, an empty line, and signature lines ending in newlines")
    return body + "\n", tail.removesuffix("\n").split("\n")
