"""What really happened: events, people and acts of the invented country, drawn slice by slice of the calendar.

A slice is a run of whole months, so that ten million records never stand in memory at once. Everything is an array
with one element an event, a person or an act; a person suffers one or two acts in one event.
"""

import datetime as dt
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from consilience.demo.country import DISTRICTS, VILLAGES, VILLAGES_PER_DISTRICT
from consilience.demo.names import People
from consilience.demo.planted import SPIKE

FIRST_DAY = dt.date(2021, 1, 1)
LAST_DAY = dt.date(2024, 12, 31)
DAYS = (LAST_DAY - FIRST_DAY).days + 1

VIOLATIONS = {
    "killing": 0.10,
    "disappearance": 0.06,
    "detention": 0.17,
    "short_detention": 0.17,
    "torture": 0.10,
    "ill_treatment": 0.11,
    "abduction": 0.06,
    "assembly": 0.12,
    "attack": 0.07,
    "censorship": 0.04,
}
"""Violations in truth and their share on an ordinary day. A short detention lasts below 48 hours."""

PERPETRATORS = ("police", "army", "security", "armed_group", "private", "unidentified")
SEXES = ("male", "female")

_SECOND_ACT = {
    "detention": ("torture", 0.22),
    "disappearance": ("torture", 0.25),
    "abduction": ("killing", 0.15),
    "assembly": ("ill_treatment", 0.20),
    "attack": ("ill_treatment", 0.15),
}
_PERPETRATOR_SHARES = {
    "killing": (0.20, 0.25, 0.10, 0.25, 0.10, 0.10),
    "disappearance": (0.05, 0.25, 0.50, 0.05, 0.00, 0.15),
    "abduction": (0.00, 0.05, 0.05, 0.60, 0.20, 0.10),
    "censorship": (0.20, 0.00, 0.70, 0.00, 0.05, 0.05),
}
_USUAL_PERPETRATORS = (0.50, 0.15, 0.20, 0.05, 0.03, 0.07)
_SHARE_OF_WOMEN = 0.31
_PERSONS_PER_EVENT = 1.6
_NAMES = {kind: number for number, kind in enumerate(VIOLATIONS)}

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def violation_number(kind: str) -> int:
    """Return the number of a violation in the order of `VIOLATIONS`."""
    return _NAMES[kind]


def intensity() -> Floats:
    """How much of each violation happens on each day: an array of violations x days that sums to 1.

    A yearly season, quieter Sundays, and the planted spike around the election.
    """
    day = np.arange(DAYS)
    season = 1 + 0.25 * np.sin(2 * np.pi * (day - 60) / 365.25)
    sunday = (day + FIRST_DAY.weekday()) % 7 == 6
    grid = np.outer(np.array(list(VIOLATIONS.values())), season * np.where(sunday, 0.7, 1.0))
    window = slice((SPIKE.first - FIRST_DAY).days, (SPIKE.last - FIRST_DAY).days + 1)
    for kind in SPIKE.violations:
        grid[violation_number(kind), window] *= SPIKE.factor
    return np.asarray(grid / grid.sum())


@dataclass(frozen=True, slots=True)
class Persons:
    """People who suffered something, one element a person.

    Attributes:
        event: the number of the event within the slice, rising.
        day: days since the first day of the calendar.
        village: the village's number.
        violation: the number of the main act's violation.
        second: the number of the second act's violation, -1 where there is none.
        perpetrator: the number of the perpetrator's type.
        female: whether the person is a woman or girl.
        birth: days between the birth and the first day of the calendar, negative for earlier births.
        given: number of the given name.
        father: number of the father's given name, for the patronymic.
        family: number of the family name.
        particle: whether the family name bears a particle.
    """

    event: Ints
    day: Ints
    village: Ints
    violation: Ints
    second: Ints
    perpetrator: Ints
    female: Bools
    birth: Ints
    given: Ints
    father: Ints
    family: Ints
    particle: Bools

    def __len__(self) -> int:
        return len(self.event)

    @property
    def district(self) -> Ints:
        """The number of each person's district."""
        return self.village // VILLAGES_PER_DISTRICT

    @property
    def urban(self) -> Bools:
        """Whether it happened in a town."""
        return np.array([district.urban for district in DISTRICTS])[self.district]

    def first(self, count: int) -> Self:
        """Return the first `count` people."""
        return replace(self, **{field.name: getattr(self, field.name)[:count] for field in fields(self)})

    def take(self, numbers: Ints) -> Self:
        """Return the people of these numbers, each as often as it stands there."""
        return replace(self, **{field.name: getattr(self, field.name)[numbers] for field in fields(self)})


def draw_persons(rng: np.random.Generator, count: int, days: tuple[int, int], names: People) -> Persons:
    """Draw at least `count` people who suffered something from day `days[0]` up to, not including, day `days[1]`."""
    events = int(count / _PERSONS_PER_EVENT * 1.05) + 20
    size = np.minimum(rng.geometric(1 / _PERSONS_PER_EVENT, events), 40)
    event = np.repeat(np.arange(events), size)
    grid = intensity()[:, days[0] : days[1]]
    violation, day = np.divmod(_choose(rng, grid.ravel(), events), grid.shape[1])
    village = _choose(rng, np.array([spot.weight for spot in VILLAGES]), events)
    female = rng.random(len(event)) < _SHARE_OF_WOMEN
    main = violation[event]
    return Persons(
        event=event,
        day=(day + days[0])[event],
        village=village[event],
        violation=main,
        second=_second_act(rng, main),
        perpetrator=_perpetrators(rng, violation)[event],
        female=female,
        birth=(day + days[0])[event] - _age_in_days(rng, len(event)),
        given=rng.integers(0, names.per_sex, len(event)) + np.where(female, names.per_sex, 0),
        father=rng.integers(0, names.patronymic.size, len(event)),
        family=_common_first(rng, names.family.size, len(event)),
        particle=rng.random(len(event)) < 0.15,
    )


def _choose(rng: np.random.Generator, weights: Floats, count: int) -> Ints:
    """Draw `count` numbers in proportion to `weights`."""
    edges = np.cumsum(weights)
    drawn = np.searchsorted(edges, rng.random(count) * edges[-1], side="right")
    return np.asarray(np.minimum(drawn, len(weights) - 1))


def _second_act(rng: np.random.Generator, main: Ints) -> Ints:
    other = np.full(len(VIOLATIONS), -1)
    chance = np.zeros(len(VIOLATIONS))
    for first, (second, share) in _SECOND_ACT.items():
        other[violation_number(first)] = violation_number(second)
        chance[violation_number(first)] = share
    return np.where(rng.random(len(main)) < chance[main], other[main], -1)


def _perpetrators(rng: np.random.Generator, violation: Ints) -> Ints:
    shares = np.array([_PERPETRATOR_SHARES.get(kind, _USUAL_PERPETRATORS) for kind in VIOLATIONS])
    edges = np.cumsum(shares, axis=1)[violation]
    drawn = (rng.random((len(violation), 1)) >= edges).sum(axis=1)
    return np.asarray(np.minimum(drawn, len(PERPETRATORS) - 1))


def _age_in_days(rng: np.random.Generator, count: int) -> Ints:
    """Ages from 1 to 90 years, most between 18 and 40."""
    years = np.clip(rng.gamma(6.0, 5.4, count), 1, 90)
    return (years * 365.25).astype(np.int64)


def _common_first(rng: np.random.Generator, names: int, count: int) -> Ints:
    """Draw name numbers so that the first names are the most common, as family names are."""
    return (names * rng.random(count) ** 1.8).astype(np.int64)
