"""What is measured of a source in SQL: rows, missing and impossible values, codes, duplicates, delays."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from consilience.engine.base import Engine, quote_identifier, quote_literal
from consilience.model.schema import ACTS, EVENTS, Table

# The fields whose absence an analyst must know of, by table.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "events": ("date_earliest", "date_latest", "area", "latitude", "reported_on"),
    "acts": (
        "violation",
        "date_earliest",
        "date_latest",
        "area",
        "latitude",
        "sex",
        "age_low",
        "age_high",
        "reported_on",
    ),
    "actors": ("sex", "birth_earliest"),
    "involvements": ("perpetrator_type", "attribution"),
}
FIRST_DAY = date(1900, 1, 1)
SAMPLE = 5


@dataclass(frozen=True, slots=True)
class Check:
    """A condition that no row of a table should meet.

    Attributes:
        rule: the rule's identifier.
        table: the shared table.
        subject: the column it speaks of.
        condition: SQL that is true for a row at fault; `t` is the row.
    """

    rule: str
    table: str
    subject: str
    condition: str


def row_counts(engine: Engine, source: str) -> dict[str, int]:
    """Return the rows of each shared table of one source."""
    return {table: _number(engine, f"SELECT COUNT(*) AS n FROM {table} AS t {_of(source)}") for table in FIELDS}


def missing_shares(engine: Engine, source: str, rows: Mapping[str, int]) -> dict[str, float]:
    """Return, for `table.column`, the share of rows without a value; tables without rows are left out.

    A sex of `_U` is a value that is missing. An age is missing where neither the act gives one nor the victim's birth.
    """
    shares: dict[str, float] = {}
    for table, fields in FIELDS.items():
        if rows[table]:
            sums = ", ".join(f"AVG(CASE WHEN {_missing(name)} THEN 1.0 ELSE 0.0 END) AS {name}" for name in fields)
            found = engine.fetch(f"SELECT {sums} FROM {table} AS t {_of(source)}").to_pylist()[0]
            shares |= {f"{table}.{name}": float(found[name]) for name in fields}
    return shares


def uncertain_shares(engine: Engine, source: str) -> dict[str, float]:
    """Return the share of acts (events, where there are no acts) whose date, place or age is a range."""
    found = engine.fetch(f"""
SELECT AVG(CASE WHEN t.date_earliest < t.date_latest THEN 1.0 ELSE 0.0 END) AS date,
    AVG(CASE WHEN t.place_precision IS NOT NULL AND t.place_precision NOT IN ('EXACT', 'NEAR') THEN 1.0 ELSE 0.0 END)
        AS place,
    AVG(CASE WHEN t.age_low < t.age_high THEN 1.0 ELSE 0.0 END) AS age
FROM acts AS t {_of(source)}""").to_pylist()[0]
    return {name: float(share) for name, share in found.items() if share is not None}


def checks(as_of: date) -> list[Check]:
    """Return the checks of single rows: dates in the future, before 1900, the wrong way round, coordinates nowhere."""
    future = f"DATE {quote_literal(as_of.isoformat())}"
    found = []
    for table in (EVENTS, ACTS):
        name = table.name
        found += [
            Check("dates.future", name, "date_earliest", f"t.date_earliest > {future}"),
            Check("dates.before_1900", name, "date_earliest", f"t.date_earliest < DATE '{FIRST_DAY}'"),
            Check("dates.reversed", name, "date_latest", "t.date_latest < t.date_earliest"),
            Check("dates.reported_before", name, "reported_on", "t.reported_on < t.date_earliest"),
            Check("dates.reported_in_future", name, "reported_on", f"t.reported_on > {future}"),
            Check("validity.coordinates", name, "latitude", _NOWHERE),
        ]
    born_after = (
        "EXISTS (SELECT 1 FROM actors AS v WHERE v.actor_id = t.victim_id AND v.birth_earliest > t.date_latest)"
    )
    ages = "t.age_low < 0 OR t.age_low > 120 OR t.age_high < t.age_low"
    counts = "t.victims_low > t.victims_central OR t.victims_central > t.victims_high OR t.victims_low < 0"
    return [
        *found,
        Check("dates.born_after", "acts", "birth", born_after),
        Check("validity.age", "acts", "age_low", ages),
        Check("validity.counts", "acts", "victims_central", counts),
    ]


_NOWHERE = """t.latitude > 90 OR t.latitude < -90 OR t.longitude > 180 OR t.longitude < -180
    OR (t.latitude = 0 AND t.longitude = 0) OR (t.latitude IS NULL) <> (t.longitude IS NULL)"""


def at_fault(engine: Engine, source: str, check: Check) -> tuple[int, tuple[str, ...]]:
    """Return how many rows a check finds, and a sample of their records."""
    condition = f"FROM {check.table} AS t {_of(source)} AND ({check.condition})"
    count = _number(engine, f"SELECT COUNT(*) AS n {condition}")
    return count, _sample(engine, condition) if count else ()


def unknown_codes(engine: Engine, source: str, table: str, column: str, known: str) -> list[tuple[str, int]]:
    """Return the codes of a column that are not in the registered list `known` (one column `code`), with their rows."""
    name = quote_identifier(column)
    found = engine.fetch(f"""
SELECT t.{name} AS code, COUNT(*) AS n FROM {table} AS t {_of(source)} AND t.{name} IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM {known} AS k WHERE k.code = t.{name})
GROUP BY t.{name} ORDER BY n DESC, code""")
    return [(str(row["code"]), int(row["n"])) for row in found.to_pylist()]


def outside_validity(engine: Engine, source: str, table: str, column: str, known: str) -> int:
    """Return the rows whose code was not in force on their day, by `valid_from` and `valid_to` of `known`."""
    name = quote_identifier(column)
    return _number(
        engine,
        f"""
SELECT COUNT(*) AS n FROM {table} AS t JOIN {known} AS k ON k.code = t.{name} {_of(source)}
    AND (t.date_latest < k.valid_from OR t.date_earliest > k.valid_to)""",
    )


def duplicate_keys(engine: Engine, source: str, table: Table) -> tuple[int, tuple[str, ...]]:
    """Return how many rows repeat a key that must be unique, and a sample of keys."""
    repeated = (
        f"SELECT t.{table.key} AS k, COUNT(*) - 1 AS n FROM {table.name} AS t {_of(source)} GROUP BY 1 HAVING n > 0"
    )
    count = _number(engine, f"SELECT COALESCE(SUM(n), 0) AS n FROM ({repeated}) AS r")
    sample = (
        engine.fetch(f"SELECT k FROM ({repeated}) AS r ORDER BY k LIMIT {SAMPLE}")["k"].to_pylist() if count else []
    )
    return count, tuple(sample)


def likely_duplicates(engine: Engine, source: str) -> tuple[int, tuple[str, ...]]:
    """Return the acts that look like another record's: same act, day, place, sex and exact age; and a sample."""
    alike = "violation, date_earliest, area, place_said, sex, age_low"
    groups = f"""
SELECT COUNT(DISTINCT t.record_id) - 1 AS n, MIN(t.record_id) AS record
FROM acts AS t {_of(source)} AND t.date_earliest = t.date_latest AND t.age_low = t.age_high AND t.sex IS NOT NULL
    AND t.sex <> '_U' AND t.area IS NOT NULL
GROUP BY {alike} HAVING COUNT(DISTINCT t.record_id) > 1"""
    count = _number(engine, f"SELECT COALESCE(SUM(n), 0) AS n FROM ({groups}) AS g")
    found = engine.fetch(f"SELECT record FROM ({groups}) AS g ORDER BY record LIMIT {SAMPLE}") if count else None
    return count, tuple(found["record"].to_pylist()) if found else ()


def delays(engine: Engine, source: str) -> dict[str, float]:
    """Return the days from an event's last possible day to its report: n, median, p90, share beyond 30 days."""
    days = "DATE_DIFF('day', t.date_latest, t.reported_on)"
    for table in ("events", "acts"):
        found = engine.fetch(f"""
SELECT COUNT(*) AS n, QUANTILE_CONT({days}, 0.5) AS median, QUANTILE_CONT({days}, 0.9) AS p90,
    AVG(CASE WHEN {days} > 30 THEN 1.0 ELSE 0.0 END) AS late
FROM {table} AS t {_of(source)} AND t.reported_on >= t.date_latest""").to_pylist()[0]
        if found["n"]:
            return {name: float(value) for name, value in found.items()}
    return {}


def local_codes(engine: Engine, source: str, table: str, column: str) -> list[tuple[str, int, int]]:
    """Return the source's own words of a coded column: word, rows, rows that have a shared code."""
    found = engine.fetch(f"""
SELECT t.{column}_local AS word, COUNT(*) AS n, COUNT(t.{column}) AS coded
FROM {table} AS t {_of(source)} AND t.{column}_local IS NOT NULL
GROUP BY 1 ORDER BY n DESC, word""")
    return [(row["word"], row["n"], row["coded"]) for row in found.to_pylist()]


_NO_BIRTH = """NOT EXISTS (SELECT 1 FROM actors AS v WHERE v.actor_id = t.victim_id
    AND (v.birth_earliest IS NOT NULL OR v.birth_latest IS NOT NULL))"""


def _missing(column: str) -> str:
    if column in {"age_low", "age_high"}:
        # Ages are counted from births where the act gives none (consilience.indicators.births).
        return f"t.age_low IS NULL AND t.age_high IS NULL AND {_NO_BIRTH}"
    return f"t.{column} IS NULL" + (f" OR t.{column} = '_U'" if column == "sex" else "")


def _of(source: str) -> str:
    return f"WHERE t.source = {quote_literal(source)}"


def _number(engine: Engine, sql: str) -> int:
    return int(engine.fetch(sql)["n"][0].as_py() or 0)


def _sample(engine: Engine, condition: str) -> tuple[str, ...]:
    found = engine.fetch(f"SELECT DISTINCT t.record_id {condition} ORDER BY t.record_id LIMIT {SAMPLE}")
    return tuple(found["record_id"].to_pylist())
