"""Spreadsheets (XLSX, and what else calamine reads: XLS, ODS): read as text columns with row numbers.

A cell arrives as text: a whole number without a fraction, a date as ISO 8601, true and false in lower case. A formula
arrives as the value the program that saved the file had computed. A sheet has at most 1,048,576 rows, so its cells
may pass through memory.
"""

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import python_calamine

from consilience.engine.base import Engine
from consilience.errors import FormatError
from consilience.formats.digest import sha256_file
from consilience.formats.reading import Layout, Reading, checked_names, publish


def read_spreadsheet(engine: Engine, path: Path, name: str, layout: Layout) -> Reading:
    """Read one sheet (the first, unless `layout.sheet` names another) into the tables of `formats.reading`.

    Raises:
        FormatError: it is no spreadsheet, the sheet is not there, or its header is at fault.
    """
    rows = _cells(path, layout.sheet)
    filled = [at for at, row in enumerate(rows) if at >= layout.header_row - 1 and any(_text(cell) for cell in row)]
    if not filled or filled[0] != layout.header_row - 1:
        raise FormatError(
            f"{path.name} has no header",
            found=f"row {layout.header_row} is empty",
            expected="the columns' names in its first row",
            remedy="Say where the header is with header_row in the mapping's [source].",
        )
    header = [_text(cell) or "" for cell in rows[filled[0]]]
    while header and not header[-1]:
        header.pop()
    names = checked_names(header, path)
    body = [rows[at] for at in filled[1:]]
    cells: list[tuple[Any, ...]] = list(zip(*body, strict=True)) or [()] * len(names)
    columns = {"line": pa.array([at + 1 for at in filled[1:]], pa.int64())}
    columns |= {f"c{at}": pa.array(map(_text, cells[at]), pa.string()) for at in range(len(names))}
    engine.register_arrow(f"{name}_cells", pa.table(columns))
    engine.execute(f"CREATE OR REPLACE TABLE {name}_rows AS SELECT * FROM {name}_cells")
    publish(engine, name)
    return Reading("xlsx", names, len(body), 0, sha256_file(path), path.stat().st_size)


def _cells(path: Path, sheet: str | None) -> list[list[Any]]:
    try:
        with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
            if not book.sheet_names or (sheet is not None and sheet not in book.sheet_names):
                raise FormatError(
                    f"{path.name} has no sheet {sheet or 'at all'}",
                    found=", ".join(book.sheet_names),
                    remedy="Name one of them with sheet in the mapping's [source].",
                )
            chosen = book.get_sheet_by_name(sheet) if sheet else book.get_sheet_by_index(0)
            cells: list[list[Any]] = chosen.to_python(skip_empty_area=False)
            return cells
    except (python_calamine.CalamineError, OSError, ValueError) as fault:
        raise FormatError(
            f"{path.name} cannot be read as a spreadsheet",
            found=f"a ZIP archive or document that is none, or is damaged ({type(fault).__name__})",
            expected="a workbook (XLSX)",
            remedy="Open it in a spreadsheet program and save it again, or export it as CSV.",
        ) from None


def _text(cell: Any) -> str | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)
