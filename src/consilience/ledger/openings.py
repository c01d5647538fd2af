"""The store of openings: one file of JSON lines per 256 entries, private, each line destroyable on its own."""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from consilience.errors import StateError
from consilience.ledger.durable import append_file, write_files
from consilience.ledger.opening import Opening
from consilience.ledger.tiles import TILE_WIDTH, index_path


class OpeningStore:
    """Openings of one log below `folder`."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        self._folder = folder
        self._scratch = scratch

    def add(self, first: int, openings: Sequence[Opening]) -> None:
        """Store openings for the indexes from `first` on, and return when they are on the disk."""
        numbered = list(enumerate(openings, start=first))
        for bundle, group in groupby(numbered, key=lambda pair: pair[0] // TILE_WIDTH):
            lines = "".join(_line(index, opening) for index, opening in group)
            append_file(self._path(bundle), lines.encode(), mode=0o600)

    def get(self, index: int, entry: bytes) -> Opening | None:
        """Return the opening of entry `index` whose digest is `entry`; None when there is none."""
        for number, opening in self._read(index // TILE_WIDTH):
            if number == index and opening.entry == entry:
                return opening
        return None

    def destroy(self, index: int) -> bool:
        """Write the file anew without the lines of entry `index`; say whether there was one."""
        bundle = index // TILE_WIDTH
        return self._keep(bundle, [pair for pair in self._read(bundle) if pair[0] != index])

    def discard_from(self, size: int) -> None:
        """Drop openings from index `size` on: their entries were never taken in."""
        bundle = size // TILE_WIDTH
        while self._path(bundle).exists():
            self._keep(bundle, [pair for pair in self._read(bundle) if pair[0] < size])
            bundle += 1

    def _keep(self, bundle: int, kept: list[tuple[int, Opening]]) -> bool:
        path = self._path(bundle)
        if len(kept) == len(list(self._read(bundle))):
            return False
        text = "".join(_line(number, opening) for number, opening in kept)
        write_files(path.parent, {path.name: text.encode()}, scratch=self._scratch, mode=0o600)
        return True

    def _path(self, bundle: int) -> Path:
        return self._folder / f"{index_path(bundle)}.jsonl"

    def _read(self, bundle: int) -> Iterator[tuple[int, Opening]]:
        path = self._path(bundle)
        if path.exists():
            yield from read_lines(path)


def read_lines(path: Path) -> Iterator[tuple[int, Opening]]:
    """Give index and opening of each whole line; a torn last line was never acknowledged and is passed over.

    Raises:
        StateError: a line that was once whole cannot be read.
    """
    for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], start=1):
        try:
            held = json.loads(line)
            yield held["index"], Opening(bytes.fromhex(held["salt"]), held["event"])
        except (ValueError, KeyError, TypeError) as error:
            raise StateError(
                f"Line {number} of the openings file {path.name} is damaged", remedy="Restore it from the backup."
            ) from error


def _line(index: int, opening: Opening) -> str:
    return json.dumps({"index": index, "salt": opening.salt.hex(), "event": opening.event}, ensure_ascii=False) + "\n"
