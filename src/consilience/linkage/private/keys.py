"""Composite keys: several exact keys for each record, so that two spellings of one person share at least one.

A key joins what rarely goes wrong at once (sounds of names, birth, sex, place). Records meet where they share
`AGREEING` keys; one is enough by default, two make false meetings very rare.

>>> import pyarrow as pa
>>> table = pa.table({"rid": [0], "family_key": ["dlvn"], "given_key": ["mr"], "birth_text": ["19900405"]})
>>> sorted(key.split("|")[0] for key in composite_keys(table)[0])
['family+birth', 'given+birth', 'names+birth']
"""

from collections.abc import Sequence

import pyarrow as pa

_PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("names+birth", ("family_key", "given_key", "birth_text")),
    ("family+birth", ("family_key", "birth_text")),
    ("given+birth", ("given_key", "birth_text")),
    ("names+postcode", ("family_key", "given_key", "postcode")),
    ("birth+postcode", ("birth_text", "postcode")),
    ("names+city", ("family_key", "given_key", "city")),
    ("family+address", ("family_key", "address")),
    ("birth+address", ("birth_text", "address")),
    ("names+date", ("family_key", "given_key", "date_text")),
)


def composite_keys(standard: pa.Table, parts: Sequence[tuple[str, tuple[str, ...]]] = _PARTS) -> list[list[str]]:
    """Return the keys of each record.

    Args:
        standard: standardised records, see `standardise`.
        parts: the name of each key and the columns it joins; a key is left out where a record lacks one of them.
    """
    names = set(standard.column_names)
    usable = [(name, columns) for name, columns in parts if set(columns) <= names]
    values = {column: standard[column].to_pylist() for _, columns in usable for column in columns}
    return [
        [
            "|".join([name, *[str(values[column][row]) for column in columns]])
            for name, columns in usable
            if all(values[column][row] is not None for column in columns)
        ]
        for row in range(len(standard))
    ]
