"""Counting: acts, victims and events by area, period, sex and age, with bounds where dates, places or ages are open.

Each act counts in its most likely cell, so that counts add up. The lower bound of a cell counts what lies in it for
sure, the upper bound what may lie in it. What no cell can take is reported, not dropped. `docs/reference/indicators.md`
states every rule.

    result = count_indicators(
        engine, [registry.indicator("KILLINGS")], registry=registry,
        areas=AreaLevels.from_codelist(registry.codelist("AREA"), "country"), frequency=Frequency.MONTH,
        age_bands=AgeBands.from_codelist(registry.codelist("AGE"), ["Y0T17", "Y_GE18"]), sources=None,
    )
    result.observations    # INDICATOR, REF_AREA, TIME_PERIOD, SEX, AGE, UNIT, OBS_VALUE, ...
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from consilience.engine.base import Engine
from consilience.indicators import templates
from consilience.indicators.ages import AgeBands
from consilience.indicators.areas import AreaLevels
from consilience.indicators.births import acts_with_ages
from consilience.indicators.dimensions import build_dimensions
from consilience.indicators.periods import Frequency
from consilience.indicators.selection import WANTED, Codelists, select_acts
from consilience.indicators.sizes import Sizes
from consilience.model.unit import UnitOfCount
from consilience.standards.indicator import Indicator

__all__ = ["AgeBands", "AreaLevels", "CountResult", "Frequency", "UnitOfCount", "count_indicators"]

ORDER = [(name, "ascending") for name in ("INDICATOR", "REF_AREA", "TIME_PERIOD", "SEX", "AGE", "UNIT")]

_WEIGHTS = ("low", "central", "high")
# What identifies the thing counted, and its weights. An event counts one, whatever happened in it.
_THINGS: Mapping[UnitOfCount, tuple[str, templates.Weights]] = {
    UnitOfCount.VICTIMS: ("victim_id", _WEIGHTS),
    UnitOfCount.EVENTS: ("event_id", (templates.ONE, templates.ONE, templates.ONE)),
}


@dataclass(frozen=True, slots=True)
class CountResult:
    """What was counted.

    Attributes:
        observations: one row per cell: INDICATOR, REF_AREA, TIME_PERIOD, SEX, AGE, UNIT, OBS_VALUE, LOWER_BOUND,
            UPPER_BOUND, OBS_STATUS, CONF_STATUS; sorted by the first six.
        unplaced: what no cell of the finest level takes: INDICATOR, UNIT, REASON, REF_AREA, OBS_VALUE.
    """

    observations: pa.Table
    unplaced: pa.Table


def count_indicators(
    engine: Engine,
    indicators: Sequence[Indicator],
    *,
    registry: Codelists,
    areas: AreaLevels,
    frequency: Frequency,
    age_bands: AgeBands,
    sources: Sequence[str] | None,
    units: Collection[UnitOfCount] = tuple(UnitOfCount),
) -> CountResult:
    """Count `indicators` over the tables events, acts, actors and involvements registered in `engine`.

    Args:
        engine: where the tables are.
        indicators: what is counted; each in every one of `units`.
        registry: the codelists that the indicators' filters name.
        areas: which levels of area get rows.
        frequency: how long a period is.
        age_bands: disjoint bands; with none, only the total over ages is given.
        sources: which sources count; None for all.
        units: acts, victims, events: three different numbers.

    Raises:
        UsageError: no indicator or one twice.
        StandardError: a filter names a code that its codelist has not.
    """
    by_age = bool(age_bands.bands) or any({"age_from", "age_to"} & set(each.filter.fields_used) for each in indicators)
    acts = acts_with_ages(engine, sources) if by_age else "acts"
    selection = select_acts(indicators, registry, sources, acts)
    engine.register_arrow(WANTED, selection.wanted)
    engine.register_arrow("count_indicators", _numbered(indicators))
    _match(engine, selection.sql, frequency, units)
    sizes = build_dimensions(engine, indicators=len(indicators), areas=areas, frequency=frequency, age_bands=age_bands)
    engine.execute(templates.acts(frequency, sizes, _carried(units)))
    tables = [_count(engine, unit, sizes) for unit in UnitOfCount if unit in units]
    unplaced = _unplaced(engine, units)
    _clear(engine)
    return CountResult(pa.concat_tables(tables).sort_by(ORDER).combine_chunks(), unplaced)


def _match(engine: Engine, selection: str, frequency: Frequency, units: Collection[UnitOfCount]) -> None:
    """Make `count_matched`: acts one by one where victims or events are told apart, else summed by what is known."""
    if set(units) == {UnitOfCount.ACTS}:
        engine.execute(templates.grouped(selection, frequency))
        selection = "SELECT * FROM count_grouped"
    engine.execute(templates.matched(selection))


def _carried(units: Collection[UnitOfCount]) -> list[str]:
    """Return the columns that the units need of every act."""
    keys = [key for unit, (key, _) in _THINGS.items() if unit in units]
    return keys if set(units) == {UnitOfCount.EVENTS} else [*keys, *_WEIGHTS]


def _numbered(indicators: Sequence[Indicator]) -> pa.Table:
    return pa.table(
        {
            "indicator_no": pa.array(range(len(indicators)), pa.int64()),
            "id": pa.array([indicator.id for indicator in indicators], pa.string()),
        }
    )


def _count(engine: Engine, unit: UnitOfCount, sizes: Sizes) -> pa.Table:
    return _count_acts(engine, sizes) if unit is UnitOfCount.ACTS else _count_things(engine, unit, sizes)


def _count_acts(engine: Engine, sizes: Sizes) -> pa.Table:
    engine.execute(templates.act_profiles())
    return engine.fetch(templates.cells(UnitOfCount.ACTS, templates.spread("count_profiles", sizes), None))


def _count_things(engine: Engine, unit: UnitOfCount, sizes: Sizes) -> pa.Table:
    key, weights = _THINGS[unit]
    engine.execute(templates.things(key, weights))
    engine.execute(templates.thing_profiles())
    engine.execute(templates.several(key, weights))
    profiles, several = (templates.spread(table, sizes) for table in ("count_profiles", "count_several"))
    return engine.fetch(templates.cells(unit, profiles, several))


def _unplaced(engine: Engine, units: Collection[UnitOfCount]) -> pa.Table:
    acts = [templates.unplaced_acts()] if UnitOfCount.ACTS in units else []
    things = [templates.unplaced_things(unit, *_key_and_central(unit)) for unit in _THINGS if unit in units]
    engine.execute(templates.all_unplaced([*acts, *things]))
    return engine.fetch(templates.UNPLACED)


def _key_and_central(unit: UnitOfCount) -> tuple[str, str]:
    key, weights = _THINGS[unit]
    return key, weights[1]


def _clear(engine: Engine) -> None:
    """Give the large working tables back."""
    for name in ("count_acts", "count_things", "count_several", "count_profiles", "count_grouped"):
        engine.execute(f"DROP TABLE IF EXISTS {name}")
