"""Witnesses: a second pair of eyes that co-signs a log's head after checking that it only grew.

A witness remembers, per log, the newest head it co-signed, and never signs one that is smaller or leads elsewhere.
A log with enough cosignatures cannot show two histories to two people.

Sources: C2SP tlog-witness (`add-checkpoint` and its status codes), C2SP tlog-cosignature (`cosignature/v1`).
"""

import fcntl
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from consilience.errors import ConsilienceError, LedgerError
from consilience.ledger import base64text
from consilience.ledger.checkpoint import Checkpoint, read_decimal
from consilience.ledger.durable import make_folder, write_files
from consilience.ledger.merkle import EMPTY_ROOT, HASH_BYTES, MAX_PROOF, verify_consistency
from consilience.ledger.note import COSIGNATURE, Note, Signature, Signer, Verifier, cosigned_message

SIZE_TYPE = "text/x.tlog.size"


@dataclass(frozen=True)
class Cosigner:
    """A witness's key at one moment: signs `cosignature/v1` with the time in it.

    Args:
        signer: the witness's name and private key.
        time: POSIX seconds.
    """

    signer: Signer
    time: int

    def verifier(self) -> Verifier:
        """Return the public half, of type 0x04."""
        return cosignature_verifier(self.signer)

    def sign(self, text: bytes) -> Signature:
        """Return the timestamped cosignature over a checkpoint's text."""
        value = self.time.to_bytes(8, "big") + self.signer.key.sign(cosigned_message(text, self.time))
        return Signature(self.signer.name, self.verifier().key_id, value)


def cosignature_verifier(signer: Signer) -> Verifier:
    """Return the public key under which a witness's cosignatures are checked."""
    return Verifier(signer.name, signer.verifier().public_key, COSIGNATURE)


def cosignature_time(signature: Signature) -> int:
    """Return the POSIX seconds in a cosignature; trustworthy only after it was verified."""
    return int.from_bytes(signature.value[:8], "big")


@dataclass(frozen=True)
class Request:
    """The body of `add-checkpoint`: the size the log thinks the witness holds, the proof from there, the new head."""

    old: int
    proof: tuple[bytes, ...]
    signed: bytes

    def encode(self) -> bytes:
        """Return the body."""
        lines = [f"old {self.old}", *(base64text.encode(part) for part in self.proof), "", ""]
        return "\n".join(lines).encode() + self.signed

    @classmethod
    def parse(cls, body: bytes) -> "Request":
        """Read a body.

        Raises:
            LedgerError: it is malformed, or has more than 63 proof lines.
        """
        head, gap, signed = body.partition(b"\n\n")
        try:
            first, *lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError as error:
            raise LedgerError("A request to a witness is not ASCII before the checkpoint") from error
        if not gap or not first.startswith("old ") or len(lines) > MAX_PROOF:
            raise LedgerError(
                "A request to a witness is malformed", expected="`old N`, at most 63 hashes, an empty line"
            )
        proof = tuple(base64text.decode(line, "proof hash", length=HASH_BYTES) for line in lines)
        return cls(read_decimal(first.removeprefix("old "), "old size"), proof, signed)


@dataclass(frozen=True)
class Answer:
    """HTTP status and body of a witness's answer."""

    status: int
    body: str = ""
    content_type: str = "text/plain; charset=utf-8"


class Witness:
    """A witness with its state in a folder.

    Args:
        folder: where the newest co-signed head of each log lies.
        signer: the witness's own key; use it for nothing else.
        logs: keys of the logs it serves, each for the origin of its name.
        clock: gives POSIX seconds.
    """

    def __init__(self, folder: Path, signer: Signer, logs: Iterable[Verifier], clock: Callable[[], int]) -> None:
        self.folder = folder
        self._signer = signer
        self._logs: dict[str, list[Verifier]] = {}
        for log in logs:
            self._logs.setdefault(log.name, []).append(log)
        self._clock = clock
        make_folder(folder / "scratch")

    @property
    def verifier(self) -> Verifier:
        """The key under which this witness's cosignatures are checked."""
        return cosignature_verifier(self._signer)

    def latest(self, origin: str) -> Checkpoint:
        """Return the newest head of `origin` that this witness co-signed; the empty one at first."""
        path = self._path(origin)
        if not path.exists():
            return Checkpoint(origin, 0, EMPTY_ROOT)
        return Checkpoint.from_text(Note.parse(path.read_bytes()).text)

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer one request; the new head is on the disk before the cosignature leaves."""
        try:
            request = Request.parse(body)
            text = Note.parse(request.signed).text
            origin = Checkpoint.from_text(text).origin
        except LedgerError as error:
            return Answer(400, f"{error}\n")
        if origin not in self._logs:
            return Answer(404, "This witness does not serve that log.\n")
        try:
            checkpoint = Checkpoint.open(request.signed, self._logs[origin], origin=origin)
        except LedgerError as error:
            return Answer(403, f"{error}\n")
        if request.old > checkpoint.size:
            return Answer(400, "The old size is larger than the checkpoint's.\n")
        return self._judge(request, checkpoint)

    def _judge(self, request: Request, checkpoint: Checkpoint) -> Answer:
        """Check and remember in one step, so that two requests cannot roll each other back."""
        lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            held = self.latest(checkpoint.origin)
            same_size = request.old == checkpoint.size
            if request.old != held.size or (same_size and held.root != checkpoint.root):
                return Answer(409, f"{held.size}\n", SIZE_TYPE)
            try:
                verify_consistency(held.size, checkpoint.size, held.root, checkpoint.root, request.proof)
            except LedgerError as error:
                return Answer(422, f"{error}\n")
            self._remember(request.signed, checkpoint.origin)
        finally:
            os.close(lock)
        return Answer(200, Cosigner(self._signer, self._clock()).sign(checkpoint.text.encode()).line())

    def _remember(self, signed: bytes, origin: str) -> None:
        path = self._path(origin)
        write_files(path.parent, {path.name: signed}, scratch=self.folder / "scratch")

    def _path(self, origin: str) -> Path:
        return self.folder / f"{sha256(origin.encode()).hexdigest()}.checkpoint"


Ask = Callable[[bytes], Answer]
"""Sends the body of `add-checkpoint` to one witness and returns the answer."""

Prove = Callable[[int], Sequence[bytes]]
"""Gives the consistency proof from an old size to the head that is to be co-signed."""


def submit(ask: Ask, signed: bytes, prove: Prove, name: str) -> Answer:
    """Offer a head to one witness and return its answer.

    Args:
        ask: the way to the witness.
        signed: our newest signed head.
        prove: consistency proofs to that head.
        name: the witness's name, for messages.

    Raises:
        LedgerError: the witness holds a newer head, or one that ours does not lead to: the log was rolled back or
            forked, and nothing more may be signed.
    """
    size = Checkpoint.from_text(Note.parse(signed).text).size
    answer = ask(Request(0, (), signed).encode())
    if answer.status != 409:
        return answer
    held = read_decimal(answer.body.removesuffix("\n"), "size a witness holds")
    if held > size:
        raise LedgerError(
            f"The witness {name} holds a newer head of this log: it was rolled back, nothing is signed",
            found=f"{size} entries here",
            expected=f"{held} entries",
            remedy="Restore the newest state before you publish again.",
        )
    answer = ask(Request(held, tuple(prove(held)), signed).encode())
    if answer.status in {409, 422}:
        raise LedgerError(
            f"The witness {name} holds another history of this log at {held} entries",
            remedy="Stop, keep both heads as evidence, and restore the true state.",
        )
    return answer


def request_cosignature(ask: Ask, signed: bytes, prove: Prove, verifier: Verifier) -> Signature:
    """Ask one witness (key of type 0x04) to co-sign a head, and check what comes back; see `submit`.

    Raises:
        LedgerError: it holds another or newer head, refuses, or answers with a signature that does not hold.
    """
    answer = submit(ask, signed, prove, verifier.name)
    if answer.status != 200:
        found = f"status {answer.status}: {answer.body.strip()}"
        raise LedgerError(f"The witness {verifier.name} did not co-sign", found=found)
    return _checked(answer.body, Checkpoint.from_text(Note.parse(signed).text), verifier)


def _checked(body: str, checkpoint: Checkpoint, verifier: Verifier) -> Signature:
    for line in body.removesuffix("\n").split("\n"):
        try:
            signature = Signature.parse(line)
        except ConsilienceError:
            continue
        if verifier.holds(checkpoint.text.encode(), signature):
            return signature
    raise LedgerError(f"The answer of the witness {verifier.name} holds no valid cosignature of its key")
