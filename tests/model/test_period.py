from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consilience.errors import ValueFormError
from consilience.model.period import Period
from consilience.model.precision import DatePrecision
from consilience.model.vocabulary import load_words

DAYS = st.dates(min_value=date(1800, 1, 1), max_value=date(2200, 12, 31))

SAID = {
    "about March 2019": ("2019-03~", date(2019, 2, 1), date(2019, 4, 30), "ABOUT"),
    "2019 or 2020": ("[2019,2020]", date(2019, 1, 1), date(2020, 12, 31), "EITHER"),
    "before 12 May 2019": ("[..2019-05-11]", None, date(2019, 5, 11), "BEFORE"),
    "by 12 May 2019": ("[..2019-05-12]", None, date(2019, 5, 12), "BEFORE"),
    "after May 2019": ("[2019-06-01..]", date(2019, 6, 1), None, "AFTER"),
    "early June 2021": ("[2021-06-01..2021-06-10]", date(2021, 6, 1), date(2021, 6, 10), "RANGE"),
    "mid-June 2021": ("[2021-06-11..2021-06-20]", date(2021, 6, 11), date(2021, 6, 20), "RANGE"),
    "late February 2020": ("[2020-02-21..2020-02-29]", date(2020, 2, 21), date(2020, 2, 29), "RANGE"),
    "late 2019": ("[2019-09..2019-12]", date(2019, 9, 1), date(2019, 12, 31), "RANGE"),
    "between 3 and 9 April 2020": ("[2020-04-03..2020-04-09]", date(2020, 4, 3), date(2020, 4, 9), "WEEK"),
    "from 3 to 5 April 2020": ("2020-04-03/2020-04-05", date(2020, 4, 3), date(2020, 4, 5), "DAYS"),
    "3 or 4 April 2019": ("[2019-04-03,2019-04-04]", date(2019, 4, 3), date(2019, 4, 4), "EITHER"),
    "week of 3 April 2020": ("[2020-03-30..2020-04-05]", date(2020, 3, 30), date(2020, 4, 5), "WEEK"),
    "spring 2018": ("2018-21", date(2018, 3, 1), date(2018, 11, 30), "SEASON"),
    "southern spring 2018": ("2018-29", date(2018, 9, 1), date(2018, 11, 30), "SEASON"),
    "winter 2019": ("2019-24", date(2018, 12, 1), date(2020, 2, 29), "SEASON"),
    "Q2 2019": ("2019-34", date(2019, 4, 1), date(2019, 6, 30), "SEASON"),
    "the 1970s": ("197X", date(1970, 1, 1), date(1979, 12, 31), "YEARS"),
    "early 1970s": ("[1970..1973]", date(1970, 1, 1), date(1973, 12, 31), "RANGE"),
    "possibly 2019": ("2019?", date(2019, 1, 1), date(2019, 12, 31), "DOUBTFUL"),
    "2019-2020": ("2019/2020", date(2019, 1, 1), date(2020, 12, 31), "RANGE"),
    "25/05/2019": ("2019-05-25", date(2019, 5, 25), date(2019, 5, 25), "DAY"),
    "2019-03-15 10:00:00": ("2019-03-15", date(2019, 3, 15), date(2019, 3, 15), "DAY"),
    "Monday, May 12th 2019": ("2019-05-12", date(2019, 5, 12), date(2019, 5, 12), "DAY"),
    "20190315": ("2019-03-15", date(2019, 3, 15), date(2019, 3, 15), "DAY"),
    "03/2019": ("2019-03", date(2019, 3, 1), date(2019, 3, 31), "MONTH"),
    "unknown": ("XXXX-XX-XX", None, None, "UNKNOWN"),
    "../2019-05-11": ("../2019-05-11", None, date(2019, 5, 11), "BEFORE"),
    "2019-03-15/..": ("2019-03-15/..", date(2019, 3, 15), None, "AFTER"),
    "2019-XX-XX": ("2019-XX-XX", date(2019, 1, 1), date(2019, 12, 31), "YEAR"),
    "{2019,2020-05}": ("{2019,2020-05}", date(2019, 1, 1), date(2020, 5, 31), "EITHER"),
}


@pytest.mark.parametrize("said", SAID)
def test_what_was_said_is_kept_and_bounded(said):
    period = Period.parse(said)
    assert (period.edtf, period.earliest, period.latest, period.precision.value) == SAID[said]
    assert period.said == said


SAME = [
    ("about March 2019", "vers mars 2019", "hacia marzo de 2019", "حوالي مارس ٢٠١٩",
     "около марта 2019", "大约2019年3月"),
    ("before 12 May 2019", "avant le 12 mai 2019", "antes del 12 de mayo de 2019", "قبل ١٢ مايو ٢٠١٩",
     "до 12 мая 2019 г.", "2019年5月12日之前"),
    ("between 3 and 9 April 2020", "entre le 3 et le 9 avril 2020", "entre el 3 y el 9 de abril de 2020",
     "بين 3 و9 أبريل 2020", "между 3 и 9 апреля 2020 года", "介于2020年4月3日和9日之间"),
    ("3 to 9 April 2020", "du 3 au 9 avril 2020", "del 3 al 9 de abril de 2020", "3 إلى 9 أبريل 2020",
     "с 3 по 9 апреля 2020", "2020年4月3日至9日"),
    ("early June 2021", "début juin 2021", "principios de junio de 2021", "أوائل يونيو 2021", "в начале июня 2021 г.",
     "2021年6月初"),
    ("spring 2018", "printemps 2018", "primavera de 2018", "ربيع 2018", "весной 2018", "2018年春季"),
    ("2019 or 2020", "2019 ou 2020", "2019 o 2020", "2019 أو 2020", "2019 или 2020", "2019年或2020年"),
    ("12 January 2019", "12 janvier 2019", "12 de enero de 2019", "١٢ كانون الثاني ٢٠١٩",
     "12 января 2019", "2019年1月12日"),
    ("15 March 2019", "15 mars 2019", "15 de marzo de 2019", "۱۵ مارس ۲۰۱۹", "15 марта 2019 г.", "2019年三月15日"),
]  # fmt: skip


@pytest.mark.parametrize("phrases", SAME)
def test_the_same_date_in_six_languages_is_the_same_period(phrases):
    assert {Period.parse(said).edtf for said in phrases} == {Period.parse(phrases[0]).edtf}


def test_a_day_and_month_in_doubtful_order_are_never_guessed():
    with pytest.raises(ValueFormError, match="order of day and month"):
        Period.parse("12/05/2019")
    assert Period.parse("12/05/2019", day_first=True).edtf == "2019-05-12"
    assert Period.parse("12/05/2019", day_first=False).edtf == "2019-12-05"
    assert Period.parse("05.05.2019").edtf == "2019-05-05"


def test_a_date_against_the_declared_order_is_refused():
    with pytest.raises(ValueFormError, match="no such month"):
        Period.parse("25/05/2019", day_first=False)


def test_a_date_without_a_year_takes_the_reference_year_or_is_refused():
    assert Period.parse("before 12 May", reference_year=2019).edtf == "[..2019-05-11]"
    with pytest.raises(ValueFormError, match="names no year"):
        Period.parse("before 12 May")


@pytest.mark.parametrize("said", ["", "hello", "43466", "12 May 19", "NA", "before", "2019 2020", "12 mayo abril 2019"])
def test_what_is_not_understood_is_refused_with_examples(said):
    with pytest.raises(ValueFormError, match="Expected"):
        Period.parse(said)


@pytest.mark.parametrize(
    "said", ["2019-02-29", "31 April 2019", "2019-13", "2019-04-31/2019-05-02", "0000", "30.02.2019"]
)
def test_a_day_that_does_not_exist_is_refused(said):
    with pytest.raises(ValueFormError, match="no such"):
        Period.parse(said)


@pytest.mark.parametrize("said", ["between 2020 and 2019", "2019-03/2019-01", "[2020..2019]"])
def test_a_span_that_ends_before_it_begins_is_refused(said):
    with pytest.raises(ValueFormError, match="before it begins"):
        Period.parse(said)


def test_a_year_that_may_be_hijri_is_refused_in_a_text_of_the_region():
    with pytest.raises(ValueFormError, match="another calendar"):
        Period.parse("۱۳۹۸")
    assert Period.parse("1398").earliest == date(1398, 1, 1)


@given(first=DAYS, length=st.integers(0, 4000), said=st.text(max_size=5))
def test_between_gives_the_days_between(first, length, said):
    last = first + timedelta(days=length)
    period = Period.between(first, last, said)
    assert (period.earliest, period.latest, period.days, period.said) == (first, last, length + 1, said)
    assert first <= period.midpoint <= last


def test_between_names_whole_months_and_years_and_open_ends():
    assert Period.between(date(2020, 2, 1), date(2020, 2, 29)).precision is DatePrecision.MONTH
    assert Period.between(date(2020, 1, 1), date(2020, 12, 31)).precision is DatePrecision.YEAR
    assert Period.between(None, date(2020, 2, 29)).edtf == "[..2020-02-29]"
    assert Period.between(date(2020, 2, 29), None).days is None
    assert Period.between(None, None) == Period.unknown()
    with pytest.raises(ValueFormError):
        Period.between(date(2020, 2, 1), date(2020, 1, 1))


WORDS = st.sampled_from(
    [
        "{d}",
        "about {d}",
        "perhaps {d}",
        "before {d}",
        "after {d}",
        "since {d}",
        "{d} or {e}",
        "between {d} and {e}",
        "{d}/{e}",
    ]
)
UNITS = st.one_of(
    DAYS.map(date.isoformat),
    st.integers(1800, 2199).map(str),
    st.builds("{:04}-{:02}".format, st.integers(1800, 2199), st.integers(1, 12)),
    st.builds("{:04}-{:02}".format, st.integers(1800, 2199), st.integers(21, 41)),
)


@given(words=WORDS, ends=st.tuples(UNITS, UNITS).map(sorted))
def test_every_period_is_in_order_and_its_edtf_reads_back(words, ends):
    try:
        period = Period.parse(words.format(d=ends[0], e=ends[1]))
    except ValueFormError:
        return
    assert period.earliest is None or period.latest is None or period.earliest <= period.latest
    again = Period.parse(period.edtf)
    assert (again.edtf, again.earliest, again.latest, again.precision) == (
        period.edtf, period.earliest, period.latest, period.precision,
    )  # fmt: skip


PIECES = st.sampled_from(
    [word for words in load_words("dates").values() for said in words.values() for word in said]
    + [
        "May",
        "mars",
        "مايو",
        "5月",
        "12",
        "3",
        "2019",
        "0001",
        "9999",
        "1959-29",
        "24/2019",
        "12/05/2019",
        "٩",
        "²",
        "9" * 30,
    ]
)


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from([" ", ""]), PIECES), max_size=6))
def test_any_run_of_words_is_read_or_refused_but_never_breaks(pieces):
    try:
        period = Period.parse("".join(gap + piece for gap, piece in pieces))
    except ValueFormError:
        return
    assert Period.parse(period.edtf).edtf == period.edtf


@pytest.mark.parametrize("said", ["24/2019", "late 1959-29", "about 2019-24"])
def test_a_month_above_twelve_among_words_is_never_taken_for_a_season(said):
    with pytest.raises(ValueFormError, match="no such month"):
        Period.parse(said)


@pytest.mark.parametrize("said", ["before 0001", "after 9999", "week of 31 December 9999"])
def test_a_bound_beyond_the_calendar_is_refused(said):
    with pytest.raises(ValueFormError):
        Period.parse(said)


@given(unit=UNITS)
def test_about_and_either_contain_what_they_are_made_of(unit):
    exact = Period.parse(unit)
    assert Period.parse(f"{unit}~").contains(exact)
    assert Period.parse(f"[{unit},2019]").contains(exact)
    assert exact.contains(exact)
    assert exact.overlaps(exact)


@given(day=DAYS)
def test_before_a_day_and_from_it_on_share_nothing_and_leave_nothing_out(day):
    before, since = Period.parse(f"before {day.isoformat()}"), Period.parse(f"since {day.isoformat()}")
    assert not before.overlaps(since)
    assert since.contains(Period.between(day, day))
    assert before.latest + timedelta(days=1) == since.earliest


def test_an_open_period_contains_no_more_open_one():
    assert not Period.parse("2019").contains(Period.parse("before 2019-05-01"))
    assert Period.unknown().contains(Period.parse("before 2019-05-01"))
    assert Period.unknown().midpoint is None
