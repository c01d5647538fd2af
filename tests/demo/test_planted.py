"""What is said to be planted can be seen in the files and in the truth."""

import datetime as dt

import numpy as np
import pytest

from consilience.demo.capture import capture_probabilities, document
from consilience.demo.dating import DATING
from consilience.demo.habits import HABITS
from consilience.demo.names import people_of_the_country
from consilience.demo.organisations import ORGANISATIONS
from consilience.demo.planted import HEAPING, MISCODING, PRACTICE, SPIKE
from consilience.demo.rows import Rows
from consilience.demo.truth import DAYS, FIRST_DAY, draw_persons, violation_number

BY_ID = {each.id: number for number, each in enumerate(ORGANISATIONS)}


def day(date: dt.date) -> int:
    return (date - FIRST_DAY).days


@pytest.fixture(scope="module")
def names():
    return people_of_the_country()


@pytest.fixture(scope="module")
def persons(names):
    return draw_persons(np.random.default_rng(5), 100_000, (0, DAYS), names)


@pytest.fixture(scope="module")
def documented(persons):
    return document(np.random.default_rng(6), persons, 90_000)


def rows_of(documented, names, organisation_id):
    captured = documented.rows[BY_ID[organisation_id]]
    persons = documented.persons.take(captured.person)
    return Rows(
        organisation=ORGANISATIONS[BY_ID[organisation_id]],
        persons=persons,
        violation=np.where(captured.act == 0, persons.violation, persons.second),
        event=persons.event,
        reported=persons.day + 1,
        number=np.arange(len(persons)) + 1,
        names=names,
        rng=np.random.default_rng(8),
    )


def test_the_spike_multiplies_its_violations_by_its_factor_and_no_other(persons):
    during = (persons.day >= day(SPIKE.first)) & (persons.day <= day(SPIKE.last))
    year_before = (persons.day >= day(SPIKE.first) - 364) & (persons.day <= day(SPIKE.last) - 364)
    rising = np.isin(persons.violation, [violation_number(kind) for kind in SPIKE.violations])
    assert (during & rising).sum() / (year_before & rising).sum() == pytest.approx(SPIKE.factor, rel=0.15)
    assert (during & ~rising).sum() / (year_before & ~rising).sum() == pytest.approx(1, abs=0.2)


def test_every_list_sees_the_spike(documented):
    during = (day(SPIKE.first), day(SPIKE.last))
    for captured in documented.rows:
        days = documented.persons.day[captured.person]
        inside = ((days >= during[0]) & (days <= during[1])).sum()
        before = ((days >= during[0] - 364) & (days <= during[1] - 364)).sum()
        assert inside > 1.7 * before


def test_the_change_of_practice_doubles_one_list_and_changes_nothing_real(documented):
    since = day(PRACTICE.since)
    window = 365

    def ratio(days):
        return ((days >= since) & (days < since + window)).sum() / ((days >= since - window) & (days < since)).sum()

    for number, captured in enumerate(documented.rows):
        expected = 2.0 if ORGANISATIONS[number].id == PRACTICE.organisation else 1.0
        assert ratio(documented.persons.day[captured.person]) == pytest.approx(expected, rel=0.15)
    assert ratio(documented.persons.day) == pytest.approx(1, rel=0.05)


def test_after_the_change_short_detentions_stand_under_the_code_of_disappearances(documented, names):
    rows = rows_of(documented, names, PRACTICE.organisation)
    short = rows.violation == violation_number(PRACTICE.violation)
    assert not short[rows.persons.day < day(PRACTICE.since)].any()
    written = np.array(HABITS["violation"](rows).to_pylist())[short]
    code = rows.organisation.codes.violation[PRACTICE.counted_as]
    assert (written == code).mean() > 0.9


def test_one_list_heaps_its_ages_and_another_does_not(documented, names):
    def share_of_fives(organisation, habit):
        ages = np.array(DATING[habit](rows_of(documented, names, organisation)).to_pylist(), dtype=int)
        return (ages % 5 == 0).mean()

    expected = HEAPING.share + (1 - HEAPING.share) / 5
    assert share_of_fives(HEAPING.organisation, "heaped_age") == pytest.approx(expected, abs=0.03)
    assert share_of_fives("reed_circle", "age") == pytest.approx(0.2, abs=0.03)


def test_two_codes_of_one_list_change_places_for_some_months(documented, names):
    rows = rows_of(documented, names, MISCODING.organisation)
    written = np.array(HABITS["violation"](rows).to_pylist())
    during = (rows.persons.day >= day(MISCODING.first)) & (rows.persons.day <= day(MISCODING.last))
    rare, common = (rows.organisation.codes.violation[kind] for kind in MISCODING.violations)
    assert (written[~during] == common).mean() > 5 * (written[~during] == rare).mean()
    assert (written[during] == rare).mean() > 5 * (written[during] == common).mean()


def test_the_two_lists_that_share_informants_depend_on_each_other_more_than_others_do(documented):
    def odds_ratio(one, other):
        a, b = documented.caught[:, BY_ID[one]], documented.caught[:, BY_ID[other]]
        return (a & b).sum() * (~a & ~b).sum() / ((a & ~b).sum() * (~a & b).sum())

    assert odds_ratio("lanternhouse", "reed_circle") > 1.4 * odds_ratio("lanternhouse", "tallow_bridge")


def test_towns_and_countryside_are_not_documented_alike(documented):
    urban = documented.persons.urban
    lanternhouse = documented.caught[:, BY_ID["lanternhouse"]]
    assert lanternhouse[urban].mean() > 1.5 * lanternhouse[~urban].mean()


def test_probabilities_are_probabilities(persons):
    chance = capture_probabilities(np.random.default_rng(1), persons)
    assert chance.shape == (len(persons), len(ORGANISATIONS))
    assert ((chance >= 0) & (chance <= 1)).all()


def test_too_few_people_for_the_rows_wanted_is_said(persons):
    with pytest.raises(ValueError, match="too few people"):
        document(np.random.default_rng(1), persons.first(10), 1_000)
