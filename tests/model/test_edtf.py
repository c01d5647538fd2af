"""The reader of EDTF against the library `edtf`, where the library is right."""

from datetime import date

import pytest
from edtf import parse_edtf

from consilience.errors import ValueFormError
from consilience.model.edtf import looks_like_edtf, read

AGREED = [
    "2019", "2019-03", "2019-03-15", "2020-02-29", "201X", "20XX", "2019-XX", "2019-03-XX", "2019?", "2019-03?",
    "2020-04-03/2020-04-09", "2019/2020", "2019-03/2020", "[2019,2020]", "{2019,2020}", "[2019-03-01..2019-03-15]",
    "2019-33", "2019-36", "2019-37", "2019-39", "2019-40", "2019-41",
]  # fmt: skip


@pytest.mark.parametrize("text", AGREED)
def test_the_bounds_are_those_of_the_reference_library(text):
    reference = parse_edtf(text)
    reading = read(text)
    assert reading.earliest == date(*reference.lower_strict()[:3])
    assert reading.latest == date(*reference.upper_strict()[:3])


@pytest.mark.parametrize(
    "text", ["2019-XX-05x", "[2019", "2019]", "[]", "20190", "2019-3", "Y17E7", "/", "2019~~x", "", "-2019"]
)
def test_what_is_not_edtf_is_refused(text):
    with pytest.raises(ValueFormError):
        read(text)


@pytest.mark.parametrize("text", ["2019/03/15", "2019-2020", "12/05/2019", "2019-2-3", "March 2019", "20190315"])
def test_other_numeric_dates_do_not_look_like_edtf(text):
    assert not looks_like_edtf(text)


@pytest.mark.parametrize("text", [*AGREED, "~2019", "2019~-03", "[..2019-05-11]", "2019-02-30", "XXXX-XX-XX"])
def test_edtf_looks_like_edtf(text):
    assert looks_like_edtf(text)


def test_a_date_without_any_year_is_refused():
    with pytest.raises(ValueFormError, match="names no year"):
        read("XXXX-12-25")


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2019-05-12~", date(2019, 5, 9), date(2019, 5, 15)),
        ("2019-12~", date(2019, 11, 1), date(2020, 1, 31)),
        ("2019~", date(2018, 1, 1), date(2020, 12, 31)),
        ("0001~", date.min, date(2, 12, 31)),
        ("9999~", date(9998, 1, 1), date.max),
        ("9999-12-31~", date(9999, 12, 28), date.max),
    ],
)
def test_about_widens_a_day_by_three_days_a_month_by_a_month_and_a_year_by_a_year(text, earliest, latest):
    assert (read(text).earliest, read(text).latest) == (earliest, latest)
