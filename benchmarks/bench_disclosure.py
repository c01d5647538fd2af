"""Disclosure control: suppressed cells, seconds and safety on made tables; growth; the price of a cell key.

Tables are made (skewed counts, many small ones, hierarchies, linked hierarchies); `--large` adds the cube of 61,152
cells. Growth is measured on cubes of 1,000 to 100,000 cells. The cell key is compared with the same cube without it.
"""

import argparse
import resource
import time

import duckdb
import numpy as np

from consilience.disclosure.attack import attack
from consilience.disclosure.bounds import View
from consilience.disclosure.cellkey import cheap_sql_of_key
from consilience.disclosure.cells import Cells, Inner, build_cells
from consilience.disclosure.hierarchy import Dimension, Hierarchy
from consilience.disclosure.problem import Problem
from consilience.disclosure.secondary import suppress

GROUPS = (np.repeat(np.arange(4), [3, 3, 3, 2]), np.array([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2]))
TABLES = {
    "60 cells": ((11, 4), ((), ()), 25),
    "100 cells, linked": ((11, 4), (GROUPS, ()), 25),
    "900 cells, 3-way, linked": ((11, 4, 8), (GROUPS, (), ()), 8),
    "10,556 cells, 3-way, linked": (
        (19, 23, 12),
        ((np.arange(19) % 5, np.arange(19) // 5), (np.arange(23) // 6,), ()),
        9,
    ),
}


def made(shape: tuple[int, ...], groupings: tuple, mean: float, seed: int = 1, skew: float = 0.5) -> Cells:
    """Make a table of skewed counts."""
    rng = np.random.default_rng(seed)
    dimensions = []
    for i, (size, groups) in enumerate(zip(shape, groupings, strict=True)):
        names = [f"{chr(97 + i)}{k:03d}" for k in range(size)]
        trees = [
            Hierarchy.over(f"d{i}", [(names[k], f"g{j}{group[k]:02d}") for k in range(size)])
            for j, group in enumerate(groups)
        ]
        dimensions.append(Dimension.over(f"d{i}", names, trees))
    codes = np.stack(np.meshgrid(*[np.arange(n) for n in shape], indexing="ij"), -1).reshape(-1, len(shape))
    rate = rng.gamma(skew, 1 / skew, len(codes))
    for i, size in enumerate(shape):
        rate *= rng.gamma(2 * skew, 1 / (2 * skew), size)[codes[:, i]]
    return build_cells(dimensions, [Inner(codes, rng.poisson(rate * mean / rate.mean()))])


def measure(name: str, cells: Cells) -> None:
    """Protect and attack one table, and print a line."""
    unsafe = (cells.values > 0) & (cells.values < 5)
    start = time.perf_counter()
    hidden = suppress(Problem.of(cells, primary=unsafe), processes=2)
    chosen = time.perf_counter()
    report = attack(View(cells.relations, cells.values, hidden), primary=hidden, codes=cells.codes)
    attacked = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name}: {len(cells.values)} cells, {unsafe.sum()} unsafe, {hidden.sum()} suppressed "
        f"(ratio {hidden.sum() / max(unsafe.sum(), 1):.2f}), {chosen - start:.1f} s, attack "
        f"{'held' if report.held else 'SUCCEEDED'} in {attacked - chosen:.1f} s, {memory:.0f} MiB",
        flush=True,
    )


def cell_key_ratio(rows: int) -> None:
    """Compare a cube with cell keys with the same cube without, on rows made in DuckDB."""
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE events AS SELECT range AS id, hash(range) % 195 AS country, hash(range + 1) % 120 AS month, "
        f"hash(range + 2) % 8 AS age, hash(range + 3) % 2 AS sex FROM range({rows})"
    )
    shape = "GROUP BY GROUPING SETS ((country, month, age, sex), (country, month), (country), ())"
    seconds = []
    for key in ("", f", sum({cheap_sql_of_key('id')})"):
        query = (
            f"CREATE OR REPLACE TABLE cube AS SELECT country, month, age, sex, count(*){key} AS k FROM events {shape}"
        )
        query = query if key else query.replace("count(*) AS k", "count(*) AS n")
        start = time.perf_counter()
        connection.execute(query, ["a secret of the node"] if key else [])
        seconds.append(time.perf_counter() - start)
    print(
        f"cell key, {rows} rows: {seconds[0]:.2f} s without, {seconds[1]:.2f} s with, "
        f"ratio {seconds[1] / seconds[0]:.2f}"
    )


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="add the cube of 61,152 cells and 10 million rows")
    large = parser.parse_args().large
    suppress(Problem.of(made((3, 3), ((), ()), 9), primary=np.ones(16, bool)))  # compile before the clock runs
    for name, (shape, groups, mean) in TABLES.items():
        measure(name, made(shape, groups, mean))
    for countries in (2, 31, 319) if large else (2, 31):
        measure(f"growth, {countries} countries", made((countries, 12, 2, 7), ((),) * 4, 20, skew=0.4))
    if large:
        measure("country x month x sex x age", made((195, 12, 2, 7), ((),) * 4, 20, skew=0.4))
    cell_key_ratio(10_000_000 if large else 1_000_000)


if __name__ == "__main__":
    main()
