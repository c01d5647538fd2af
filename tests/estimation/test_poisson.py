import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.estimation import poisson
from consilience.estimation.poisson import design_matrix, fit_poisson


def test_the_example_in_the_module_runs():
    assert doctest.testmod(poisson).failed == 0


@given(st.lists(st.integers(1, 200), min_size=7, max_size=7))
def test_a_fit_reproduces_the_margins_of_its_terms(counts):
    design = design_matrix(3, (0, 1, 2, 4, 3))
    table = np.array([counts], dtype=float)
    fit = fit_poisson(design, table, np.ones((1, 5), dtype=bool))
    means = np.exp(fit.coefficients @ design.T)
    assert means @ design == pytest.approx(table @ design, rel=1e-5)


def test_many_fits_at_once_equal_fits_one_by_one():
    design = design_matrix(3, (0, 1, 2, 4, 3, 5))
    counts = np.array([[30, 20, 9, 25, 8, 7, 4], [3, 50, 2, 5, 8, 6, 1]], dtype=float)
    active = np.array([[True, True, True, True, False, True], [True, True, True, True, True, False]])
    together = fit_poisson(design, counts, active).unseen
    alone = [fit_poisson(design, counts[[row]], active[[row]]).unseen[0] for row in range(2)]
    assert together == pytest.approx(alone, rel=1e-7)
