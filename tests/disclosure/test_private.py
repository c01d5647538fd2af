"""Differential privacy is optional: with OpenDP it spends its budget, without it it says what to install."""

from importlib.util import find_spec

import numpy as np
import pytest

from consilience.disclosure.budget import Budget
from consilience.disclosure.private import error, noisy_counts
from consilience.errors import UsageError

HAVE = find_spec("opendp") is not None


def _draw(budget):
    return noisy_counts(np.full(500, 40), epsilon=1.0, cells_per_person=1, budget=budget, account="release")


@pytest.mark.skipif(HAVE, reason="OpenDP is installed")
def test_without_opendp_the_error_says_how_to_install_it_and_nothing_is_spent():
    budget = Budget({"release": 1.0})
    with pytest.raises(UsageError, match="pip install"):
        _draw(budget)
    assert budget.left("release") == 1.0


@pytest.mark.skipif(not HAVE, reason="OpenDP is an optional extra and is not installed")
def test_the_stated_error_holds_and_the_budget_is_spent():
    budget = Budget({"release": 1.0})
    counts, spent = _draw(budget)
    assert spent.left == 0
    assert (np.abs(counts - 40) <= np.ceil(error(epsilon=1.0, cells_per_person=1))).mean() > 0.9


def test_more_cells_a_person_or_less_epsilon_means_a_larger_error():
    assert error(epsilon=0.5, cells_per_person=1) > error(epsilon=1.0, cells_per_person=1)
    assert error(epsilon=1.0, cells_per_person=3) > error(epsilon=1.0, cells_per_person=1)
