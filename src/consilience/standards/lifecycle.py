"""The life of a shared measure: draft, consultation, pilot, adopted, under review, retired (requirement ST1).

Every transition is named (person, time, reason). The state is never typed; it follows from the transitions.

>>> from datetime import datetime, timezone
>>> when = datetime(2030, 1, 2, 9, tzinfo=timezone.utc)
>>> moved = advance((), State.CONSULTATION, person="officer-7", at=when, reason="The drafting group agreed.")
>>> state_after(moved)
<State.CONSULTATION: 'consultation'>
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar

from pydantic import ConfigDict

from consilience.errors import StandardError
from consilience.standards.closed import CLOSED


class State(StrEnum):
    """Where a measure stands in its life."""

    DRAFT = "draft"
    CONSULTATION = "consultation"
    PILOT = "pilot"
    ADOPTED = "adopted"
    UNDER_REVIEW = "under_review"
    RETIRED = "retired"


ALLOWED: Mapping[State, tuple[State, ...]] = MappingProxyType(
    {
        State.DRAFT: (State.CONSULTATION, State.RETIRED),
        State.CONSULTATION: (State.DRAFT, State.PILOT, State.RETIRED),
        State.PILOT: (State.CONSULTATION, State.ADOPTED, State.RETIRED),
        State.ADOPTED: (State.UNDER_REVIEW,),
        State.UNDER_REVIEW: (State.ADOPTED, State.CONSULTATION, State.RETIRED),
        State.RETIRED: (),
    }
)


@dataclass(frozen=True, slots=True)
class Transition:
    """One named step: who moved the measure from where to where, when and why."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED

    before: State
    after: State
    person: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Comment:
    """What a stakeholder group said in consultation, in its own language (BCP 47)."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED

    group: str
    language: str
    text: str
    at: datetime


def state_after(transitions: tuple[Transition, ...]) -> State:
    """Return the state in which the last transition left the measure; draft where there is none."""
    return transitions[-1].after if transitions else State.DRAFT


def advance(
    transitions: tuple[Transition, ...], to: State, *, person: str, at: datetime, reason: str
) -> tuple[Transition, ...]:
    """Return the transitions with one more.

    Raises:
        StandardError: the step is not allowed from the present state, is not named, or lies before the last one.
    """
    now = state_after(transitions)
    if to not in ALLOWED[now]:
        raise StandardError(
            f"A measure in state {now} cannot become {to}",
            expected=" or ".join(ALLOWED[now]) or "no further step: retired is final",
            remedy="Take the allowed steps one by one.",
        )
    step = Transition(now, to, person.strip(), at, reason.strip())
    faults = naming_faults(step, after=transitions[-1].at if transitions else None)
    if faults:
        raise StandardError("A transition must be named", found="; ".join(faults), expected="person, time and reason")
    return (*transitions, step)


def naming_faults(step: Transition, *, after: datetime | None = None) -> list[str]:
    """Return what is missing for a transition to be named, each as a phrase."""
    faults = []
    if not step.person:
        faults.append("no person")
    if not step.reason:
        faults.append("no reason")
    if step.at.tzinfo is None:
        faults.append("a time without a time zone")
    elif after is not None and after.tzinfo is not None and step.at < after:
        faults.append("a time before the transition it follows")
    return faults


def is_review_due(review_due: date | None, today: date) -> bool:
    """Whether the date of review has come; `today` is an argument so that the answer can be tested."""
    return review_due is not None and review_due <= today
