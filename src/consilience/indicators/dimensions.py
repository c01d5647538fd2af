"""The sides of the cube: for each way an act can be known along one side, the cells it lies in.

Every side gives two small tables. The first numbers the ways (a place `XA-N`, an age 15 to 20, the interval 28 October
to 3 November); the second says, for each number, which cells it lies in for sure, which is its most likely one, and
which others it may lie in. The number of an act's profile is made of its numbers along all sides, so that ten million
acts become a few thousand profiles before anything is spread over cells.
"""

from collections.abc import Collection, Iterable

import pyarrow as pa

from consilience.engine.base import Engine
from consilience.errors import UsageError
from consilience.indicators import templates
from consilience.indicators.ages import TOTAL, UNKNOWN, AgeBands, AgePlace
from consilience.indicators.areas import AreaLevels
from consilience.indicators.periods import Frequency
from consilience.indicators.sizes import Sizes

_NUMBER = pa.int64()
_LARGEST_PROFILE = 2**62


def build_dimensions(
    engine: Engine, *, indicators: int, areas: AreaLevels, frequency: Frequency, age_bands: AgeBands
) -> Sizes:
    """Register the tables of every side, from what occurs among the matching acts; return their sizes."""
    base, periods = _periods(engine, frequency)
    times = periods + _spans(engine, frequency, base, periods)
    sizes = Sizes(indicators, _areas(engine, areas), _sexes(engine), _ages(engine, age_bands), times, periods, base)
    if sizes.indicators * sizes.areas * sizes.sexes * sizes.ages * sizes.times > _LARGEST_PROFILE:
        raise UsageError(
            "This count has too many kinds of date, place and age to be numbered",
            remedy="Count fewer indicators at a time, or by longer periods.",
        )
    return sizes


def _periods(engine: Engine, frequency: Frequency) -> tuple[int, int]:
    found = engine.fetch(templates.DATE_RANGE).to_pylist()[0]
    if found["first"] is None:
        base, count = 0, 0
    else:
        base = frequency.number(found["first"])
        count = frequency.number(found["last"]) - base + 1
    numbers = range(base, base + count)
    _register(
        engine,
        "count_periods",
        {
            "period": pa.array(numbers, _NUMBER),
            "label": pa.array([frequency.label(number) for number in numbers], pa.string()),
            "first": pa.array([frequency.first_day(number) for number in numbers], pa.date32()),
            "last": pa.array([frequency.last_day(number) for number in numbers], pa.date32()),
        },
    )
    return base, count


def _spans(engine: Engine, frequency: Frequency, base: int, periods: int) -> int:
    engine.execute(templates.span_days(frequency))
    engine.execute(templates.SPAN_LIKELY)
    engine.execute(templates.spans(periods))
    engine.execute(templates.time_cells(base))
    found = engine.fetch("SELECT COUNT(DISTINCT time_no) AS n FROM count_spans").to_pylist()
    return int(found[0]["n"])


def _areas(engine: Engine, areas: AreaLevels) -> int:
    codes = [code for code in _distinct(engine, "area") if code in areas]
    occurring = {cell for code in codes for cell in areas.sure_cells(code)}
    finest = [any(cell in areas.finest for cell in areas.sure_cells(code)) for code in codes]
    rows = [
        (number, cell, sure)
        for number, code in enumerate(codes)
        for cells, sure in ((areas.sure_cells(code), True), (areas.possible_cells(code, occurring), False))
        for cell in cells
    ]
    _register(
        engine,
        "count_areas",
        {
            "area": pa.array(codes, pa.string()),
            "area_no": pa.array(range(len(codes)), _NUMBER),
            "finest": pa.array(finest, pa.bool_()),
        },
    )
    _register_cells(engine, "count_area_cells", ((number, cell, sure, sure) for number, cell, sure in rows))
    return max(1, len(codes))


def _sexes(engine: Engine) -> int:
    codes = sorted({code or UNKNOWN for code in _distinct(engine, "sex", nulls=True)})
    rows = []
    for number, code in enumerate(codes):
        rows += [(number, code, True, True), (number, TOTAL, True, True)]
        if code == UNKNOWN:
            rows += [(number, other, False, False) for other in codes if other != UNKNOWN]
    _register(
        engine,
        "count_sexes",
        {"sex": pa.array(codes, pa.string()), "sex_no": pa.array(range(len(codes)), _NUMBER)},
    )
    _register_cells(engine, "count_sex_cells", rows)
    return max(1, len(codes))


def _ages(engine: Engine, bands: AgeBands) -> int:
    pairs = [(row["age_low"], row["age_high"]) for row in engine.fetch(templates.DISTINCT_AGES).to_pylist()]
    placed = [bands.place(low, high) if bands.bands else None for low, high in pairs]
    ways = sorted(set(placed), key=_order)
    numbers = {way: number for number, way in enumerate(ways)}
    occurring = {way.central for way in ways if way is not None} - {UNKNOWN}
    _register(
        engine,
        "count_ages",
        {
            # -1 stands for "not known", so that a plain join finds it.
            "age_low": pa.array([-1 if low is None else low for low, _ in pairs], pa.float64()),
            "age_high": pa.array([-1 if high is None else high for _, high in pairs], pa.float64()),
            "age_no": pa.array([numbers[way] for way in placed], _NUMBER),
        },
    )
    rows = [row for way, number in numbers.items() for row in _age_cells(number, way, occurring)]
    _register_cells(engine, "count_age_cells", rows)
    return max(1, len(ways))


def _order(way: AgePlace | None) -> tuple[str, bool, list[str]]:
    return ("", False, []) if way is None else (way.central, way.sure, sorted(way.possible))


def _age_cells(number: int, way: AgePlace | None, occurring: Collection[str]) -> list[tuple[int, str, bool, bool]]:
    rows = [(number, TOTAL, True, True)]
    if way is None:
        return rows
    rows.append((number, way.central, way.sure, True))
    possible = way.possible if way.possible != {UNKNOWN} else frozenset(occurring)
    return rows + [(number, cell, False, False) for cell in sorted(possible - {way.central})]


def _distinct(engine: Engine, column: str, *, nulls: bool = False) -> list[str]:
    values = engine.fetch(templates.distinct(column))[column].to_pylist()
    return sorted(values, key=lambda value: value or "") if nulls else sorted(filter(None, values))


def _register_cells(engine: Engine, name: str, rows: Iterable[tuple[int, str, bool, bool]]) -> None:
    listed = list(rows)
    columns = {"no": _NUMBER, "cell": pa.string(), "sure": pa.bool_(), "likely": pa.bool_()}
    arrays = {key: pa.array([row[i] for row in listed], kind) for i, (key, kind) in enumerate(columns.items())}
    _register(engine, name, arrays)


def _register(engine: Engine, name: str, columns: dict[str, pa.Array]) -> None:
    engine.register_arrow(name, pa.table(columns))
