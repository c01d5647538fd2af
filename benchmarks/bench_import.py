# ruff: noqa: E501 - SQL reads better in whole lines
"""Import, harmonise and count an event list; print the ratio to reading the same file and one plain GROUP BY over it.

    python benchmarks/bench_import.py [--rows 10000000] [--repeat 1] [--keep FOLDER]

The file is an event list in CSV, 15 columns: identifier, code of the violation (6 codes), date (90 in 100 whole days,
5 months, 3 years, 1 in words, 1 day-first), end where an event lasted, country, district, point, precision of the place,
sex (4 in 100 not known), age (10 in 100 a range or words), low, best and high count. One row in a thousand has a
fault and is rejected.

Baseline: DuckDB reads all columns into a table with its own detection of types and runs one GROUP BY by country, month,
violation and sex. Beside it, for comparison: the same GROUP BY straight over the file, which reads four columns only.
Each runs in a process of its own; wall time and peak memory are the process's. Processor time is given beside: on a
machine with other work its ratio says more than that of wall time.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from consilience.engine.duck import DuckEngine
from consilience.harmonise.load import MEMORY_LIMIT, Source, import_sources
from consilience.harmonise.mapping import parse_mapping
from consilience.indicators.count import AgeBands, AreaLevels, Frequency, count_indicators
from consilience.standards.registry import load

INDICATORS = ("KILLINGS", "TORTURE", "DISAPPEARANCES")
BANDS = ("Y_LT15", "Y15T19", "Y20T24", "Y25T29", "Y30T34", "Y35T39")
THREADS = 2
GROUPED = "SELECT country, substr(CAST(date AS VARCHAR), 1, 7) AS month, what, sex, count(*) AS n, sum(best) AS best"

FILE = """
COPY (
    WITH drawn AS (SELECT n, CAST(hash(n) % 1000 AS INTEGER) AS a, CAST(hash(n + 1) % 1000 AS INTEGER) AS b,
        DATE '2015-01-01' + CAST(hash(n + 2) % 3650 AS INTEGER) AS day, CAST(hash(n + 3) % 90 AS INTEGER) AS y,
        CAST(hash(n + 4) % 1000 AS INTEGER) AS c FROM range({rows}) AS r(n))
    SELECT 'C-' || n AS id, ['kill', 'tort', 'disap', 'detain', 'threat', 'other'][a % 6 + 1] AS what,
        CASE WHEN c = 0 THEN 'long ago' WHEN b < 10 THEN strftime(day, '%-d %B %Y') WHEN b < 20 THEN strftime(day, '%d/%m/%Y')
            WHEN b < 50 THEN strftime(day, '%Y') WHEN b < 100 THEN strftime(day, '%Y-%m') ELSE CAST(day AS VARCHAR) END AS date,
        CASE WHEN b % 20 = 0 THEN CAST(day + 3 AS VARCHAR) END AS until,
        ['CL', 'CO', 'PE', 'UG', 'KE', 'SD', 'NG', 'ML'][a % 8 + 1] AS country, 'district ' || (a * 7 % 900) AS district,
        round(b / 20.0 - 25, 4) AS latitude, round(a / 10.0 - 50, 4) AS longitude, CAST(1 + a % 6 AS VARCHAR) AS where_prec,
        CASE WHEN a % 25 = 0 THEN 'NA' WHEN a % 4 = 0 THEN 'F' ELSE 'M' END AS sex,
        CASE WHEN c < 80 THEN y || '-' || (y + 5) WHEN c < 100 THEN 'about ' || y ELSE CAST(y AS VARCHAR) END AS age,
        1 AS low, 1 + a % 3 AS best, 2 + a % 3 AS high, 'note ' || (n % 5000) AS note
    FROM drawn
) TO '{path}' (FORMAT csv, HEADER)
"""

WHAT = {"kill": "KILLING", "tort": "TORTURE", "disap": "ENFORCED_DISAPPEARANCE", "detain": "ARBITRARY_DETENTION"}
PLACES = dict(zip("123456", ("EXACT", "NEAR", "ADM2", "ADM1", "FEATURE", "COUNTRY"), strict=True))
MAPPING = {
    "mapping": "bench",
    "version": "1",
    "source": {"missing": ["", "NA"], "day_first": True},
    "record": {"id": "id"},
    "event": {
        "date": {"period": ["date", "until"], "required": True},
        "place": {
            "area": "country",
            "said": {"join": ["district", "country"], "separator": ", "},
            "latitude": "latitude",
            "longitude": "longitude",
            "precision": {"column": "where_prec", "values": PLACES},
        },
    },
    "act": [
        {
            "violation": {"column": "what", "values": WHAT | {"threat": "THREAT"}},
            "sex": "sex",
            "age": {"age": "age"},
            "victims": {"low": "low", "central": "best", "high": "high"},
        }
    ],
}


def read_and_group(path: Path) -> dict[str, float]:
    with duckdb.connect(
        config={"threads": THREADS, "memory_limit": MEMORY_LIMIT, "temp_directory": str(path.parent)}
    ) as it:
        it.execute(f"CREATE TABLE t AS SELECT * FROM read_csv('{path}')")
        groups = len(it.execute(f"{GROUPED} FROM t GROUP BY ALL").fetchall())
    return {"groups": groups}


def group_only(path: Path) -> dict[str, float]:
    with duckdb.connect(config={"threads": THREADS}) as it:
        return {"groups": len(it.execute(f"{GROUPED} FROM read_csv('{path}') GROUP BY ALL").fetchall())}


def consilience(path: Path) -> dict[str, float]:
    registry = load()
    start = time.perf_counter()
    with DuckEngine(threads=THREADS, memory_limit=MEMORY_LIMIT, temp_dir=path.parent) as engine:
        snapshot = import_sources(
            [Source("bench", path, parse_mapping(MAPPING))], path.parent / "snapshot", registry, engine=engine
        )
    imported = time.perf_counter() - start
    with DuckEngine(threads=THREADS, memory_limit=MEMORY_LIMIT, temp_dir=path.parent) as engine:
        snapshot.register(engine)
        result = count_indicators(
            engine,
            [registry.indicator(name) for name in INDICATORS],
            registry=registry,
            areas=AreaLevels.from_codelist(registry.codelist("AREA"), "country"),
            frequency=Frequency.MONTH,
            age_bands=AgeBands.from_codelist(registry.codelist("AGE"), BANDS),
            sources=None,
        )
    source = snapshot.source("bench")
    return {
        "import": imported,
        "count": time.perf_counter() - start - imported,
        "accepted": source.accepted,
        "rejected": source.rejected,
        "observations": result.observations.num_rows,
    }


STEPS = {step.__name__: step for step in (read_and_group, group_only, consilience)}


def child(step: str, path: Path) -> None:
    start, before = time.perf_counter(), time.process_time()
    facts = STEPS[step](path)
    wall, used = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime - before
    print(json.dumps({"seconds": wall, "cpu_seconds": cpu, "peak_gib": used.ru_maxrss / 2**20, **facts}))


def run(step: str, path: Path, repeat: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--step", step, "--path", str(path)]
    found = [
        json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(repeat)
    ]
    best = min(found, key=lambda facts: facts["seconds"])
    print(f"{step:15}", ", ".join(f"{key} {value:,.2f}".removesuffix(".00") for key, value in best.items()), flush=True)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--repeat", type=int, default=1, help="each step as often; the fastest counts")
    parser.add_argument("--keep", type=Path, help="make the file here and leave it")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        child(given.step, given.path)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        path = folder / f"events_{given.rows}.csv"
        if not path.exists():
            duckdb.execute(FILE.format(rows=given.rows, path=path))
        print(f"{given.rows:,} rows, {path.stat().st_size / 2**20:,.0f} MiB, {THREADS} threads")
        base, straight, ours = (run(step, path, given.repeat) for step in STEPS)
    ratio = ours["seconds"] / base["seconds"]
    print(f"ratio to reading the file and one GROUP BY: {ratio:.2f} (aim: 5 or less)")
    print(f"the same in processor time: {ours['cpu_seconds'] / base['cpu_seconds']:.2f}")
    print(f"ratio to one GROUP BY straight over the file: {ours['seconds'] / straight['seconds']:.2f}")
    print(f"peak memory: {ours['peak_gib']:.2f} GiB (aim: below 4)")


if __name__ == "__main__":
    main()
