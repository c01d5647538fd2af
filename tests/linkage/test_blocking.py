"""Blocking finds pairs with a common key, each once, within its limits."""

import duckdb
import pyarrow as pa

from consilience.linkage.blocking import block, rules_for
from consilience.linkage.standardise import standardise


def blocked(names, *, limit=300, most_pairs=1e6):
    records = pa.table({"source": ["a"] * len(names), "name": names})
    standard = standardise(records, {})
    with duckdb.connect() as connection:
        connection.register("standard", standard)
        connection.execute("CREATE TABLE records AS SELECT * FROM standard")
        rules = rules_for(set(standard.column_names), {})
        found = block(connection, rules, limit=limit, most_pairs=most_pairs)
        pairs = connection.execute("SELECT rid_l, rid_r FROM blocked_pairs ORDER BY ALL").fetchall()
    return found, pairs


def test_records_with_a_common_key_are_paired_once():
    _, pairs = blocked(["Mira Dlovan", "Dlovan, Mira", "Tarek Osh", "Мира Длован"])
    assert pairs == [(0, 1), (0, 3), (1, 3)]


def test_a_key_that_too_many_share_is_left_out_and_told():
    found, pairs = blocked(["Mira Dlovan"] * 12, limit=10)
    assert pairs == []
    assert max(each.left_out for each in found) == 12


def test_rules_stop_where_pairs_would_be_too_many():
    found, pairs = blocked([f"Mira Dlovan{chr(97 + at)}" for at in range(10)], most_pairs=10)
    assert len(pairs) <= 10
    assert any(each.pairs > 10 and not each.used for each in found)


def test_what_is_said_of_each_rule_adds_up():
    found, pairs = blocked(["Mira Dlovan", "Mira Dlowan", "Mirra Dlovan", "Osh Tarek", "Tarek Osh"])
    assert sum(each.added for each in found) == len(pairs)
