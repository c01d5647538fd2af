"""Hierarchical log-linear models: which sets of lists may depend on each other, highest interaction excluded.

A term is a bit set of lists (the first list is the lowest bit). A model holds every subset of each term it holds; the
interaction of all lists together cannot be told apart from the unseen count and is never in it.

>>> len(all_models(3)), len(all_models(4)), len(pairwise_models(5))
(8, 113, 1024)
>>> describe(frozenset({1, 2, 4, 3}), "ABC")
'[AB, C]'
"""

from collections.abc import Sequence
from functools import cache
from itertools import combinations

Model = frozenset[int]


@cache
def all_models(lists: int) -> tuple[Model, ...]:
    """Return every hierarchical model with all main effects, by growing interactions one by one."""
    mains = frozenset(1 << place for place in range(lists))
    interactions = [term for term in range(1, (1 << lists) - 1) if term.bit_count() >= 2]
    found = {mains}
    frontier = [mains]
    while frontier:
        grown = {
            model | {term} for model in frontier for term in interactions if term not in model and _allowed(term, model)
        }
        frontier = sorted(grown - found, key=sorted)
        found |= grown
    return tuple(sorted(found, key=lambda model: (len(model), sorted(model))))


def pairwise_models(lists: int) -> tuple[Model, ...]:
    """Return every model with main effects and any pairs."""
    mains = frozenset(1 << place for place in range(lists))
    pairs = pair_terms(lists)
    return tuple(mains.union(chosen) for size in range(len(pairs) + 1) for chosen in combinations(pairs, size))


def pair_terms(lists: int) -> tuple[int, ...]:
    """Return the terms of two lists."""
    return tuple(1 << first | 1 << second for first, second in combinations(range(lists), 2))


def describe(model: Model, names: Sequence[str]) -> str:
    """Return the model's generators, the terms that no other term of it holds, as text."""
    generators = [term for term in model if not any(term != other and term & other == term for other in model)]
    joint = "" if all(len(name) == 1 for name in names) else "*"
    texts = [
        joint.join(name for place, name in enumerate(names) if term >> place & 1)
        for term in sorted(generators, key=lambda term: (-term.bit_count(), term))
    ]
    return f"[{', '.join(texts)}]"


def _allowed(term: int, model: Model) -> bool:
    return all(term & ~(1 << place) in model for place in range(term.bit_length()) if term >> place & 1)
