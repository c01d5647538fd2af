"""The engine of the core: DuckDB in this process.

>>> with DuckEngine(threads=2) as engine:
...     engine.fetch("SELECT 1 + 1 AS two").to_pylist()
[{'two': 2}]

It never reaches the network (no extension is fetched or loaded by itself), its days begin at midnight UTC, and its
text is ordered by code point, so that the same query gives the same answer on every machine. It runs on at least two
threads: DuckDB cuts Parquet files differently on one, and a snapshot's digest must not depend on the machine.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from consilience.engine.base import Parameters, quote_identifier, quote_literal
from consilience.errors import FormatError, StateError, UsageError

_OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "preserve_insertion_order": True,
}


class DuckEngine:
    """An in-memory DuckDB database; `engine.base.Engine` tells what each method does.

    Args:
        memory_limit: how much DuckDB may hold before it spills to disk, such as "2GB"; DuckDB's own rule where None.
        threads: at least 2; the machine's processors where None.
        temp_dir: where it spills to; nowhere where None, so that too large a query fails instead of filling a folder.
    """

    def __init__(
        self, *, memory_limit: str | None = None, threads: int | None = None, temp_dir: Path | None = None
    ) -> None:
        config = dict(_OFFLINE)
        config["threads"] = max(2, threads or os.cpu_count() or 2)
        config["temp_directory"] = str(temp_dir) if temp_dir else ""
        if memory_limit:
            config["memory_limit"] = memory_limit
        try:
            self._connection = duckdb.connect(":memory:", config=config)
        except duckdb.Error as fault:
            raise UsageError(
                "The engine cannot be set up", found=str(fault), remedy="Correct the memory limit."
            ) from None
        self.execute("SET TimeZone = 'UTC'")
        self.execute("SET default_collation = 'binary'")

    def execute(self, sql: str, params: Parameters = ()) -> None:
        """Run one statement."""
        try:
            self._connection.execute(sql, params or None).fetchall()
        except duckdb.Error as fault:
            raise _sentence(fault) from None

    def fetch(self, sql: str, params: Parameters = ()) -> pa.Table:
        """Run one query and return its result."""
        try:
            table: pa.Table = self._connection.sql(sql, params=params or None).to_arrow_table()
        except duckdb.Error as fault:
            raise _sentence(fault) from None
        return table

    def register_parquet(self, name: str, paths: Sequence[Path]) -> None:
        """Make Parquet files readable under `name`, as a view."""
        files = ", ".join(quote_literal(str(path)) for path in paths)
        self.execute(f"CREATE OR REPLACE VIEW {quote_identifier(name)} AS SELECT * FROM read_parquet([{files}])")

    def register_arrow(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table readable under `name`, without copying it."""
        self._connection.register(name, table)

    def register_recoding(self, name: str, recoding: Mapping[str, str | None]) -> None:
        """Define the function `name(text)` through an enumeration, whose codes index a list of values."""
        keys = sorted(recoding)
        values = [recoding[key] for key in keys]
        keyed, held = quote_identifier(f"{name}_keys"), f"{name}_values"
        given = pa.table({"key": pa.array(keys, pa.string()), "value": pa.array(values, pa.string())})
        self.register_arrow(f"{name}_given", given)
        given_name = quote_identifier(f"{name}_given")
        self.execute(f"DROP TYPE IF EXISTS {keyed} CASCADE")
        self.execute(f"CREATE TYPE {keyed} AS ENUM (SELECT key FROM {given_name} ORDER BY key)")
        self.execute(f"SET VARIABLE {quote_identifier(held)} = (SELECT list(value ORDER BY key) FROM {given_name})")
        self.execute(
            f"CREATE OR REPLACE MACRO {quote_identifier(name)}(given) AS "
            f"getvariable({quote_literal(held)})[CAST(enum_code(TRY_CAST(given AS {keyed})) AS INTEGER) + 1]"
        )
        self._connection.unregister(f"{name}_given")

    def register_words(self, name: str, words: pa.Array) -> None:
        """Define a type of these words as an enumeration."""
        quoted, at = quote_identifier(name), quote_identifier(f"{name}_at")
        self._enumerate(quoted, words)
        self.execute(
            f"CREATE OR REPLACE MACRO {at}(word) AS coalesce(CAST(enum_code(CAST(word AS {quoted})) AS INTEGER) + 2, 1)"
        )

    def register_lookup(self, name: str, values: pa.Array) -> None:
        """Define the function through a list; a list of texts holds values of an enumeration."""
        cast = "value"
        if pa.types.is_string(values.type) and values.null_count < len(values):
            words = quote_identifier(f"{name}_words")
            self._enumerate(words, pc.unique(values.drop_null()))
            cast = f"CAST(value AS {words})"
        given, held = f"{name}_given", quote_identifier(f"{name}_list")
        self.register_arrow(given, pa.table({"place": pa.array(range(len(values))), "value": values}))
        self.execute(f"SET VARIABLE {held} = (SELECT list({cast} ORDER BY place) FROM {quote_identifier(given)})")
        self._connection.unregister(given)
        self.execute(
            f"CREATE OR REPLACE MACRO {quote_identifier(name)}(place) AS "
            f"getvariable({quote_literal(f'{name}_list')})[place]"
        )

    def _enumerate(self, quoted: str, words: pa.Array) -> None:
        self.register_arrow("words_given", pa.table({"word": words}))
        self.execute(f"DROP TYPE IF EXISTS {quoted} CASCADE")
        self.execute(f"CREATE TYPE {quoted} AS ENUM (SELECT word FROM words_given ORDER BY word)")
        self._connection.unregister("words_given")

    def write_parquet(self, sql: str, path: Path) -> None:
        """Write a query's result as a Parquet file, compressed with Zstandard."""
        self.execute(
            f"COPY ({sql}) TO {quote_literal(str(path))} (FORMAT parquet, PARQUET_VERSION v2, "
            "COMPRESSION zstd, DICTIONARY_SIZE_LIMIT 5000)"
        )

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _sentence(fault: duckdb.Error) -> Exception:
    """Return what a person can mend as an error of ours, and a mistake in a statement as it is.

    The engine's own words may quote the data, so they are passed on only where they speak of memory.
    """
    if isinstance(fault, duckdb.OutOfMemoryException):
        return StateError(
            "The engine ran out of memory or of space to spill to",
            found=str(fault).splitlines()[0],
            remedy="Free memory or disk space, or raise the engine's memory limit and give it a temporary folder.",
        )
    if isinstance(fault, duckdb.IOException | duckdb.InvalidInputException | duckdb.ConversionException):
        return FormatError("The engine cannot read what it was given", found=type(fault).__name__)
    return fault
