import numpy as np
import pyarrow as pa
import pytest

from consilience.errors import FormatError, UsageError
from consilience.warning.detect import watch
from consilience.warning.planned import adjusted, read_calendar
from consilience.warning.settings import NOUFAILY

MONTHLY = NOUFAILY.scaled(12.0)


def _calendar(*rows):
    names = ("name", "kind", "first", "last", "series")
    return read_calendar(
        pa.table({name: [row[place] for row in rows] for place, name in enumerate(names)}), ("series",)
    )


ELECTIONS = (
    ("election 2016", "election", "2016-02-01", "2016-02-28", ""),
    ("election 2017", "election", "2017-09-01", "2017-09-30", ""),
    ("election 2018", "election", "2018-08-01", "2018-08-31", ""),
    ("election 2019", "election", "2019-06-01", "2019-06-30", ""),
)


@pytest.fixture
def monthly(make_series):
    def make(last):
        counts = np.random.default_rng(1).poisson(10.0, (1, 120)).astype(float)
        counts[0, [73, 92, 103]] = 30
        counts[0, 113] = last
        return make_series(counts, "2010-01")

    return make


@pytest.mark.parametrize(("last", "even_then"), [(34, False), (150, True)])
def test_the_calendar_words_the_alert_and_never_decides_it(monthly, last, even_then):
    series = monthly(last)
    found = watch(series, MONTHLY, first=60)
    told = adjusted(series, found, _calendar(*ELECTIONS), 0, 53)
    assert found.alarm[0, 53]
    assert told.names == ("election 2019",)
    assert told.unusual_even_then is even_then
    assert told.upper >= found.upper[0, 53]
    assert told.sentences(alarm=True)[1][0] == ("event_unusual" if even_then else "event_usual")


def test_the_first_event_of_its_kind_says_that_nothing_is_known(monthly):
    series = monthly(40)
    found = watch(series, MONTHLY, first=60)
    told = adjusted(series, found, _calendar(ELECTIONS[-1]), 0, 53)
    assert told.upper is None
    assert told.sentences(alarm=True)[1][0] == "event_unknown"
    assert adjusted(series, found, _calendar(ELECTIONS[-1]), 0, 50).names == ()


def test_an_entry_for_another_series_is_no_context(monthly):
    series = monthly(40)
    found = watch(series, MONTHLY, first=60)
    assert adjusted(series, found, _calendar((*ELECTIONS[-1][:4], "other")), 0, 53).names == ()


def test_a_calendar_that_cannot_be_read_gets_the_sentence_that_helps():
    with pytest.raises(UsageError, match="lacks columns"):
        read_calendar(pa.table({"name": ["x"]}))
    with pytest.raises(FormatError, match="no dates"):
        _calendar(("x", "", "soon", "2016-06-30", ""))
    with pytest.raises(FormatError, match="ends before"):
        _calendar(("x", "", "2017-06-01", "2016-06-30", ""))
