"""Blocking: which pairs are compared at all, chosen by counting them.

A rule says which records share a key. Rules come from a list, the most telling first; each is counted on the data and
taken while it adds no more pairs than the specification allows. A key that too many records share (one name a million
times) is left out of its rule, and the report says how many records that concerns. Records without anything in common
with another record but such keys stay by themselves.

>>> [rule.name for rule in rules_for({"family_key", "given_key", "birth_text"}, {})][:2]
['family + given', 'family + birth']
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import duckdb

from consilience.engine.base import quote_identifier

_YEAR = "CAST(floor(birth_low / 365.25) AS BIGINT)"
_MONTH = "CAST(floor(date_low / 30.44) AS BIGINT)"
_NARROW = "birth_high - birth_low <= 400"
_DAY = "CASE WHEN date_low = date_high THEN"
_BOTH_NAMES = "concat(least(family_key, given_key), '|', greatest(family_key, given_key))"
_CELL = "concat(CAST(floor(date_low / 4) AS BIGINT) {shift}, '|', round(latitude * 2), '|', round(longitude * 2))"
_SHIFTS = ("", "+ 1")
"""A value and its neighbour: two records on both sides of the turn of a year share one of their two keys."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Records with the same key are compared; `keys` are SQL over one record, each alternative a key of its own."""

    name: str
    keys: tuple[str, ...]
    columns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Blocked:
    """What one rule gives: pairs by itself, pairs no earlier rule gave, records behind too common keys."""

    name: str
    pairs: int
    added: int
    left_out: int
    used: bool


def _rule(name: str, columns: str, *keys: str) -> Rule:
    return Rule(name, keys, frozenset(columns.split()))


def _by_year(part: str) -> tuple[str, ...]:
    return tuple(f"CASE WHEN {_NARROW} THEN concat({part}, '|', {_YEAR} {shift}) END" for shift in _SHIFTS)


def _by_month(part: str) -> tuple[str, ...]:
    return tuple(f"concat({part}, '|', {_MONTH} {shift})" for shift in _SHIFTS)


_RULES = (
    _rule("family + given", "family_key given_key", _BOTH_NAMES),
    _rule("family + birth", "family_key birth_text", "concat(family_key, '|', birth_text)"),
    _rule("given + birth", "given_key birth_text", "concat(given_key, '|', birth_text)"),
    _rule("family begins + birth", "family birth_text", "concat(left(family_sound, 2), '|', birth_text)"),
    _rule("given begins + birth", "given birth_text", "concat(left(given_sound, 2), '|', birth_text)"),
    _rule("birth", "birth_text", "birth_text"),
    _rule("family + birth year", "family_key birth_low", *_by_year("family_key")),
    _rule("family + given begins", "family given", "concat(family_sound, '|', left(given_sound, 2))"),
    _rule("given + family begins", "family given", "concat(given_sound, '|', left(family_sound, 2))"),
    _rule("family + month", "family_key date_low", *_by_month("family_key")),
    _rule("given + month", "given_key date_low", *_by_month("given_key")),
    _rule("all names", "name_keys", "array_to_string(list_sort(name_keys), '|')"),
    _rule("given + middle", "given_key middle_key", "concat(given_key, '|', middle_key)"),
    _rule("family + middle", "family_key middle_key", "concat(family_key, '|', middle_key)"),
    _rule("day + area", "date_low area", f"{_DAY} concat(date_low, '|', area) END"),
    _rule("day + place", "date_low latitude longitude", *[_CELL.format(shift=shift) for shift in _SHIFTS]),
    _rule(
        "family begins + birth month", "family birth_text", "concat(left(family_sound, 3), '|', left(birth_text, 6))"
    ),
    _rule("given + birth day", "given_key birth_text", "concat(given_key, '|', right(birth_text, 4))"),
    _rule("family + birth day", "family_key birth_text", "concat(family_key, '|', right(birth_text, 4))"),
    _rule("given + birth year", "given_sound birth_low", *_by_year("given_sound")),
)
_WEAK = (
    _rule("family", "family", "family"),
    _rule("given", "given", "given"),
    _rule("day", "date_low", f"{_DAY} date_low END"),
)
"""What says little by itself; taken last, where few pairs come of it."""


def rules_for(columns: AbstractSet[str], kinds: Mapping[str, str]) -> tuple[Rule, ...]:
    """Return the rules that the columns of standardised records allow, the most telling first."""
    fixed = [rule for rule in _RULES if rule.columns <= set(columns)]
    made: list[Rule] = []
    for name, kind in kinds.items():
        if name not in columns or kind == "category":
            continue
        column = quote_identifier(name)
        if kind == "email":
            made.append(Rule(f"{name} begins", (f"left({column}, 6)",), frozenset({name})))
        if "birth_text" in columns:
            made.append(
                Rule(f"birth + {name}", (f"concat(birth_text, '|', {column})",), frozenset({name, "birth_text"}))
            )
        parts = [part for part in ("family", "given") if part in columns and kind != "email"]
        made += [
            Rule(f"{part} begins + {name}", (f"concat(left({part}_sound, 2), '|', {column})",), frozenset({name, part}))
            for part in parts
        ]
        made.append(Rule(name, (f"CAST({column} AS VARCHAR)",), frozenset({name})))
    return (*fixed, *made, *[rule for rule in _WEAK if rule.columns <= set(columns)])


def block(
    connection: duckdb.DuckDBPyConnection, rules: Sequence[Rule], *, limit: int, most_pairs: float
) -> list[Blocked]:
    """Make the table `blocked_pairs` (rid_l, rid_r, match_key) from the table `records`.

    Args:
        connection: where `records` is.
        rules: in the order in which they are tried.
        limit: records with one key beyond which the key is left out.
        most_pairs: pairs in all beyond which no further rule is taken.

    Returns:
        What each rule gave.
    """
    connection.execute("CREATE OR REPLACE TABLE blocked_pairs (rid_l BIGINT, rid_r BIGINT, match_key INTEGER)")
    found, total = [], 0
    for number, rule in enumerate(rules):
        _keys(connection, rule)
        pairs, left_out = _count(connection, limit)
        used = pairs > 0 and total + pairs <= most_pairs
        added = _add(connection, number) if used else 0
        total += added
        found.append(Blocked(rule.name, pairs, added, left_out, used))
    return found


def _keys(connection: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    present = " AND ".join(f"{quote_identifier(column)} IS NOT NULL" for column in sorted(rule.columns))
    each = " UNION ".join(
        f"SELECT rid, CAST({key} AS VARCHAR) AS key FROM records WHERE {present} AND ({key}) IS NOT NULL"
        for key in rule.keys
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE keyed AS {each}")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE sizes AS SELECT key, count(*) AS n FROM keyed GROUP BY key HAVING n > 1"
    )


def _count(connection: duckdb.DuckDBPyConnection, limit: int) -> tuple[int, int]:
    [[pairs]] = connection.execute(
        f"SELECT coalesce(sum(n * (n - 1) // 2), 0) FROM sizes WHERE n <= {limit}"
    ).fetchall()
    [[left_out]] = connection.execute(
        f"SELECT count(DISTINCT rid) FROM keyed JOIN sizes USING (key) WHERE n > {limit}"
    ).fetchall()
    connection.execute(f"DELETE FROM sizes WHERE n > {limit}")
    return int(pairs), int(left_out)


def _add(connection: duckdb.DuckDBPyConnection, number: int) -> int:
    before = _rows(connection)
    connection.execute(
        f"""INSERT INTO blocked_pairs
        SELECT DISTINCT a.rid, b.rid, {number} FROM sizes JOIN keyed a USING (key) JOIN keyed b USING (key)
        WHERE a.rid < b.rid AND NOT EXISTS (
          SELECT 1 FROM blocked_pairs p WHERE p.rid_l = a.rid AND p.rid_r = b.rid)"""
    )
    return _rows(connection) - before


def _rows(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute("SELECT count(*) FROM blocked_pairs").fetchall()[0]
    return int(row[0])
