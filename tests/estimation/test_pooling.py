import doctest

import numpy as np
import pytest

from consilience.errors import InputError
from consilience.estimation import pooling
from consilience.estimation.pooling import split_variance, thin


def test_the_example_in_the_module_runs():
    assert doctest.testmod(pooling).failed == 0


def test_variance_is_split_by_its_sources():
    rng = np.random.default_rng(1)
    linkage, missing = rng.normal(0, 0.3, 20), rng.normal(0, 0.1, 10)
    logs = {(i, j): 5 + linkage[i] + missing[j] + rng.normal(0, 0.2, 500) for i in range(20) for j in range(10)}
    parts = split_variance(logs)
    assert parts.estimation + parts.linkage + parts.missing == pytest.approx(1)
    assert parts.total * parts.estimation == pytest.approx(0.04, rel=0.05)
    assert parts.total * parts.linkage == pytest.approx(np.var(linkage, ddof=1) * 1.05, rel=0.1)
    assert parts.total * parts.missing == pytest.approx(np.var(missing, ddof=1) * 1.1, rel=0.1)


def test_one_replicate_leaves_all_variance_to_the_estimation():
    assert split_variance({(0, 0): np.array([1.0, 2.0, 3.0])}).estimation == 1
    assert split_variance({(0, 0): np.array([2.0, 2.0])}).total == 0


def test_no_replicate_is_refused():
    with pytest.raises(InputError, match="no replicates"):
        split_variance({})


def test_thinned_draws_are_evenly_spaced():
    assert thin(np.arange(11.0), 3).tolist() == [0, 5, 10]
