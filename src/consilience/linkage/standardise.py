"""Standardising: records as they were written become columns that can be compared.

Made from the columns that `read` found (text, named by role), all in one Arrow table:

    rid                                 the record's place in the table, from 0
    source                              the source
    given, given_sound, given_key, given_root; middle, ...; family, family_sound, family_key
    name_keys                           the keys of all words of the name
    birth_low, birth_high, birth_text   days since 1970; YYYYMMDD where written to the day
    date_low, date_high, date_text      the same for the event
    sex, area, latitude, longitude      M or F; code; degrees
    one column for each further field   by its kind: romanised text, code, e-mail address, category
"""

import re
from collections.abc import Mapping
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from consilience.linkage.dates import births_from_ages, read_ages, read_dates
from consilience.linkage.distinct import missing, over_distinct, over_distinct_pairs
from consilience.linkage.names import Name, NameReader, is_unknown, root_of
from consilience.linkage.romanise import is_consonant_script, tokens_of
from consilience.model.vocabulary import fold

_NAMES = ("name", "given_name", "middle_name", "family_name")
_PARTS = ("given", "middle", "family")
_GROUPS = {
    "given": ("given", "given_sound", "given_key", "given_root"),
    "middle": ("middle", "middle_sound", "middle_key"),
    "family": ("family", "family_sound", "family_key"),
    "birth": ("birth_low", "birth_high", "birth_text"),
    "date": ("date_low", "date_high", "date_text"),
    "sex": ("sex",),
    "area": ("area",),
    "point": ("latitude", "longitude"),
}
"""Columns that stay or go together: they go where nobody filled any of them."""
_NOT_CODE = re.compile(r"[\W_]+")
_DECIMAL = re.compile(r"\.0$")
_SEXES = {
    "M": "m male man boy masculine masculino hombre varon h homme masculin garcon männlich maennlich "
    "мужской муж м мужчина ذكر رجل 男 1",
    "F": "f female woman girl feminine femenino mujer femme feminin fille weiblich "
    "женский жен ж женщина انثى أنثى امراة 女 2 0",
}  # fmt: skip
_SEX = {fold(word): code for code, words in _SEXES.items() for word in words.split()}


def standardise(records: pa.Table, kinds: Mapping[str, str]) -> pa.Table:
    """Make records comparable.

    Args:
        records: `source` and text columns named by role.
        kinds: further column to its kind.

    Returns:
        The table this module describes, as long as `records`; a column nobody filled is left out.
    """
    rows = len(records)
    made: dict[str, pa.Array] = {"rid": pa.array(np.arange(rows)), "source": records["source"].combine_chunks()}
    made.update(_names(records))
    made.update(_dates(records))
    if "sex" in records.column_names:
        made["sex"] = over_distinct(records["sex"], lambda said: _SEX.get(fold(_DECIMAL.sub("", said))))
    if "area" in records.column_names:
        made["area"] = over_distinct(records["area"], lambda said: "" if is_unknown(said) else said.strip())
    made.update(_point(records))
    for name, kind in kinds.items():
        made[name] = over_distinct(records[name], _READERS[kind])
    empty = {
        head for head, group in _GROUPS.items() if all(made[name].null_count == rows for name in group if name in made)
    }
    gone = {name for head in empty for name in _GROUPS[head]}
    gone |= {name for name in kinds if made[name].null_count == rows}
    return pa.table({name: column for name, column in made.items() if name not in gone})


def _text(said: str) -> str:
    return "" if is_unknown(said) else " ".join(tokens_of(said)[:12])


def _code(said: str) -> str:
    return "" if is_unknown(said) else _NOT_CODE.sub("", _DECIMAL.sub("", said.strip())).upper()


def _email(said: str) -> str:
    return said.strip().lower() if "@" in said else ""


def _category(said: str) -> str:
    return "" if is_unknown(said) else fold(said)


_READERS = {"text": _text, "code": _code, "email": _email, "category": _category}


def _names(records: pa.Table) -> dict[str, pa.Array]:
    columns = {role: records[role].combine_chunks() for role in _NAMES if role in records.column_names}
    if not columns:
        return {}
    coarse = any(
        is_consonant_script(value) for each in columns.values() for value in pc.unique(each).to_pylist() if value
    )
    reader = NameReader(coarse=coarse)
    parts = _parts(columns, reader, len(records))
    made = dict(parts)
    for part in _PARTS:
        made[f"{part}_sound"] = over_distinct(parts[part], reader.sound)
        made[f"{part}_key"] = over_distinct(parts[part], reader.key)
    made["given_root"] = over_distinct(parts["given"], root_of)
    joined = pc.binary_join_element_wise(
        *[pc.fill_null(made[f"{part}_key"], "") for part in _PARTS], " ", null_handling="skip"
    )
    made["name_keys"] = over_distinct(
        joined, lambda keys: sorted({key for key in keys.split() if len(key) > 1}), pa.list_(pa.string())
    )
    return made


def _parts(columns: Mapping[str, pa.Array], reader: NameReader, rows: int) -> dict[str, pa.Array]:
    """Take whole names apart; parts that the source gives apart come first."""
    whole = {part: missing(rows) for part in _PARTS}
    if "name" in columns:
        split = over_distinct_pairs(columns["name"], lambda said: _as_row(reader.whole(said)), _PARTS, pa.string())
        whole = dict(zip(_PARTS, split, strict=True))
    for part in _PARTS:
        if f"{part}_name" in columns:
            whole[part] = pc.coalesce(over_distinct(columns[f"{part}_name"], reader.part), whole[part])
    return whole


def _as_row(name: Name) -> dict[str, str | None]:
    return {"given": name.given or None, "middle": name.middle or None, "family": name.family or None}


def _dates(records: pa.Table) -> dict[str, pa.Array]:
    rows, names = len(records), set(records.column_names)
    none = missing(rows, pa.int64())
    made: dict[str, pa.Array] = {}
    first = last = none
    if "date" in names:
        first, last, text = _by_source(records, "date")
        if "date_end" in names:
            last = pc.coalesce(_by_source(records, "date_end")[1], last)
            last = pc.if_else(pc.less(last, first), first, last)
        made |= {"date_low": first, "date_high": last, "date_text": text}
    low, high, text = none, none, missing(rows)
    if "birth" in names:
        low, high, text = _by_source(records, "birth")
    if "age" in names:
        youngest, oldest = read_ages(records["age"].combine_chunks())
        start, end = births_from_ages(youngest, oldest, first, last)
        unknown = pc.and_(pc.is_null(low), pc.is_null(text))
        low, high = pc.if_else(unknown, start, low), pc.if_else(unknown, end, high)
    return made | {"birth_low": low, "birth_high": high, "birth_text": text}


def _by_source(records: pa.Table, role: str) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Read dates source by source: each has its own order of day and month."""
    sources = records["source"].combine_chunks().dictionary_encode()
    column = records[role].combine_chunks()
    where = sources.indices.to_numpy(zero_copy_only=False)
    order = np.argsort(where, kind="stable")
    pieces = [
        read_dates(column.take(pa.array(order[where[order] == number]))) for number in range(len(sources.dictionary))
    ]
    back = pa.array(np.argsort(order, kind="stable"))
    low, high, text = (pa.concat_arrays([piece[at] for piece in pieces]).take(back) for at in range(3))
    return low, high, text


def _point(records: pa.Table) -> dict[str, pa.Array]:
    if not {"latitude", "longitude"} <= set(records.column_names):
        return {}
    ends = {"latitude": 90.0, "longitude": 180.0}
    return {name: over_distinct(records[name], partial(_degrees, end=end), pa.float64()) for name, end in ends.items()}


def _degrees(said: str, *, end: float) -> float | None:
    try:
        value = float(said.strip().replace(",", "."))
    except ValueError:
        return None
    return value if -end <= value <= end else None
