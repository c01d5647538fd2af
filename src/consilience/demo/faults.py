"""Bad rows: a few in every list, as known as everything else.

A bad row is one more row about an act that the list already holds, with exactly one fault, so that every bad row is
rejected for that fault and nothing true is lost with it.
"""

from enum import IntEnum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from consilience.demo.organisations import Organisation
from consilience.demo.truth import Ints

FEWEST = 2
"""Bad rows of each kind in each list, at least."""

_ROWS_PER_FAULT = 20_000
_DATES = frozenset({"date", "date_from"})
_PARTNERS = frozenset({"date_to"})


class Fault(IntEnum):
    """What is wrong with a row."""

    SOUND = 0
    IMPOSSIBLE_DATE = 1
    UNKNOWN_CODE = 2
    WRONG_COLUMNS = 3


BAD = tuple(fault for fault in Fault if fault)


def bad_rows(records: int) -> int:
    """Return how many rows of each kind of fault each list holds in a coalition of `records` rows."""
    return FEWEST + records // (_ROWS_PER_FAULT * len(BAD))


def spoil(columns: dict[str, pa.Array], faults: Ints, organisation: Organisation) -> None:
    """Write the faults into the columns of a list; the wrong number of columns is left to the file's writer."""
    date, code = pa.array(faults == Fault.IMPOSSIBLE_DATE), pa.array(faults == Fault.UNKNOWN_CODE)
    for column in organisation.columns:
        texts = columns[column.header]
        if column.says in _DATES:
            columns[column.header] = pc.if_else(date, organisation.impossible_date, texts)
        elif column.says in _PARTNERS:
            columns[column.header] = pc.if_else(date, None, texts)
        elif column.says == "violation":
            columns[column.header] = pc.if_else(code, organisation.unknown_code, texts)


def places_of_bad_rows(rng: np.random.Generator, rows: int, each: int) -> tuple[Ints, Ints]:
    """Return for `each` bad rows of every kind which sound row it repeats, and its fault."""
    faults = np.repeat(np.array(BAD, dtype=np.int64), each)
    return rng.integers(0, rows, len(faults)), faults
