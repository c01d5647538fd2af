"""Series made from arrays, over a line of weeks."""

import numpy as np
import pytest

from consilience.warning.periods import PeriodLine
from consilience.warning.series import SeriesSet


@pytest.fixture(scope="session")
def make_series():
    def make(counts, first="1", per_year=None):
        counts = np.atleast_2d(np.asarray(counts, dtype=float))
        one = PeriodLine.of([first], per_year)
        line = PeriodLine.of([first, one.label(counts.shape[1] - 1)], per_year)
        keys = tuple((f"{row:05d}",) for row in range(len(counts)))
        starts = np.argmax(np.isfinite(counts), axis=1)
        return SeriesSet(("series",), keys, line, line.labels(), counts, starts)

    return make
