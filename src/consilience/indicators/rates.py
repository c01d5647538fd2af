"""Rates per 100,000: counts over a population, with exact intervals for chance and the counts' own bounds beside them.

Two kinds of uncertainty stand side by side and are not mixed: the Poisson interval says how far chance alone could have
moved the count (Garwood 1936, Biometrika 28), the bounds how far open dates, places and ages move it.

>>> [round(x, 2) for x in garwood(np.array([10]))[0].tolist() + garwood(np.array([10]))[1].tolist()]
[4.8, 18.39]
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import special

from consilience.engine.base import Engine
from consilience.errors import RefusalError

PER = 100_000
_KEY = ("REF_AREA", "TIME_PERIOD", "SEX", "AGE")
Numbers = npt.NDArray[np.float64]

_JOIN = """
SELECT o.*, d.population FROM rate_counts AS o
LEFT JOIN rate_denominators AS d ON d.area = o."REF_AREA" AND d.period = o."TIME_PERIOD" AND d.sex = o."SEX"
    AND d.age = o."AGE"
ORDER BY o."INDICATOR", o."REF_AREA", o."TIME_PERIOD", o."SEX", o."AGE", o."UNIT"
"""


def garwood(counts: npt.NDArray[np.int64], level: float = 0.95) -> tuple[Numbers, Numbers]:
    """Return the exact Poisson interval of each count: it holds the true mean at least `level` of the time."""
    tail, given = (1 - level) / 2, np.asarray(counts, dtype=np.float64)
    low = np.where(given > 0, special.gammaincinv(np.maximum(given, 1), tail), 0.0)
    return low, np.asarray(special.gammaincinv(given + 1, 1 - tail))


def rates(engine: Engine, observations: pa.Table, denominators: pa.Table) -> pa.Table:
    """Return observations with rates per 100,000.

    Args:
        engine: where the two tables are joined.
        observations: as `count_indicators` gives them.
        denominators: area, period, sex, age, population; one row per cell, above nought, in the observations' codes.

    Returns:
        The observations with POPULATION, RATE, RATE_LOW, RATE_HIGH (95% Poisson interval), RATE_LOWER_BOUND,
        RATE_UPPER_BOUND (the counts' bounds over the population).

    Raises:
        RefusalError: a cell has no denominator, several, or one that is not above nought.
    """
    engine.register_arrow("rate_counts", observations)
    engine.register_arrow("rate_denominators", denominators)
    joined = engine.fetch(_JOIN)
    _refuse(observations, joined)
    population = joined["population"].to_numpy().astype(np.float64)
    counts = joined["OBS_VALUE"].to_numpy()
    low, high = garwood(counts)
    figures = {
        "RATE": counts,
        "RATE_LOW": low,
        "RATE_HIGH": high,
        "RATE_LOWER_BOUND": joined["LOWER_BOUND"].to_numpy(),
        "RATE_UPPER_BOUND": joined["UPPER_BOUND"].to_numpy(),
    }
    table = joined.rename_columns([name.replace("population", "POPULATION") for name in joined.column_names])
    for name, figure in figures.items():
        table = table.append_column(name, pa.array(figure * PER / population))
    return table


def _refuse(observations: pa.Table, joined: pa.Table) -> None:
    absent = [
        row
        for row in joined.select([*_KEY, "population"]).to_pylist()
        if not row["population"] or row["population"] < 0
    ]
    if absent:
        cells = ["/".join(row[name] for name in _KEY) for row in absent[:3]]
        raise RefusalError(
            "Rates cannot be given without a population",
            found=f"{len(absent)} cells without one, such as {', '.join(cells)}",
            expected="a population above nought for every cell",
            remedy="Add the denominators, or ask for rates of fewer cells.",
        )
    if joined.num_rows != observations.num_rows:
        raise RefusalError(
            "Rates cannot be given where a cell has several populations",
            found=f"{joined.num_rows} rows for {observations.num_rows} cells",
            expected="one row of the denominators per area, period, sex and age",
        )
