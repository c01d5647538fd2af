"""Capture tables: how many people stand on which lists.

A pattern is one zero or one per list: `1, 0, 1` is everybody on the first and the third list and on no other. The
pattern of all zeros is what nobody recorded, the number to be estimated, and never stands in a table.

>>> table = CaptureTable.build(("A", "B", "C"), [[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1]], [40, 30, 6, 20])
>>> table.observed, table.list_totals.tolist()
(96, [46, 36, 20])
>>> table.overlaps[0].tolist()
[46, 6, 0]
>>> table.without("C").observed
76
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from consilience.errors import InputError

MAX_LISTS = 32

Patterns = NDArray[np.uint8]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class CaptureTable:
    """Counts of people by capture pattern, in canonical order (so that equal tables have equal digests).

    Attributes:
        lists: names of the lists, in the caller's order.
        patterns: zeros and ones, shape (P, L), distinct, none all zero; the first list is the lowest bit of the order.
        counts: people with each pattern, shape (P,), all positive.
        unable: names of lists that could not have recorded anybody here (structural zeros); not among `lists`.
    """

    lists: tuple[str, ...]
    patterns: Patterns
    counts: Counts
    unable: tuple[str, ...] = ()

    @classmethod
    def build(
        cls, lists: Sequence[str], patterns: ArrayLike, counts: ArrayLike, *, unable: Sequence[str] = ()
    ) -> "CaptureTable":
        """Check and order a table; patterns that stand twice are added up, counts of zero are left out.

        Args:
            lists: names, distinct.
            patterns: zeros and ones, shape (P, L).
            counts: whole numbers, shape (P,).
            unable: lists that could not have recorded anybody here.

        Raises:
            InputError: too many lists, a negative count, or a pattern of all zeros that has a count.
        """
        names = _checked_names(lists)
        numbers = np.asarray(counts, dtype=np.int64)
        rows = np.asarray(patterns, dtype=np.uint8).reshape(len(numbers), len(names))
        _check_counts(rows, numbers)
        codes = pattern_codes(rows)
        distinct, where = np.unique(codes, return_inverse=True)
        sums = np.bincount(where, weights=numbers, minlength=len(distinct)).astype(np.int64)
        kept = (sums > 0) & (distinct > 0)
        return cls(names, decode_patterns(distinct[kept], len(names)), sums[kept], tuple(unable))

    @property
    def observed(self) -> int:
        """Return how many people stand on at least one list."""
        return int(self.counts.sum())

    @property
    def list_totals(self) -> Counts:
        """Return how many people each list holds, shape (L,)."""
        return np.asarray(self.counts @ self.patterns.astype(np.int64), dtype=np.int64)

    @property
    def overlaps(self) -> Counts:
        """Return how many people each two lists share, shape (L, L); list totals on the diagonal."""
        rows = self.patterns.astype(np.int64)
        return np.asarray((rows * self.counts[:, None]).T @ rows, dtype=np.int64)

    @property
    def frequencies(self) -> Counts:
        """Return how many people stand on exactly one, two, ... L lists, shape (L,)."""
        times = self.patterns.sum(axis=1)
        return np.bincount(times, weights=self.counts, minlength=len(self.lists) + 1).astype(np.int64)[1:]

    def cells(self) -> Counts:
        """Return the counts of all 2^L patterns, the first list the lowest bit; the first cell (unseen) is zero."""
        dense = np.zeros(1 << len(self.lists), dtype=np.int64)
        dense[pattern_codes(self.patterns)] = self.counts
        return dense

    def without(self, name: str) -> "CaptureTable":
        """Return the table of the other lists; people on `name` only leave it."""
        column = self.lists.index(name)
        names = tuple(other for other in self.lists if other != name)
        rows = np.delete(self.patterns, column, axis=1)
        seen = rows.any(axis=1)
        return CaptureTable.build(names, rows[seen], self.counts[seen], unable=self.unable)

    def among(self, name: str) -> tuple["CaptureTable", int]:
        """Return the table of the other lists among the people of `name`, and how many of those no other list holds."""
        column = self.lists.index(name)
        names = tuple(other for other in self.lists if other != name)
        held = self.patterns[:, column] == 1
        rows = np.delete(self.patterns, column, axis=1)[held]
        counts = self.counts[held]
        seen = rows.any(axis=1)
        return CaptureTable.build(names, rows[seen], counts[seen], unable=self.unable), int(counts[~seen].sum())

    def digest(self) -> str:
        """Return the SHA-256 of the table's canonical text, in hexadecimal."""
        text = [",".join((*self.lists, *(f"!{name}" for name in self.unable)))]
        text += [f"{''.join(map(str, row))}:{count}" for row, count in zip(self.patterns, self.counts, strict=True)]
        return hashlib.sha256("\n".join(text).encode()).hexdigest()


def pattern_codes(patterns: Patterns) -> Counts:
    """Return each pattern as one whole number, shape (P,); the first list is the lowest bit."""
    return np.asarray(patterns.astype(np.int64) @ (1 << np.arange(patterns.shape[1], dtype=np.int64)), dtype=np.int64)


def decode_patterns(codes: Counts, lists: int) -> Patterns:
    """Return the patterns behind `codes`, shape (P, lists); the inverse of `pattern_codes`."""
    return ((codes[:, None] >> np.arange(lists)) & 1).astype(np.uint8)


def _checked_names(lists: Sequence[str]) -> tuple[str, ...]:
    names = tuple(lists)
    if len(names) > MAX_LISTS:
        raise InputError(
            "There are too many lists",
            found=f"{len(names)} lists",
            expected=f"at most {MAX_LISTS}",
            remedy="Merge lists that come from the same organisation or the same informants into one.",
        )
    if len(set(names)) < len(names):
        raise InputError("A list is named twice", found=", ".join(names), remedy="Name each list once.")
    return names


def _check_counts(rows: Patterns, numbers: Counts) -> None:
    if (numbers < 0).any():
        raise InputError("A count is negative", found=str(numbers.min()), remedy="Correct the table.")
    if numbers[~rows.any(axis=1)].sum() > 0:
        raise InputError(
            "The pattern of all zeros has a count, but nobody can be counted who is on no list",
            found=str(numbers[~rows.any(axis=1)].sum()),
            expected="no such row: it is the number to be estimated",
            remedy="Remove the row, or name all the lists of the file.",
        )
