"""The floor: the newest head of this log that somebody else holds. No head below it, or beside it, is ever signed.

A log restored from an old backup would otherwise sign a second history without knowing it.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from consilience.errors import LedgerError
from consilience.ledger.checkpoint import Checkpoint
from consilience.ledger.durable import write_files
from consilience.ledger.merkle import EMPTY_ROOT
from consilience.ledger.reading import LogReader


@dataclass(frozen=True)
class Floor:
    """Size and root that `holder` has under our own signature."""

    size: int = 0
    root: bytes = EMPTY_ROOT
    holder: str = ""

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the floor; the empty log where none was written."""
        if not path.exists():
            return cls()
        held = json.loads(path.read_text(encoding="utf-8"))
        return cls(int(held["size"]), bytes.fromhex(held["root"]), str(held["holder"]))

    def save(self, path: Path, *, scratch: Path) -> None:
        """Write the floor durably."""
        text = json.dumps({"size": self.size, "root": self.root.hex(), "holder": self.holder}) + "\n"
        write_files(path.parent, {path.name: text.encode()}, scratch=scratch, mode=0o600)

    def raised(self, checkpoint: Checkpoint, holder: str) -> "Floor":
        """Return the higher of this floor and `checkpoint`."""
        return Floor(checkpoint.size, checkpoint.root, holder) if checkpoint.size > self.size else self

    def check(self, log: LogReader) -> None:
        """Refuse a log that is below the floor or does not lead to it.

        Raises:
            LedgerError: the log was rolled back, or forked.
        """
        if self.size > log.checkpoint.size:
            raise LedgerError(
                "This log was rolled back: others hold a newer head, so nothing more is signed",
                found=f"{log.checkpoint.size} entries here",
                expected=f"{self.size} entries, as {self.holder} holds",
                remedy="Restore the newest state, or announce a new log under a new origin.",
            )
        if log.root_at(self.size) != self.root:
            raise LedgerError(
                f"This log has a second history: {self.holder} holds another root at {self.size} entries",
                remedy="Stop, keep both heads as evidence, and restore the true state.",
            )
