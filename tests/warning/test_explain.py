import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consilience.warning.detect import watch
from consilience.warning.explain import explain, quiet_count
from consilience.warning.report import lines_of_text, objects
from consilience.warning.settings import NOUFAILY
from consilience.warning.texts import ENGLISH, number, say

COUNTS = np.random.default_rng(9).poisson(6.0, (1, 330)).astype(float)
COUNTS[0, 150], COUNTS[0, 320], COUNTS[0, 329] = 60, 31, 40


@pytest.fixture(scope="module")
def series(make_series):
    return make_series(COUNTS, "2018-W01")


def test_an_alarm_tells_count_bound_chance_baseline_outliers_counterfactual_and_earlier_flags(series):
    found = watch(series, NOUFAILY, first=315)
    told = explain(series, found, 0, 14)
    words = told.words()
    for part in ("40 in 2024-W17", "upper bound", "chance of", "outliers: 2020-W47", "2024-W08"):
        assert part in words
    assert told.facts["baseline"]["down_weighted"] == ["2020-W47"]
    assert f"at {told.facts['not_flagged_at_or_below']} or fewer" in words
    plot = told.facts["plot"]
    assert len({len(plot[name]) for name in ("periods", "observed", "expected", "upper")}) == 1
    assert plot["observed"][-1] == 40


def test_an_explanation_is_the_same_each_time(series):
    found = watch(series, NOUFAILY, first=329)
    assert explain(series, found, 0, 0) == explain(series, found, 0, 0)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 12), st.integers(0, 60))
def test_the_counterfactual_holds(make_series, mean, last):
    counts = np.random.default_rng(mean).poisson(mean / 4, (1, 320)).astype(float)
    counts[0, -1] = last
    series = make_series(counts)
    quiet = quiet_count(series, watch(series, NOUFAILY, first=319), 0, 0, 5.0)
    for count, flagged in ((quiet, False), (quiet + 1, True)):
        counts[0, -1] = count
        assert watch(make_series(counts), NOUFAILY, first=319).alarm[0, 0] == flagged


def test_what_is_not_flagged_is_told_in_one_sentence(make_series):
    counts = COUNTS[:, :310].copy()
    counts[0, 309] = np.nan
    series = make_series(counts)
    found = watch(series, NOUFAILY, first=308)
    assert explain(series, found, 0, 0).words().count("not above the upper bound") == 1
    assert "not zero" in explain(series, found, 0, 1).words()


def test_objects_hold_no_nan_and_the_documented_keys(series):
    found = list(objects(series, watch(series, NOUFAILY, first=0)))
    json.dumps(found, allow_nan=False)
    assert {"observed", "expected", "upper", "alarm", "track", "p", "method", "explanation"} <= set(found[0])
    assert found[0]["upper"] is None
    assert "too short" in found[0]["explanation"]
    assert lines_of_text(found)[0].endswith("(330 counts).")


def test_templates_can_be_translated_and_the_rest_stays_english():
    sentence = (("counterfactual", {"count": "3"}), ("no_trend", {}))
    assert say(sentence, {"counterfactual": "Bei {count} oder weniger: nichts."}) == (
        f"Bei 3 oder weniger: nichts. {ENGLISH['no_trend']}"
    )


def test_numbers_are_written_for_people():
    assert [number(value) for value in (3.0, 1234567.0, 2.345, 123.4, math.nan)] == [
        "3",
        "1,234,567",
        "2.35",
        "123",
        "unknown",
    ]
