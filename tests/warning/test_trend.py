import numpy as np
import pytest
from scipy import stats

from consilience.errors import RefusalError
from consilience.warning.trend import change_points, compared, trend


def test_the_slope_is_theil_and_sens_and_a_rise_is_seen():
    values = np.random.default_rng(1).normal(size=60) + 0.1 * np.arange(60)
    found = trend(values)
    assert found.slope == pytest.approx(stats.theilslopes(values)[0])
    assert found.low < 0.1 < found.high
    assert found.p < 0.01


def test_autocorrelation_alone_is_seldom_taken_for_a_trend():
    rng, false = np.random.default_rng(2), 0
    for _ in range(200):
        errors = rng.normal(size=60)
        for place in range(1, 60):
            errors[place] += 0.5 * errors[place - 1]
        false += trend(errors).p < 0.05
    assert false < 0.15 * 200


def test_no_trend_is_drawn_across_a_break_in_coverage_or_from_few_values():
    with pytest.raises(RefusalError, match="break in coverage"):
        trend(np.arange(20.0), breaks=(10,))
    with pytest.raises(RefusalError, match="Too few"):
        trend(np.arange(5.0))


def test_change_points_are_exact_and_none_are_found_in_a_steady_series():
    rng = np.random.default_rng(3)
    counts = rng.poisson(np.repeat([5.0, 15.0, 4.0], 40)).astype(float)
    found = change_points(counts)
    assert len(found) == 2
    assert np.allclose(found, (40, 80), atol=2)
    assert sum(bool(change_points(rng.poisson(8.0, 100).astype(float))) for _ in range(40)) <= 3


def test_areas_are_compared_only_where_their_codes_agree():
    assert compared((10, 12), (3, 5), 0.95).verdict == "higher"
    assert compared((3, 5), (10, 12), 0.95).verdict == "lower"
    assert compared((3, 11), (10, 12), 0.95).verdict == "cannot be told"
    assert "60%" in compared((10, 12), (3, 5), 0.6).reason
