"""What every reader gives: text columns with line numbers, inside an engine.

A reader makes tables in the engine, named after the `name` it is given:

- `<name>_rows`: the columns of the file, as text, in file order, called `c0`, `c1`, ... (a file's own names can be
  anything, so they stay out of SQL); `Reading.line_sql` gives a row's line;
- `<name>`: a view of it with `line` (physical line or row of the file, from 1) in front;
- `<name>_malformed`: `line`, `expected`, `found` and `raw` of the rows that have no columns to speak of.
"""

from dataclasses import dataclass
from pathlib import Path

from consilience.engine.base import Engine
from consilience.errors import FormatError


@dataclass(frozen=True, slots=True)
class Layout:
    """What a mapping declares about a file; None where it is to be detected."""

    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int = 1


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file was read.

    Attributes:
        format: csv, xlsx, jsonl or parquet.
        columns: the file's own names, in order; the engine's column `c<i>` holds the i-th.
        rows: rows read, malformed ones included.
        malformed: rows without usable columns.
        sha256, bytes: of the file as it is on disk.
        encoding, delimiter, newline: of delimited text; empty otherwise.
        line_sql: SQL over `<name>_rows` of the line a row begins on.
    """

    format: str
    columns: tuple[str, ...]
    rows: int
    malformed: int
    sha256: str
    bytes: int
    encoding: str = ""
    delimiter: str = ""
    newline: str = ""
    line_sql: str = "line"


def checked_names(names: list[str], path: Path) -> tuple[str, ...]:
    """Return the header's names, trimmed; a column without a name is called `column <n>`.

    Raises:
        FormatError: two columns share a name (upper and lower case are not told apart).
    """
    found = [name.strip().strip("\0") or f"column {at}" for at, name in enumerate(names, 1)]
    seen: dict[str, int] = {}
    for at, name in enumerate(found, 1):
        first = seen.setdefault(name.casefold(), at)
        if first != at:
            raise FormatError(
                f"{path.name} has two columns of the same name",
                found=f"{name!r} in columns {first} and {at}",
                expected="a name of its own for every column (upper and lower case are not told apart)",
                remedy="Rename one of them in the file.",
            )
    return tuple(found)


def publish(engine: Engine, name: str) -> None:
    """Make `<name>` out of the table `<name>_rows`, and an empty `<name>_malformed`."""
    engine.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM {name}_rows")
    engine.execute(
        f"CREATE OR REPLACE TABLE {name}_malformed (line BIGINT, expected VARCHAR, found VARCHAR, raw VARCHAR)"
    )
