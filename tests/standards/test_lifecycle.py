from datetime import UTC, date, datetime, timedelta

import pytest

from consilience.errors import StandardError
from consilience.standards.lifecycle import ALLOWED, State, Transition, advance, is_review_due, state_after

WHEN = datetime(2030, 1, 1, 9, tzinfo=UTC)


def _step(transitions, to, days=0):
    return advance(transitions, to, person="officer-7", at=WHEN + timedelta(days=days), reason="Agreed in session.")


def test_a_whole_life_is_lived_step_by_step():
    life = ()
    for day, state in enumerate(
        [
            State.CONSULTATION,
            State.PILOT,
            State.ADOPTED,
            State.UNDER_REVIEW,
            State.ADOPTED,
            State.UNDER_REVIEW,
            State.RETIRED,
        ]
    ):
        life = _step(life, state, day)
        assert state_after(life) is state
    assert len(life) == 7


@pytest.mark.parametrize("start", State)
@pytest.mark.parametrize("to", State)
def test_only_allowed_steps_are_taken(start, to):
    life = (Transition(State.DRAFT, start, "p", WHEN, "r"),)
    if to in ALLOWED[start]:
        assert state_after(_step(life, to)) is to
    else:
        with pytest.raises(StandardError, match="cannot become"):
            _step(life, to)


@pytest.mark.parametrize(
    ("person", "reason", "at"),
    [("", "r", WHEN), (" ", "r", WHEN), ("p", "", WHEN), ("p", "r", WHEN.replace(tzinfo=None))],
)
def test_a_step_without_person_reason_or_time_zone_is_refused(person, reason, at):
    with pytest.raises(StandardError, match="must be named"):
        advance((), State.CONSULTATION, person=person, at=at, reason=reason)


def test_a_step_before_the_last_one_is_refused():
    with pytest.raises(StandardError, match="before the transition it follows"):
        _step(_step((), State.CONSULTATION), State.PILOT, days=-1)


def test_a_review_falls_due_on_its_day():
    assert not is_review_due(date(2030, 1, 2), date(2030, 1, 1))
    assert is_review_due(date(2030, 1, 2), date(2030, 1, 2))
    assert not is_review_due(None, date(2030, 1, 2))
