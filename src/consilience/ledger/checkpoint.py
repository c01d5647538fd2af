r"""Checkpoints: the signed head of a log, its origin, size and root, in the C2SP `tlog-checkpoint` format.

>>> from consilience.ledger.note import Signer
>>> signer = Signer.from_seed("example.org/log", bytes(32))
>>> head = Checkpoint("example.org/log", 0, EMPTY_ROOT)
>>> head.text.split("\n")[:2]
['example.org/log', '0']
>>> Checkpoint.open(head.sign(signer), [signer.verifier()]) == head
True

Source: C2SP tlog-checkpoint.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from consilience.errors import LedgerError
from consilience.ledger import base64text
from consilience.ledger.merkle import EMPTY_ROOT, HASH_BYTES
from consilience.ledger.note import Note, SigningKey, Verifier

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
_MAX_SIZE = 2**63 - 1


def read_decimal(text: str, what: str) -> int:
    """Return a number written in ASCII digits without leading zeroes.

    Raises:
        LedgerError: anything else.
    """
    if not _DECIMAL.fullmatch(text) or int(text) > _MAX_SIZE:
        raise LedgerError(f"The {what} is not a number", expected="ASCII digits without leading zeroes")
    return int(text)


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log: `size` entries below `root` (32 bytes). Extension lines are kept, never written by us."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The note text that is signed."""
        lines = (self.origin, str(self.size), base64text.encode(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read the text of a note that is a checkpoint.

        Raises:
            LedgerError: the text has another form.
        """
        lines = text.removesuffix("\n").split("\n")
        if len(lines) < 3 or not all(lines):
            raise LedgerError("A checkpoint is malformed", expected="origin, size and root, one non-empty line each")
        size = read_decimal(lines[1], "tree size")
        root = base64text.decode(lines[2], "root hash", length=HASH_BYTES)
        if size == 0 and root != EMPTY_ROOT:
            raise LedgerError("A checkpoint of an empty log has a root that is not the empty one")
        return cls(lines[0], size, root, tuple(lines[3:]))

    @classmethod
    def open(cls, data: bytes, verifiers: Iterable[Verifier], *, origin: str | None = None) -> Self:
        """Read a signed checkpoint and check that a trusted key signed it.

        Args:
            data: the note's bytes.
            verifiers: the log's keys.
            origin: the log's origin; by default each key speaks for the origin of its own name.

        Raises:
            LedgerError: the note, its signature or its origin does not hold.
        """
        note = Note.parse(data)
        names = note.verify(verifiers)
        checkpoint = cls.from_text(note.text)
        if checkpoint.origin not in (names if origin is None else [origin]):
            raise LedgerError(
                "A checkpoint is of another log", found=checkpoint.origin, expected=origin or " or ".join(names)
            )
        return checkpoint

    def sign(self, *signers: SigningKey) -> bytes:
        """Return the signed note's bytes."""
        return Note(self.text).sign(*signers).encode()
