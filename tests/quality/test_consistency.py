"""Ages and births, sexes, and points and areas that contradict each other are found; what agrees is left alone."""

import datetime as dt

import pyarrow as pa
import pytest

from consilience.engine.duck import DuckEngine
from consilience.quality.consistency import checks
from consilience.quality.profile import at_fault

DAY = dt.date(2023, 10, 7)


@pytest.fixture
def found():
    """Register acts and actors made from plain rows, and return the records that each rule finds."""

    def run(acts, actors=()):
        columns = {
            "record_id": pa.string(), "source": pa.string(), "victim_id": pa.string(), "date_earliest": pa.date32(),
            "date_latest": pa.date32(), "age_low": pa.float64(), "age_high": pa.float64(), "sex": pa.string(),
            "area": pa.string(), "latitude": pa.float64(), "longitude": pa.float64(),
        }  # fmt: skip
        births = {
            "actor_id": pa.string(), "sex": pa.string(), "birth_earliest": pa.date32(), "birth_latest": pa.date32()
        }  # fmt: skip
        usual = {"source": "s", "date_earliest": DAY, "date_latest": DAY}
        rows = [{**usual, "record_id": str(n), "victim_id": f"v{n}", **act} for n, act in enumerate(acts)]
        people = [{"actor_id": f"v{n}", **actor} for n, actor in enumerate(actors)]
        with DuckEngine(threads=2) as engine:
            for name in ("acts", "events"):
                engine.register_arrow(name, pa.Table.from_pylist(rows, pa.schema(columns.items())))
            engine.register_arrow("actors", pa.Table.from_pylist(people, pa.schema(births.items())))
            of_acts = [check for check in checks("s") if check.table == "acts"]
            return {check.rule: sample for check in of_acts if (sample := at_fault(engine, "s", check)[1])}

    return run


def born(first, last=None):
    return {"birth_earliest": first, "birth_latest": last or first}


def test_an_age_more_than_a_year_from_what_the_birth_gives_is_found(found):
    # Born on 8 October 1990, the victim was 32 on 7 October 2023.
    acts = [{"age_low": age, "age_high": age} for age in (30.0, 31.0, 32.0, 33.0, 34.0)]
    birth = born(dt.date(1990, 10, 8))
    assert found(acts, [birth] * 5) == {"consistency.age": ("0", "4")}


def test_an_open_birth_or_age_contradicts_only_what_it_excludes(found):
    acts = [{"age_low": 20.0, "age_high": None}, {"age_low": None, "age_high": 20.0}, {}]
    assert found(acts, [born(dt.date(1950, 1, 1), dt.date(2000, 1, 1))] * 3) == {"consistency.age": ("1",)}


def test_a_sex_that_is_not_the_victims_is_found_and_an_unknown_one_is_not(found):
    acts = [{"sex": "F"}, {"sex": "M"}, {"sex": "_U"}, {"sex": "F"}]
    actors = [{"sex": "M"}, {"sex": "M"}, {"sex": "M"}, {"sex": None}]
    assert found(acts, actors) == {"consistency.sex": ("0",)}


def test_a_point_far_from_the_other_points_of_its_area_is_found(found):
    near = [{"area": "XA", "latitude": 10 + n / 100, "longitude": 179.9 + n / 100} for n in range(25)]
    near = [{**row, "longitude": (row["longitude"] + 180) % 360 - 180} for row in near]
    away = {"area": "XA", "latitude": 40.0, "longitude": 20.0}
    assert found([*near, away]) == {"consistency.place": ("25",)}


def test_points_of_an_area_with_few_points_are_not_judged(found):
    assert found([{"area": "XA", "latitude": float(n * 9), "longitude": 0.0} for n in range(10)]) == {}
