r"""Offline proofs that something is in a log, in the C2SP `tlog-proof` format (files named `*.tlog-proof`).

A proof carries the index, the Merkle path and the signed checkpoint with the witnesses' cosignatures. Who verifies
brings the entry and the keys; no network, no log and no account are needed.

>>> from consilience.ledger.checkpoint import Checkpoint
>>> from consilience.ledger.note import Signer
>>> signer = Signer.from_seed("example.org/log", bytes(32))
>>> signed = Checkpoint("example.org/log", 1, leaf_hash(b"seen")).sign(signer)
>>> text = TlogProof(0, (), Note.parse(signed)).text
>>> verify_tlog_proof(text, b"seen", verifiers=[signer.verifier()]).size
1

Source: C2SP tlog-proof.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from consilience.errors import LedgerError, UsageError
from consilience.ledger import base64text
from consilience.ledger.checkpoint import Checkpoint, read_decimal
from consilience.ledger.merkle import HASH_BYTES, leaf_hash, verify_inclusion
from consilience.ledger.note import Note, Verifier
from consilience.ledger.policy import Policy

_HEADER = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True)
class TlogProof:
    """Index, Merkle path (from the sibling to the root's child) and signed checkpoint of one entry.

    `extra` is opaque and not authenticated: never rest anything on it.
    """

    index: int
    path: tuple[bytes, ...]
    signed: Note
    extra: bytes = b""

    @property
    def text(self) -> str:
        """The proof as it is written to a file."""
        lines = [_HEADER]
        if self.extra:
            lines.append(f"extra {base64text.encode(self.extra)}")
        lines.append(f"index {self.index}")
        lines += [base64text.encode(part) for part in self.path]
        return "\n".join(lines) + "\n\n" + self.signed.encode().decode()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a proof; nothing is verified yet.

        Raises:
            LedgerError: the text is not a proof.
        """
        head, gap, note = text.partition("\n\n")
        lines = head.split("\n")
        if not gap or lines.pop(0) != _HEADER:
            raise LedgerError("This is not a proof of inclusion", expected=f"{_HEADER} in the first line")
        extra = b""
        if lines and lines[0].startswith("extra "):
            extra = base64text.decode(lines.pop(0).removeprefix("extra "), "extra data")
        if not lines or not lines[0].startswith("index "):
            raise LedgerError("A proof names no index", expected="a line `index N`")
        index = read_decimal(lines.pop(0).removeprefix("index "), "index")
        path = tuple(base64text.decode(line, "proof hash", length=HASH_BYTES) for line in lines)
        return cls(index, path, Note.parse(note.encode()), extra)

    def verify(
        self,
        entry: bytes,
        *,
        verifiers: Iterable[Verifier] = (),
        policy: Policy | None = None,
        origin: str | None = None,
    ) -> Checkpoint:
        """Check signatures, witnesses and path, and return the checkpoint that covers the entry.

        Args:
            entry: the bytes that stand in the log.
            verifiers: the log's keys, when there is no policy.
            policy: trusted logs, witnesses and quorum.
            origin: the log that must have signed; any trusted one when None.

        Raises:
            LedgerError: something does not hold.
            UsageError: neither keys nor a policy were given.
        """
        checkpoint = self.verify_head(verifiers=verifiers, policy=policy, origin=origin)
        verify_inclusion(self.index, checkpoint.size, leaf_hash(entry), self.path, checkpoint.root)
        return checkpoint

    def verify_head(
        self, *, verifiers: Iterable[Verifier] = (), policy: Policy | None = None, origin: str | None = None
    ) -> Checkpoint:
        """Check signatures and witnesses of the checkpoint alone: nothing is said yet about any entry.

        Raises:
            LedgerError: something does not hold.
            UsageError: neither keys nor a policy were given.
        """
        data, keys = self.signed.encode(), list(verifiers)
        if policy is None and not keys:
            raise UsageError("A proof cannot be judged without trusted keys", remedy="Give a key or a policy.")
        checkpoint = policy.check(data, extra_logs=keys) if policy else Checkpoint.open(data, keys)
        if origin is not None and checkpoint.origin != origin:
            raise LedgerError("A proof is of another log", found=checkpoint.origin, expected=origin)
        return checkpoint


def verify_tlog_proof(
    text: str,
    entry: bytes,
    *,
    verifiers: Iterable[Verifier] = (),
    policy: Policy | None = None,
    origin: str | None = None,
) -> Checkpoint:
    """Check the text of a `.tlog-proof` file against the entry it should prove; see `TlogProof.verify`."""
    return TlogProof.parse(text).verify(entry, verifiers=verifiers, policy=policy, origin=origin)
