import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.errors import FormatError, UsageError
from consilience.warning.periods import Kind, PeriodLine


@pytest.mark.parametrize(
    ("labels", "kind", "length"),
    [
        (["2023-12", "2024-02"], Kind.MONTH, 3),
        (["2023-12-01", "2024-02-01"], Kind.MONTH, 3),
        (["2023-Q4", "2024-Q2"], Kind.QUARTER, 3),
        (["1999", "2003"], Kind.YEAR, 5),
        (["2024-01-01", "2024-01-08", "2024-01-22"], Kind.DAY, 4),
        (["2024-01-03", "2024-01-04"], Kind.DAY, 2),
        (["1995-01", "1995-40"], Kind.WEEK, 40),
        (["3", "1"], Kind.NUMBER, 3),
    ],
)
def test_kinds_are_told_apart(labels, kind, length):
    line = PeriodLine.of(labels)
    assert (line.kind, line.length) == (kind, length)
    assert line.position(max(labels)) == length - 1 or kind is Kind.NUMBER


@given(st.integers(0, 3000), st.sampled_from(["1980-W01", "1980-01", "1980-Q1", "1980-01-02", "1"]))
def test_a_label_leads_back_to_its_position(position, first):
    line = PeriodLine.of([first])
    assert line.position(line.label(position)) == position


def test_weeks_named_by_a_day_count_as_weeks_of_the_year():
    assert PeriodLine.of(["2024-01-02", "2024-01-09"]).per_year == pytest.approx(52.1775)


def test_a_label_of_another_kind_is_refused():
    with pytest.raises(FormatError, match="no month of the series"):
        PeriodLine.of(["2024-01"]).position("2024-W03")


def test_a_year_of_no_periods_is_refused():
    with pytest.raises(UsageError):
        PeriodLine.of(["1"], per_year=0)


def test_periods_know_their_days():
    line = PeriodLine.of(["2024-02", "2024-03"])
    assert [day.isoformat() for day in line.days(0)] == ["2024-02-01", "2024-02-29"]
