"""Counts agree with a slow count that looks at every act, every day and every year of age by itself."""

import datetime as dt
import itertools
from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consilience.engine.dialect import transpile
from consilience.engine.duck import DuckEngine
from consilience.errors import UsageError
from consilience.indicators import births, templates
from consilience.indicators.ages import AgeBands
from consilience.indicators.count import Frequency, count_indicators
from consilience.indicators.selection import select_acts
from consilience.indicators.sizes import Sizes
from consilience.model.unit import UnitOfCount

FINEST = ("XA-1", "XA-2", "XB-1", "XB-2")
UPWARD = {
    "XA-11": ("XA-1", "XA", "M49_001"),
    **{code: (code, code[:2], "M49_001") for code in FINEST},
    "XA": ("XA", "M49_001"),
    "XB": ("XB", "M49_001"),
    "M49_001": ("M49_001",),
}
BANDS = {"Y0T14": (0, 14), "Y15T17": (15, 17), "Y18T59": (18, 59), "Y_GE60": (60, 10**6)}


def run(
    engine,
    world,
    acts,
    indicators=None,
    frequency=Frequency.MONTH,
    areas=None,
    bands=None,
    units=tuple(UnitOfCount),
    **others,
):
    world.load(engine, acts, **others)
    return count_indicators(
        engine,
        indicators or [world.KILLINGS],
        registry=world.STANDARDS,
        areas=areas or world.SUBDIVISIONS,
        frequency=frequency,
        age_bands=world.BANDS if bands is None else bands,
        sources=None,
        units=units,
    )


def cells(result, unit="ACTS"):
    return {
        (row["REF_AREA"], row["TIME_PERIOD"], row["SEX"], row["AGE"]): (
            row["LOWER_BOUND"],
            row["OBS_VALUE"],
            row["UPPER_BOUND"],
        )
        for row in result.observations.to_pylist()
        if row["UNIT"] == unit
    }


def unplaced(result, unit="ACTS"):
    return {(r["REASON"], r["REF_AREA"]): r["OBS_VALUE"] for r in result.unplaced.to_pylist() if r["UNIT"] == unit}


# The slow count.


def month(day):
    return f"{day.year}-{day.month:02d}"


def reason(row):
    first, last = row["date_earliest"], row["date_latest"]
    if first is None and last is None:
        return "no_date"
    if first is None or last is None:
        return "open_date"
    if last < first:
        return "impossible_date"
    if (last - first).days > 3653:
        return "long_interval"
    if row["area"] is None:
        return "no_area"
    return None if row["area"] in UPWARD else "unknown_area"


def slow_times(row):
    """Period to (sure, likely)."""
    days = [row["date_earliest"] + dt.timedelta(n) for n in range((row["date_latest"] - row["date_earliest"]).days + 1)]
    counted = defaultdict(int)
    for day in days:
        counted[month(day)] += 1
    likely = min(counted, key=lambda period: (-counted[period], period))
    return {period: (len(counted) == 1, period == likely) for period in counted}


def slow_ages(row, occurring):
    low, high = row.get("age_low"), row.get("age_high")
    if (low is None and high is None) or (low is not None and high is not None and high < low):
        return {"_T": (True, True), "_U": (True, True), **dict.fromkeys(occurring, (False, False))}
    years = range(int(low or 0), int(high if high is not None else 200) + 1)
    counted = defaultdict(int)
    for year in years:
        counted[next(band for band, (first, last) in BANDS.items() if first <= year <= last)] += 1
    found = {"_T": (True, True)}
    if len(counted) == 1:
        return {**found, next(iter(counted)): (True, True)}
    if low is None or high is None:
        return {**found, "_U": (True, True), **dict.fromkeys(counted, (False, False))}
    likely = min(counted, key=lambda band: (-counted[band], BANDS[band]))
    return {**found, **{band: (False, band == likely) for band in counted}}


def slow_sexes(row, occurring):
    sex = row.get("sex") or "_U"
    found = {"_T": (True, True), sex: (True, True)}
    return found if sex != "_U" else {**found, **dict.fromkeys(occurring, (False, False))}


def slow_areas(row, occurring):
    found = dict.fromkeys(UPWARD[row["area"]], (True, True))
    inside = (code for code in occurring if row["area"] in UPWARD[code][1:] or (code, row["area"]) == ("XA-1", "XA"))
    return {**dict.fromkeys(inside, (False, False)), **found}


def slow_count(acts, unit):
    placed = [row for row in acts if reason(row) is None]
    areas = {cell for row in acts if row["area"] in UPWARD for cell in UPWARD[row["area"]]}
    sexes = {row.get("sex") for row in acts} - {None, "_U"}
    bands = {c for row in acts for c, (_, likely) in slow_ages(row, ()).items() if likely} - {"_T", "_U"}
    things = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
    for number, row in enumerate(placed):
        key = {"ACTS": number, "VICTIMS": row["victim_id"], "EVENTS": row["event_id"]}[unit]
        low, central, high = (
            (1, 1, 1) if unit == "EVENTS" else (row[f"victims_{w}"] for w in ("low", "central", "high"))
        )
        sides = (slow_areas(row, areas), slow_times(row), slow_sexes(row, sexes), slow_ages(row, bands))
        for cell in itertools.product(*sides):
            flags = [side[name] for side, name in zip(sides, cell, strict=True)]
            held = things[cell][key]
            held[0] = max(held[0], low if all(sure for sure, _ in flags) else 0)
            held[1] = max(held[1], central if all(likely for _, likely in flags) else 0)
            held[2] = max(held[2], high)
    return {cell: tuple(map(sum, zip(*held.values(), strict=True))) for cell, held in things.items()}


DAYS = st.dates(dt.date(2023, 9, 20), dt.date(2024, 1, 10))


@st.composite
def random_act(draw, number):
    first = draw(st.none() | DAYS)
    length = draw(st.sampled_from([0, 0, 0, 1, 20, 70, 4000]))
    last = draw(st.none() | st.just(first and first + dt.timedelta(length)))
    low = draw(st.none() | st.integers(0, 70))
    people = sorted(draw(st.tuples(*[st.integers(0, 4)] * 3)))
    return {
        "act_id": f"s:{number}",
        "event_id": draw(st.sampled_from(["s:e1", "s:e2", "s:e3", f"s:e{number + 9}"])),
        "victim_id": draw(st.sampled_from(["s:v1", "s:v2", f"s:v{number + 9}"])),
        "violation": draw(st.sampled_from(["KILLING", "SHOT"])),
        "date_earliest": first,
        "date_latest": last,
        "area": draw(st.none() | st.sampled_from([*UPWARD, *FINEST, *FINEST, "??"])),
        "sex": draw(st.none() | st.sampled_from(["F", "M", "_U"])),
        "age_low": None if low is None else float(low),
        "age_high": draw(st.none() | st.just(None if low is None else low + draw(st.sampled_from([0.0, 0.5, 3, 30])))),
        "victims_low": people[0],
        "victims_central": people[1],
        "victims_high": people[2],
        "source": "s",
        "record_id": str(number),
        "line": number,
    }


random_acts = st.integers(1, 9).flatmap(lambda n: st.tuples(*(random_act(i) for i in range(n)))).map(list)
ENGINE = DuckEngine(threads=2)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=random_acts)
def test_every_cell_and_bound_agrees_with_the_slow_count(world, acts):
    result = run(ENGINE, world, acts)
    for unit in ("ACTS", "VICTIMS", "EVENTS"):
        assert cells(result, unit) == slow_count(acts, unit)
    for low, central, high in (c for unit in ("ACTS", "VICTIMS", "EVENTS") for c in cells(result, unit).values()):
        assert low <= central <= high


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=random_acts, frequency=st.sampled_from(Frequency))
def test_a_unit_counted_alone_gives_the_rows_it_gives_beside_the_others(world, acts, frequency):
    together = run(ENGINE, world, acts, frequency=frequency)
    for unit in UnitOfCount:
        alone = run(ENGINE, world, acts, frequency=frequency, units=[unit])
        for table in ("observations", "unplaced"):
            rows = [row for row in getattr(together, table).to_pylist() if row["UNIT"] == unit]
            assert getattr(alone, table).to_pylist() == rows


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=random_acts)
def test_what_is_placed_and_what_is_not_add_up_to_the_whole(world, acts):
    result = run(ENGINE, world, acts)
    table = cells(result)
    for side in ((2, 3), (3,), (2,), ()):
        chosen = [
            value
            for cell, (_, value, _) in table.items()
            if cell[0] in FINEST and all((cell[k] == "_T") == (k in side) for k in (2, 3))
        ]
        assert sum(chosen) + sum(unplaced(result).values()) == sum(row["victims_central"] for row in acts)
    for unit, key in (("VICTIMS", "victim_id"), ("EVENTS", "event_id")):
        placed = {row[key] for row in acts if reason(row) is None and set(UPWARD[row["area"]]) & set(FINEST)}
        left = {row[key] for row in acts} - placed
        weight = {k: 1 if unit == "EVENTS" else max(r["victims_central"] for r in acts if r[key] == k) for k in left}
        assert sum(unplaced(result, unit).values()) == sum(weight.values())


def test_a_sharp_act_counts_in_one_cell_and_its_totals(engine, world):
    result = run(engine, world, [world.act(1, sex="F", age_low=30.0, age_high=30.0)], areas=world.COUNTRIES)
    assert cells(result) == {("XA", "2023-10", sex, age): (1, 1, 1) for sex in ("F", "_T") for age in ("Y18T59", "_T")}
    assert set(result.observations["OBS_STATUS"].to_pylist()) == {"A"}
    assert result.unplaced.num_rows == 0


def test_an_act_between_two_months_counts_where_most_of_it_lies(engine, world):
    across = world.act(1, date_earliest=dt.date(2023, 10, 30), date_latest=dt.date(2023, 11, 5), people=(2, 3, 5))
    result = run(engine, world, [across], areas=world.COUNTRIES, bands=AgeBands())
    assert cells(result)["XA", "2023-10", "_T", "_T"] == (0, 0, 5)
    assert cells(result)["XA", "2023-11", "_T", "_T"] == (0, 3, 5)
    assert set(result.observations["OBS_STATUS"].to_pylist()) == {"E"}


def test_a_victim_of_two_violations_counts_two_acts_and_one_victim_in_one_event(engine, world):
    acts = [world.act(1, event_id="s:e", victim_id="s:v"), world.act(2, event_id="s:e", victim_id="s:v")]
    result = run(engine, world, acts, areas=world.COUNTRIES, bands=AgeBands())
    total = ("XA", "2023-10", "_T", "_T")
    assert [cells(result, unit)[total] for unit in ("ACTS", "VICTIMS", "EVENTS")] == [(2, 2, 2), (1, 1, 1), (1, 1, 1)]


def test_a_group_that_several_acts_name_counts_its_largest_size_once(engine, world):
    acts = [world.act(1, victim_id="s:g", people=(5, 8, 9)), world.act(2, victim_id="s:g", people=(7, 7, 12))]
    result = run(engine, world, acts, areas=world.COUNTRIES, bands=AgeBands())
    assert cells(result, "VICTIMS")["XA", "2023-10", "_T", "_T"] == (7, 8, 12)


@pytest.mark.parametrize(
    ("frequency", "label"),
    [
        (Frequency.WEEK, "2023-W40"),
        (Frequency.MONTH, "2023-10"),
        (Frequency.QUARTER, "2023-Q4"),
        (Frequency.YEAR, "2023"),
    ],
)
def test_periods_bear_their_sdmx_names(engine, world, frequency, label):
    assert set(run(engine, world, [world.act(1)], frequency=frequency).observations["TIME_PERIOD"].to_pylist()) == {
        label
    }


def test_the_same_tables_give_the_same_rows_in_the_same_order(world):
    acts = [
        world.act(n, area=area, sex=sex) for n, (area, sex) in enumerate(itertools.product(FINEST, ("F", "M", None)))
    ]
    results = []
    for order in (acts, acts[::-1]):
        with DuckEngine(threads=2) as engine:
            results.append(run(engine, world, order).observations)
    assert results[0].equals(results[1])


def test_sources_that_are_not_asked_for_do_not_count(engine, world):
    world.load(engine, [world.act(1), world.act(2, source="t")])
    result = count_indicators(
        engine, [world.KILLINGS], registry=world.STANDARDS, areas=world.COUNTRIES, frequency=Frequency.YEAR,
        age_bands=AgeBands(), sources=["t"],
    )  # fmt: skip
    assert cells(result)["XA", "2023", "_T", "_T"] == (1, 1, 1)


def test_nothing_that_matches_gives_empty_tables(engine, world):
    result = run(engine, world, [world.act(1, violation="HELD")])
    assert result.observations.num_rows == 0
    assert result.unplaced.num_rows == 0


def test_no_indicator_or_one_twice_is_refused(engine, world):
    with pytest.raises(UsageError, match="each once"):
        run(engine, world, [world.act(1)], [world.KILLINGS, world.KILLINGS])


def test_every_statement_can_be_said_in_spark_and_postgresql(world):
    asked = [world.KILLINGS, world.indicator("BY", perpetrator_types=("STATE",), age_from=18), world.indicator("ALL")]
    sizes = Sizes(indicators=1, areas=2, sexes=3, ages=4, times=9, periods=5, base=1)
    spread = templates.spread("count_profiles", sizes)
    selection = select_acts(asked, world.STANDARDS, ["it's"]).sql
    statements = [
        templates.matched(selection),
        births.births_wanted(["it's"]),
        births.aged(),
        templates.DATE_RANGE,
        templates.DISTINCT_AGES,
        templates.SPAN_LIKELY,
        templates.UNPLACED,
        templates.distinct("area"),
        templates.spans(9),
        templates.time_cells(9),
        templates.act_profiles(),
        templates.things("victim_id", ("low", "central", "high")),
        templates.thing_profiles(),
        templates.several("event_id", ("1", "1", "1")),
        templates.cells("ACTS", spread, spread),
        templates.all_unplaced([templates.unplaced_acts(), templates.unplaced_things("EVENTS", "event_id", "1")]),
        *(templates.span_days(each) for each in Frequency),
        *(templates.acts(each, sizes, ["event_id"]) for each in Frequency),
        *(templates.grouped(selection, each) for each in Frequency),
    ]
    for statement in statements:
        assert transpile(statement, "spark")
        assert transpile(statement, "postgres")
