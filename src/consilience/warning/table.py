"""Read a table of counts: CSV as text, so that nothing is rounded or guessed, or Parquet as it is."""

from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from consilience.errors import FormatError, UsageError


def read_table(path: Path) -> pa.Table:
    """Read CSV (UTF-8; comma, semicolon or tab) or Parquet.

    Raises:
        UsageError: there is no such file.
        FormatError: it is no table.
    """
    if not path.is_file():
        raise UsageError(f"There is no file {path}", remedy="Check the path.")
    if path.suffix.lower() not in {".parquet", ".pq"}:
        return table_of(path.read_bytes(), path.name)
    try:
        return pyarrow.parquet.read_table(path)
    except (pa.ArrowInvalid, OSError):
        raise _no_table(path.name) from None


def table_of(content: bytes, name: str) -> pa.Table:
    """Read the bytes of a CSV file; every column is text.

    Raises:
        FormatError: it is no table.
    """
    header = content.split(b"\n", 1)[0]
    delimiter = max((",", ";", "\t"), key=lambda sign: header.count(sign.encode()))
    parsing = pyarrow.csv.ParseOptions(delimiter=delimiter)
    try:
        with pyarrow.csv.open_csv(pa.BufferReader(content), parse_options=parsing) as reader:
            names = reader.schema.names
        as_text = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
        return pyarrow.csv.read_csv(pa.BufferReader(content), parse_options=parsing, convert_options=as_text)
    except (pa.ArrowInvalid, OSError):
        raise _no_table(name) from None


def _no_table(name: str) -> FormatError:
    return FormatError(
        f"{name} cannot be read as a table",
        expected="CSV in UTF-8 with a header line and as many values on every line, or Parquet",
        remedy="Export it again.",
    )
