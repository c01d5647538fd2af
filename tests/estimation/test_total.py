import doctest

import numpy as np
import pytest

from consilience.estimation import total
from consilience.estimation.total import StratumResult, add_draws, total_of


def _result(name, median, *, verdict="usable", observed=100):
    draws = np.full((1, 50), float(median))
    method = {"rhat": 1.0, "ess": 1000}
    refused = verdict == "not supported"
    report = {
        "stratum": name,
        "observed": observed,
        "verdict": verdict,
        "reasons": ["Because."],
        "recommended": None if refused else {"method": "latent", "median": median},
        "methods": {"latent": method},
    }
    return StratumResult(name, report, {} if refused else {"latent": draws})


def test_the_example_in_the_module_runs():
    assert doctest.testmod(total).failed == 0


def test_rows_of_the_same_replicate_are_added_to_each_other():
    rows = np.array([[100.0] * 200, [900.0] * 200])
    summed = add_draws([rows, 2 * rows], np.random.default_rng(1))
    assert np.unique(summed[0]).tolist() == [300]
    assert np.unique(summed[1]).tolist() == [2700]


def test_independent_strata_partly_cancel():
    rng = np.random.default_rng(2)
    draws = np.sort(rng.normal(1000, 100, (1, 4000)), axis=1)
    summed = add_draws([draws, draws], rng)
    assert summed.std() == pytest.approx(100 * np.sqrt(2), rel=0.05)


def test_strata_without_a_number_are_left_out_and_named():
    found = total_of([_result("N", 300), _result("S", 0, verdict="not supported", observed=7)], seed=1)
    assert found["verdict"] == "usable with caution"
    assert found["recommended"]["median"] == 300
    assert found["recommended"]["documented"] == 107
    assert found["recommended"]["documented_in_strata_summed"] == 100
    assert found["left_out"] == [{"stratum": "S", "observed": 7, "reasons": ["Because."]}]
    assert "left out" in found["words"]


def test_a_sum_of_usable_strata_is_usable():
    found = total_of([_result("N", 300), _result("S", 200)], seed=1)
    assert found["verdict"] == "usable"
    assert found["methods"]["latent"]["median"] == 500
    assert [one["stratum"] for one in found["strata"]] == ["N", "S"]


def test_no_usable_stratum_leaves_no_total():
    found = total_of([_result("N", 300, verdict="not supported")], seed=1)
    assert (found["verdict"], found["recommended"]) == ("not supported", None)
    assert found["methods"]["latent"]["median"] is None


def test_a_method_without_a_number_in_one_stratum_has_no_total():
    graphs = {**_result("S", 200).report, "recommended": {"method": "graphs", "median": 200}}
    found = total_of([_result("N", 300), StratumResult("S", graphs, {"graphs": np.full((1, 50), 200.0)})], seed=1)
    assert found["recommended"]["median"] == 500
    assert found["methods"]["latent"]["median"] is None
