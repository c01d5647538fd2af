"""Tiles: the tree as a set of static files of 256 hashes each, in the C2SP `tlog-tiles` layout.

>>> tile_path(0, 1234067, 256)
'tile/0/x001/x234/067'
>>> tile_path(1, 0, 17), bundle_path(273, 112)
('tile/1/000.p/17', 'tile/entries/273.p/112')

Source: C2SP tlog-tiles, "Merkle Tree" and "Log entries".
"""

import struct
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from consilience.errors import LedgerError
from consilience.ledger.merkle import HASH_BYTES, ReadNode, parents

TILE_WIDTH = 256
TILE_HEIGHT = 8
MAX_ENTRY_BYTES = 65_535
_LENGTH = struct.Struct(">H")


def index_path(index: int) -> str:
    """Return a tile index in path elements of three digits, all but the last with an `x` before it."""
    last = f"{index % 1000:03d}"
    parts: list[str] = []
    while index >= 1000:
        index //= 1000
        parts.append(f"x{index % 1000:03d}")
    return "/".join([*reversed(parts), last])


def _suffix(width: int) -> str:
    return "" if width == TILE_WIDTH else f".p/{width}"


def tile_path(level: int, index: int, width: int) -> str:
    """Return the path of one tile of hashes; `width` below 256 names a partial tile."""
    return f"tile/{level}/{index_path(index)}{_suffix(width)}"


def bundle_path(index: int, width: int) -> str:
    """Return the path of one bundle of entries."""
    return f"tile/entries/{index_path(index)}{_suffix(width)}"


def tile_width(level: int, index: int, size: int) -> int:
    """Return how many hashes tile `index` of `level` holds in a tree of `size` leaves: 0 to 256."""
    return max(0, min(TILE_WIDTH, (size >> TILE_HEIGHT * level) - TILE_WIDTH * index))


def tiles_of(size: int) -> Iterator[tuple[int, int, int]]:
    """Give every tile (level, index, width) of a tree of `size` leaves."""
    level, hashes = 0, size
    while hashes:
        yield from ((level, index, tile_width(level, index, size)) for index in range(-(-hashes // TILE_WIDTH)))
        level, hashes = level + 1, hashes >> TILE_HEIGHT


def join_entries(entries: Sequence[bytes]) -> bytes:
    """Return an entry bundle: each entry after its length in two bytes."""
    return b"".join([part for entry in entries for part in (_LENGTH.pack(len(entry)), entry)])


def split_entries(bundle: bytes) -> list[bytes]:
    """Return the entries of a bundle.

    Raises:
        LedgerError: the bundle ends inside an entry.
    """
    entries: list[bytes] = []
    place, total = 0, len(bundle)
    while place < total:
        start = place + 2
        place = start + int.from_bytes(bundle[place:start], "big")
        entries.append(bundle[start:place])
    if place != total:
        raise LedgerError("An entry bundle ends inside an entry", remedy="Restore the log from its backup.")
    return entries


def read_part(root: Path, full: str, partial: str) -> bytes:
    """Return the bytes of a partial resource, or of the full one that has replaced it.

    Raises:
        LedgerError: neither file is there.
    """
    for path in (partial, full):
        try:
            return (root / path).read_bytes()
        except FileNotFoundError:
            continue
    raise LedgerError(f"The log lacks the file {partial}", remedy="Restore the log from its backup.")


def read_tile(root: Path, level: int, index: int, width: int) -> list[bytes]:
    """Return the first `width` hashes of a tile on disk.

    Raises:
        LedgerError: the tile is missing or too short.
    """
    path = tile_path(level, index, width)
    data = read_part(root, tile_path(level, index, TILE_WIDTH), path)
    if len(data) < width * HASH_BYTES or len(data) % HASH_BYTES:
        raise LedgerError(f"The tile {path} is cut", found=f"{len(data)} bytes", expected=f"{width * HASH_BYTES} bytes")
    return [data[place : place + HASH_BYTES] for place in range(0, width * HASH_BYTES, HASH_BYTES)]


def read_bundle(root: Path, index: int, width: int) -> list[bytes]:
    """Return the first `width` entries of a bundle on disk.

    Raises:
        LedgerError: the bundle is missing or damaged.
    """
    path = bundle_path(index, width)
    entries = split_entries(read_part(root, bundle_path(index, TILE_WIDTH), path))
    if len(entries) < width:
        raise LedgerError(f"The bundle {path} is cut", found=f"{len(entries)} entries", expected=f"{width} entries")
    return entries[:width]


def tile_levels(hashes: list[bytes]) -> list[list[bytes]]:
    """Return the nine levels of subtree hashes inside one tile, the tile's own hashes first."""
    levels = [hashes]
    for _ in range(TILE_HEIGHT):
        levels.append(parents(levels[-1]))
    return levels


def tile_reader(root: Path, size: int, *, cached: int = 64) -> ReadNode:
    """Return a `read` (see `merkle`) over the tiles on disk of a tree of `size` leaves."""

    @lru_cache(maxsize=cached)
    def levels_of(level: int, index: int) -> list[list[bytes]]:
        return tile_levels(read_tile(root, level, index, tile_width(level, index, size)))

    def read(level: int, index: int) -> bytes:
        tile_level, inside = divmod(level, TILE_HEIGHT)
        tile_index, place = divmod(index, TILE_WIDTH >> inside)
        return levels_of(tile_level, tile_index)[inside][place]

    return read
