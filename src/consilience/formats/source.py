r"""One door for every kind of file: what a file holds decides how it is read, not what it is called.

>>> from consilience.engine.duck import DuckEngine
>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder, DuckEngine() as engine:
...     path = Path(folder) / "list.csv"
...     _ = path.write_text("id;name\n1;x\n")
...     reading = read_source(engine, path, "list", Layout(), Path(folder))
...     engine.fetch("SELECT * FROM list").to_pylist(), reading.delimiter
([{'line': 2, 'c0': '1', 'c1': 'x'}], ';')
"""

from pathlib import Path

from consilience.engine.base import Engine
from consilience.errors import FormatError
from consilience.formats.delimited import read_delimited
from consilience.formats.jsonlines import read_json
from consilience.formats.parquet import read_parquet
from consilience.formats.reading import Layout, Reading
from consilience.formats.spreadsheet import read_spreadsheet
from consilience.formats.survey import magic, open_check

_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_JSON_NAMES = {".json", ".jsonl", ".ndjson", ".geojsonl"}


def kind_of(path: Path) -> str:
    """Return csv, xlsx, jsonl or parquet, judged by the first bytes, and by the name where these are plain text.

    Raises:
        FormatError: it is none of them.
    """
    head = open_check(path)
    if head.startswith(b"PAR1") or path.suffix.lower() == ".parquet":
        return "parquet"
    if head.startswith(_SPREADSHEETS):
        return "xlsx"
    if found := magic(head):
        raise FormatError(
            f"{path.name} is no list",
            found=found,
            expected="delimited text, a spreadsheet, JSON Lines or Parquet",
            remedy="Unpack or export it first.",
        )
    return "jsonl" if path.suffix.lower() in _JSON_NAMES else "csv"


def read_source(engine: Engine, path: Path, name: str, layout: Layout, workdir: Path) -> Reading:
    """Read any file into the tables `name` and `<name>_malformed` (see `formats.reading`).

    Args:
        engine: where the tables are made.
        path: the file.
        name: a plain identifier for the tables.
        layout: what is declared about the file.
        workdir: an existing folder for temporary files.

    Raises:
        FormatError: it cannot be read, or holds no row.
    """
    try:
        reading = _read(layout.format or kind_of(path), engine, path, name, layout, workdir)
    finally:
        (workdir / f"{name}.utf8").unlink(missing_ok=True)
    if reading.rows == 0:
        raise FormatError(
            f"{path.name} holds no row",
            found="a header and nothing below it",
            expected="at least one row",
            remedy="Check that the export was finished.",
        )
    return reading


def _read(kind: str, engine: Engine, path: Path, name: str, layout: Layout, workdir: Path) -> Reading:
    if kind == "parquet":
        return read_parquet(engine, path, name)
    if kind == "xlsx":
        return read_spreadsheet(engine, path, name, layout)
    if kind == "jsonl":
        return read_json(engine, path, name, layout, workdir)
    return read_delimited(engine, path, name, layout, workdir)
