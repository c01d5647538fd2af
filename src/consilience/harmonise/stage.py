"""The stage: one source's rows inside the engine, as text, before and after bad rows are set aside.

`stage_rows` holds the cells word for word and a flag `bad`. `clean` is a view of all rows with `row`, `line` and the
cells `c<i>` trimmed, a missing one NULL, and `w<i>` word for word; `accepted` is the same without the bad ones.
"""

from dataclasses import dataclass, field

from consilience.engine.base import Engine, quote_identifier, quote_literal
from consilience.harmonise.columns import Columns

_OWN = ("line", "record_id")


@dataclass(frozen=True, slots=True)
class Stage:
    """Where one source's rows are, and how to name their cells.

    Attributes:
        engine: the engine that holds `stage_rows`.
        columns: the source's columns.
        line_sql: SQL over `stage_rows` of a row's line.
        derived: SQL to the name of the column that holds it, in the order of definition.
    """

    engine: Engine
    columns: Columns
    line_sql: str
    derived: dict[str, str] = field(default_factory=dict)

    @classmethod
    def open(cls, engine: Engine, line_sql: str, columns: Columns) -> "Stage":
        """Put the views over what a reader left in `stage_rows`."""
        engine.execute("ALTER TABLE stage_rows ADD COLUMN bad BOOLEAN DEFAULT FALSE")
        stage = cls(engine, columns, line_sql)
        stage.show()
        return stage

    def show(self) -> None:
        """Define `clean` and `accepted` with all derived columns; to be called before they are read."""
        self.engine.execute(f"CREATE OR REPLACE VIEW clean AS {self._view('TRUE')}")
        self.engine.execute(f"CREATE OR REPLACE VIEW accepted AS {self._view('NOT bad')}")

    def derive(self, sql: str) -> str:
        """Return the name of a column of `clean` and `accepted` that holds `sql`, so that it is computed once a row."""
        if sql not in self.derived:
            self.derived[sql] = f"d{len(self.derived)}"
        return self.derived[sql]

    def set_aside(self, rows: str) -> None:
        """Flag the rows that the query `rows` gives as bad; `accepted` leaves them out."""
        self.engine.execute(f"UPDATE stage_rows SET bad = TRUE WHERE rowid IN ({rows})")

    def only(self, rows: str) -> str:
        """Return the query of `clean` for the rows that the query `rows` gives."""
        return self._view(f"rowid IN ({rows})")

    def _view(self, where: str) -> str:
        cells = ", ".join(f"{self._cleaned(at)} AS c{at}" for at in range(len(self.columns.names)))
        words = ", ".join(f"c{at} AS w{at}" for at in range(len(self.columns.names)))
        view = f"SELECT rowid AS row, {self.line_sql} AS line, {cells}, {words} FROM stage_rows WHERE {where}"
        for sql, name in self.derived.items():
            view = f"SELECT *, {sql} AS {name} FROM ({view})"
        return view

    def words(self, *, sealed: bool) -> list[tuple[str, str]]:
        """Return the sealed, or the other, columns: the cell word for word and the name it is stored under."""
        return [
            (f"w{at}", stored_name(name))
            for at, name in enumerate(self.columns.names)
            if (name in self.columns.sealed) == sealed
        ]

    def word_for_word(self, record_id: str, *, sealed: bool) -> str:
        """Return the query of the accepted records as the source wrote them, `line` and `record_id` in front."""
        cells = "".join(f", {cell} AS {quote_identifier(name)}" for cell, name in self.words(sealed=sealed))
        return f"SELECT line, {record_id} AS record_id{cells} FROM accepted"

    def _cleaned(self, at: int) -> str:
        words = ", ".join(map(quote_literal, sorted({"", *self.columns.mapping.source.missing})))
        return f"CASE WHEN trim(c{at}) NOT IN ({words}) THEN trim(c{at}) END"


def stored_name(name: str) -> str:
    """Return the name a source's column has in `records`: its own, unless the file has need of it."""
    return f"{name}_" if name.rstrip("_").lower() in _OWN else name
