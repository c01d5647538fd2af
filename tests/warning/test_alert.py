import datetime as dt

import pytest

from consilience.errors import UsageError
from consilience.warning.alert import Consultation, State, measures, signal

START = dt.datetime(2024, 3, 4, 9, tzinfo=dt.UTC)


def _hours(number):
    return START + dt.timedelta(hours=number)


def _new():
    return signal("A1", "North / detention", "2024-W09", "digest", {"observed": 14}, START)


def _verified():
    triaged = _new().move(State.TRIAGED, by="duty officer", reason="plausible", at=_hours(30))
    return triaged.move(State.VERIFIED, by="analyst", reason="two sources", at=_hours(40))


def test_an_alert_walks_from_signal_to_closed_and_keeps_every_step():
    asked = Consultation(("ombudsman", "member S"), _hours(100))
    alert = _verified().move(State.CONSULTATION, by="lead", reason="agreed", at=_hours(41), consultation=asked)
    alert = alert.move(State.RECOMMENDED, by="lead", reason="met", at=_hours(90), recommendations=("visit", "letter"))
    alert = alert.move(State.ACTED, by="member S", reason="went", at=_hours(99), acted_on="visit")
    alert = alert.move(State.CLOSED, by="lead", reason="over", at=_hours(200))
    assert [step.state for step in alert.history][-1] is State.CLOSED
    assert len(alert.history) == 7
    found = measures([alert, _new()])
    assert (found.median_hours, found.within_24, found.within_48, found.acted_on) == (30.0, 0.0, 0.5, 0.5)
    assert found.false_share == 0.0


@pytest.mark.parametrize(
    ("state", "more"),
    [
        (State.VERIFIED, {}),
        (State.CLOSED, {}),
        (State.TRIAGED, {"by": " "}),
        (State.TRIAGED, {"reason": ""}),
        (State.TRIAGED, {"at": START - dt.timedelta(hours=1)}),
    ],
)
def test_a_step_that_does_not_follow_is_refused(state, more):
    with pytest.raises(UsageError):
        _new().move(state, **{"by": "x", "reason": "y", "at": _hours(1), **more})


def test_consultation_recommendation_and_action_need_their_parts():
    with pytest.raises(UsageError, match="people and a deadline"):
        _verified().move(State.CONSULTATION, by="x", reason="y", at=_hours(50))
    with pytest.raises(UsageError, match="names nobody"):
        Consultation((), START)


def test_silence_is_escalated_after_the_limit_of_the_state():
    assert not _new().overdue(_hours(23))
    assert _new().overdue(_hours(25))
    assert _new().move(State.WITHDRAWN, by="watch", reason="revised", at=_hours(2)).due() is None


def test_withdrawn_stays_on_record_and_is_no_acknowledgement():
    alert = _new().move(State.WITHDRAWN, by="watch", reason="data of 5 March", at=_hours(2))
    assert alert.history[0].state is State.SIGNAL
    assert alert.hours_to_acknowledge is None


def test_only_a_person_publishes_and_only_what_was_verified():
    assert _new().release == "member"
    with pytest.raises(UsageError, match="Only a person"):
        _new().published(by="lead", at=_hours(1))
    assert _verified().published(by="lead", at=_hours(50)).release == "public"
