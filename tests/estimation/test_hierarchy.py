import doctest

from consilience.estimation import hierarchy
from consilience.estimation.hierarchy import all_models, describe, pairwise_models


def test_the_example_in_the_module_runs():
    assert doctest.testmod(hierarchy).failed == 0


def test_every_model_holds_the_parts_of_its_terms():
    for model in all_models(4):
        for term in model:
            assert all(part in model for part in range(1, term) if part & term == part)


def test_models_of_pairs_are_among_all_models_of_four_lists():
    assert set(pairwise_models(4)) <= set(all_models(4))


def test_generators_leave_out_what_they_imply():
    assert describe(frozenset({1, 2, 4, 3, 5, 6, 7, 8}), ("EXH", "ABA", "OSCE", "HRW")) == "[EXH*ABA*OSCE, HRW]"
