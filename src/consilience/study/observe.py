"""Counting what several lists document: list by list, then put together as the study declares.

Lists that nobody has linked overlap to an unknown degree. The number of distinct acts on any of them is at least the
largest number on one list and at most the sum over the lists; that, and no more, is what `overlap = "unknown"` says.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from consilience.engine.base import Engine
from consilience.errors import StudyError
from consilience.indicators.count import AgeBands, AreaLevels, CountResult, Frequency, count_indicators
from consilience.standards.indicator import Indicator
from consilience.standards.registry import Registry
from consilience.study.plan import CountPlan

CELL = ("INDICATOR", "REF_AREA", "TIME_PERIOD", "SEX", "AGE", "UNIT")
_COMBINE = {"unknown": ("max", "max", "sum"), "none": ("sum", "sum", "sum")}


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
    """Count every indicator over the snapshot registered in `engine`."""
    counted = {source: _count(engine, plan, registry, source) for source in sources}
    by_source = _stack({source: result.observations for source, result in counted.items()})
    unplaced = _stack({source: result.unplaced for source, result in counted.items()})
    alone = len(sources) == 1
    observations = counted[sources[0]].observations if alone else _together(engine, by_source, plan.overlap)
    return Observed(observations, by_source, unplaced)


def _count(engine: Engine, plan: CountPlan, registry: Registry, source: str) -> CountResult:
    """Count each indicator in its own unit, all indicators of a unit together."""
    indicators = chosen_indicators(plan, registry)
    counted = [
        count_indicators(
            engine,
            [indicator for indicator in indicators if indicator.unit is unit],
            registry=registry,
            areas=AreaLevels.from_codelist(registry.codelist("AREA"), plan.areas, regions=plan.regions),
            frequency=Frequency(plan.frequency.upper()),
            age_bands=AgeBands.from_codelist(registry.codelist("AGE"), plan.age_bands),
            sources=[source],
            units=(unit,),
        )
        for unit in sorted({indicator.unit for indicator in indicators})
    ]
    observations = pa.concat_tables([each.observations for each in counted])
    order = [(name, "ascending") for name in CELL]
    return CountResult(observations.sort_by(order), pa.concat_tables([each.unplaced for each in counted]))


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
