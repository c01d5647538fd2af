"""One value at a time, but each different value only once: how text becomes something that can be compared.

>>> over_distinct(pa.array(["a", None, "a", "b"]), str.upper).to_pylist()
['A', None, 'A', 'B']
"""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

Reader = Callable[[str], Any]


def over_distinct(column: pa.Array | pa.ChunkedArray, reader: Reader, kind: pa.DataType | None = None) -> pa.Array:
    """Apply a function to every different value of a text column.

    Args:
        column: text; empty text counts as missing.
        reader: value to result; an empty or None result is missing.
        kind: the type of the results, text where None.

    Returns:
        As many results as the column has rows.
    """
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    encoded = whole.dictionary_encode()
    results = [reader(value) if value else None for value in encoded.dictionary.to_pylist()]
    wanted = pa.string() if kind is None else kind
    values = pa.array([None if result in ("", None) else result for result in results], wanted)
    return values.take(encoded.indices)


def over_distinct_pairs(
    column: pa.Array | pa.ChunkedArray, reader: Reader, names: tuple[str, ...], kind: pa.DataType
) -> list[pa.Array]:
    """Apply a function that gives several results of one type; returns one column for each of `names`."""
    both = over_distinct(column, reader, pa.struct([(name, kind) for name in names]))
    return [pc.struct_field(both, [at]) for at in range(len(names))]


def missing(rows: int, kind: pa.DataType | None = None) -> pa.Array:
    """Return a column without a value."""
    return pa.nulls(rows, pa.string() if kind is None else kind)
