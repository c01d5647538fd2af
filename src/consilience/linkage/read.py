"""Reading: lists of any format, or a snapshot, become one table of text columns named by role.

A column's name tells its role (`fields.role_of`); where the name is unknown its values may tell how to compare it; the
specification has the last word. `Reading` says what was made of every column, so that nothing is used or left out
unseen.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from consilience.engine.base import quote_identifier
from consilience.engine.duck import DuckEngine
from consilience.errors import MappingError, UsageError
from consilience.formats.reading import Layout
from consilience.formats.snapshot import Snapshot
from consilience.formats.source import read_source
from consilience.linkage.fields import CORE_ROLES, guess_kind, id_candidates, kind_of, role_of
from consilience.linkage.spec import LinkageSpec

_BIRTH_PARTS = ("birth_year", "birth_month", "birth_day")


@dataclass(frozen=True, slots=True)
class Records:
    """What was read.

    Attributes:
        table: `source`, `record_id`, `line`, and a text column for every role.
        kinds: further column to how it is compared.
        columns: source to column to what it was taken for ("ignored" where it is not used).
    """

    table: pa.Table
    kinds: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read_lists(paths: Sequence[Path], spec: LinkageSpec) -> Records:
    """Read files; a source is called as its file is, without the ending.

    Raises:
        UsageError: a file is not there, or two have one name.
        FormatError: a file cannot be read, or holds no row.
        MappingError: no column of a file is known, or record ids are not unique.
    """
    names = [path.stem for path in paths]
    if len(set(names)) < len(names):
        raise UsageError("Two files have the same name", found=", ".join(names), remedy="Rename one of them.")
    tables, taken = {}, {}
    with tempfile.TemporaryDirectory() as work, DuckEngine() as engine:
        for number, path in enumerate(paths):
            if not path.is_file():
                raise UsageError(f"There is no file {path}", remedy="Check the path.")
            tables[path.stem] = _read(engine, path, f"list{number}", Path(work))
    parts, kinds = [], dict[str, str]()
    for name, table in tables.items():
        part, taken[name], found = _by_role(name, table, spec)
        parts.append(part)
        kinds.update(found)
    return Records(_together(parts), dict(sorted(kinds.items())), taken)


def _read(engine: DuckEngine, path: Path, name: str, workdir: Path) -> pa.Table:
    reading = read_source(engine, path, name, Layout(), workdir)
    columns = ", ".join(
        f"CAST(c{at} AS VARCHAR) AS {quote_identifier(header)}" for at, header in enumerate(reading.columns)
    )
    return engine.fetch(f"SELECT {reading.line_sql} AS {quote_identifier('  line')}, {columns} FROM {name}_rows")


def _by_role(name: str, table: pa.Table, spec: LinkageSpec) -> tuple[pa.Table, dict[str, str], dict[str, str]]:
    line = table["  line"]
    table = table.drop_columns(["  line"])
    ids, id_column = _record_ids(name, table, line, spec)
    taken: dict[str, str] = dict.fromkeys(table.column_names, "ignored")
    made: dict[str, pa.ChunkedArray] = {}
    kinds: dict[str, str] = {}
    if id_column:
        taken[id_column] = "record_id"
    for header in table.column_names:
        role, kind = _role(header, table[header], spec)
        if header == id_column or role is None or role in made:
            continue
        made[role], taken[header] = table[header], role
        if kind:
            kinds[role] = kind
    made, taken = _mend_names(_join_birth(made), taken)
    if not made:
        raise MappingError(
            f"No column of {name} could be recognised",
            found=", ".join(table.column_names),
            expected="names, dates, places or other properties of a person",
            remedy="Say in the specification's [columns] what they hold.",
        )
    fixed = {"source": pa.array([name] * len(table)), "record_id": ids, "line": line.cast(pa.int64())}
    return pa.table({**fixed, **made}), taken, kinds


def _role(header: str, column: pa.ChunkedArray, spec: LinkageSpec) -> tuple[str | None, str | None]:
    """Return a column's role and, for a further field, its kind."""
    role = spec.columns.get(header) or role_of(header)
    kind: str | None = spec.kinds.get(header)
    if role in {"ignore", "record_id", "label"}:
        return None, None
    if role is None and kind is None:
        kind = guess_kind(pc.drop_null(column.slice(0, 20_000)).to_pylist())
        return (f"field:{header.casefold()}", kind) if kind else (None, None)
    role = role or f"field:{header.casefold()}"
    return role, None if role in CORE_ROLES else kind or kind_of(role)


def _record_ids(name: str, table: pa.Table, line: pa.ChunkedArray, spec: LinkageSpec) -> tuple[pa.Array, str | None]:
    """Return the records' identifiers: a column without gaps or repeats, or else the line."""
    declared = spec.sources[name].id if name in spec.sources else None
    chosen = [header for header, role in spec.columns.items() if role == "record_id" and header in table.column_names]
    named = [declared] if declared else chosen
    for header in named or id_candidates(table.column_names):
        if header in table.column_names and _is_key(table[header]):
            return table[header].combine_chunks(), header
    if named:
        raise MappingError(
            f"The column {named[0]} of {name} does not name its records",
            found="it is absent, has gaps or repeats itself",
            expected="a value of its own for every record",
            remedy="Name another column, or none: then the line of the file names the record.",
        )
    return line.cast(pa.string()).combine_chunks(), None


def _is_key(column: pa.ChunkedArray) -> bool:
    return bool(column.null_count == 0 and pc.count_distinct(column).as_py() == len(column))


def _join_birth(made: dict[str, pa.ChunkedArray]) -> dict[str, pa.ChunkedArray]:
    """Join year, month and day of birth that stand in columns of their own."""
    if "birth_year" not in made:
        return {role: column for role, column in made.items() if role not in _BIRTH_PARTS}
    year, *rest = [made[part] for part in _BIRTH_PARTS if part in made]
    parts = [year, *[pc.utf8_lpad(pc.fill_null(part, ""), 2, "0") for part in rest]]
    joined = pc.binary_join_element_wise(*parts, "-") if rest else year
    others = {role: column for role, column in made.items() if role not in _BIRTH_PARTS}
    return {**others, "birth": pc.coalesce(made["birth"], joined) if "birth" in made else joined}


def _mend_names(
    made: dict[str, pa.ChunkedArray], taken: dict[str, str]
) -> tuple[dict[str, pa.ChunkedArray], dict[str, str]]:
    """Take a lone `nombre` or `nom` for the whole name where most of its values have two words."""
    found = [role for role in ("given_name", "family_name") if role in made]
    if len(found) != 1 or "name" in made:
        return made, taken
    spaces = pc.count_substring(pc.utf8_trim_whitespace(made[found[0]]), " ")
    if not (pc.mean(spaces).as_py() or 0) >= 0.8:
        return made, taken
    renamed = {"name" if role == found[0] else role: column for role, column in made.items()}
    return renamed, {header: "name" if role == found[0] else role for header, role in taken.items()}


def _together(parts: Sequence[pa.Table]) -> pa.Table:
    return pa.concat_tables(
        [
            part.cast(
                pa.schema([(each.name, pa.int64() if each.name == "line" else pa.string()) for each in part.schema])
            )
            for part in parts
        ],
        promote_options="default",
    ).combine_chunks()


_PEOPLE = """
WITH first_act AS (SELECT DISTINCT ON (victim_id) * FROM acts ORDER BY victim_id, act_id)
SELECT actors.source, actors.record_id, actors.line, actors.actor_id, name, given_name, patronymic AS middle_name,
  family_name, id_number, actors.birth_edtf AS birth, nationality AS country, occupation,
  CASE WHEN age_low IS NOT NULL OR age_high IS NOT NULL
    THEN concat_ws('-', CAST(coalesce(age_low, 0) AS INT), CAST(coalesce(age_high, 130) AS INT)) END AS age,
  CASE WHEN first_act.date_earliest = first_act.date_latest THEN CAST(first_act.date_earliest AS VARCHAR)
    WHEN first_act.date_earliest IS NOT NULL AND first_act.date_latest IS NOT NULL
    THEN concat_ws('/', CAST(first_act.date_earliest AS VARCHAR), CAST(first_act.date_latest AS VARCHAR)) END AS date,
  coalesce(actors.sex, first_act.sex) AS sex, area, CASE WHEN area IS NULL THEN place_said END AS place,
  CAST(latitude AS VARCHAR) AS latitude, CAST(longitude AS VARCHAR) AS longitude, violation
FROM actors LEFT JOIN identities USING (actor_id) LEFT JOIN first_act ON first_act.victim_id = actors.actor_id
WHERE actors.kind = 'PERSON' ORDER BY actors.source, actors.line, actors.actor_id
"""
_SNAPSHOT_KINDS = {
    "id_number": "code",
    "country": "category",
    "occupation": "text",
    "place": "text",
    "violation": "category",
}


def read_snapshot(path: Path) -> Records:
    """Read the people of a snapshot: who they are, and the first act against each.

    Raises:
        SnapshotError: it is no snapshot.
        MappingError: it holds nobody.
    """
    with DuckEngine() as engine:
        Snapshot.open(path).register(engine)
        table = engine.fetch(_PEOPLE)
    if not len(table):
        raise MappingError(f"The snapshot {path} holds nobody", expected="actors of the kind PERSON")
    used = [name for name in table.column_names if table[name].null_count < len(table)]
    kinds = {name: kind for name, kind in _SNAPSHOT_KINDS.items() if name in used}
    taken = {name: name for name in used}
    return Records(table.select(used), kinds, dict.fromkeys(pc.unique(table["source"]).to_pylist(), taken))
