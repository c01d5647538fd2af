import doctest
from math import comb, lgamma

import numpy as np
import pytest

from consilience.errors import EstimationRefused
from consilience.estimation import graphs
from consilience.estimation.capture import CaptureTable
from consilience.estimation.graphs import average_graphs


def _summary(result):
    return [result.posterior.quantile(share) for share in (0.025, 0.5, 0.975)]


def test_the_example_in_the_module_runs():
    assert doctest.testmod(graphs).failed == 0


def test_kosovo_has_the_published_exact_posterior(kosovo):
    assert _summary(average_graphs(kosovo)) == [9827, 12595, 16544]


def test_the_western_states_table_has_the_published_exact_posterior(sparse):
    assert _summary(average_graphs(sparse)) == [1343, 2132, 3848]


def test_the_weights_are_a_probability_and_the_same_each_time(kosovo):
    one, other = average_graphs(kosovo), average_graphs(kosovo)
    assert one.posterior.weights.sum() == pytest.approx(1)
    assert one.graph_weights.sum() == pytest.approx(1)
    assert np.array_equal(one.posterior.weights, other.posterior.weights)


def test_the_sum_agrees_with_the_formula_written_out_for_each_graph():
    table = CaptureTable.build("ABC", [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]], [4, 3, 2, 1])
    delta, cap = 0.25, 3

    def dirichlet(counts, prior):
        total = sum(counts)
        ratio = lgamma(prior * len(counts)) - lgamma(prior * len(counts) + total)
        return ratio + sum(lgamma(prior + count) - lgamma(prior) for count in counts)

    def margin(members, unseen):
        cells = [0] * (1 << len(members))
        for pattern, count in [*zip(table.patterns.tolist(), table.counts, strict=True), ([0, 0, 0], unseen)]:
            cells[sum(pattern[node] << place for place, node in enumerate(members))] += count
        return cells

    nodes = lambda bits: [node for node in range(3) if bits >> node & 1]  # noqa: E731
    weights = []
    for unseen in range(cap * table.observed + 1):
        total = 0.0
        for graph in graphs.decomposable_graphs(3):
            value = sum(dirichlet(margin(nodes(c), unseen), delta * 2 ** (3 - c.bit_count())) for c in graph.cliques)
            value -= sum(
                dirichlet(margin(nodes(s), unseen), delta * 2 ** (3 - s.bit_count())) for s in graph.separators
            )
            total += np.exp(value)
        weights.append(total * comb(table.observed + unseen, unseen) / (table.observed + unseen))
    exact = np.array(weights) / sum(weights)
    assert average_graphs(table, delta=delta, cap=cap).posterior.weights == pytest.approx(exact)


def test_mass_near_the_cap_is_reported(sparse):
    assert average_graphs(sparse, cap=5).mass_at_cap > 0.2
    assert average_graphs(sparse).mass_at_cap < 0.01


def test_two_lists_are_refused():
    with pytest.raises(EstimationRefused, match="three to five"):
        average_graphs(CaptureTable.build("AB", [[1, 0], [0, 1], [1, 1]], [5, 5, 5]))
