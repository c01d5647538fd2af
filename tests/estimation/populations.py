"""Invented populations of known size, from models that hold and from models that do not."""

from collections.abc import Callable

import numpy as np

from consilience.estimation.capture import CaptureTable

Marks = np.ndarray
Generator = Callable[[np.random.Generator, int], Marks]


def _classes(classes: int, lists: int, least: float = 0.0, most: float = 1.0) -> Generator:
    def draw(rng: np.random.Generator, people: int) -> Marks:
        chances = rng.uniform(least, most, (classes, lists))
        shares = rng.dirichlet(np.ones(classes))
        return rng.random((people, lists)) < chances[rng.choice(classes, people, p=shares)]

    return draw


def _dependent_pair(rng: np.random.Generator, people: int) -> Marks:
    """The second list takes half of its people from the first."""
    marks = rng.random((people, 4)) < rng.uniform(0.15, 0.4, 4)
    copied = rng.random(people) < 0.5
    marks[copied, 1] = marks[copied, 0]
    return marks


def _unequal(rng: np.random.Generator, people: int) -> Marks:
    """Everybody has a chance of their own, spread widely on the logit scale."""
    own = rng.normal(0, 1.5, people)
    lists = rng.uniform(-2.2, -0.8, 4)
    return rng.random((people, 4)) < 1 / (1 + np.exp(-(own[:, None] + lists)))


def _barred(rng: np.random.Generator, people: int) -> Marks:
    """One list could not have recorded half of the people, and nobody says so."""
    marks = rng.random((people, 4)) < rng.uniform(0.2, 0.4, 4)
    marks[: people // 2, 3] = False
    return marks


def _close_classes(rng: np.random.Generator, people: int) -> Marks:
    """Half of the people have less than half the chances of the other half: too near to tell from one class."""
    chances = rng.uniform(0.2, 0.6, (2, 4)) * np.array([[0.4], [1.0]])
    return rng.random((people, 4)) < chances[rng.choice(2, people)]


HOLDING: dict[str, Generator] = {
    "independence": _classes(1, 4, 0.15, 0.45),
    "two classes": _classes(2, 4),
    "three classes": _classes(3, 5),
}
HARD: dict[str, Generator] = {
    "two classes close together": _close_classes,
}
FAILING: dict[str, Generator] = {
    "dependent pair": _dependent_pair,
    "unequal chances": _unequal,
    "structural zeros": _barred,
}


def population(generator: Generator, rng: np.random.Generator, people: int) -> CaptureTable:
    """Return the capture table of one invented population."""
    marks = generator(rng, people).astype(np.uint8)
    seen = marks[marks.any(axis=1)]
    return CaptureTable.build([f"L{place + 1}" for place in range(marks.shape[1])], seen, np.ones(len(seen)))
