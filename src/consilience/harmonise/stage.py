"""The stage: one source's rows inside the engine, as text, before and after bad rows are set aside.

`stage_rows` holds the cells word for word and a flag `bad`. `clean` is a view of all rows with `row`, `line` and the
cells `c<i>` trimmed, a missing one NULL, and `w<i>` word for word; `accepted` is the same without the bad ones. Where
a column is held as words, `p_<column>` is the position of its word.
"""

from dataclasses import dataclass, field

from consilience.engine.base import Engine, quote_identifier, quote_literal
from consilience.harmonise.columns import Columns
from consilience.harmonise.words import MOST_WORDS, Words

_OWN = ("line", "record_id")
_BASE = 10 * MOST_WORDS
_VIEWS = {"clean": "TRUE", "accepted": "NOT bad"}


@dataclass(frozen=True, slots=True)
class Stage:
    """Where one source's rows are, and how to name their cells.

    Attributes:
        engine: the engine that holds `stage_rows`.
        columns: the source's columns.
        line_sql: SQL over `stage_rows` of a row's line.
        words: the columns of few different words.
        derived: SQL to the name of the column that holds it, in the order of definition.
        keys: two texts to the column of words that holds both.
        shown: view to how many derived columns and keys it knows.
    """

    engine: Engine
    columns: Columns
    line_sql: str
    words: Words
    derived: dict[str, str] = field(default_factory=dict)
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    shown: dict[str, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def open(cls, engine: Engine, line_sql: str, columns: Columns) -> "Stage":
        """Put the views over what a reader left in `stage_rows`."""
        words = Words(engine)
        stage = cls(engine, columns, line_sql, words)
        for held in words.hold(f"c{at}" for at in range(len(columns.names))):
            words.clean(held, stage._cleaned(held))
        rest = (f"c{at}" for at in range(len(columns.names)) if f"c{at}" not in words.roots)
        words.tidy({cell: stage._cleaned(cell) for cell in rest})
        engine.execute("ALTER TABLE stage_rows ADD COLUMN bad BOOLEAN DEFAULT FALSE")
        stage.show()
        return stage

    def show(self, *views: str) -> None:
        """Define the views (`clean` and `accepted` where none is named) with all derived columns, if they lack any."""
        state = (len(self.derived), len(self.keys))
        for view in views or tuple(_VIEWS):
            if self.shown.get(view) != state:
                self.engine.execute(f"CREATE OR REPLACE VIEW {view} AS {self._view(_VIEWS[view])}")
                self.shown[view] = state

    def derive(self, sql: str) -> str:
        """Return the name of a column of `clean` and `accepted` that holds `sql`, so that it is computed once a row."""
        if sql not in self.derived:
            name = f"d{len(self.derived)}"
            self.words.compute(name, sql)
            self.derived[sql] = name
        return self.derived[sql]

    def written(self, sql: str, type_: str) -> str:
        """Return `sql` over `accepted` as a file takes it best: looked up where it reads one column of words.

        Always as plain text: DuckDB 2.0 writes codes faster, but their dictionaries differ from run to run.
        """
        cast = f"CAST({sql} AS {type_})"
        root = self.words.root(sql)
        return cast if root is None else self.words.lookup(self.derive(cast), f"p_{root}")

    def condition(self, sql: str) -> str | None:
        """Return a condition as it is best tested; None where its words show that it holds for no row."""
        if self.words.root(sql) is None:
            return sql
        name = self.derive(sql)
        return None if self.words.never(name) else name

    def together(self, first: str, second: str) -> tuple[str, str]:
        """Return two texts as columns computed from one column of words, if they are such and their pairs are few."""
        roots = [self.words.root(text) for text in (first, second)]
        if None in roots or roots[0] == roots[1]:
            return first, second
        if (first, second) not in self.keys:
            self._hold_pair(first, second)
        key = self.keys[first, second]
        if not key:
            return first, second
        both = f"CAST({key} AS BIGINT)"
        places = (f"{both} // {_BASE}", f"{both} % {_BASE}")
        texts = zip((self.derive(first), self.derive(second)), places, strict=True)
        start, end = (self.derive(self.words.lookup(name, f"CAST({place} AS INTEGER)")) for name, place in texts)
        return start, end

    def distinct(self, sql: str, limit: int | None) -> list[str | None]:
        """Return the different values of a text among all rows, at most `limit`; over words, perhaps some more."""
        if self.words.root(sql) is not None:
            return self.words.distinct(sql)
        self.show("clean")
        cap = "" if limit is None else f" LIMIT {limit}"
        values: list[str | None] = self.engine.fetch(f"SELECT DISTINCT {sql} AS text FROM clean{cap}")[
            "text"
        ].to_pylist()
        return values

    def _hold_pair(self, first: str, second: str) -> None:
        names = (self.derive(first), self.derive(second))
        high, low = (self.words.position(self.words.roots[name]) for name in names)
        key = f"k{len(self.keys)}"
        held = self.words.hold_key(key, f"CAST(CAST({high} AS BIGINT) * {_BASE} + {low} AS VARCHAR)")
        self.keys[first, second] = key if held else ""

    def set_aside(self, rows: str) -> None:
        """Flag the rows that the query `rows` gives as bad; `accepted` leaves them out."""
        self.engine.execute(f"UPDATE stage_rows SET bad = TRUE WHERE rowid IN ({rows})")

    def only(self, rows: str) -> str:
        """Return the query of `clean` for the rows that the query `rows` gives."""
        return self._view(f"rowid IN ({rows})")

    def _view(self, where: str) -> str:
        picked = ", ".join(part for at in range(len(self.columns.names)) for part in self._cell(at))
        keys = "".join(f", CAST({key} AS VARCHAR) AS {key}, {self._position(key)}" for key in self.keys.values() if key)
        view = f"SELECT rowid AS row, {self.line_sql} AS line, {picked}{keys} FROM stage_rows WHERE {where}"
        for sql, name in self.derived.items():
            view = f"SELECT *, {self._value(name, sql)} AS {name} FROM ({view})"
        return view

    def _cell(self, at: int) -> tuple[str, ...]:
        cell = f"c{at}"
        if cell not in self.words.roots:
            cleaned = cell if cell in self.words.clean_already else self._cleaned(cell)
            return f"{cleaned} AS {cell}", f"{cell} AS w{at}"
        cleaned = self.words.lookup(cell, self.words.position(cell))
        return f"{cleaned} AS {cell}", f"CAST({cell} AS VARCHAR) AS w{at}", self._position(cell)

    def _position(self, root: str) -> str:
        return f"{self.words.position(root)} AS p_{root}"

    def _value(self, name: str, sql: str) -> str:
        root = self.words.roots.get(name)
        return sql if root is None else self.words.lookup(name, f"p_{root}")

    def cells(self, *, sealed: bool) -> list[tuple[str, str]]:
        """Return the sealed, or the other, columns: the cell word for word and the name it is stored under."""
        return [
            (f"w{at}", stored_name(name))
            for at, name in enumerate(self.columns.names)
            if (name in self.columns.sealed) == sealed
        ]

    def word_for_word(self, record_id: str, *, sealed: bool) -> str:
        """Return the query of the accepted records as the source wrote them, `line` and `record_id` in front."""
        cells = "".join(f", {cell} AS {quote_identifier(name)}" for cell, name in self.cells(sealed=sealed))
        return f"SELECT line, {record_id} AS record_id{cells} FROM accepted"

    def _cleaned(self, cell: str) -> str:
        words = ", ".join(map(quote_literal, sorted({"", *self.columns.mapping.source.missing})))
        return f"CASE WHEN trim({cell}) NOT IN ({words}) THEN trim({cell}) END"


def stored_name(name: str) -> str:
    """Return the name a source's column has in `records`: its own, unless the file has need of it."""
    return f"{name}_" if name.rstrip("_").lower() in _OWN else name
