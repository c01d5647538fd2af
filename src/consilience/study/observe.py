"""Counting what several lists document: list by list, then put together as the study declares.

Lists that nobody has linked overlap to an unknown degree. The number of distinct acts on any of them is at least the
largest number on one list and at most the sum over the lists; that, and no more, is what `overlap = "unknown"` says.
With `overlap = "linked"` people are counted over all lists at once, each once; acts and events, which are not linked,
are put together as before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from consilience.engine.base import Engine
from consilience.errors import StudyError
from consilience.indicators.count import AgeBands, AreaLevels, CountResult, Frequency, count_indicators
from consilience.model.unit import UnitOfCount
from consilience.standards.indicator import Indicator
from consilience.standards.registry import Registry
from consilience.study.plan import CountPlan

CELL = ("INDICATOR", "REF_AREA", "TIME_PERIOD", "SEX", "AGE", "UNIT")
_ORDER = [(name, "ascending") for name in CELL]
_COMBINE = {"unknown": ("max", "max", "sum"), "linked": ("max", "max", "sum"), "none": ("sum", "sum", "sum")}


@dataclass(frozen=True, slots=True)
class Observed:
    """The figures of a study.

    Attributes:
        observations: one row per cell, lists put together.
        by_source: the same list by list, with a column SOURCE.
        unplaced: counts that no cell could take, list by list, with the reason.
    """

    observations: pa.Table
    by_source: pa.Table
    unplaced: pa.Table

    @property
    def unplaced_total(self) -> int:
        """The sum of counts that no cell could take, over all indicators and lists."""
        return int(pc.sum(self.unplaced["OBS_VALUE"]).as_py() or 0)


def chosen_indicators(plan: CountPlan, registry: Registry) -> list[Indicator]:
    """Return the indicators a study names, `ID` or `ID@version`. Raises StandardError for an unknown one."""
    chosen = []
    for name in plan.indicators:
        identifier, _, version = name.partition("@")
        chosen.append(registry.indicator(identifier, version or None))
    repeated = {indicator.id for indicator in chosen if [i.id for i in chosen].count(indicator.id) > 1}
    if repeated:
        raise StudyError("count.indicators names an indicator twice", found=", ".join(sorted(repeated)))
    return chosen


def observe(engine: Engine, plan: CountPlan, registry: Registry, sources: Sequence[str]) -> Observed:
    """Count every indicator over the snapshot registered in `engine`, list by list, and put the lists together."""
    indicators = chosen_indicators(plan, registry)
    counted = {source: _count(engine, plan, registry, indicators, [source]) for source in sources}
    by_source = _stack({source: result.observations for source, result in counted.items()})
    unplaced = _stack({source: result.unplaced for source, result in counted.items()})
    alone = len(sources) == 1
    observations = counted[sources[0]].observations if alone else _together(engine, by_source, plan.overlap)
    return Observed(observations, by_source, unplaced)


def observe_people(engine: Engine, plan: CountPlan, registry: Registry, observed: Observed) -> Observed:
    """Replace the figures that count victims by counts of people over all lists, each person once.

    Args:
        engine: holds `acts` and `actors` whose victims are people, not records.
        plan: what is counted, and how.
        registry: codelists and indicators.
        observed: the figures list by list and put together without linkage.
    """
    people = [indicator for indicator in chosen_indicators(plan, registry) if indicator.unit is UnitOfCount.VICTIMS]
    if not people:
        return observed
    linked = _count(engine, plan, registry, people, None).observations
    others = observed.observations.filter(pc.not_equal(observed.observations["UNIT"], UnitOfCount.VICTIMS.value))
    together = pa.concat_tables([others.cast(linked.schema), linked]).sort_by(_ORDER)
    return replace(observed, observations=together)


def _count(
    engine: Engine, plan: CountPlan, registry: Registry, indicators: Sequence[Indicator], sources: Sequence[str] | None
) -> CountResult:
    """Count each indicator in its own unit, all indicators of a unit together."""
    counted = [
        count_indicators(
            engine,
            [indicator for indicator in indicators if indicator.unit is unit],
            registry=registry,
            areas=AreaLevels.from_codelist(registry.codelist("AREA"), plan.areas, regions=plan.regions),
            frequency=Frequency(plan.frequency.upper()),
            age_bands=AgeBands.from_codelist(registry.codelist("AGE"), plan.age_bands),
            sources=sources,
            units=(unit,),
        )
        for unit in sorted({indicator.unit for indicator in indicators})
    ]
    observations = pa.concat_tables([each.observations for each in counted])
    return CountResult(observations.sort_by(_ORDER), pa.concat_tables([each.unplaced for each in counted]))


def _stack(tables: dict[str, pa.Table]) -> pa.Table:
    named = [
        table.add_column(0, "SOURCE", pa.array([source] * table.num_rows, pa.string()))
        for source, table in tables.items()
    ]
    return pa.concat_tables(named)


def _together(engine: Engine, by_source: pa.Table, overlap: str) -> pa.Table:
    value, low, high = _COMBINE[overlap]
    keys = ", ".join(f'"{name}"' for name in CELL)
    engine.register_arrow("by_source", by_source)
    return engine.fetch(f"""
        SELECT {keys},
               CAST({value}(OBS_VALUE) AS BIGINT) AS OBS_VALUE,
               CAST({low}(LOWER_BOUND) AS BIGINT) AS LOWER_BOUND,
               CAST({high}(UPPER_BOUND) AS BIGINT) AS UPPER_BOUND,
               min(OBS_STATUS) AS OBS_STATUS,
               min(CONF_STATUS) AS CONF_STATUS
        FROM by_source
        GROUP BY {keys}
        ORDER BY {keys}
    """)
