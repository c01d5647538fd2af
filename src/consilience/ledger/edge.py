"""The right edge of the tree: all that is needed to grow it, whatever its size.

>>> edge, files = grow(Edge.empty(), [b"first", b"second"])
>>> edge.size, sorted(files)
(2, ['tile/0/000.p/2', 'tile/entries/000.p/2'])
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from consilience.errors import LedgerError
from consilience.ledger.merkle import EMPTY_ROOT, fold, leaf_hash, parents, perfect_subtrees
from consilience.ledger.tiles import (
    TILE_HEIGHT,
    TILE_WIDTH,
    bundle_path,
    join_entries,
    read_bundle,
    read_tile,
    tile_levels,
    tile_path,
    tile_width,
)


@dataclass(frozen=True)
class Edge:
    """The size, the hashes of the unfinished tile of each level, and the entries of the unfinished bundle."""

    size: int
    levels: tuple[tuple[bytes, ...], ...]
    entries: tuple[bytes, ...]

    @classmethod
    def empty(cls) -> Self:
        """Return the edge of the empty log."""
        return cls(0, (), ())

    @classmethod
    def load(cls, root: Path, size: int) -> Self:
        """Read the edge of a log of `size` entries from its tiles.

        Raises:
            LedgerError: a tile is missing or cut.
        """
        levels = []
        for level in range((size.bit_length() + TILE_HEIGHT - 1) // TILE_HEIGHT):
            index = (size >> TILE_HEIGHT * level) // TILE_WIDTH
            width = tile_width(level, index, size)
            levels.append(tuple(read_tile(root, level, index, width)) if width else ())
        width = size % TILE_WIDTH
        return cls(size, tuple(levels), tuple(read_bundle(root, size // TILE_WIDTH, width)) if width else ())

    def root(self) -> bytes:
        """Return the root of the whole tree."""
        peaks = [peak for hashes in reversed(self.levels) for peak in _peaks(hashes)]
        return fold(peaks) if peaks else EMPTY_ROOT


def _peaks(hashes: Sequence[bytes]) -> Iterator[bytes]:
    """Give the hashes of the complete subtrees inside an unfinished tile, largest first."""
    if hashes:
        levels = tile_levels(list(hashes))
        yield from (levels[level][index] for level, index in perfect_subtrees(0, len(hashes)))


def tile_root(hashes: Sequence[bytes]) -> bytes:
    """Return the hash over one full tile."""
    while len(hashes) > 1:
        hashes = parents(hashes)
    return hashes[0]


def grow(edge: Edge, entries: Sequence[bytes]) -> tuple[Edge, dict[str, bytes]]:
    """Add entries.

    Returns:
        The new edge, and the new files (path to content): full and unfinished tiles and bundles.
    """
    size = edge.size + len(entries)
    files = dict(_bundles(edge, entries))
    pending: Sequence[bytes] = [leaf_hash(entry) for entry in entries]
    levels: list[tuple[bytes, ...]] = []
    level = 0
    while pending or level < len(edge.levels):
        kept = edge.levels[level] if level < len(edge.levels) else ()
        index = (edge.size >> TILE_HEIGHT * level) // TILE_WIDTH
        rest, roots, new = _tiles(level, index, kept, pending)
        files.update(new)
        levels.append(rest)
        pending, level = roots, level + 1
    tail = (*edge.entries, *entries)[-(size % TILE_WIDTH) :] if size % TILE_WIDTH else ()
    return Edge(size, tuple(levels), tail), files


def _bundles(edge: Edge, entries: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    whole = [*edge.entries, *entries]
    first = edge.size // TILE_WIDTH
    for number in range(0, len(whole) if entries else 0, TILE_WIDTH):
        part = whole[number : number + TILE_WIDTH]
        yield bundle_path(first + number // TILE_WIDTH, len(part)), join_entries(part)


def _tiles(
    level: int, index: int, kept: tuple[bytes, ...], new: Sequence[bytes]
) -> tuple[tuple[bytes, ...], list[bytes], dict[str, bytes]]:
    """Add `new` hashes to one level; return what stays unfinished, the roots of finished tiles, and the files."""
    if not new:
        return kept, [], {}
    whole = [*kept, *new]
    files: dict[str, bytes] = {}
    roots: list[bytes] = []
    for start in range(0, len(whole), TILE_WIDTH):
        part = whole[start : start + TILE_WIDTH]
        files[tile_path(level, index + start // TILE_WIDTH, len(part))] = b"".join(part)
        if len(part) == TILE_WIDTH:
            roots.append(tile_root(part))
    return tuple(whole[len(roots) * TILE_WIDTH :]), roots, files


def replaced_parts(old: Edge, new: Edge) -> list[str]:
    """Return the folders of partial tiles and bundles that full ones have replaced between two edges."""
    folders: list[str] = []
    for level, hashes in enumerate(old.levels):
        index = (old.size >> TILE_HEIGHT * level) // TILE_WIDTH
        if hashes and tile_width(level, index, new.size) == TILE_WIDTH:
            folders.append(tile_path(level, index, TILE_WIDTH) + ".p")
            if level == 0:
                folders.append(bundle_path(index, TILE_WIDTH) + ".p")
    return folders


def check_root(edge: Edge, root: bytes) -> None:
    """Refuse an edge that does not lead to the signed root.

    Raises:
        LedgerError: tiles and checkpoint disagree.
    """
    if edge.root() != root:
        raise LedgerError(
            "The log's tiles do not lead to its signed root",
            remedy="Run `consilience ledger fsck`, then restore the log from its backup.",
        )
