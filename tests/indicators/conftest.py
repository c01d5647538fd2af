"""A small world: two countries with two provinces each, two violations, and tables made from plain rows."""

import datetime as dt
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pytest

from consilience.engine.duck import DuckEngine
from consilience.indicators.count import AgeBands, AreaLevels
from consilience.model.schema import TABLES
from consilience.model.unit import UnitOfCount
from consilience.standards.codelist import Code, Codelist
from consilience.standards.indicator import Filter, Indicator, IndicatorType

_ARROW = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
}


def shared_table(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Make a shared table; columns that a row does not name are empty."""
    return pa.table(
        {
            column.name: pa.array([row.get(column.name) for row in rows], _ARROW[column.type])
            for column in TABLES[name].columns
        }
    )


def codelist(name: str, parents: Mapping[str, str | None], **bounds: tuple[float | None, float | None]) -> Codelist:
    codes = tuple(
        Code(code, {"en": code}, parent, low=bounds.get(code, (None, None))[0], high=bounds.get(code, (None, None))[1])
        for code, parent in parents.items()
    )
    return Codelist(name, "1", {"en": name}, codes)


AREA = codelist(
    "AREA",
    {
        "M49_001": None,
        "XA": "M49_001",
        "XB": "M49_001",
        "XA-1": "XA",
        "XA-2": "XA",
        "XA-11": "XA-1",
        "XB-1": "XB",
        "XB-2": "XB",
    },
)
AGE = codelist(
    "AGE",
    {"_T": None, "_U": "_T", "Y0T14": "_T", "Y15T17": "_T", "Y18T59": "_T", "Y_GE60": "_T"},
    Y0T14=(0, 14),
    Y15T17=(15, 17),
    Y18T59=(18, 59),
    Y_GE60=(60, None),
)
LISTS = {
    "AREA": AREA,
    "AGE": AGE,
    "SEX": codelist("SEX", {"_T": None, "F": "_T", "M": "_T", "_U": "_T"}),
    "VIOLATION": codelist("VIOLATION", {"KILLING": None, "SHOT": "KILLING", "HELD": None}),
    "METHOD": codelist("METHOD", {"GUN": None, "RIFLE": "GUN"}),
    "PERPETRATOR_TYPE": codelist("PERPETRATOR_TYPE", {"STATE": None, "POLICE": "STATE", "REBEL": None}),
}


@dataclass(frozen=True)
class SmallStandards:
    lists: Mapping[str, Codelist]

    def codelist(self, id: str, /) -> Codelist:  # noqa: A002
        return self.lists[id]


STANDARDS = SmallStandards(LISTS)
SUBDIVISIONS = AreaLevels.from_codelist(AREA, "subdivision", regions=True)
COUNTRIES = AreaLevels.from_codelist(AREA, "country")
BANDS = AgeBands.from_codelist(AGE, ["Y0T14", "Y15T17", "Y18T59", "Y_GE60"])


def indicator(name: str, **asked: Any) -> Indicator:
    text = {"en": name}
    return Indicator(
        name, "1", text, text, text, IndicatorType.OUTCOME, UnitOfCount.ACTS, text, text, text, (), "P1M", (), text, (),
        Filter(**asked),
    )  # fmt: skip


KILLINGS = indicator("KILLINGS", violations=("KILLING",))


def act(number: int, **given: Any) -> dict[str, Any]:
    """One killing of one person in XA-1 on 7 October 2023, unless told otherwise."""
    day = given.pop("day", dt.date(2023, 10, 7))
    people = given.pop("people", (1, 1, 1))
    return {
        "act_id": f"s:{number}",
        "event_id": f"s:e{number}",
        "victim_id": f"s:v{number}",
        "violation": "KILLING",
        "date_earliest": day,
        "date_latest": day,
        "area": "XA-1",
        "victims_low": people[0],
        "victims_central": people[1],
        "victims_high": people[2],
        "source": "s",
        "record_id": str(number),
        "line": number,
        **given,
    }


@pytest.fixture(scope="session")
def world():
    """This module, for tests to take its lists and makers from."""
    return sys.modules[__name__]


@pytest.fixture
def engine():
    with DuckEngine(threads=2) as duck:
        yield duck


def load(duck: DuckEngine, acts: Sequence[Mapping[str, Any]], **others: Sequence[Mapping[str, Any]]) -> DuckEngine:
    """Register the shared tables; events are made from the acts where none are given."""
    events = {row["event_id"]: row for row in acts}
    tables = {"events": list(events.values()), "involvements": [], "actors": [], **others, "acts": acts}
    for name, rows in tables.items():
        duck.register_arrow(name, shared_table(name, rows))
    return duck
