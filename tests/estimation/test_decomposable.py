import doctest
from itertools import combinations

import pytest

from consilience.estimation import decomposable
from consilience.estimation.decomposable import coefficients, decomposable_graphs


def test_the_example_in_the_module_runs():
    assert doctest.testmod(decomposable).failed == 0


@pytest.mark.parametrize(("lists", "number"), [(3, 8), (4, 61), (5, 822)])
def test_there_are_as_many_decomposable_graphs_as_published(lists, number):
    assert len(decomposable_graphs(lists)) == number


def test_cliques_cover_exactly_the_edges_of_their_graph():
    for graph in decomposable_graphs(4):
        covered = {
            pair
            for clique in graph.cliques
            for pair in combinations([node for node in range(4) if clique >> node & 1], 2)
        }
        assert covered == set(graph.edges)


def test_cliques_less_separators_count_every_list_once():
    matrix = coefficients(4)
    for node in range(4):
        holds = [members >> node & 1 for members in range(16)]
        assert (matrix @ holds == 1).all()
