"""Rates carry the exact Poisson interval and the counts' bounds, and are refused without a population."""

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from consilience.errors import RefusalError
from consilience.indicators.rates import garwood, rates


def observations(counts):
    size = len(counts)
    return pa.table(
        {
            "INDICATOR": ["K"] * size,
            "REF_AREA": [f"X{n}" for n in range(size)],
            "TIME_PERIOD": ["2023"] * size,
            "SEX": ["_T"] * size,
            "AGE": ["_T"] * size,
            "UNIT": ["ACTS"] * size,
            "OBS_VALUE": pa.array(counts, pa.int64()),
            "LOWER_BOUND": pa.array([max(0, c - 1) for c in counts], pa.int64()),
            "UPPER_BOUND": pa.array([c + 2 for c in counts], pa.int64()),
        }
    )


def denominators(populations):
    return pa.table(
        {
            "area": [f"X{n}" for n in range(len(populations))],
            "period": ["2023"] * len(populations),
            "sex": ["_T"] * len(populations),
            "age": ["_T"] * len(populations),
            "population": pa.array(populations, pa.int64()),
        }
    )


def test_garwoods_interval_is_the_published_one():
    # Garwood 1936, 95%: 0 gives (0, 3.689), 1 gives (0.0253, 5.572), 100 gives (81.36, 121.63).
    low, high = garwood(np.array([0, 1, 100]))
    assert low == pytest.approx([0, 0.0253, 81.36], abs=0.005)
    assert high == pytest.approx([3.689, 5.572, 121.63], abs=0.005)


def test_the_interval_holds_the_true_mean_at_least_95_of_100_times():
    for mean in (0.5, 3, 20):
        counts = np.arange(200)
        low, high = garwood(counts)
        assert stats.poisson.pmf(counts[(low <= mean) & (mean <= high)], mean).sum() >= 0.95


def test_a_rate_is_the_count_per_100_000_with_its_bounds(engine):
    row = rates(engine, observations([5]), denominators([50_000])).to_pylist()[0]
    assert (row["RATE"], row["RATE_LOWER_BOUND"], row["RATE_UPPER_BOUND"]) == (10, 8, 14)
    assert row["RATE_LOW"] < 10 < row["RATE_HIGH"]
    assert row["POPULATION"] == 50_000


@pytest.mark.parametrize("populations", [[50_000], [50_000, 0]])
def test_a_missing_or_empty_population_is_refused(engine, populations):
    with pytest.raises(RefusalError, match="without a population"):
        rates(engine, observations([5, 6]), denominators(populations))


def test_two_populations_for_one_cell_are_refused(engine):
    twice = pa.concat_tables([denominators([50_000])] * 2)
    with pytest.raises(RefusalError, match="several populations"):
        rates(engine, observations([5]), twice)
