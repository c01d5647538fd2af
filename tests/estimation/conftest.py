"""Published capture tables (a handful of counts each), built once."""

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest

from consilience.estimation.capture import CaptureTable


@pytest.fixture(scope="session")
def kosovo() -> CaptureTable:
    """Killings in Kosovo 1999 on four lists (Ball, Betts, Scheuren, Dudukovich, Asher 2002)."""
    counts = [1131, 845, 177, 936, 228, 217, 181, 306, 106, 31, 18, 123, 42, 32, 27]
    patterns = [[code >> place & 1 for place in range(4)] for code in range(1, 16)]
    return CaptureTable.build(("EXH", "ABA", "OSCE", "HRW"), patterns, counts)


@pytest.fixture(scope="session")
def sparse() -> CaptureTable:
    """Trafficking victims in a western United States city on five lists (Farrell and others 2019)."""
    singles = zip(np.eye(5, dtype=int).tolist(), [52, 90, 114, 45, 21], strict=True)
    shared = [("10100", 4), ("10010", 2), ("10001", 5), ("01100", 6), ("01010", 1), ("00011", 3)]
    shared += [("10101", 1), ("01110", 1)]
    rows = [*singles, *(([int(mark) for mark in text], count) for text, count in shared)]
    return CaptureTable.build("ABCDE", [row for row, _ in rows], [count for _, count in rows])


@pytest.fixture(scope="session")
def disconnected() -> CaptureTable:
    """An artificial table where estimates do not exist (Chan, Silverman, Vincent 2019, table 2)."""
    return CaptureTable.build("ABC", [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]], [40, 30, 20, 6])


@pytest.fixture(scope="session")
def simulate() -> Callable[..., CaptureTable]:
    """Return a function that draws a table of `people` in classes with given shares and capture probabilities."""

    def draw(rng: np.random.Generator, people: int, shares: list[float], chances: list[list[float]]) -> CaptureTable:
        classes = rng.choice(len(shares), size=people, p=shares)
        marks = (rng.random((people, len(chances[0]))) < np.asarray(chances)[classes]).astype(np.uint8)
        seen = marks[marks.any(axis=1)]
        return CaptureTable.build([f"L{place}" for place in range(marks.shape[1])], seen, np.ones(len(seen)))

    return draw


@pytest.fixture(scope="session")
def all_patterns() -> Callable[[int], list[tuple[int, ...]]]:
    """Return a function that gives every pattern of so many lists but the empty one."""
    return lambda lists: [pattern for pattern in product((0, 1), repeat=lists) if any(pattern)]
