"""Delimited text (CSV and its kin): any encoding, delimiter and line end, read without a loop over rows.

The engine reads the file in one go. Where every record fills one line, and none is malformed, a record's line number is
its position. Otherwise the file is written once more with each record's line number in front, and read from there: so
the numbers hold after quoted line breaks, blank lines and malformed records alike.
"""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from consilience.engine.base import Engine, quote_literal
from consilience.errors import FormatError
from consilience.formats.encoding import detect, transcode
from consilience.formats.numbering import number_records
from consilience.formats.reading import Layout, Reading, checked_names
from consilience.formats.survey import LONGEST_LINE, Survey, survey

_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class _Text:
    """A file that the engine can read as it is: UTF-8 with one kind of line end."""

    path: Path
    delimiter: str
    width: int
    header_end: int
    damaged: bool


def read_delimited(engine: Engine, path: Path, name: str, layout: Layout, workdir: Path) -> Reading:
    """Read delimited text into the tables `name` and `<name>_malformed` (see `formats.reading`).

    Args:
        engine: where the tables are made.
        path: the file.
        name: a plain identifier.
        layout: what is declared about the file.
        workdir: an existing folder for the file in UTF-8, where it must be written again.

    Raises:
        FormatError: the file is no delimited text, is empty, or its header is at fault.
    """
    found = survey(path)
    encoding = detect(found, declared=layout.encoding, name=path.name)
    readable = path
    if encoding.damaged or encoding.name not in {"utf-8", "utf-8-sig", "ascii"} or found.newline in {"CR", "mixed"}:
        readable = workdir / f"{name}.utf8"
        transcode(path, readable, encoding)
    plain = found if readable == path else survey(readable)
    sample = _sample(plain)
    delimiter = layout.delimiter or _delimiter(sample, layout.header_row)
    header, header_end = _header(sample, delimiter, layout.header_row, path)
    text = _Text(readable, delimiter, len(header), header_end, encoding.damaged)
    line_sql = _fill(engine, name, text, plain.lines, workdir, path)
    rows = engine.fetch(f"SELECT count(*) AS n FROM {name}_rows")["n"][0].as_py()
    malformed = engine.fetch(f"SELECT count(*) AS n FROM {name}_malformed")["n"][0].as_py()
    return Reading(
        "csv",
        header,
        rows + malformed,
        malformed,
        found.sha256,
        found.size,
        encoding.name,
        delimiter,
        found.newline,
        line_sql,
    )


def _sample(found: Survey) -> str:
    text = found.head.decode("utf-8", errors="ignore").removeprefix("\ufeff")
    return text if len(found.head) == found.size else text.rsplit("\n", 1)[0]


def _delimiter(sample: str, header_row: int) -> str:
    """Return the delimiter that cuts the first lines into the most columns, evenly."""
    lines = sample.splitlines()[header_row - 1 : header_row + 50]
    scores = {delimiter: _evenness(lines, delimiter) for delimiter in _DELIMITERS}
    return max(_DELIMITERS, key=lambda delimiter: scores[delimiter])


def _evenness(lines: list[str], delimiter: str) -> float:
    widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter)]
    if not widths or widths[0] < 2:
        return 0.0
    return widths[0] * sum(width == widths[0] for width in widths) / len(widths)


def _header(sample: str, delimiter: str, header_row: int, path: Path) -> tuple[tuple[str, ...], int]:
    """Return the columns' names and the physical line on which the header ends."""
    lines = sample.split("\n")[header_row - 1 :]
    reader = csv.reader(io.StringIO("\n".join(lines), newline=""), delimiter=delimiter)
    names = next(reader, [])
    if not any(name.strip() for name in names):
        raise FormatError(
            f"{path.name} has no header",
            found=f"line {header_row} holds no names",
            expected="the columns' names on its first line",
            remedy="Add a header line, or say where it is with header_row in the mapping's [source].",
        )
    return checked_names(names, path), header_row - 1 + reader.line_num


def _fill(engine: Engine, name: str, text: _Text, lines: int, workdir: Path, path: Path) -> str:
    """Make the tables; return the SQL of a row's line."""
    engine.execute(
        f"CREATE OR REPLACE TABLE {name}_malformed (line BIGINT, expected VARCHAR, found VARCHAR, raw VARCHAR)"
    )
    columns = ", ".join(f"c{at}" for at in range(text.width))
    line_sql = f"rowid + {text.header_end + 1}"
    if text.damaged or not _read_straight(engine, name, text, lines):
        line_sql = "CAST(line AS BIGINT)"
        _read_with_numbers(engine, name, text, workdir, path)
    engine.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT {line_sql} AS line, {columns} FROM {name}_rows")
    return line_sql


def _read_straight(engine: Engine, name: str, text: _Text, lines: int) -> bool:
    """Read the file as it is; False where some record does not fill exactly one line, or is malformed."""
    columns = [f"c{at}" for at in range(text.width)]
    _forget_errors(engine, name)
    try:
        engine.execute(f"CREATE OR REPLACE TABLE {name}_rows AS SELECT * FROM {_scan(name, text, text.path, columns)}")
    except FormatError:
        return False
    counted = f"SELECT (SELECT count(*) FROM {name}_rows) AS rows, (SELECT count(*) FROM {name}_errors) AS errors"
    rows, errors = engine.fetch(counted).to_pylist()[0].values()
    return not errors and rows == lines - text.header_end


def _read_with_numbers(engine: Engine, name: str, text: _Text, workdir: Path, path: Path) -> None:
    numbered = workdir / f"{name}.numbered"
    try:
        number_records(engine, name, text.path, text.delimiter, text.header_end, numbered)
        _read_numbered(engine, name, text, numbered)
    except FormatError:
        raise FormatError(
            f"{path.name} cannot be read as delimited text",
            found="line ends or quotation marks that contradict each other",
            expected="one kind of line end, and every quotation mark closed",
            remedy="Open it in a spreadsheet program and export it again as CSV in UTF-8.",
        ) from None
    finally:
        numbered.unlink(missing_ok=True)


def _read_numbered(engine: Engine, name: str, text: _Text, numbered: Path) -> None:
    """Read the numbered records; those that give no row, or hold bytes of no encoding, are malformed."""
    columns = [f"c{at}" for at in range(text.width)]
    _forget_errors(engine, name)
    scan = _scan(name, text, numbered, ["line", *columns], skip=0)
    suspect = " OR ".join(f"coalesce(contains({column}, chr(65533)), FALSE)" for column in columns)
    whole = "TRY_CAST(line AS BIGINT) IS NOT NULL" + (f" AND NOT ({suspect})" if text.damaged else "")
    engine.execute(f"CREATE OR REPLACE TABLE {name}_rows AS SELECT * FROM {scan} WHERE {whole}")
    number = f"TRY_CAST(split_part(csv_line, {quote_literal(text.delimiter)}, 1) AS BIGINT)"
    engine.execute(
        f"INSERT INTO {name}_malformed SELECT r.line, '{text.width} columns, quotation marks closed', "
        f"coalesce(e.found, CASE WHEN r.broken THEN 'a quotation mark that does not close' "
        "WHEN contains(r.raw, chr(65533)) THEN 'bytes that are not UTF-8' ELSE 'a row that cannot be read' END), "
        f"r.raw FROM {name}_records r "
        f"LEFT JOIN (SELECT {number} AS line, min_by({_FOUND}, column_idx) AS found "
        f"FROM {name}_errors GROUP BY 1) e USING (line) "
        f"ANTI JOIN (SELECT CAST(line AS BIGINT) AS line FROM {name}_rows) a ON a.line = r.line ORDER BY r.line"
    )


def _forget_errors(engine: Engine, name: str) -> None:
    """Drop the engine's own tables of errors, which otherwise grow from one reading to the next."""
    for leftover in (f"{name}_errors", f"{name}_scans"):
        engine.execute(f"DROP TABLE IF EXISTS {leftover}")


_FOUND = (
    "CASE error_type WHEN 'MISSING COLUMNS' THEN (column_idx - 1) || ' columns' "
    "WHEN 'TOO MANY COLUMNS' THEN 'too many columns' "
    "WHEN 'UNQUOTED VALUE' THEN 'a quotation mark that does not close' ELSE lower(error_type) END"
)


def _scan(name: str, text: _Text, path: Path, columns: list[str], skip: int | None = None) -> str:
    typed = ", ".join(f"'{column}': 'VARCHAR'" for column in columns)
    return (
        f"read_csv({quote_literal(str(path))}, auto_detect = false, header = false, "
        f"skip = {text.header_end if skip is None else skip}, delim = {quote_literal(text.delimiter)}, quote = '\"', "
        f"escape = '\"', columns = {{{typed}}}, max_line_size = {LONGEST_LINE}, store_rejects = true, "
        f"rejects_table = '{name}_errors', rejects_scan = '{name}_scans', rejects_limit = 0)"
    )
