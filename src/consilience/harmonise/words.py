r"""Columns of few different words: what is computed from one is computed once a word, not once a row.

Codes, countries, dates and notes repeat: ten million rows hold some thousands of different ones. Such a column is
held as codes of its words. An expression that reads no other column becomes a list with one value a word, and a row
looks its value up by position. Identifiers and other columns of many words stay text and are computed row by row.

Short files are not worth it: below `ROWS` rows nothing is held this way. Nothing else than time depends on it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from consilience.engine.base import Engine

ROWS = 20_000
MOST_WORDS = 30_000
_SAMPLE = 20_000
_MOST_IN_SAMPLE = 12_000
_NAMES = re.compile(r"\b(?:[cdkw][0-9]+|line|row)\b")


@dataclass(slots=True)
class Words:
    """The columns of `stage_rows` that are held as words, and what was computed from them.

    The table `words_<column>` holds, for each word and first for NULL, its position `place` and everything that was
    computed from it; the SQL function `of_<name>` gives a value by position.

    Attributes:
        engine: where the tables are.
        roots: the name of a column or a derived column to the column of words it is computed from.
        clean_already: the other columns whose cells are all as they would be after cleaning.
    """

    engine: Engine
    roots: dict[str, str] = field(default_factory=dict)
    clean_already: set[str] = field(default_factory=set)
    _values: dict[str, pa.Array] = field(default_factory=dict)

    def hold(self, columns: Iterable[str]) -> list[str]:
        """Hold those of the columns of `stage_rows` as words that have few; return their names."""
        return self._hold({column: column for column in columns})

    def tidy(self, cells: dict[str, str]) -> None:
        """Note which columns of a long file hold nothing to clean, given SQL of each cell as it would be cleaned."""
        if not cells or not self._long():
            return
        tests = ", ".join(f"bool_and({cell} IS NOT DISTINCT FROM {sql}) AS {cell}" for cell, sql in cells.items())
        found = self.engine.fetch(f"SELECT {tests} FROM stage_rows").to_pylist()[0]
        self.clean_already.update(cell for cell, clean in found.items() if clean)

    def _long(self) -> bool:
        rows: int = self.engine.fetch("SELECT count(*) AS n FROM stage_rows")["n"][0].as_py()
        return rows >= ROWS

    def hold_key(self, name: str, sql: str) -> bool:
        """Add the column `name` to `stage_rows`, `sql` as words; return False if they are too many."""
        return bool(self._hold({name: sql}, new=True))

    def _hold(self, columns: dict[str, str], *, new: bool = False) -> list[str]:
        words = {name: found for name, sql in self._likely(columns).items() if (found := self._few(sql)) is not None}
        if not words:
            return []
        for name, found in words.items():
            self.engine.register_words(f"words_{name}", found)
        casts = ", ".join(f"CAST({columns[name]} AS words_{name}) AS {name}" for name in words)
        picked = f"*, {casts}" if new else f"* REPLACE ({casts})"
        self.engine.execute(f"CREATE OR REPLACE TABLE stage_rows AS SELECT {picked} FROM stage_rows")
        for name, found in words.items():
            self._open(name, found)
        return list(words)

    def _likely(self, columns: dict[str, str]) -> dict[str, str]:
        """Return the columns that have few words among the first rows; none of a short file."""
        if not self._long():
            return {}
        counts = ", ".join(f"count(DISTINCT {sql}) AS {name}" for name, sql in columns.items())
        first = self.engine.fetch(f"SELECT {counts} FROM (SELECT * FROM stage_rows LIMIT {_SAMPLE})").to_pylist()[0]
        return {name: sql for name, sql in columns.items() if 0 < first[name] <= _MOST_IN_SAMPLE}

    def _few(self, sql: str) -> pa.Array | None:
        found = self.engine.fetch(
            f"SELECT word FROM (SELECT DISTINCT {sql} AS word FROM stage_rows) WHERE word IS NOT NULL ORDER BY word"
        )["word"].combine_chunks()
        return found if 0 < len(found) <= MOST_WORDS else None

    def _open(self, name: str, words: pa.Array) -> None:
        with_none = pa.concat_arrays([pa.array([None], pa.string()), words.cast(pa.string())])
        self.engine.register_arrow(
            "words_found", pa.table({"place": pa.array(range(1, len(words) + 2)), name: with_none})
        )
        self.engine.execute(f"CREATE OR REPLACE TABLE words_{name} AS SELECT place, {name} FROM words_found")
        self.roots[name] = name

    def root(self, sql: str) -> str | None:
        """Return the column of words that is all `sql` reads; None where it reads another one, or none.

        A name that stands in a literal only counts as well, which can cost time and nothing else.
        """
        found = {self.roots.get(name) for name in _NAMES.findall(sql)}
        return found.pop() if len(found) == 1 else None

    def compute(self, name: str, sql: str) -> bool:
        """Compute `sql` for each word and call it `name`; return False where it reads more than one column of words."""
        root = self.root(sql)
        if root is None:
            return False
        self._recompute(root, name, sql)
        return True

    def clean(self, name: str, sql: str) -> None:
        """Replace the words of a column by `sql` of them; `of_<name>` gives them."""
        self._recompute(name, name, sql)

    def _recompute(self, root: str, name: str, sql: str) -> None:
        picked = f"* REPLACE ({sql} AS {name})" if name == root else f"*, {sql} AS {name}"
        self.engine.execute(f"CREATE OR REPLACE TABLE words_{root} AS SELECT {picked} FROM words_{root}")
        values = self.engine.fetch(f"SELECT {name} FROM words_{root} ORDER BY place")[name].combine_chunks()
        self.engine.register_lookup(f"of_{name}", values)
        self.roots[name], self._values[name] = root, values

    def never(self, name: str) -> bool:
        """Return whether the condition called `name` holds for no word."""
        return not pc.any(self._values[name]).as_py()

    def distinct(self, sql: str) -> list[str | None]:
        """Return the different values of `sql` over the words of its one column."""
        found = self.engine.fetch(f"SELECT DISTINCT {sql} AS text FROM words_{self.root(sql)}")["text"]
        values: list[str | None] = found.to_pylist()
        return values

    def position(self, root: str) -> str:
        """Return SQL, over `stage_rows`, of the position of a row's word."""
        return f"words_{root}_at({root})"

    def lookup(self, name: str, position: str) -> str:
        """Return SQL of the value called `name` as text or number, given SQL of the position."""
        value = f"of_{name}({position})"
        return f"CAST({value} AS VARCHAR)" if pa.types.is_string(self._values[name].type) else value
