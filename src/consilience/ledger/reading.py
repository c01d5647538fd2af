"""Reading a log that lies in a folder, one's own or a partner's copy: its head, entries and proofs.

Only the public folder is needed; nothing is trusted but what `Checkpoint.open` accepted.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from consilience.errors import LedgerError, UsageError
from consilience.ledger.checkpoint import Checkpoint
from consilience.ledger.merkle import (
    ReadNode,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_hash,
    verify_inclusion,
)
from consilience.ledger.note import Note, Verifier
from consilience.ledger.proof import TlogProof
from consilience.ledger.tiles import TILE_WIDTH, read_bundle, tile_reader, tile_width


class LogReader:
    """One state of a log: the checkpoint that lay in the folder when it was opened, and the tiles below it."""

    def __init__(self, public: Path, verifiers: Iterable[Verifier]) -> None:
        try:
            self.signed = (public / "checkpoint").read_bytes()
        except FileNotFoundError as error:
            raise LedgerError(
                "There is no log here", expected="a file named checkpoint", remedy="Run `consilience ledger init`."
            ) from error
        self.public = public
        self.checkpoint = Checkpoint.open(self.signed, verifiers)
        self._read: ReadNode = tile_reader(public, self.checkpoint.size)

    def root_at(self, size: int) -> bytes:
        """Return the root the log had at `size` entries."""
        self._check_size(size)
        return root_hash(size, self._read)

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the proof that entry `index` is in the tree of `size` entries (by default all)."""
        size = self.checkpoint.size if size is None else size
        self._check_size(size)
        return inclusion_proof(index, size, self._read)

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """Return the proof that the tree of `new` entries (by default all) only adds to that of `old`."""
        new = self.checkpoint.size if new is None else new
        self._check_size(new)
        return consistency_proof(old, new, self._read)

    def entry(self, index: int) -> bytes:
        """Return entry `index`."""
        return next(self.entries(index, index + 1))

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Give the entries from `start` up to, not including, `end` (by default to the head)."""
        end = self.checkpoint.size if end is None else end
        self._check_size(end)
        if not 0 <= start <= end or (start == end and start):
            raise UsageError("There is no such entry", found=f"{start}", expected=f"0 to {self.checkpoint.size - 1}")
        for bundle in range(start // TILE_WIDTH, -(-end // TILE_WIDTH)):
            held = read_bundle(self.public, bundle, tile_width(0, bundle, self.checkpoint.size))
            first = bundle * TILE_WIDTH
            yield from held[max(start - first, 0) : end - first]

    def prove(self, index: int, *, extra: bytes = b"") -> TlogProof:
        """Return the offline proof of entry `index` under the signed head, checked before it is given away.

        Raises:
            LedgerError: the tiles do not lead to the signed root; run `fsck`.
            UsageError: there is no such entry.
        """
        proof = self.inclusion(index)
        leaf = leaf_hash(self.entry(index))
        verify_inclusion(index, self.checkpoint.size, leaf, proof, self.checkpoint.root)
        return TlogProof(index, tuple(proof), Note.parse(self.signed), extra)

    def _check_size(self, size: int) -> None:
        if not 0 <= size <= self.checkpoint.size:
            raise UsageError(
                "The log is not of that size",
                found=str(size),
                expected=f"0 to {self.checkpoint.size} published entries",
            )
