"""The stage in a study: suppressed observations lose value and bounds, and statuses stay apart."""

import numpy as np
import pyarrow as pa
import pytest

from consilience.disclosure.observations import protect_observations
from consilience.disclosure.rules import DisclosureRules, Method
from consilience.errors import DisclosureRefused, InputError, UsageError


def _observations(seed=1, areas=4, months=3):
    rng = np.random.default_rng(seed)
    inner = {(a, m, s): int(rng.poisson(9)) for a in range(areas) for m in range(months) for s in "FM"}
    rows = []
    for area in [*range(areas), "_T"]:
        for month in [*range(months), "_T"]:
            for sex in ["F", "M", "_T"]:
                total = sum(
                    n for (a, m, s), n in inner.items() if area in {a, "_T"} and month in {m, "_T"} and sex in {s, "_T"}
                )
                rows.append(
                    {
                        "INDICATOR": "killings",
                        "REF_AREA": area if area == "_T" else f"A{area}",
                        "TIME_PERIOD": month if month == "_T" else f"2024-0{month + 1}",
                        "SEX": sex,
                        "AGE": "_T",
                        "UNIT": "ACTS",
                        "OBS_VALUE": total,
                        "LOWER_BOUND": max(total - 1, 0),
                        "UPPER_BOUND": total + 2,
                        "OBS_STATUS": "A",
                        "CONF_STATUS": None,
                    }
                )
    return pa.Table.from_pylist(rows)


def test_suppressed_rows_lose_value_and_bounds_and_all_look_alike():
    before = _observations()
    result = protect_observations(before, DisclosureRules(threshold=6)).checked()
    assert result.counts["primary"] > 0
    assert result.counts["secondary"] > 0
    for row in result.table.to_pylist():
        numbers = [row[name] for name in ("OBS_VALUE", "LOWER_BOUND", "UPPER_BOUND")]
        if row["CONF_STATUS"] == "C":
            assert (numbers, row["OBS_STATUS"]) == ([None] * 3, "Q")
        else:
            assert None not in numbers
            assert (row["OBS_STATUS"], row["CONF_STATUS"]) == ("A", "F")
    kept = [name for name in before.column_names if name.isupper() and "VALUE" not in name and "BOUND" not in name]
    for name in kept[:6]:
        assert result.table[name] == before[name]


def test_a_row_without_a_value_stays_missing():
    rows = _observations().to_pylist()
    rows.append({**rows[0], "INDICATOR": "torture", "OBS_VALUE": None, "OBS_STATUS": "O"})
    last = protect_observations(pa.Table.from_pylist(rows), DisclosureRules()).table.to_pylist()[-1]
    assert (last["OBS_VALUE"], last["OBS_STATUS"], last["CONF_STATUS"]) == (None, "O", "F")


def test_a_second_release_of_the_same_numbers_holds_with_the_first():
    rules = DisclosureRules(threshold=6)
    first = protect_observations(_observations(), rules)
    second = protect_observations(_observations(), rules, previous=first.table).checked()
    assert second.table == first.table


def test_a_value_that_was_published_cannot_be_taken_back():
    raw = _observations()
    with pytest.raises(DisclosureRefused):
        protect_observations(raw, DisclosureRules(threshold=6), previous=raw).checked()


def test_the_statement_names_rule_and_attack_but_no_cell():
    result = protect_observations(_observations(), DisclosureRules(threshold=6))
    assert "Counts from 1 to 5" in result.statement
    assert "attacked" in result.statement
    assert "A0" not in result.statement


def test_faulty_observations_are_refused():
    rows = _observations().to_pylist()
    with pytest.raises(InputError, match="twice"):
        protect_observations(pa.Table.from_pylist([*rows, rows[0]]), DisclosureRules())
    with pytest.raises(InputError, match="not a count"):
        protect_observations(pa.Table.from_pylist([{**rows[0], "OBS_VALUE": -1}]), DisclosureRules())
    with pytest.raises(UsageError):
        protect_observations(_observations(), DisclosureRules(method=Method.ROUND))
