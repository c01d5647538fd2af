import numpy as np
import pytest

from consilience.errors import UsageError
from consilience.warning.detect import watch
from consilience.warning.settings import FARRINGTON, NOUFAILY, Bound
from consilience.warning.short import RULES, Short

rng = np.random.default_rng(5)
QUIET = rng.poisson(4.0, (3, 320)).astype(float)


def test_a_spike_is_flagged_in_its_first_period_and_the_rest_is_quiet(make_series):
    counts = QUIET.copy()
    counts[1, 319] = 25
    found = watch(make_series(counts), NOUFAILY, first=319)
    assert found.alarm[:, 0].tolist() == [False, True, False]
    assert found.track[1, 0] == "escalation"
    assert found.chance[1, 0] < 1e-4


def test_an_onset_is_flagged_where_nothing_was_expected(make_series):
    counts = np.zeros((2, 300))
    counts[0, 299], counts[1, 299] = 5, 4
    found = watch(make_series(counts), NOUFAILY, first=299)
    assert found.track[:, 0].tolist() == ["onset", ""]
    assert found.gate[1, 0] == "few"


def test_all_zeros_give_no_alarm_and_no_fault(make_series):
    for settings in (NOUFAILY, FARRINGTON, *(Short(rule) for rule in RULES)):
        assert not watch(make_series(np.zeros((1, 300))), settings).alarm.any()


def test_a_short_series_falls_back_and_says_so(make_series):
    counts = np.array([[3, 4, 3, 5, 4, 3, 4, 4, 3, 30]])
    found = watch(make_series(counts), NOUFAILY)
    assert found.basis[0, 9] == "short-baseline"
    assert found.alarm[0].tolist() == [False] * 9 + [True]
    assert found.basis[0, 0] == "none"


def test_a_series_that_starts_late_is_tested_from_its_own_history(make_series):
    counts = QUIET.copy()
    counts[0, :200] = np.nan
    found = watch(make_series(counts), NOUFAILY, first=319)
    assert found.basis[:, 0].tolist() == ["short-baseline", "noufaily", "noufaily"]


def test_one_huge_value_in_the_past_does_not_hide_a_spike(make_series):
    counts = QUIET[:1].copy()
    counts[0, 200], counts[0, 319] = 1e9, 30
    found = watch(make_series(counts), NOUFAILY.with_(outlier=1.0), first=319)
    assert np.isfinite(found.upper[0, 0])
    assert found.upper[0, 0] >= found.expected[0, 0]


def test_a_missing_count_is_not_tested(make_series):
    counts = QUIET.copy()
    counts[0, 319] = np.nan
    found = watch(make_series(counts), NOUFAILY, first=319)
    assert not found.alarm[0, 0]
    assert np.isfinite(found.upper[0, 0])
    assert np.isnan(found.chance[0, 0])


def test_too_few_counts_of_late_hold_an_exceedance_back(make_series):
    counts = np.zeros((1, 320))
    counts[0, ::40] = 1
    counts[0, 319] = 4
    found = watch(make_series(counts), FARRINGTON.with_(alpha=0.05), first=319)
    assert (found.alarm[0, 0], found.gate[0, 0]) == (False, "few")


def test_a_fit_without_grip_alarms_by_default_and_is_silent_only_in_compatibility(make_series):
    counts = np.zeros((1, 320))
    counts[0, 60:300:30] = [4000, 20, 7000, 1, 9000, 15, 3, 2]
    counts[0, 319] = 60000
    ours = watch(make_series(counts), NOUFAILY.with_(bound=Bound.NB_PLUGIN), first=319)
    assert ours.upper[0, 0] >= ours.expected[0, 0]
    theirs = watch(make_series(counts), NOUFAILY.with_(compat=True), first=319)
    assert theirs.upper[0, 0] == 0
    assert not theirs.alarm[0, 0]


def test_periods_tested_alone_give_what_they_give_together(make_series):
    series = make_series(QUIET)
    whole = watch(series, NOUFAILY, first=300)
    alone = watch(series, NOUFAILY, first=310, last=310)
    assert np.array_equal(whole.upper[:, 10], alone.upper[:, 0])


def test_months_quarters_and_years_are_watched_too(make_series):
    for first, length in (("2000-01", 120), ("2000-Q1", 60), ("1950", 60), ("2015-01-01", 800)):
        counts = rng.poisson(20.0, (1, length)).astype(float)
        counts[0, -1] = 90
        series = make_series(counts, first if first != "2015-01-01" else "2015-01-02")
        found = watch(series, NOUFAILY.scaled(series.line.per_year).with_(years=3), first=length - 1)
        assert found.alarm[0, 0], first


@pytest.mark.parametrize(
    "changes", [{"years": 0}, {"alpha": 0.7}, {"blocks": 0}, {"left_out": -1}, {"trend_level": 0.0}]
)
def test_settings_out_of_range_are_refused(changes):
    with pytest.raises(UsageError):
        NOUFAILY.with_(**changes)


def test_an_unknown_rule_is_refused():
    with pytest.raises(UsageError, match="not known"):
        Short("ears-c9")
