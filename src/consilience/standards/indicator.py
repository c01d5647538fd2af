"""Indicators: shared measures with everything needed to compute, read and question them (requirement ST1).

An indicator selects acts by a closed `Filter`, never by a query of its own, so that it means the same on every
engine. Values within one field are alternatives; fields join with "and"; an empty field asks nothing. Codes select
themselves and every code below them. See docs/decisions/0012-indicator-filter.md.

>>> Filter(violations=("TORTURE",), perpetrator_types=("STATE",)).fields_used
('violations', 'perpetrator_types')
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import ClassVar

from pydantic import ConfigDict

from consilience.model.unit import UnitOfCount
from consilience.standards.closed import CLOSED
from consilience.standards.lifecycle import Comment, State, Transition, state_after


class IndicatorType(StrEnum):
    """What an indicator looks at: commitments, efforts or results (OHCHR, Human Rights Indicators, 2012, ch. II)."""

    STRUCTURAL = "structural"
    PROCESS = "process"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which acts an indicator counts.

    An act is selected when every non-empty field holds. A field about perpetrators holds when at least one
    involvement of the act matches; `without_...` holds when none does. An event is counted when it holds at least
    one selected act; with an empty filter every event is counted, also one without acts.

    Attributes:
        violations: codes of VIOLATION, each with its descendants.
        without_violations: codes of VIOLATION, with descendants, that are left out again.
        perpetrator_types: codes of PERPETRATOR_TYPE, with descendants.
        without_perpetrator_types: codes of PERPETRATOR_TYPE, with descendants.
        methods: codes of METHOD, with descendants.
        sexes: codes of SEX of the victim.
        age_from: the victim is at least so old (completed years).
        age_to: the victim is at most so old (completed years).
    """

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED

    violations: tuple[str, ...] = ()
    without_violations: tuple[str, ...] = ()
    perpetrator_types: tuple[str, ...] = ()
    without_perpetrator_types: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    sexes: tuple[str, ...] = ()
    age_from: int | None = None
    age_to: int | None = None

    @property
    def fields_used(self) -> tuple[str, ...]:
        """The names of the fields that ask for something."""
        return tuple(each.name for each in fields(self) if getattr(self, each.name) not in {(), None})


FILTER_CODELISTS: Mapping[str, str] = {
    "violations": "VIOLATION",
    "without_violations": "VIOLATION",
    "perpetrator_types": "PERPETRATOR_TYPE",
    "without_perpetrator_types": "PERPETRATOR_TYPE",
    "methods": "METHOD",
    "sexes": "SEX",
}


@dataclass(frozen=True)
class Indicator:
    """A shared measure.

    Texts are maps from language (BCP 47) to text; at least "en". `sources`, `disaggregation` and `references` are
    lists; `disaggregation` names codelists (AREA, SEX, AGE) or PERIOD.

    Attributes:
        id: permanent name in capitals.
        version: digits and full stops.
        names: language to name.
        right: the right it speaks of, with its articles.
        attribute: the attribute of that right.
        type: structural, process or outcome.
        unit: acts, victims or events.
        definition: what is counted.
        rationale: why it is counted.
        method: how the figure is computed.
        sources: kinds of data source.
        periodicity: how often it is compiled (ISO 8601 duration, such as P1M).
        disaggregation: by what the figure is broken down.
        limitations: what the figure cannot say.
        references: standards and metadata it rests on.
        filter: which acts it counts.
        review_due: the day on which it must be reviewed; None where none is set.
        transitions: its life so far.
        comments: what was said in consultation.
    """

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED

    id: str
    version: str
    names: Mapping[str, str]
    right: Mapping[str, str]
    attribute: Mapping[str, str]
    type: IndicatorType
    unit: UnitOfCount
    definition: Mapping[str, str]
    rationale: Mapping[str, str]
    method: Mapping[str, str]
    sources: tuple[str, ...]
    periodicity: str
    disaggregation: tuple[str, ...]
    limitations: Mapping[str, str]
    references: tuple[str, ...]
    filter: Filter = field(default_factory=Filter)
    review_due: date | None = None
    transitions: tuple[Transition, ...] = field(default=())
    comments: tuple[Comment, ...] = field(default=())

    @property
    def state(self) -> State:
        """Where the indicator stands in its life."""
        return state_after(self.transitions)

    def name(self, language: str = "en") -> str:
        """Return the name in `language`, or in English, or the id."""
        return self.names.get(language) or self.names.get("en") or self.id
