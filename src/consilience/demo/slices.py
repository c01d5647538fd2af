"""How the calendar is cut into slices, and how many rows fall to each.

A coalition of up to 200,000 records is one slice; ten million are 48, one a month. Rows are shared out as the truth
and the organisations' habits would have it, measured on a small pilot, so that the cut leaves no trace in the series.

>>> [piece.rows for piece in cut_calendar(5000, 30)]
[4970]
"""

import datetime as dt
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from consilience.demo.capture import capture_probabilities
from consilience.demo.faults import BAD
from consilience.demo.names import people_of_the_country
from consilience.demo.organisations import ORGANISATIONS
from consilience.demo.truth import DAYS, FIRST_DAY, Floats, draw_persons

ROWS_PER_SLICE = 200_000
_MONTHS = 48
_PILOT_PEOPLE = 200_000
_PILOT_SEED = 1


@dataclass(frozen=True, slots=True)
class Slice:
    """A run of whole months.

    Attributes:
        number: its place, from 0.
        days: its first day and the day after its last, in days since the first day of the calendar.
        rows: how many sound rows the five lists hold of it together.
        bad_rows: how many bad rows of each kind each list holds of it.
    """

    number: int
    days: tuple[int, int]
    rows: int
    bad_rows: int


def cut_calendar(records: int, bad: int) -> list[Slice]:
    """Cut the calendar into slices that hold `records` rows together, `bad` of them bad."""
    pieces = min(-(-records // ROWS_PER_SLICE), _MONTHS)
    edges = [month * _MONTHS // pieces for month in range(pieces + 1)]
    days = [_first_of_month(edge) for edge in edges]
    rows = _share_out(records - bad, _weights(days))
    each = bad // (len(ORGANISATIONS) * len(BAD))
    spread = _share_out(each, np.ones(pieces))
    return [Slice(number, (days[number], days[number + 1]), rows[number], spread[number]) for number in range(pieces)]


def _first_of_month(month: int) -> int:
    if month == _MONTHS:
        return DAYS
    year, rest = divmod(month, 12)
    return (dt.date(FIRST_DAY.year + year, rest + 1, 1) - FIRST_DAY).days


def _weights(edges: list[int]) -> Floats:
    """Return how much of all rows falls to each slice."""
    if len(edges) == 2:
        return np.ones(1)
    rng = np.random.default_rng(_PILOT_SEED)
    persons = draw_persons(rng, _PILOT_PEOPLE, (0, DAYS), people_of_the_country())
    rows = capture_probabilities(rng, persons).sum(axis=1, dtype=np.float64)
    return np.histogram(persons.day, bins=edges, weights=rows)[0]


def _share_out(total: int, weights: Floats) -> list[int]:
    """Share a whole number out in proportion to `weights`, without losing any of it."""
    parts = list(accumulate(weights.tolist()))
    ends = [int(total * part / parts[-1] + 0.5) for part in parts]
    return [end - start for start, end in zip([0, *ends[:-1]], ends, strict=True)]
