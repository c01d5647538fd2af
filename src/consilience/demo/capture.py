"""Who was documented by which organisation, and which rows that gives.

The chance that an organisation documents a person depends on town or countryside, the violation, the year, how visible
the case is to anybody, and a network of informants that two organisations share, so their lists are not independent.
About two in five people are documented by nobody: that is what an estimate of the undocumented must recover.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from consilience.demo.country import DISTRICTS, PROVINCES
from consilience.demo.organisations import ORGANISATIONS, CaptureHabit
from consilience.demo.planted import PRACTICE
from consilience.demo.truth import FIRST_DAY, VIOLATIONS, Bools, Floats, Ints, Persons, violation_number

SHARED_INFORMANTS = 0.22
"""The share of people of whose case the shared network of informants knows."""

_DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Captured:
    """The rows one organisation writes about a slice: whom, which of the person's acts, and whether once more.

    Attributes:
        person: the person's number within the slice.
        act: 0 for the main act, 1 for the second.
        duplicate: whether the organisation had noted the same act before.
    """

    person: Ints
    act: Ints
    duplicate: Bools


@dataclass(frozen=True, slots=True)
class Documented:
    """The people of a slice and what the lists hold of them.

    Attributes:
        persons: everybody who suffered something, documented or not.
        caught: persons x organisations: whether the organisation documents the person.
        rows: the rows of each organisation.
    """

    persons: Persons
    caught: Bools
    rows: tuple[Captured, ...]


def document(rng: np.random.Generator, persons: Persons, rows: int) -> Documented:
    """Decide who documents whom, and keep as many of the first people as fill exactly `rows` rows over all lists.

    People come in no order of chance to be documented, so keeping the first is no selection. What the last person
    leaves open is filled with a few more duplicates.
    """
    caught = rng.random((len(persons), len(ORGANISATIONS)), dtype=np.float32) < capture_probabilities(rng, persons)
    counts = _rows_by_person(rng, persons, caught)
    filled = np.cumsum(counts.sum(axis=(1, 2), dtype=np.int64))
    if filled[-1] < rows:
        raise ValueError("too few people were drawn for the rows wanted")
    kept = int(np.searchsorted(filled, rows, side="right"))
    missing = rows - (int(filled[kept - 1]) if kept else 0)
    return Documented(
        persons.first(kept),
        caught[:kept],
        tuple(
            _rows_of(counts[:kept, :, number], missing if number == 0 else 0) for number in range(len(ORGANISATIONS))
        ),
    )


def capture_probabilities(rng: np.random.Generator, persons: Persons) -> npt.NDArray[np.float32]:
    """Return the chance of each organisation to document each person, persons x organisations."""
    seen_by_informants = rng.random(len(persons)) < SHARED_INFORMANTS
    visible = rng.standard_normal(len(persons))
    columns = [_chance(organisation.capture, persons, seen_by_informants, visible) for organisation in ORGANISATIONS]
    changed = next(number for number, each in enumerate(ORGANISATIONS) if each.id == PRACTICE.organisation)
    short = persons.violation == violation_number(PRACTICE.violation)
    since = persons.day >= (PRACTICE.since - FIRST_DAY).days
    columns[changed] = np.where(short, np.where(since, PRACTICE.probability, 0.0), columns[changed])
    return np.stack(columns, axis=1).astype(np.float32)


def _chance(habit: CaptureHabit, persons: Persons, informed: Bools, visible: Floats) -> Floats:
    by_violation = np.array([habit.violation.get(kind, 0.0) for kind in VIOLATIONS])
    by_province = np.array([habit.province.get(spot.code, 0.0) for spot in PROVINCES])
    province = np.array([district.province for district in DISTRICTS])[persons.district]
    odds = (
        habit.base
        + habit.urban * persons.urban
        + habit.yearly * (persons.day / _DAYS_PER_YEAR)
        + habit.informants * informed
        + habit.visibility * visible
        + by_violation[persons.violation]
        + by_province[province]
    )
    return np.asarray(1 / (1 + np.exp(-odds)))


def _rows_by_person(rng: np.random.Generator, persons: Persons, caught: Bools) -> npt.NDArray[np.int8]:
    """Return how many rows each person's main and second act have, persons x 2 x organisations."""
    shape = caught.shape
    noted = caught & (persons.second >= 0)[:, None]
    noted &= rng.random(shape) < np.array([each.capture.second_act for each in ORGANISATIONS])
    acts = np.stack([caught, noted], axis=1)
    again = rng.random(acts.shape) < np.array([each.duplicates for each in ORGANISATIONS])
    return acts.astype(np.int8) + (acts & again)


def _rows_of(counts: npt.NDArray[np.int8], more: int) -> Captured:
    """Write out the rows of one organisation from its counts (persons x 2), with `more` further duplicates."""
    person, act = np.nonzero(counts)
    repeats = counts[person, act].astype(np.int64)
    repeats[: min(more, len(repeats))] += 1
    if more > len(repeats):
        repeats[0] += more - len(repeats)
    starts = np.cumsum(repeats) - repeats
    duplicate = np.ones(int(repeats.sum()), dtype=bool)
    duplicate[starts] = False
    return Captured(np.repeat(person, repeats), np.repeat(act, repeats), duplicate)
