"""Merkle trees as RFC 6962 defines them: roots, inclusion proofs, consistency proofs, and their verification.

A tree is never held whole. Every function reads what it needs through `read(level, index)`, the hash over the
`2**level` leaves that start at leaf `index * 2**level`; only complete subtrees are ever asked for.

>>> leaves = [leaf_hash(bytes([number])) for number in range(5)]
>>> read = reader(leaves)
>>> root = root_hash(5, read)
>>> verify_inclusion(3, 5, leaves[3], inclusion_proof(3, 5, read), root)
>>> verify_consistency(2, 5, root_hash(2, read), root, consistency_proof(2, 5, read))

Sources: RFC 6962 section 2.1 (hashing, proofs), RFC 9162 sections 2.1.3.2 and 2.1.4.2 (verification).
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

from consilience.errors import LedgerError, UsageError

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
MAX_PROOF = 63
ReadNode = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of one entry: SHA-256(0x00 || entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash over two subtrees: SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def parents(hashes: Sequence[bytes]) -> list[bytes]:
    """Return the hashes one level up; an odd one at the end has no complete parent and is left out."""
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(hashes[::2], hashes[1::2], strict=False)]


def reader(leaves: Sequence[bytes]) -> ReadNode:
    """Return a `read` over leaf hashes held in memory."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        levels.append(parents(levels[-1]))
    return lambda level, index: levels[level][index]


def perfect_subtrees(start: int, end: int) -> list[tuple[int, int]]:
    """Return the complete subtrees (level, index), left to right, that cover the leaves from `start` to `end`.

    `start` must lie where a subtree of the covering size begins, as every range inside a proof does.
    """
    found: list[tuple[int, int]] = []
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        found.append((level, start >> level))
        start += 1 << level
    return found


def fold(hashes: Sequence[bytes]) -> bytes:
    """Join the hashes of complete subtrees, largest first, into the hash of the whole range."""
    *rest, last = hashes
    for left in reversed(rest):
        last = node_hash(left, last)
    return last


def range_hash(start: int, end: int, read: ReadNode) -> bytes:
    """Return the hash over the leaves from `start` up to, not including, `end`."""
    return fold([read(level, index) for level, index in perfect_subtrees(start, end)])


def root_hash(size: int, read: ReadNode) -> bytes:
    """Return the root over the first `size` leaves; SHA-256 of nothing for an empty tree."""
    return range_hash(0, size, read) if size else EMPTY_ROOT


def _split(start: int, end: int) -> int:
    """Return where RFC 6962 cuts a range: after the largest power of two smaller than its length."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def inclusion_proof(index: int, size: int, read: ReadNode) -> list[bytes]:
    """Return the path that proves leaf `index` in the tree of `size` leaves, from its sibling to the root's child.

    Raises:
        UsageError: there is no such leaf.
    """
    if not 0 <= index < size:
        raise UsageError("There is no such entry", found=f"index {index}", expected=f"0 to {size - 1} (size {size})")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = _split(start, end)
        if index < middle:
            path.append(range_hash(middle, end, read))
            end = middle
        else:
            path.append(range_hash(start, middle, read))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, read: ReadNode) -> list[bytes]:
    """Return the proof that the tree of `new` leaves only adds to the tree of `old` leaves; empty for 0 and for equal.

    Raises:
        UsageError: `old` is negative or larger than `new`.
    """
    if not 0 <= old <= new:
        raise UsageError("A log never shrinks", found=f"from {old} to {new}", expected="the smaller size first")
    proof: list[bytes] = []
    start, end, whole = 0, new, True
    while old not in {0, end}:
        middle = _split(start, end)
        if old <= middle:
            proof.append(range_hash(middle, end, read))
            end = middle
        else:
            proof.append(range_hash(start, middle, read))
            start, whole = middle, False
    if not whole:
        proof.append(range_hash(start, end, read))
    return proof[::-1]


def _fail(what: str) -> LedgerError:
    return LedgerError(
        f"The {what} proof does not hold", remedy="Ask the log for a fresh proof; keep this one as evidence."
    )


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Check that `leaf` (a leaf hash) is entry `index` of the tree with this size and root.

    Raises:
        LedgerError: the proof does not lead from the leaf to the root.
    """
    if not 0 <= index < size or len(proof) > MAX_PROOF:
        raise _fail("inclusion")
    position, last, current = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise _fail("inclusion")
        if position & 1 or position == last:
            current = node_hash(sibling, current)
            while position & 1 == 0 and position:
                position, last = position >> 1, last >> 1
        else:
            current = node_hash(current, sibling)
        position, last = position >> 1, last >> 1
    if last or current != root:
        raise _fail("inclusion")


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Check that the tree (`new`, `new_root`) only adds to the tree (`old`, `old_root`).

    Raises:
        LedgerError: it does not, or the proof is malformed.
    """
    if not 0 <= old <= new or len(proof) > MAX_PROOF:
        raise _fail("consistency")
    if old in {0, new}:
        expected = (new_root if old or not new else EMPTY_ROOT, EMPTY_ROOT if not new else new_root)
        if proof or (old_root, new_root) != expected:
            raise _fail("consistency")
        return
    if _walk(old, new, old_root, proof) != (old_root, new_root):
        raise _fail("consistency")


def _walk(old: int, new: int, old_root: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Rebuild both roots from a consistency proof (RFC 9162, section 2.1.4.2)."""
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        raise _fail("consistency")
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise _fail("consistency")
        if position & 1 or position == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while position & 1 == 0 and position:
                position, last = position >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise _fail("consistency")
    return first, second
