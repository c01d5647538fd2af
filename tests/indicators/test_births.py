"""Ages from births agree with counting birthdays, and a list that gives births has ages in its counts."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consilience.engine.duck import DuckEngine
from consilience.indicators.births import AGED, acts_with_ages
from consilience.indicators.count import Frequency, count_indicators
from consilience.model.unit import UnitOfCount

ENGINE = DuckEngine(threads=2)
DAYS = st.none() | st.dates(dt.date(1960, 1, 1), dt.date(2024, 12, 31)) | st.just(dt.date(2004, 2, 29))


def birthdays(birth, day):
    """Completed years, one birthday after another; who is born on 29 February has it on 1 March of other years."""
    years = 0
    while True:
        try:
            next_one = birth.replace(year=birth.year + years + 1)
        except ValueError:
            next_one = dt.date(birth.year + years + 1, 3, 1)
        if next_one > day:
            return years
        years += 1


def slow_ages(act, birth):
    """The youngest and the oldest the victim can have been."""
    if act["age_low"] is not None or act["age_high"] is not None:
        return act["age_low"], act["age_high"]
    first, last = birth
    if first is not None and act["date_latest"] is not None and first > act["date_latest"]:
        return None, None
    low = high = None
    if last is not None and act["date_earliest"] is not None:
        low = float(birthdays(last, max(last, act["date_earliest"])))
    if first is not None and act["date_latest"] is not None:
        high = float(birthdays(first, act["date_latest"]))
    return low, high


def actor(victim, birth, **given):
    row = {"actor_id": victim, "kind": "PERSON", "birth_earliest": birth[0], "birth_latest": birth[1], "source": "s"}
    return {**row, "record_id": "1", "line": 1, **given}


AGES = st.sampled_from([(None, None), (None, None), (None, None), (30.0, 34.0), (None, 17.0), (18.0, None)])


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=st.lists(st.tuples(DAYS, DAYS, DAYS, DAYS, AGES), min_size=1, max_size=12))
def test_every_age_agrees_with_counting_birthdays(world, drawn):
    acts, births = [], []
    for number, (earliest, latest, born_first, born_last, (low, high)) in enumerate(drawn):
        acts.append(world.act(number, date_earliest=earliest, date_latest=latest, age_low=low, age_high=high))
        births.append((born_first, born_last))
    world.load(ENGINE, acts, actors=[actor(a["victim_id"], b) for a, b in zip(acts, births, strict=True)])
    table = acts_with_ages(ENGINE, None)
    found = ENGINE.fetch(f"SELECT act_id, age_low, age_high FROM {table}").to_pylist()
    expected = {a["act_id"]: slow_ages(a, b) for a, b in zip(acts, births, strict=True)}
    assert {row["act_id"]: (row["age_low"], row["age_high"]) for row in found} == expected


def test_a_birth_gives_the_age_band_that_the_act_does_not(engine, world):
    acts = [world.act(1), world.act(2, age_low=70.0, age_high=70.0), world.act(3)]
    births = [
        actor("s:v1", (dt.date(2010, 10, 8), dt.date(2010, 10, 8))),
        actor("s:v2", (dt.date(2010, 1, 1), dt.date(2010, 1, 1))),
    ]
    world.load(engine, acts, actors=births)
    result = count_indicators(
        engine, [world.KILLINGS], registry=world.STANDARDS, areas=world.COUNTRIES, frequency=Frequency.YEAR,
        age_bands=world.BANDS, sources=["s"], units=[UnitOfCount.ACTS],
    )  # fmt: skip
    counted = {row["AGE"]: row["OBS_VALUE"] for row in result.observations.to_pylist() if row["SEX"] == "_T"}
    assert {band: value for band, value in counted.items() if value} == {"Y0T14": 1, "Y_GE60": 1, "_U": 1, "_T": 3}


def test_an_indicator_of_children_counts_a_child_known_by_its_birth(engine, world):
    world.load(engine, [world.act(1)], actors=[actor("s:v1", (dt.date(2006, 1, 1), dt.date(2006, 12, 31)))])
    children = world.indicator("CHILDREN", violations=("KILLING",), age_to=17)
    result = count_indicators(
        engine, [children], registry=world.STANDARDS, areas=world.COUNTRIES, frequency=Frequency.YEAR,
        age_bands=world.BANDS, sources=None, units=[UnitOfCount.VICTIMS],
    )  # fmt: skip
    assert {row["AGE"] for row in result.observations.to_pylist()} == {"Y15T17", "_T"}


def test_one_actor_written_twice_does_not_count_an_act_twice(engine, world):
    births = [actor("s:v1", (dt.date(1990, 1, 1), dt.date(1990, 1, 1))) for _ in range(2)]
    world.load(engine, [world.act(1)], actors=births)
    assert acts_with_ages(engine, None) == AGED
    assert engine.fetch(f"SELECT COUNT(*) AS n FROM {AGED}")["n"][0].as_py() == 1


@pytest.mark.parametrize("given", [{"age_low": 3.0, "age_high": 3.0}, {}])
def test_nothing_is_joined_where_births_add_nothing(engine, world, given):
    births = [] if not given else [actor("s:v1", (dt.date(1990, 1, 1), dt.date(1990, 1, 1)))]
    world.load(engine, [world.act(1, **given)], actors=births)
    assert acts_with_ages(engine, None) == "acts"
