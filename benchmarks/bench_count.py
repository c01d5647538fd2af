"""Count ten million acts by country, month, sex and age; print the ratio to one plain GROUP BY over the same file.

    python benchmarks/bench_count.py [ROWS]

Prints wall and processor seconds: on a machine that others use too, only the latter can be compared. Every unit is
counted alone, as a study counts each indicator, and all three together.

Most acts are sharp; 5 per cent are known to some weeks or the year only, 4 per cent lack the sex and 10 per cent have
a range of ages; one act in five shares its event, one in twenty its victim, with another act.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa

from consilience.engine.duck import DuckEngine
from consilience.indicators.count import AgeBands, AreaLevels, Frequency, UnitOfCount, count_indicators
from consilience.standards.registry import Registry, load

INDICATORS = ("KILLINGS", "TORTURE", "DISAPPEARANCES")
BANDS = ("Y_LT15", "Y15T19", "Y20T24", "Y25T29", "Y30T34", "Y35T39")

NOBODY = pa.schema(
    [("actor_id", pa.string()), ("source", pa.string()), ("birth_earliest", pa.date32()), ("birth_latest", pa.date32())]
).empty_table()

MAKE = """
WITH drawn AS (
    SELECT n, (hash(n) % 1000)::BIGINT AS a, (hash(n + 1) % 1000)::BIGINT AS b,
        (hash(n + 2) % 1826)::BIGINT AS d, (hash(n + 3) % 90)::BIGINT AS y
    FROM range({rows}) AS r(n)
), acts AS (
    SELECT *, DATE '2019-01-01' + CAST(d AS INTEGER) AS day,
        ['CL','CO','PE','UG','KE','SD','NG','ML'][a % 8 + 1] AS area
    FROM drawn
)
SELECT 's:' || n AS act_id, 's:e' || (CASE WHEN a < 200 THEN n // 2 ELSE n + {rows} END) AS event_id,
    's:v' || (CASE WHEN b < 50 THEN n // 2 ELSE n + {rows} END) AS victim_id,
    {violations}[a % {count} + 1] AS violation, area, 's' AS source,
    CASE WHEN b >= 975 THEN DATE_TRUNC('year', day) WHEN b >= 950 THEN DATE_TRUNC('month', day) - INTERVAL 10 DAY
        ELSE day END::DATE AS date_earliest,
    CASE WHEN b >= 975 THEN DATE_TRUNC('year', day) + INTERVAL 364 DAY
        WHEN b >= 950 THEN DATE_TRUNC('month', day) + INTERVAL 10 DAY ELSE day END::DATE AS date_latest,
    CASE WHEN a % 25 = 0 THEN NULL WHEN a % 4 = 0 THEN 'F' ELSE 'M' END AS sex,
    y::DOUBLE AS age_low, (CASE WHEN b < 100 THEN y + 5 ELSE y END)::DOUBLE AS age_high,
    1::BIGINT AS victims_low, 1::BIGINT AS victims_central, 1::BIGINT AS victims_high
FROM acts
"""


@dataclass(frozen=True)
class Taken:
    wall: float
    processor: float

    def over(self, other: "Taken") -> str:
        return (
            f"{self.wall:.1f} s ({self.processor:.1f} s of processors), ratio {self.wall / other.wall:.1f} "
            f"({self.processor / other.processor:.1f} of processors)"
        )


def timed(work: Callable[[], object]) -> Taken:
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return Taken(time.perf_counter() - wall, time.process_time() - processor)


def count(engine: DuckEngine, registry: Registry, units: Collection[UnitOfCount]) -> None:
    result = count_indicators(
        engine,
        [registry.indicator(name) for name in INDICATORS],
        registry=registry,
        areas=AreaLevels.from_codelist(registry.codelist("AREA"), "country"),
        frequency=Frequency.MONTH,
        age_bands=AgeBands.from_codelist(registry.codelist("AGE"), BANDS),
        sources=None,
        units=units,
    )
    print(f"  {result.observations.num_rows:,} cells, {result.unplaced.num_rows} rows unplaced")


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    registry = load()
    wanted = [min(registry.indicator(name).filter.violations) for name in INDICATORS]
    with tempfile.TemporaryDirectory() as folder, DuckEngine(threads=2, temp_dir=Path(folder)) as engine:
        path = Path(folder) / "acts.parquet"
        engine.write_parquet(MAKE.format(rows=rows, violations=wanted, count=len(wanted)), path)
        engine.register_parquet("acts", [path])
        engine.register_arrow("actors", NOBODY)
        key = "violation, area, EXTRACT(YEAR FROM date_earliest), EXTRACT(MONTH FROM date_earliest), sex, age_low // 15"
        plain = f"SELECT {key}, sum(victims_central) FROM acts GROUP BY ALL"
        baseline = timed(lambda: engine.fetch(plain))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"{rows:,} acts: plain GROUP BY {baseline.wall:.2f} s ({baseline.processor:.2f} s of processors)")
        for units in (*((unit,) for unit in UnitOfCount), tuple(UnitOfCount)):
            taken = timed(partial(count, engine, registry, units))
            print(f"{' + '.join(units)}: {taken.over(baseline)}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"peak memory {peak:.2f} GiB (before the count, with the file made: {before / 2**20:.2f} GiB)")


if __name__ == "__main__":
    main()
