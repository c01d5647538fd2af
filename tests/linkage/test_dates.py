"""Dates, births and ages become intervals."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.linkage.dates import Days, births_from_ages, is_day_first, read_ages, read_dates


@pytest.mark.parametrize("said", ["1971-06-24", "19710624", "24/06/1971", "24 June 1971", "1971-06-24T10:00"])
def test_a_whole_day_is_read_in_any_usual_form(said):
    assert Days.of(said, day_first=True) == Days(539, 539, "19710624")


def test_a_month_and_a_year_are_intervals():
    assert Days.of("2019-03", day_first=True) == Days(17956, 17986, "")
    assert Days.of("1994", day_first=True).high - Days.of("1994", day_first=True).low == 364


def test_an_impossible_day_keeps_its_digits():
    assert Days.of("1971-13-24", day_first=True) == Days(None, None, "19711324")


def test_a_day_with_a_slip_keeps_its_digits():
    assert Days.of("197-06-24", day_first=True) == Days(None, None, "1970624")


def test_words_that_are_no_date_are_missing():
    assert Days.of("after the harvest feast", day_first=True) == Days()


def test_the_order_of_day_and_month_is_learnt_from_the_column():
    assert not is_day_first(["1/24/2015", "3/4/2015"])
    assert is_day_first(["24/1/2015", "3/4/2015"])
    assert is_day_first(["3/4/2015"])


def test_columns_are_read_value_by_value():
    low, high, text = read_dates(pa.array(["2020-01-01", None, "2020"]))
    assert low.to_pylist() == [18262, None, 18262]
    assert high.to_pylist() == [18262, None, 18627]
    assert text.to_pylist() == ["20200101", None, None]


def test_ages_and_bands_are_read():
    low, high = read_ages(pa.array(["31", "18-29", None, "unknown", "31.0"]))
    assert low.to_pylist() == [31, 18, None, None, 31]
    assert high.to_pylist() == [31, 29, None, None, 31]


@given(st.integers(0, 100), st.integers(0, 20), st.integers(0, 20_000), st.integers(0, 364))
def test_the_interval_of_births_holds_everybody_of_that_age(age, wider, day, since_birthday):
    birth = day - int(age * 365.25) - since_birthday
    column = pa.array([float(age)]), pa.array([float(age + wider)])
    low, high = births_from_ages(*column, pa.array([day]), pa.array([day]))
    assert low[0].as_py() - 1 <= birth <= high[0].as_py() + 1
