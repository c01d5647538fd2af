import doctest

import numpy as np

from consilience.estimation import existence
from consilience.estimation.existence import Existence, check_existence
from consilience.estimation.poisson import design_matrix


def test_the_example_in_the_module_runs():
    assert doctest.testmod(existence).failed == 0


def test_an_empty_overlap_whose_term_is_in_the_model_gives_an_extended_estimate():
    counts = np.array([40, 30, 6, 20, 0, 4, 0])
    assert check_existence(design_matrix(3, (0, 1, 2, 4, 5)), counts) is Existence.EXTENDED


def test_lists_that_never_meet_do_not_identify_the_unseen_count():
    counts = np.array([40, 30, 0, 20, 0, 0, 0])
    model = check_existence(design_matrix(3, (0, 1, 2, 4, 3, 5, 6)), counts)
    assert model is Existence.UNIDENTIFIED
    assert not model.usable


def test_a_full_table_always_has_an_estimate(kosovo):
    terms = (0, 1, 2, 4, 8, 3, 5, 6, 7, 9, 12)
    assert check_existence(design_matrix(4, terms), kosovo.cells()[1:]) is Existence.EXISTS
