"""The series that tests of change run on: records per month, and per month and code, and ages, of each source."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from consilience.engine.base import Engine, quote_literal

Matrix = npt.NDArray[np.float64]
_OLDEST = 120


@dataclass(frozen=True, slots=True)
class Mix:
    """Acts by month and code of each source, over the same months and codes.

    Attributes:
        months: labels such as 2023-10, without gaps.
        codes: codes of the violation list.
        counts: by source, months x codes.
    """

    months: tuple[str, ...]
    codes: tuple[str, ...]
    counts: dict[str, Matrix]


_MONTH = "EXTRACT(YEAR FROM t.date_earliest) * 12 + EXTRACT(MONTH FROM t.date_earliest) - 1"
# Within one month: a date known to the year only would pile up in January.
_IN_ONE_MONTH = """EXTRACT(YEAR FROM t.date_earliest) = EXTRACT(YEAR FROM t.date_latest)
    AND EXTRACT(MONTH FROM t.date_earliest) = EXTRACT(MONTH FROM t.date_latest)"""


def month_mix(engine: Engine, sources: Sequence[str], most_months: int = 1200) -> Mix:
    """Count acts by source, month and violation, where the date lies within one month.

    Acts count once each, also where they speak of a group: practice shows in records. At most the last `most_months`
    months are taken, so that one date in the year 1 does not stretch the series.
    """
    listed = ", ".join(quote_literal(source) for source in sources)
    table = engine.fetch(f"""
SELECT t.source, CAST({_MONTH} AS BIGINT) AS month, COALESCE(t.violation, '_U') AS code, COUNT(*) AS n
FROM acts AS t WHERE t.source IN ({listed}) AND {_IN_ONE_MONTH}
GROUP BY 1, 2, 3""")
    months = table["month"].to_numpy()
    if not len(months):
        return Mix((), (), {})
    first, last = max(int(months.min()), int(months.max()) - most_months + 1), int(months.max())
    codes, code_no = np.unique(np.asarray(table["code"].to_pylist(), dtype=str), return_inverse=True)
    names, numbers = np.asarray(table["source"].to_pylist(), dtype=str), table["n"].to_numpy()
    counts = {}
    for source in sources:
        chosen = (names == source) & (months >= first)
        matrix = np.zeros((last - first + 1, len(codes)))
        np.add.at(matrix, (months[chosen] - first, code_no[chosen]), numbers[chosen])
        if matrix.any():
            counts[source] = matrix
    labels = tuple(f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(first, last + 1))
    return Mix(labels, tuple(str(code) for code in codes), counts)


def ages(engine: Engine, source: str) -> npt.NDArray[np.int64]:
    """Return the number of acts at each completed year of age from 0 to 120, where the age is exact."""
    table = engine.fetch(f"""
SELECT CAST(FLOOR(t.age_low) AS BIGINT) AS age, COUNT(*) AS n FROM acts AS t
WHERE t.source = {quote_literal(source)} AND FLOOR(t.age_low) = FLOOR(t.age_high)
    AND t.age_low BETWEEN 0 AND {_OLDEST}
GROUP BY 1""")
    people = np.zeros(_OLDEST + 1, dtype=np.int64)
    people[table["age"].to_numpy()] = table["n"].to_numpy()
    return people


def days_of_month(engine: Engine, source: str) -> npt.NDArray[np.int64]:
    """Return how many different days with an event fall on each day of the month (index 0 is not used).

    Days, not events: a day with many events is one sign of rounding, not many.
    """
    table = engine.fetch(f"""
SELECT d.day, COUNT(*) AS n FROM (
    SELECT DISTINCT CAST(EXTRACT(DAY FROM t.date_earliest) AS BIGINT) AS day, t.date_earliest, t.area
    FROM events AS t WHERE t.source = {quote_literal(source)} AND t.date_earliest = t.date_latest
) AS d GROUP BY d.day""")
    days = np.zeros(32, dtype=np.int64)
    days[table["day"].to_numpy()] = table["n"].to_numpy()
    return days
