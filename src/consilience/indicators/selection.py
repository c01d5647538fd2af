"""From an indicator's closed filter to the SQL that selects its acts.

Indicators that ask for violations only, which is nearly all, share one pass over the acts: a join with a small table
of the codes each of them wants. An indicator that asks for more is a branch of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from consilience.engine.base import quote_literal
from consilience.errors import UsageError
from consilience.standards.codelist import Codelist
from consilience.standards.indicator import Filter, Indicator

WANTED = "count_wanted"

_COLUMNS = """
    a.event_id, a.victim_id, a.area, a.sex, a.age_low, a.age_high,
    a.date_earliest AS earliest, a.date_latest AS latest,
    a.victims_low AS low, a.victims_central AS central, a.victims_high AS high"""

_EVENT_COLUMNS = """
    e.event_id, CAST(NULL AS VARCHAR) AS victim_id, e.area, CAST(NULL AS VARCHAR) AS sex,
    CAST(NULL AS DOUBLE) AS age_low, CAST(NULL AS DOUBLE) AS age_high,
    e.date_earliest AS earliest, e.date_latest AS latest, 0 AS low, 0 AS central, 0 AS high"""


class Codelists(Protocol):
    """Where codelists come from: `standards.registry.Registry`, or anything else that has them by name."""

    def codelist(self, id: str, /) -> Codelist:  # noqa: A002 - the field's word
        """Return the codelist of this name; StandardError where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Selection:
    """What `count` runs over.

    Attributes:
        wanted: indicator_no, violation; to be registered as `WANTED`.
        sql: the acts selected, each with the number of its indicator; an act may stand under several.
    """

    wanted: pa.Table
    sql: str


def select_acts(
    indicators: Sequence[Indicator], registry: Codelists, sources: Sequence[str] | None, acts: str = "acts"
) -> Selection:
    """Compile the filters of `indicators`.

    Args:
        indicators: what is asked for.
        registry: the codelists that filters name.
        sources: which sources; None for every one.
        acts: the table or view to select from.

    Raises:
        UsageError: no indicator, or one twice.
    """
    identifiers = [indicator.id for indicator in indicators]
    if not indicators or len(set(identifiers)) < len(identifiers):
        raise UsageError(
            "The indicators to count must be named, each once",
            found=", ".join(identifiers) or "none",
            expected="one or more different indicators",
        )
    shared = [(no, each.filter) for no, each in enumerate(indicators) if each.filter.violations and _plain(each.filter)]
    rows = [(no, code) for no, asked in shared for code in sorted(_violations(asked, registry))]
    shared_numbers = {no for no, _ in shared}
    branches = [_joined(sources, acts)] if shared else []
    for no, indicator in enumerate(indicators):
        if no not in shared_numbers:
            branches += _own_branches(no, indicator.filter, registry, sources, acts)
    return Selection(_wanted(rows), "\nUNION ALL\n".join(branches))


def _wanted(rows: Sequence[tuple[int, str]]) -> pa.Table:
    return pa.table(
        {
            "indicator_no": pa.array([no for no, _ in rows], pa.int64()),
            "violation": pa.array([code for _, code in rows], pa.string()),
        }
    )


def _plain(asked: Filter) -> bool:
    return set(asked.fields_used) <= {"violations", "without_violations"}


def _violations(asked: Filter, registry: Codelists) -> frozenset[str]:
    codelist = registry.codelist("VIOLATION")
    return codelist.within(asked.violations) - codelist.within(asked.without_violations)


def _joined(sources: Sequence[str] | None, acts: str) -> str:
    where = _where([_from_sources("a", sources)])
    return f"SELECT w.indicator_no, {_COLUMNS} FROM {acts} AS a JOIN {WANTED} AS w ON a.violation = w.violation {where}"


def _own_branches(no: int, asked: Filter, registry: Codelists, sources: Sequence[str] | None, acts: str) -> list[str]:
    where = _where([_from_sources("a", sources), *_conditions(asked, registry)])
    chosen = f"SELECT CAST({no} AS BIGINT) AS indicator_no, {_COLUMNS} FROM {acts} AS a {where}"
    if asked.fields_used:
        return [chosen]
    without_acts = "NOT EXISTS (SELECT 1 FROM acts AS a WHERE a.event_id = e.event_id)"
    events = f"SELECT CAST({no} AS BIGINT) AS indicator_no, {_EVENT_COLUMNS} FROM events AS e"
    return [chosen, f"{events} {_where([_from_sources('e', sources), without_acts])}"]


def _conditions(asked: Filter, registry: Codelists) -> list[str]:
    """Return one SQL condition per field that asks for something."""
    conditions = []
    if asked.violations:
        conditions.append(_among("a.violation", _violations(asked, registry)))
    elif asked.without_violations:
        left_out = registry.codelist("VIOLATION").within(asked.without_violations)
        conditions.append(f"(a.violation IS NULL OR NOT {_among('a.violation', left_out)})")
    if asked.methods:
        conditions.append(_among("a.method", registry.codelist("METHOD").within(asked.methods)))
    if asked.sexes:
        conditions.append(_among("a.sex", registry.codelist("SEX").within(asked.sexes)))
    return conditions + _ages(asked) + _perpetrators(asked, registry)


def _ages(asked: Filter) -> list[str]:
    """Ask that the whole interval of possible ages lies inside: an age that may lie outside is not selected."""
    oldest = [] if asked.age_to is None else [f"FLOOR(a.age_high) <= {int(asked.age_to)}"]
    youngest = [] if asked.age_from is None else [f"a.age_low >= {int(asked.age_from)}"]
    return youngest + oldest


def _perpetrators(asked: Filter, registry: Codelists) -> list[str]:
    conditions = []
    for codes, negation in ((asked.perpetrator_types, ""), (asked.without_perpetrator_types, "NOT ")):
        if codes:
            wanted = _among("i.perpetrator_type", registry.codelist("PERPETRATOR_TYPE").within(codes))
            inner = f"SELECT 1 FROM involvements AS i WHERE i.act_id = a.act_id AND {wanted}"
            conditions.append(f"{negation}EXISTS ({inner})")
    return conditions


def _from_sources(alias: str, sources: Sequence[str] | None) -> str:
    return "" if sources is None else _among(f"{alias}.source", sources)


def _among(column: str, values: Iterable[str]) -> str:
    listed = ", ".join(quote_literal(value) for value in sorted(values))
    return f"{column} IN ({listed})" if listed else "FALSE"


def _where(conditions: Iterable[str]) -> str:
    given = [condition for condition in conditions if condition]
    return "WHERE " + " AND ".join(given) if given else ""
