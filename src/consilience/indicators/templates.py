"""The SQL of counting, in DuckDB's dialect, kept to what Spark and PostgreSQL can say too.

The steps: acts that match (`count_matched`), each with the number of its profile (`count_acts`); per unit of count the
profiles with their sums (`count_profiles`), apart from the victims and events that lie in several profiles
(`count_several`); both spread over cells and added up. Where acts only are counted, those that are known alike are
summed first (`count_grouped`), and everything else runs over the few groups.
"""

from collections.abc import Sequence

from consilience.engine.base import quote_literal
from consilience.indicators.periods import Frequency
from consilience.indicators.sizes import Sizes

Weights = tuple[str, str, str]
ONE = "1"
"""The weight of an event: one, whatever happened in it."""

LONGEST_DAYS = 3653
"""The longest interval that is spread over periods, in days: ten years. A longer one says too little of when."""

_REASON = f"""CASE
        WHEN m.earliest IS NULL AND m.latest IS NULL THEN 'no_date'
        WHEN m.earliest IS NULL OR m.latest IS NULL THEN 'open_date'
        WHEN m.latest < m.earliest THEN 'impossible_date'
        WHEN DATE_DIFF('day', m.earliest, m.latest) > {LONGEST_DAYS} THEN 'long_interval'
        WHEN m.area IS NULL THEN 'no_area'
        WHEN r.area_no IS NULL THEN 'unknown_area'
    END"""

_DATED = f"""m.earliest IS NOT NULL AND m.latest >= m.earliest
    AND DATE_DIFF('day', m.earliest, m.latest) <= {LONGEST_DAYS}"""

DATE_RANGE = f"""
SELECT MIN(m.earliest) AS first, MAX(m.latest) AS last FROM count_matched AS m WHERE {_DATED}"""

DISTINCT_AGES = "SELECT DISTINCT FLOOR(m.age_low) AS age_low, FLOOR(m.age_high) AS age_high FROM count_matched AS m"

SPAN_LIKELY = """
CREATE OR REPLACE TEMP TABLE count_span_likely AS
SELECT earliest, latest, first_no, last_no, period AS likely_no
FROM (
    SELECT d.*, ROW_NUMBER() OVER (PARTITION BY earliest, latest ORDER BY days DESC, period) AS place
    FROM count_span_days AS d
) AS ranked
WHERE place = 1"""

UNPLACED = """
SELECT i.id AS "INDICATOR", u.unit AS "UNIT", u.reason AS "REASON", u.area AS "REF_AREA",
    CAST(SUM(u.central) AS BIGINT) AS "OBS_VALUE"
FROM count_unplaced AS u JOIN count_indicators AS i ON i.indicator_no = u.indicator_no
GROUP BY i.id, u.unit, u.reason, u.area
ORDER BY 1, 2, 3, 4"""


def matched(selection: str) -> str:
    """The acts that match, as a view: nothing is copied."""
    return f"CREATE OR REPLACE TEMP VIEW count_matched AS {selection}"


def grouped(selection: str, frequency: Frequency) -> str:
    """The sums of acts that are known alike; a date inside one period is as good as that period's first day."""
    first, last = (f"CAST(DATE_TRUNC('{frequency.lower()}', s.{end}) AS DATE)" for end in ("earliest", "latest"))
    earliest, latest = (
        f"CASE WHEN s.earliest <= s.latest AND {first} = {last} THEN {first} ELSE s.{end} END"
        for end in ("earliest", "latest")
    )
    return f"""
CREATE OR REPLACE TEMP TABLE count_grouped AS
SELECT s.indicator_no, s.area, s.sex, FLOOR(s.age_low) AS age_low, FLOOR(s.age_high) AS age_high,
    {earliest} AS earliest, {latest} AS latest,
    CAST(SUM(s.low) AS BIGINT) AS low, CAST(SUM(s.central) AS BIGINT) AS central, CAST(SUM(s.high) AS BIGINT) AS high
FROM ({selection}) AS s
GROUP BY 1, 2, 3, 4, 5, 6, 7"""


def distinct(column: str) -> str:
    """The values of one column among the matching acts."""
    return f"SELECT DISTINCT m.{column} FROM count_matched AS m"


def span_days(frequency: Frequency) -> str:
    """Every interval that touches several periods, with the days it has in each."""
    first, last = frequency.number_sql("m.earliest"), frequency.number_sql("m.latest")
    return f"""
CREATE OR REPLACE TEMP TABLE count_span_days AS
SELECT s.*, p.period,
    DATE_DIFF('day', GREATEST(s.earliest, p.first), LEAST(s.latest, p.last)) AS days
FROM (
    SELECT DISTINCT m.earliest, m.latest, {first} AS first_no, {last} AS last_no
    FROM count_matched AS m
    WHERE {_DATED} AND {first} <> {last}
) AS s
JOIN count_periods AS p ON p.period BETWEEN s.first_no AND s.last_no"""


def spans(periods: int) -> str:
    """Number the intervals after the single periods; those that touch the same periods alike share a number."""
    return f"""
CREATE OR REPLACE TEMP TABLE count_spans AS
SELECT s.*, {periods} - 1 + DENSE_RANK() OVER (ORDER BY first_no, last_no, likely_no) AS time_no
FROM count_span_likely AS s"""


def time_cells(base: int) -> str:
    """The periods of each single period (itself) and of each interval (all it touches)."""
    return f"""
CREATE OR REPLACE TEMP TABLE count_time_cells AS
SELECT p.period - {base} AS no, p.period AS cell, TRUE AS sure, TRUE AS likely FROM count_periods AS p
UNION ALL
SELECT s.time_no AS no, p.period AS cell, FALSE AS sure, p.period = s.likely_no AS likely
FROM (SELECT DISTINCT time_no, first_no, last_no, likely_no FROM count_spans) AS s
JOIN count_periods AS p ON p.period BETWEEN s.first_no AND s.last_no"""


def acts(frequency: Frequency, sizes: Sizes, carried: Sequence[str]) -> str:
    """Every matching act with the number of its profile, or with the reason why it has none.

    `carried` names the other columns that are kept: the keys of the things counted, and their weights.
    """
    number = frequency.number_sql("m.earliest")
    profile = f"((m.indicator_no * {sizes.areas} + r.area_no) * {sizes.sexes} + x.sex_no) * {sizes.ages} + g.age_no"
    outer, inner = (", ".join(f"{alias}.{name}" for name in ("indicator_no", *carried)) for alias in ("n", "m"))
    # Where every date lies inside one period there is no interval to look up.
    spans = sizes.times > sizes.periods
    time = f"COALESCE(s.time_no, {number} - {sizes.base})" if spans else f"{number} - {sizes.base}"
    join = "LEFT JOIN count_spans AS s ON s.earliest = m.earliest AND s.latest = m.latest" if spans else ""
    return f"""
CREATE OR REPLACE TEMP TABLE count_acts AS
SELECT {outer},
    CASE WHEN n.reason IS NULL THEN n.profile END AS profile,
    CASE WHEN n.reason IS NULL AND NOT n.finest THEN 'coarse_area' ELSE n.reason END AS reason,
    CASE WHEN n.reason IS NOT NULL OR NOT n.finest THEN COALESCE(n.area, '_U') END AS area
FROM (
    SELECT {inner}, m.area, r.finest,
        {_REASON} AS reason,
        ({profile}) * {sizes.times} + {time} AS profile
    FROM count_matched AS m
    LEFT JOIN count_areas AS r ON r.area = m.area
    LEFT JOIN count_sexes AS x ON x.sex = COALESCE(m.sex, '_U')
    LEFT JOIN count_ages AS g
        ON g.age_low = COALESCE(FLOOR(m.age_low), -1) AND g.age_high = COALESCE(FLOOR(m.age_high), -1)
    {join}
) AS n"""


def act_profiles() -> str:
    """Sum the acts of each profile."""
    return """
CREATE OR REPLACE TEMP TABLE count_profiles AS
SELECT profile, SUM(low) AS low, SUM(central) AS central, SUM(high) AS high
FROM count_acts WHERE profile IS NOT NULL GROUP BY profile"""


def things(key: str, weights: Weights) -> str:
    """Every victim or event once: its profile, or its key where it lies in several profiles."""
    low, central, high = (f"MAX({weight})" if weight != ONE else ONE for weight in weights)
    return f"""
CREATE OR REPLACE TEMP TABLE count_things AS
SELECT MIN(profile) AS profile, CASE WHEN MIN(profile) <> MAX(profile) THEN {key} END AS several,
    {low} AS low, {central} AS central, {high} AS high
FROM count_acts
WHERE profile IS NOT NULL AND {key} IS NOT NULL
GROUP BY {key}"""


def thing_profiles() -> str:
    """Sum the victims or events that lie in one profile."""
    return """
CREATE OR REPLACE TEMP TABLE count_profiles AS
SELECT profile, SUM(low) AS low, SUM(central) AS central, SUM(high) AS high
FROM count_things WHERE several IS NULL GROUP BY profile"""


def several(key: str, weights: Weights) -> str:
    """The victims or events that lie in several profiles, one row per profile of each."""
    low, central, high = (f"MAX(a.{weight})" if weight != ONE else ONE for weight in weights)
    return f"""
CREATE OR REPLACE TEMP TABLE count_several AS
SELECT a.{key} AS thing, a.profile, {low} AS low, {central} AS central, {high} AS high
FROM count_acts AS a JOIN count_things AS t ON t.several = a.{key}
WHERE a.profile IS NOT NULL
GROUP BY a.{key}, a.profile"""


def spread(table: str, sizes: Sizes) -> str:
    """Each row of `table` in every cell it may lie in; low where it is sure to, central where that is most likely."""
    sure = "ac.sure AND sc.sure AND gc.sure AND tc.sure"
    likely = "ac.likely AND sc.likely AND gc.likely AND tc.likely"
    areas, sexes, ages, times = sizes.areas, sizes.sexes, sizes.ages, sizes.times
    return f"""
SELECT p.*, p.profile // {areas * sexes * ages * times} AS indicator_no,
    ac.cell AS area, tc.cell AS period, sc.cell AS sex, gc.cell AS age,
    CASE WHEN {sure} THEN p.low ELSE 0 END AS in_low,
    CASE WHEN {likely} THEN p.central ELSE 0 END AS in_central,
    p.high AS in_high
FROM {table} AS p
JOIN count_area_cells AS ac ON ac.no = p.profile // {sexes * ages * times} % {areas}
JOIN count_sex_cells AS sc ON sc.no = p.profile // {ages * times} % {sexes}
JOIN count_age_cells AS gc ON gc.no = p.profile // {times} % {ages}
JOIN count_time_cells AS tc ON tc.no = p.profile % {times}"""


def cells(unit: str, spread_profiles: str, spread_several: str | None) -> str:
    """Add everything up by cell; of a victim or event with several profiles, each cell takes its largest."""
    by_cell = "indicator_no, area, period, sex, age"
    parts = [f"SELECT {by_cell}, in_low, in_central, in_high FROM ({spread_profiles}) AS o"]
    if spread_several:
        parts.append(f"""
SELECT {by_cell}, MAX(in_low) AS in_low, MAX(in_central) AS in_central, MAX(in_high) AS in_high
FROM ({spread_several}) AS q GROUP BY {by_cell}, thing""")
    union = " UNION ALL ".join(parts)
    return f"""
SELECT i.id AS "INDICATOR", c.area AS "REF_AREA", p.label AS "TIME_PERIOD", c.sex AS "SEX", c.age AS "AGE",
    {quote_literal(unit)} AS "UNIT", c.value AS "OBS_VALUE", c.lower_bound AS "LOWER_BOUND",
    c.upper_bound AS "UPPER_BOUND",
    CASE WHEN c.lower_bound = c.value AND c.upper_bound = c.value THEN 'A' ELSE 'E' END AS "OBS_STATUS",
    'F' AS "CONF_STATUS"
FROM (
    SELECT {by_cell}, CAST(SUM(in_central) AS BIGINT) AS value, CAST(SUM(in_low) AS BIGINT) AS lower_bound,
        CAST(SUM(in_high) AS BIGINT) AS upper_bound
    FROM ({union}) AS u GROUP BY {by_cell}
) AS c
JOIN count_indicators AS i ON i.indicator_no = c.indicator_no
JOIN count_periods AS p ON p.period = c.period"""


def unplaced_acts() -> str:
    """What no cell of the finest level takes, in acts."""
    return """
SELECT indicator_no, 'ACTS' AS unit, reason, area, SUM(central) AS central
FROM count_acts WHERE reason IS NOT NULL GROUP BY indicator_no, reason, area"""


def unplaced_things(unit: str, key: str, weight: str) -> str:
    """The victims or events none of whose acts is placed, each once, under the first of its reasons."""
    weighed = f"MAX(a.{weight})" if weight != ONE else ONE
    return f"""
SELECT o.indicator_no, {quote_literal(unit)} AS unit, o.reason, o.area, SUM(o.weight) AS central
FROM (
    SELECT a.indicator_no, a.{key}, MIN(a.reason) AS reason, MIN(a.area) AS area, {weighed} AS weight
    FROM count_acts AS a
    WHERE a.reason IS NOT NULL AND a.{key} IS NOT NULL
        AND NOT EXISTS (
            SELECT 1 FROM count_acts AS b
            WHERE b.reason IS NULL AND b.indicator_no = a.indicator_no AND b.{key} = a.{key}
        )
    GROUP BY a.indicator_no, a.{key}
) AS o
GROUP BY o.indicator_no, o.reason, o.area"""


def all_unplaced(parts: list[str]) -> str:
    """The unplaced of every unit in one table."""
    return "CREATE OR REPLACE TEMP TABLE count_unplaced AS " + " UNION ALL ".join(parts)
