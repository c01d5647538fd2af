"""Values of a mapping as SQL expressions over the cleaned columns of a source.

Every name in an expression is one of ours (`c<i>`, `r<i>`), every literal is quoted; nothing of a mapping or a source
becomes SQL text in any other way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from consilience.engine.base import quote_literal
from consilience.harmonise.columns import Columns
from consilience.harmonise.mapping import Condition, Lookup, Value
from consilience.harmonise.stage import Stage

NOTHING = "CAST(NULL AS VARCHAR)"
_MANY_WORDS = 50_000


@dataclass(frozen=True, slots=True)
class Check:
    """A condition that rejects a row where it holds.

    Attributes:
        condition: SQL, true where the row is at fault.
        column: the source's column or columns, for people.
        expected: what would have been right.
        found: SQL text of what was found; None where it must not be shown.
    """

    condition: str
    column: str
    expected: str
    found: str | None


@dataclass
class Translator:
    """Turns values into SQL and gathers what would reject a row.

    Attributes:
        stage: where the rows are.
        checks: what rejects a row; grows as fields are translated.
    """

    stage: Stage
    checks: list[Check] = field(default_factory=list)
    _recodings: int = 0

    @property
    def columns(self) -> Columns:
        """The source's columns."""
        return self.stage.columns

    def derive(self, sql: str) -> str:
        """Return a column that holds `sql`; for what several expressions need."""
        return self.stage.derive(sql)

    def text(self, value: Value | None, n: str = "") -> str:
        """Return a value as text, NULL where the source says nothing."""
        if value is None:
            return NOTHING
        plain = self.plain(value, n)
        table = self.lookup(value)
        if table is None:
            return plain
        recoded = self.recoded({word: target.code for word, target in table.items()}, plain)
        if value.default is None:
            return recoded
        return f"CASE WHEN {plain} IS NOT NULL THEN coalesce({recoded}, {quote_literal(value.default)}) END"

    def plain(self, value: Value, n: str = "") -> str:
        """Return a value before it is recoded."""
        found = self._origin(value, n)
        if value.missing:
            words = ", ".join(map(quote_literal, value.missing))
            found = f"CASE WHEN {found} NOT IN ({words}) THEN {found} END"
        return f"substr({found}, 1, {value.cut})" if value.cut else found

    def _origin(self, value: Value, n: str) -> str:
        if value.column is not None:
            return self.columns.sql(value.column.replace("{n}", n))
        if value.constant is not None:
            return quote_literal(value.constant)
        parts = [self.text(part, n) for part in value.parts]
        if value.join is not None:
            return f"nullif(concat_ws({quote_literal(value.separator or ' ')}, {', '.join(parts)}), '')"
        if value.split is not None:
            pieces = f"string_split({parts[0]}, {quote_literal(value.separator or ',')})"
            return f"nullif(trim(list_extract({pieces}, {value.part})), '')"
        ordered = parts if value.first is not None else list(reversed(parts))
        return f"coalesce({', '.join(ordered)})" if len(ordered) > 1 else ordered[0]

    def lookup(self, value: Value) -> Lookup | None:
        """Return the table a value is recoded with, where the mapping itself holds it."""
        return value.values if value.lookup is None else self.columns.mapping.lookups[value.lookup]

    def recoded(self, table: Mapping[str, str | None], text: str) -> str:
        """Return `text` recoded with `table`, NULL for a word that it does not have.

        Only words that occur are handed to the engine, those without a target as well: looking up a word that a
        recoding lacks costs it a hundred times more than one it has.
        """
        words = self.words(text, limit=_MANY_WORDS)
        return f"{self.recoding({word: table.get(word) for word in words} if words else table)}({text})"

    def words(self, text: str, limit: int | None = None) -> list[str]:
        """Return the different values of `text`; none where there are more than `limit`.

        There is no WHERE on purpose: the engine would push it down and compute the derived columns over and over.
        """
        found = self.stage.distinct(text, None if limit is None else limit + 2)
        words: list[str] = [word for word in found if word is not None]
        return words if limit is None or len(words) <= limit else []

    def recoding(self, table: Mapping[str, str | None]) -> str:
        """Define a recoding in the engine and return the function's name."""
        self._recodings += 1
        name = f"r{self._recodings}"
        self.stage.engine.register_recoding(name, table)
        return name

    def holds(self, conditions: tuple[Condition, ...], n: str = "") -> str:
        """Return SQL that is true where all conditions hold."""
        return " AND ".join(self._holds(condition, n) for condition in conditions) or "TRUE"

    def _holds(self, condition: Condition, n: str) -> str:
        text = self.text(condition.column, n)
        if condition.present is not None:
            return f"({text} IS {'NOT ' if condition.present else ''}NULL)"
        words = ", ".join(quote_literal(word) for word in condition.is_ or condition.is_not or ())
        if condition.is_ is not None:
            return f"coalesce({text} IN ({words}), FALSE)"
        return f"coalesce({text} NOT IN ({words}), FALSE)"

    def refuse(self, condition: str, values: tuple[Value, ...], expected: str, found: str, n: str = "") -> None:
        """Add a check on a field made of `values`; what was found is withheld where a column is sealed."""
        names = list(dict.fromkeys(name.replace("{n}", n) for value in values for name in value.columns()))
        withheld = any(name in self.columns.sealed for name in names)
        self.checks.append(Check(condition, ", ".join(names), expected, None if withheld else found))

    def require(self, values: tuple[Value, ...], sql: str, when: str, n: str = "", *, required: bool = False) -> None:
        """Add a check that a required field holds something."""
        if required or any(value.required for value in values):
            self.refuse(f"{when} AND {sql} IS NULL", values, "a value", "'nothing'", n)
