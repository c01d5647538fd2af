"""What an engine can do: run SQL over Parquet and Arrow tables, wherever the tables are computed.

SQL is written in DuckDB's dialect, as small templates; `engine.dialect.transpile` turns it into another engine's. Names
are quoted with `quote_identifier`, text with `quote_literal`; nothing else from outside reaches a statement.

>>> quote_identifier('the "odd" column')
'"the ""odd"" column"'
>>> quote_literal("it's")
"'it''s'"
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self, runtime_checkable

import pyarrow as pa

Parameters = Sequence[Any] | Mapping[str, Any]


@runtime_checkable
class Engine(Protocol):
    """One place where tables are computed. Every method raises ConsilienceError for what a person can mend."""

    def execute(self, sql: str, params: Parameters = ()) -> None:
        """Run one statement whose result nobody wants."""
        ...

    def fetch(self, sql: str, params: Parameters = ()) -> pa.Table:
        """Run one query and return its whole result as an Arrow table."""
        ...

    def register_parquet(self, name: str, paths: Sequence[Path]) -> None:
        """Make the Parquet files, one after another, readable under `name`."""
        ...

    def register_arrow(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table readable under `name`."""
        ...

    def register_recoding(self, name: str, recoding: Mapping[str, str | None]) -> None:
        """Define the SQL function `name(text)`: the text's value in `recoding`, NULL where it has none.

        A function, not a join: it keeps the order of rows, so that files come out the same every time.
        """
        ...

    def register_words(self, name: str, words: pa.Array) -> None:
        """Define the type `name`, whose values are these different texts, and the function `<name>_at(value)`.

        A column of that type is stored and written as codes. `<name>_at` gives the position of a value among
        `words`, from 2; 1 for NULL.
        """
        ...

    def register_lookup(self, name: str, values: pa.Array) -> None:
        """Define the SQL function `name(position)`: the value at that position of `values`, from 1.

        Texts come as codes of their words where the engine can; a CAST to VARCHAR makes them plain text.
        """
        ...

    def write_parquet(self, sql: str, path: Path) -> None:
        """Write a query's result as one Parquet file: same rows in the same order, same bytes."""
        ...

    def close(self) -> None:
        """Give everything back; the engine cannot be used afterwards."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def quote_identifier(name: str) -> str:
    """Return `name` as an SQL identifier; NUL, which no engine can hold, is refused with ValueError."""
    if "\0" in name:
        raise ValueError("an identifier cannot hold a NUL character")
    return '"' + name.replace('"', '""') + '"'


def quote_literal(text: str) -> str:
    """Return `text` as an SQL string literal."""
    if "\0" in text:
        raise ValueError("a literal cannot hold a NUL character")
    return "'" + text.replace("'", "''") + "'"
