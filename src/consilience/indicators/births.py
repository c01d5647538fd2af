"""Ages from births: how old the victim was where the act gives no age but the list knows when the victim was born.

The victim is at least as old as someone born on the last possible day was on the first possible day of the act, and at
most as old as someone born on the first possible day was on the last. An age that the act gives itself always stands;
a birth after the act gives none. Years are completed ones; who is born on 29 February completes them on 1 March.
"""

from collections.abc import Sequence

from consilience.engine.base import Engine, quote_literal

AGED = "count_aged"

# What counting reads of an act; the ages are given apart.
_KEPT = (
    "act_id",
    "event_id",
    "victim_id",
    "violation",
    "method",
    "date_earliest",
    "date_latest",
    "area",
    "sex",
    "victims_low",
    "victims_central",
    "victims_high",
    "source",
)

_ASKED = "a.age_low IS NULL AND a.age_high IS NULL"


def completed_years(birth: str, day: str) -> str:
    """Return SQL for the completed years from one date expression to another; NULL where either is."""
    before_birthday = f"""EXTRACT(MONTH FROM {day}) * 100 + EXTRACT(DAY FROM {day})
        < EXTRACT(MONTH FROM {birth}) * 100 + EXTRACT(DAY FROM {birth})"""
    return (
        f"""(EXTRACT(YEAR FROM {day}) - EXTRACT(YEAR FROM {birth}) - CASE WHEN {before_birthday} THEN 1 ELSE 0 END)"""
    )


def births_wanted(sources: Sequence[str] | None) -> str:
    """Whether any act lacks an age and any actor has a birth: without both, no join is needed."""
    acts, actors = (_of(alias, sources) for alias in ("a", "b"))
    return f"""
SELECT EXISTS (SELECT 1 FROM acts AS a WHERE {_ASKED}{acts})
    AND EXISTS (SELECT 1 FROM actors AS b WHERE (b.birth_earliest IS NOT NULL OR b.birth_latest IS NOT NULL){actors})
    AS wanted"""


def aged() -> str:
    """The acts with the ages that births give, as a view: an act without a birth stays as it is."""
    youngest = completed_years("b.birth_latest", "a.date_earliest")
    oldest = completed_years("b.birth_earliest", "a.date_latest")
    kept = ", ".join(f"a.{name}" for name in _KEPT)
    return f"""
CREATE OR REPLACE TEMP VIEW {AGED} AS
SELECT {", ".join(_KEPT)},
    COALESCE(age_low, CAST(CASE WHEN oldest < 0 THEN NULL WHEN youngest < 0 THEN 0 ELSE youngest END AS DOUBLE))
        AS age_low,
    COALESCE(age_high, CAST(CASE WHEN oldest >= 0 THEN oldest END AS DOUBLE)) AS age_high
FROM (
    SELECT {kept}, a.age_low, a.age_high, {youngest} AS youngest, {oldest} AS oldest
    FROM acts AS a
    LEFT JOIN (
        SELECT actor_id, MIN(birth_earliest) AS birth_earliest, MAX(birth_latest) AS birth_latest
        FROM actors WHERE birth_earliest IS NOT NULL OR birth_latest IS NOT NULL GROUP BY actor_id
    ) AS b ON b.actor_id = CASE WHEN {_ASKED} THEN a.victim_id END
) AS k"""


def acts_with_ages(engine: Engine, sources: Sequence[str] | None) -> str:
    """Return the table or view that counting reads its acts from: `acts` itself where births add nothing."""
    if not engine.fetch(births_wanted(sources))["wanted"][0].as_py():
        return "acts"
    engine.execute(aged())
    return AGED


def _of(alias: str, sources: Sequence[str] | None) -> str:
    if sources is None:
        return ""
    listed = ", ".join(quote_literal(source) for source in sources)
    return f" AND {alias}.source IN ({listed})" if listed else " AND FALSE"
