import numpy as np
import pytest

from consilience.errors import UsageError
from consilience.warning.periods import PeriodLine
from consilience.warning.practice import practice_at
from consilience.warning.series import SeriesSet


def _series(counts):
    keys = tuple((source, "detention") for source in ("a", "b", "c"))
    line = PeriodLine.of(["1", str(counts.shape[1])])
    return SeriesSet(("source", "violation"), keys, line, line.labels(), counts, np.zeros(3, dtype=np.int64))


@pytest.fixture
def counts():
    return np.random.default_rng(1).poisson(6.0, (3, 80)).astype(float)


def test_a_rise_that_one_source_alone_records_is_a_change_of_practice(counts):
    counts[0, 68:] *= 3
    found = practice_at(_series(counts), "source", 79)
    assert found.changed.tolist() == [True, False, False]
    assert found.ratio[0] == pytest.approx(3, rel=0.4)


def test_a_rise_that_every_source_records_is_none(counts):
    counts[:, 68:] *= 3
    assert not practice_at(_series(counts), "source", 79).changed.any()


def test_a_source_that_falls_silent_alone_is_told_too(counts):
    counts[1, 68:] = 0
    found = practice_at(_series(counts), "source", 79)
    assert found.changed.tolist() == [False, True, False]
    assert found.z[1] < -4


def test_too_little_elsewhere_leaves_it_open(counts):
    counts[1:] = 0
    assert np.isnan(practice_at(_series(counts), "source", 79).z[0])


def test_series_without_a_source_are_a_misuse(counts):
    with pytest.raises(UsageError, match="no part organisation"):
        practice_at(_series(counts), "organisation", 79)
