import numpy as np
import pytest

from consilience.warning.delay import completed, coverage, revised


def test_the_completed_count_recovers_what_is_still_to_come():
    rng = np.random.default_rng(1)
    triangle = rng.poisson(np.array([60.0, 30.0, 10.0]), (40, 3)).astype(float)
    final = triangle.sum(axis=1)
    triangle[-1, 1:], triangle[-2, 2] = np.nan, np.nan
    found = completed(triangle)
    assert found.share[-1] == pytest.approx(0.6, abs=0.03)
    assert abs(found.count[-1] - final[-1]) < 30
    assert found.reported[-1] <= found.lower[-1] <= found.count[-1]
    assert found.provisional.tolist()[-3:] == [False, True, True]
    assert np.array_equal(found.lower[:-2], final[:-2])


def test_a_silent_source_is_not_zero_events():
    reports = np.full((2, 20), 30.0)
    reports[0, 19] = 2
    found = coverage(reports)
    assert found.silent[:, 19].tolist() == [True, False]
    assert found.fallen[:, 19].tolist() == [True, False]
    assert found.usual[0, 19] == 30


def test_ordinary_swings_of_reporting_are_no_fall():
    reports = np.random.default_rng(2).negative_binomial(10, 0.25, (50, 60)).astype(float)
    assert coverage(reports).fallen[:, 12:].mean() < 0.01


def test_an_alert_is_withdrawn_only_by_other_data():
    before, after = np.array([True]), np.array([False])
    assert revised(before, after, same_vintage=True).tolist() == ["standing"]
    assert revised(before, after, same_vintage=False).tolist() == ["withdrawn after revision"]
