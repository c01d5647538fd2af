"""The journal: entries that were acknowledged but are not yet under a checkpoint.

Each record carries its index and a checksum, so that a torn tail is recognised and records already published are
passed over. The file is written in place from the start again after each publication.

A record is: index (8 bytes), length (2 bytes), entry, CRC-32 of all before (4 bytes), numbers big-endian.
"""

import os
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from consilience.errors import StateError
from consilience.ledger.durable import sync_path

_HEAD = struct.Struct(">QH")
_CHECK = struct.Struct(">I")
# A journal that one large batch has blown up is cut back when it starts anew.
_KEEP_BYTES = 1 << 20


class Journal:
    """The open journal of a log; one writer."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._end = 0

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the journal at `path`, or make an empty one, whose name is on the disk before anything is in it."""
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        sync_path(path.parent)
        return cls(handle)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._handle)

    def recover(self, size: int) -> list[bytes]:
        """Return the entries from index `size` on, in order, and cut what follows the last whole record.

        Raises:
            StateError: the journal continues a longer log than the one at hand; nothing was changed.
        """
        data = os.pread(self._handle, os.fstat(self._handle).st_size, 0)
        if continues_beyond(data, size):
            raise StateError(
                "The journal continues a longer log than the one in this folder",
                found=f"{size} published entries",
                remedy="Restore public and private parts of the log from the same moment.",
            )
        entries, self._end = scan(data, size)
        os.ftruncate(self._handle, self._end)
        os.fsync(self._handle)
        return entries

    def append(self, first: int, entries: Sequence[bytes]) -> None:
        """Write entries with the indexes from `first` on, and return when they are on the disk.

        Raises:
            StateError: the disk refuses; none of them was taken in.
        """
        data = b"".join([_record(first + number, entry) for number, entry in enumerate(entries)])
        try:
            _write_at(self._handle, data, self._end)
        except OSError as error:
            raise StateError(
                "The journal of the log cannot be written",
                found=error.strerror or "an input or output error",
                remedy="Free space or mend the disk, then repeat; these entries were not taken in.",
            ) from error
        self._end += len(data)

    def restart(self) -> None:
        """Begin at the start of the file again: all its records are under a durable checkpoint."""
        if self._end > _KEEP_BYTES:
            os.ftruncate(self._handle, 0)
        self._end = 0


def _write_at(handle: int, data: bytes, place: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(handle, view, place)
        view, place = view[written:], place + written
    os.fdatasync(handle)


def _record(index: int, entry: bytes) -> bytes:
    body = _HEAD.pack(index, len(entry)) + entry
    return body + _CHECK.pack(zlib.crc32(body))


def continues_beyond(data: bytes, size: int) -> bool:
    """Whether the first record is whole and begins after entry `size`: entries in between are missing."""
    if len(data) < _HEAD.size or not scan(data, _HEAD.unpack_from(data)[0])[0]:
        return False
    index: int = _HEAD.unpack_from(data)[0]
    return index > size


def scan(data: bytes, size: int) -> tuple[list[bytes], int]:
    """Read records until the first that is torn, stale or out of order.

    Returns:
        The entries from index `size` on, and where the last usable record ends.
    """
    entries: list[bytes] = []
    place = 0
    while place + _HEAD.size <= len(data):
        index, length = _HEAD.unpack_from(data, place)
        end = place + _HEAD.size + length
        if end + _CHECK.size > len(data) or _CHECK.unpack_from(data, end)[0] != zlib.crc32(data[place:end]):
            break
        if index == size + len(entries):
            entries.append(data[place + _HEAD.size : end])
        elif entries or index > size:
            break
        place = end + _CHECK.size
    return entries, place
