"""All decomposable graphs on a few lists, each with its cliques and separators.

A graph says which lists may depend on each other; it is decomposable (chordal) when every cycle of four or more has a
shortcut. There are 8 of them on three lists, 61 on four and 822 on five (OEIS A058862).

>>> [len(decomposable_graphs(lists)) for lists in (2, 3, 4)]
[2, 8, 61]
"""

from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

LARGEST = 5


@dataclass(frozen=True, slots=True)
class Graph:
    """A decomposable graph: its edges, and cliques and separators as bit sets of lists (first list lowest bit)."""

    edges: tuple[tuple[int, int], ...]
    cliques: tuple[int, ...]
    separators: tuple[int, ...]


@cache
def decomposable_graphs(lists: int) -> tuple[Graph, ...]:
    """Return every decomposable graph on `lists` labelled nodes, from no edge to all edges."""
    pairs = list(combinations(range(lists), 2))
    found = (_decompose(lists, edges) for size in range(len(pairs) + 1) for edges in combinations(pairs, size))
    return tuple(graph for graph in found if graph is not None)


@cache
def coefficients(lists: int) -> NDArray[np.int64]:
    """Return how often each set of lists is a clique less how often a separator, shape (graphs, 2^lists)."""
    graphs = decomposable_graphs(lists)
    matrix = np.zeros((len(graphs), 1 << lists), dtype=np.int64)
    for row, graph in enumerate(graphs):
        np.add.at(matrix[row], list(graph.cliques), 1)
        np.add.at(matrix[row], list(graph.separators), -1)
    return matrix


def _decompose(lists: int, edges: tuple[tuple[int, int], ...]) -> Graph | None:
    """Order the nodes by maximum cardinality search (Tarjan, Yannakakis 1984); None where the graph is not chordal."""
    near = [0] * lists
    for first, second in edges:
        near[first] |= 1 << second
        near[second] |= 1 << first
    visited = 0
    cliques: list[int] = []
    separators: list[int] = []
    for _ in range(lists):
        node = _next_node(near, visited, lists)
        before = near[node] & visited
        if not _complete(before, near):
            return None
        _grow(cliques, separators, before, node)
        visited |= 1 << node
    return Graph(edges, tuple(cliques), tuple(separators))


def _next_node(near: list[int], visited: int, lists: int) -> int:
    outside = [node for node in range(lists) if not visited >> node & 1]
    return max(outside, key=lambda node: ((near[node] & visited).bit_count(), -node))


def _complete(nodes: int, near: list[int]) -> bool:
    return all(nodes & ~(near[node] | 1 << node) == 0 for node in range(len(near)) if nodes >> node & 1)


def _grow(cliques: list[int], separators: list[int], before: int, node: int) -> None:
    """Add the node to the clique that its earlier neighbours are, or begin a clique and note their separator."""
    if cliques and cliques[-1] == before:
        cliques[-1] |= 1 << node
        return
    cliques.append(before | 1 << node)
    if len(cliques) > 1:
        separators.append(before)
