"""Exact averaging over all decomposable graphs (Madigan and York 1997; Johndrow, Lum and Ball 2015).

Each graph says which lists may depend on each other. Under a hyper-Dirichlet prior the probability of the whole table
given a graph and the unseen count has a closed form, so the posterior over graphs and unseen counts together is a
finite sum: no sampling, no seed, the same digits every time.

The prior of the population size N is proportional to 1/N, cut where the unseen count is `cap` times the observed one;
all graphs weigh the same before the data; every cell of the full table has prior weight `delta`, 2^-L by default.

>>> from consilience.estimation.capture import CaptureTable
>>> table = CaptureTable.build("ABC", [[1,0,0],[0,1,0],[0,0,1],[1,1,0],[1,0,1],[0,1,1],[1,1,1]], [30,30,30,20,20,20,12])
>>> result = average_graphs(table)
>>> result.posterior.quantile(0.5)
208.0
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, logsumexp

from consilience.errors import EstimationRefused
from consilience.estimation.capture import CaptureTable
from consilience.estimation.decomposable import LARGEST, Graph, coefficients, decomposable_graphs
from consilience.estimation.posterior import Weighted

METHOD = "graphs/1"
DEFAULT_CAP = 20
_BLOCK = 4096
_COARSE = 1500
_NEGLIGIBLE = 32.0
_FINEST = 200_000
_TINY = 1e-300

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class GraphAverage:
    """The exact posterior.

    Attributes:
        posterior: values and probabilities of the population size.
        graph_weights: posterior probability of each of `decomposable_graphs(lists)`, shape (graphs,).
        best: the graph with the highest posterior probability.
        mass_at_cap: posterior probability of the highest tenth of the allowed range.
    """

    posterior: Weighted
    graph_weights: Numbers
    best: Graph
    mass_at_cap: float


def average_graphs(table: CaptureTable, *, delta: float | None = None, cap: int = DEFAULT_CAP) -> GraphAverage:
    """Return the posterior of the population size, averaged over every decomposable graph.

    Args:
        table: three to five lists.
        delta: prior weight of each cell, greater than 0; 2^-L when None.
        cap: the largest unseen count allowed, as a multiple of the observed count.

    Raises:
        EstimationRefused: fewer than three or more than five lists, or nobody observed.
    """
    lists = len(table.lists)
    if not 3 <= lists <= LARGEST or table.observed == 0:
        raise EstimationRefused(
            "Averaging over all decomposable graphs needs three to five lists",
            found=f"{lists} lists with {table.observed} people",
        )
    weight = 2.0**-lists if delta is None else delta
    unseen = _grid(table, weight, cap * table.observed)
    joint = _log_joint(table, unseen, weight)
    posterior = Weighted(unseen + table.observed, joint.over_unseen)
    best = decomposable_graphs(lists)[int(np.argmax(joint.over_graphs))]
    edge = unseen > 0.9 * cap * table.observed
    return GraphAverage(posterior, joint.over_graphs, best, float(joint.over_unseen[edge].sum()))


def _grid(table: CaptureTable, delta: float, most: int) -> NDArray[np.int64]:
    """Return every unseen count whose density is above e^-32 of the highest (every k-th in a range beyond _FINEST)."""
    coarse = np.unique(np.rint(np.geomspace(1, most + 1, _COARSE)).astype(np.int64)) - 1
    logs = _log_joint(table, coarse, delta).log_density
    near = np.flatnonzero(logs > logs.max() - _NEGLIGIBLE)
    low, high = coarse[max(near[0] - 1, 0)], coarse[min(near[-1] + 1, len(coarse) - 1)]
    return np.arange(low, high + 1, max(1, -(-(high - low) // _FINEST)), dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class _Joint:
    log_density: Numbers
    over_unseen: Numbers
    over_graphs: Numbers


def _log_joint(table: CaptureTable, unseen: NDArray[np.int64], delta: float) -> _Joint:
    lists = len(table.lists)
    signs = coefficients(lists).astype(np.float64)
    over_unseen = np.empty(len(unseen))
    over_graphs = np.full(len(signs), -np.inf)
    for start in range(0, len(unseen), _BLOCK):
        block = unseen[start : start + _BLOCK].astype(np.float64)
        logs = signs @ _set_terms(table, block, delta) + _population_terms(table, block)
        highest = float(logs.max())
        shares = np.exp(logs - highest)
        over_unseen[start : start + _BLOCK] = highest + np.log(np.maximum(shares.sum(axis=0), _TINY))
        over_graphs = np.logaddexp(over_graphs, highest + np.log(np.maximum(shares.sum(axis=1), _TINY)))
    total = logsumexp(over_unseen)
    return _Joint(over_unseen, np.exp(over_unseen - total), np.exp(over_graphs - total))


def _population_terms(table: CaptureTable, unseen: Numbers) -> Numbers:
    """Return log N! - log n0! and the prior 1 / N, for each unseen count, shape (M,)."""
    return np.asarray(gammaln(table.observed + unseen) - gammaln(unseen + 1))


def _set_terms(table: CaptureTable, unseen: Numbers, delta: float) -> Numbers:
    """Return the log Dirichlet-multinomial term of every set of lists, shape (2^L, M); the empty set's is 0.

    With no list the one cell holds everybody for sure, and its ratio of gamma functions cancels.
    """
    lists = len(table.lists)
    population = table.observed + unseen
    whole = delta * (1 << lists)
    shared = gammaln(whole) - gammaln(whole + population)
    terms = np.zeros((1 << lists, len(unseen)))
    for members in range(1, 1 << lists):
        columns = [place for place in range(lists) if members >> place & 1]
        prior = delta * (1 << (lists - len(columns)))
        margin = _margin(table, columns)
        known = gammaln(prior + margin[1:]).sum() - len(margin) * gammaln(prior)
        terms[members] = shared + known + gammaln(prior + margin[0] + unseen)
    return terms


def _margin(table: CaptureTable, columns: list[int]) -> Numbers:
    """Return the counts of the 2^k patterns on `columns`, shape (2^k,)."""
    codes = table.patterns[:, columns].astype(np.int64) @ (1 << np.arange(len(columns)))
    return np.asarray(np.bincount(codes, weights=table.counts, minlength=1 << len(columns)), dtype=np.float64)
