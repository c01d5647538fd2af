"""Parquet: read as text columns with row numbers, through the engine."""

from pathlib import Path

from consilience.engine.base import Engine, quote_identifier, quote_literal
from consilience.errors import FormatError
from consilience.formats.digest import sha256_file
from consilience.formats.reading import Reading, checked_names, publish
from consilience.formats.survey import open_check

_MARK = b"PAR1"


def read_parquet(engine: Engine, path: Path, name: str) -> Reading:
    """Read a Parquet file into the tables of `formats.reading`; the line is the row's place in the file, from 1.

    Raises:
        FormatError: it is no Parquet file, is cut short or damaged, or two columns share a name.
    """
    _check_marks(path)
    source = quote_literal(str(path))
    try:
        described = engine.fetch(f"SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet({source}))")
    except FormatError:
        raise _damaged(path, "a description of columns that does not decode") from None
    own = described["column_name"].to_pylist()
    names = checked_names(own, path)
    picked = ", ".join(f"CAST({quote_identifier(each)} AS VARCHAR) AS c{at}" for at, each in enumerate(own))
    try:
        engine.execute(
            f"CREATE OR REPLACE TABLE {name}_rows AS SELECT file_row_number + 1 AS line, {picked} "
            f"FROM read_parquet({source}, file_row_number = true)"
        )
    except FormatError:
        raise _damaged(path, "bytes that do not decode") from None
    publish(engine, name)
    rows = engine.fetch(f"SELECT count(*) AS n FROM {name}")["n"][0].as_py()
    return Reading("parquet", names, rows, 0, sha256_file(path), path.stat().st_size)


def _check_marks(path: Path) -> None:
    open_check(path)
    with path.open("rb") as stream:
        first = stream.read(4)
        stream.seek(max(0, path.stat().st_size - 4))
        last = stream.read(4)
    if first != _MARK or last != _MARK:
        raise _damaged(path, "no Parquet mark at its " + ("end: it is cut short" if first == _MARK else "beginning"))


def _damaged(path: Path, found: str) -> FormatError:
    return FormatError(
        f"{path.name} is no whole Parquet file",
        found=found,
        expected="a file that begins and ends with PAR1 and decodes",
        remedy="Copy or export it again.",
    )
