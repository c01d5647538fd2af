"""Values that contradict each other: an age and a birth, the sex of an act and of its victim, a point and its area.

Whether a point lies inside its area needs the area's outline, which a list of areas does not have. What can be said
without it: a point is far from where the other points of the same area lie.

No code of the shared list of violations is tied to one sex or to an age, so nothing is checked of that kind.
"""

from consilience.engine.base import quote_literal
from consilience.quality.profile import Check

FEWEST_POINTS = 20
FAR_KM, FAR_TIMES = 50, 10
"""A point is far from its area's median point beyond 50 km and ten times the median distance of the area's points."""


def checks(source: str) -> list[Check]:
    """Return the checks of acts (ages, sexes) and of acts and events (points) of one source."""
    return [
        Check("consistency.age", "acts", "age_low", _of_victim(_AGE)),
        Check("consistency.sex", "acts", "sex", _of_victim(_SEX)),
        *(Check("consistency.place", table, "latitude", far(table, source)) for table in ("events", "acts")),
    ]


def _day(date: str) -> str:
    """Return a date as a number whose hundreds of hundreds are years: 20231007."""
    return f"(EXTRACT(YEAR FROM {date}) * 10000 + EXTRACT(MONTH FROM {date}) * 100 + EXTRACT(DAY FROM {date}))"


# One year of grace on both sides: ages are often those on the day of the report.
_AGE = f"""{_day("t.date_earliest")} - {_day("v.birth_latest")} >= 10000 * (FLOOR(t.age_high) + 2)
    OR {_day("t.date_latest")} - {_day("v.birth_earliest")} < 10000 * (FLOOR(t.age_low) - 1)"""

_SEX = "t.sex IN ('F', 'M') AND v.sex IN ('F', 'M') AND t.sex <> v.sex"


def _of_victim(condition: str) -> str:
    return f"EXISTS (SELECT 1 FROM actors AS v WHERE v.actor_id = t.victim_id AND ({condition}))"


def far(table: str, source: str) -> str:
    """Return the condition that a row's point is far from its area's median point, over all points of one source."""
    here = f"""SELECT p.area, p.latitude, p.longitude FROM {table} AS p
        WHERE p.source = {quote_literal(source)} AND p.area IS NOT NULL AND p.latitude IS NOT NULL
            AND p.longitude IS NOT NULL"""
    middle = f"""SELECT area, MEDIAN(latitude) AS latitude, MEDIAN(longitude) AS longitude FROM ({here}) AS p
        GROUP BY area HAVING COUNT(*) >= {FEWEST_POINTS}"""
    usual = f"""SELECT p.area, m.latitude, m.longitude, MEDIAN({_km("p", "m")}) AS km
        FROM ({here}) AS p JOIN ({middle}) AS m ON m.area = p.area GROUP BY p.area, m.latitude, m.longitude"""
    return f"""EXISTS (SELECT 1 FROM ({usual}) AS u WHERE u.area = t.area
        AND {_km("t", "u")} > GREATEST({FAR_KM}, {FAR_TIMES} * u.km))"""


def _km(one: str, other: str) -> str:
    """Return SQL for the distance of two points in kilometres: degrees on a sphere, flat around the two points."""
    north = f"({one}.latitude - {other}.latitude)"
    east = f"((({one}.longitude - {other}.longitude) + 540) % 360 - 180) * COS(RADIANS({other}.latitude))"
    return f"(111.2 * SQRT({north} * {north} + ({east}) * ({east})))"
