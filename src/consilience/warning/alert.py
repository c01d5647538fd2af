"""The record of an alert and its states: who owns it, by when, what was decided; nothing is ever deleted.

Each step is a new record; the former ones stay in `history`. A public page is opened by a person only.

>>> at = dt.datetime(2024, 3, 4, 9, tzinfo=dt.timezone.utc)
>>> alert = signal("A1", "Xanadu / detention", "2024-W09", "0f3c", {"observed": 14}, at)
>>> alert = alert.move(State.TRIAGED, by="duty officer", reason="plausible", at=at + dt.timedelta(hours=5))
>>> alert.state.value, alert.hours_to_acknowledge
('triaged', 5.0)
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from statistics import median
from typing import Any

from consilience.errors import UsageError


class State(StrEnum):
    """Where an alert stands."""

    SIGNAL = "signal"
    TRIAGED = "triaged"
    VERIFIED = "verified"
    REFUTED = "refuted"
    UNDETERMINED = "undetermined"
    CONSULTATION = "consultation opened"
    RECOMMENDED = "recommendations"
    ACTED = "action recorded"
    WITHDRAWN = "withdrawn after revision"
    CLOSED = "closed"


_NEXT: Mapping[State, frozenset[State]] = {
    State.SIGNAL: frozenset({State.TRIAGED, State.WITHDRAWN}),
    State.TRIAGED: frozenset({State.VERIFIED, State.REFUTED, State.UNDETERMINED, State.WITHDRAWN}),
    State.VERIFIED: frozenset({State.CONSULTATION, State.CLOSED}),
    State.REFUTED: frozenset({State.CLOSED}),
    State.UNDETERMINED: frozenset({State.VERIFIED, State.REFUTED, State.CONSULTATION, State.CLOSED, State.WITHDRAWN}),
    State.CONSULTATION: frozenset({State.RECOMMENDED, State.CLOSED}),
    State.RECOMMENDED: frozenset({State.ACTED, State.CLOSED}),
    State.ACTED: frozenset({State.ACTED, State.CLOSED}),
    State.WITHDRAWN: frozenset({State.TRIAGED, State.CLOSED}),
    State.CLOSED: frozenset(),
}
LIMITS: Mapping[State, dt.timedelta] = {
    State.SIGNAL: dt.timedelta(hours=24),
    State.TRIAGED: dt.timedelta(hours=48),
    State.UNDETERMINED: dt.timedelta(days=7),
    State.VERIFIED: dt.timedelta(days=3),
}
"""How long a state may last before it is escalated, where nothing else is agreed."""


@dataclass(frozen=True, slots=True)
class Consultation:
    """Who is asked, by when."""

    participants: tuple[str, ...]
    deadline: dt.datetime

    def __post_init__(self) -> None:
        if not self.participants:
            raise UsageError("A consultation names nobody", remedy="Name who is asked.")


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the history: state reached, by whom, why, when."""

    state: State
    by: str
    reason: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert.

    Attributes:
        id: its identifier.
        series, period: what was unusual, and when.
        vintage: digest of the data it was found in; a re-evaluation on other data has another.
        explanation: facts and words, as they were when it was found.
        history: every step, oldest first.
        owner: who has to act next.
        consultation: who was asked.
        recommendations: each with whether it was acted on.
        release: who may see it: the reporting member first.
    """

    id: str
    series: str
    period: str
    vintage: str
    explanation: Mapping[str, Any]
    history: tuple[Step, ...]
    owner: str | None = None
    consultation: Consultation | None = None
    recommendations: Mapping[str, bool] = field(default_factory=dict)
    release: str = "member"

    @property
    def state(self) -> State:
        """The state reached last."""
        return self.history[-1].state

    @property
    def hours_to_acknowledge(self) -> float | None:
        """Hours from the signal to the first step a person took; None where nobody has."""
        steps = [step for step in self.history[1:] if step.state is not State.WITHDRAWN]
        return (steps[0].at - self.history[0].at).total_seconds() / 3600 if steps else None

    def move(
        self,
        state: State,
        *,
        by: str,
        reason: str,
        at: dt.datetime,
        owner: str | None = None,
        consultation: Consultation | None = None,
        recommendations: Sequence[str] = (),
        acted_on: str | None = None,
    ) -> "Alert":
        """Return the alert after one step.

        Raises:
            UsageError: the step does not follow, goes back in time, or lacks a name, a reason, the people asked, the
                recommendations, or a recommendation that was made.
        """
        self._check(state, by, reason, at)
        if state is State.CONSULTATION and consultation is None:
            raise UsageError("A consultation needs people and a deadline", remedy="Say who is asked and by when.")
        if state is State.RECOMMENDED and not recommendations:
            raise UsageError("No recommendation was given", remedy="Record at least one, or close the alert.")
        if state is State.ACTED and acted_on not in self.recommendations:
            raise UsageError("The action answers no recommendation of this alert", remedy="Name one of them.")
        made = {**self.recommendations, **dict.fromkeys(recommendations, False)}
        return replace(
            self,
            history=(*self.history, Step(state, by, reason, at)),
            owner=owner or self.owner,
            consultation=consultation or self.consultation,
            recommendations={**made, acted_on: True} if acted_on else made,
        )

    def published(self, *, by: str, at: dt.datetime) -> "Alert":
        """Return the alert, shown to the public by a named person.

        Raises:
            UsageError: nobody is named, or it is not verified.
        """
        if not by.strip() or State.VERIFIED not in {step.state for step in self.history}:
            raise UsageError("Only a person publishes, and only what was verified", remedy="Verify it first.")
        step = Step(self.state, by, "published", at)
        return replace(self, release="public", history=(*self.history, step))

    def due(self, limits: Mapping[State, dt.timedelta] = LIMITS) -> dt.datetime | None:
        """Return when silence is escalated; None where the state has no clock."""
        if self.state is State.CONSULTATION and self.consultation:
            return self.consultation.deadline
        limit = limits.get(self.state)
        return None if limit is None else self.history[-1].at + limit

    def overdue(self, now: dt.datetime, limits: Mapping[State, dt.timedelta] = LIMITS) -> bool:
        """Whether it must be escalated now."""
        due = self.due(limits)
        return due is not None and now > due

    def _check(self, state: State, by: str, reason: str, at: dt.datetime) -> None:
        if state not in _NEXT[self.state]:
            allowed = ", ".join(sorted(_NEXT[self.state])) or "nothing, as it is closed"
            raise UsageError(f"An alert cannot go from {self.state} to {state}", expected=allowed)
        if not by.strip() or not reason.strip():
            raise UsageError("A step needs a name and a reason", remedy="Say who decided, and why.")
        if at < self.history[-1].at:
            raise UsageError("A step lies before the one it follows", remedy="Check the time.")


def signal(id_: str, series: str, period: str, vintage: str, explanation: Mapping[str, Any], at: dt.datetime) -> Alert:
    """Return a new alert, as the watch found it."""
    return Alert(id_, series, period, vintage, explanation, (Step(State.SIGNAL, "watch", "found", at),))


@dataclass(frozen=True, slots=True)
class Measures:
    """Public measures of the response; None where there is nothing to measure."""

    alerts: int
    median_hours: float | None
    within_24: float | None
    within_48: float | None
    acted_on: float | None
    false_share: float | None


def measures(alerts: Sequence[Alert]) -> Measures:
    """Measure the response: time to acknowledge, shares within a day and two, recommendations acted on, refuted."""
    hours = [alert.hours_to_acknowledge for alert in alerts]
    known = [one for one in hours if one is not None]
    made = [done for alert in alerts for done in alert.recommendations.values()]
    states = [{step.state for step in alert.history} for alert in alerts]
    refuted = sum(State.REFUTED in one for one in states)
    judged = refuted + sum(State.VERIFIED in one and State.REFUTED not in one for one in states)
    return Measures(
        len(alerts),
        median(known) if known else None,
        _share(sum(one <= 24 for one in known), len(alerts)),
        _share(sum(one <= 48 for one in known), len(alerts)),
        _share(sum(made), len(made)),
        _share(refuted, judged),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
