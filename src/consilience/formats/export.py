"""Exports that people open in a spreadsheet program: cells that would run as a formula are made harmless.

A cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return, and is no number, gets an apostrophe in front
(OWASP, CSV Injection). A cell that begins with apostrophes and then such a sign gets one more, so that taking one away
gives back every cell as it was.

>>> from consilience.engine.duck import DuckEngine
>>> with DuckEngine() as engine:
...     engine.fetch(f"SELECT {neutral('c')} AS c FROM (VALUES ('=cmd()'), ('-3.5'), ('plain')) t(c)")["c"].to_pylist()
["'=cmd()", '-3.5', 'plain']
"""

from pathlib import Path

import pyarrow as pa
import xlsxwriter

from consilience.engine.base import Engine, quote_identifier, quote_literal

_DANGER = "^''*[=+@\\t\\r-]"
_NUMBER = "^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$"
_MARKED = "^''''*[=+@\\t\\r-]"


def neutral(cell: str) -> str:
    """Return SQL that makes the text expression `cell` harmless."""
    return (
        f"CASE WHEN regexp_matches({cell}, '{_DANGER}') AND NOT regexp_matches({cell}, '{_NUMBER}') "
        f"THEN '''' || {cell} ELSE {cell} END"
    )


def original(cell: str) -> str:
    """Return SQL that undoes `neutral`."""
    return f"CASE WHEN regexp_matches({cell}, '{_MARKED}') THEN substr({cell}, 2) ELSE {cell} END"


def write_csv(engine: Engine, sql: str, path: Path) -> None:
    """Write a query's result as CSV (UTF-8, comma, LF, header); text cells are made harmless, numbers stay numbers."""
    engine.execute(f"COPY ({_harmless(engine, sql)}) TO {quote_literal(str(path))} (FORMAT csv, HEADER)")


def write_xlsx(engine: Engine, sql: str, path: Path, *, sheet: str = "data") -> None:
    """Write a query's result as a workbook of one sheet; text is written as text, never as a formula.

    Raises:
        xlsxwriter.exceptions.XlsxWriterException: the sheet's name is not allowed.
    """
    table = engine.fetch(_harmless(engine, sql))
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "constant_memory": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        written = book.add_worksheet(sheet)
        for at, name in enumerate(table.column_names):
            column = table[name]
            if not _is_number(column.type):
                column = column.cast(pa.string())
            written.write_column(0, at, [name, *column.to_pylist()])


def write_parquet(engine: Engine, sql: str, path: Path) -> None:
    """Write a query's result as Parquet."""
    engine.write_parquet(sql, path)


def write_jsonl(engine: Engine, sql: str, path: Path) -> None:
    """Write a query's result as JSON Lines."""
    engine.execute(f"COPY ({sql}) TO {quote_literal(str(path))} (FORMAT json)")


def _harmless(engine: Engine, sql: str) -> str:
    described = engine.fetch(f"SELECT column_name, column_type FROM (DESCRIBE {sql})").to_pylist()
    cells = ", ".join(_cell(row["column_name"], row["column_type"]) for row in described)
    return f"SELECT {cells} FROM ({sql})"


def _cell(name: str, kind: str) -> str:
    quoted = quote_identifier(name)
    return f"{neutral(quoted)} AS {quoted}" if kind == "VARCHAR" else quoted


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))
