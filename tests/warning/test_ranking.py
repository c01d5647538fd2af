import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from consilience.errors import UsageError
from consilience.warning.ranking import calibrated, level_for_budget, opened, ranked, realised_false_share, top_down


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_the_ranking_is_benjamini_and_hochbergs(chances):
    assert np.allclose(ranked(np.array(chances)), stats.false_discovery_control(chances))


def test_the_calibrated_layer_brings_a_bursty_series_near_its_level():
    rng = np.random.default_rng(1)
    expected = rng.choice([0.5, 3.0, 50.0], (60, 80))
    chance = rng.beta(0.4, 1.0, (60, 80))
    nominal, kept = (chance < 0.01)[:, 40:].mean(), calibrated(expected, chance, 40, 0.01)[:, 40:].mean()
    assert nominal > 0.1
    assert 0.005 < kept < 0.02


def test_too_few_past_results_leave_the_nominal_level():
    assert calibrated(np.full((3, 5), 2.0), np.full((3, 5), 0.5), 40, 0.01).all()


def test_one_event_raises_one_alert_in_the_widest_area():
    parents = {"village": "district", "district": "country"}
    assert top_down(dict.fromkeys(("village", "district", "country"), True), parents) == {
        "village": "country",
        "district": "country",
    }
    with pytest.raises(UsageError, match="contain each other"):
        top_down({"a": True}, {"a": "b", "b": "a"})


def test_an_alert_stays_open_while_alarms_go_on():
    assert opened(np.ones((1, 6), dtype=bool), 1).sum() == 1
    assert opened(np.array([[True, False, True]]), 0).sum() == 2


def test_a_budget_gives_a_level_and_refuses_nothing_for_something():
    assert level_for_budget(1, 10) == pytest.approx(0.1)
    with pytest.raises(UsageError):
        level_for_budget(0, 10)


def test_no_verdict_gives_no_share():
    assert realised_false_share(["undetermined"]) is None
