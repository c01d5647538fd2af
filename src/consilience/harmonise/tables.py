"""The shared tables of one source as queries over its accepted rows.

`plan` gives, for each table, the SELECTs whose rows it holds, in order: one for each block of the mapping and each
repetition. `sql` puts them together with the columns of `model.schema` in their order and types.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from consilience.engine.base import quote_literal
from consilience.harmonise import numbers
from consilience.harmonise.dates import NO_DATE, DateSql, date
from consilience.harmonise.expression import NOTHING, Translator
from consilience.harmonise.mapping import (
    Act,
    Actor,
    Block,
    Involvement,
    PeriodForm,
    PlaceForm,
    Statement,
    Value,
    values_of,
)
from consilience.harmonise.recode import Recoder
from consilience.harmonise.stage import Stage
from consilience.model.schema import TABLES


@dataclass(frozen=True, slots=True)
class Rows:
    """One SELECT: its columns by name, which records give a row, and what makes a row the same as an earlier one."""

    columns: Mapping[str, str]
    where: str
    once_for: str | None = None


@dataclass(frozen=True, slots=True)
class _ActSql:
    """What involvements need to know of an act: its identifier, its block's name, its condition."""

    name: str
    act_id: str
    when: str


@dataclass
class TablePlan:
    """Builds the queries of one source.

    Attributes:
        of: the translator; gathers checks.
        recode: the recoder; gathers what coverage needs.
        source: the source's name.
        record_id: SQL of the record's identifier.
        rows: table to its SELECTs.
    """

    of: Translator
    recode: Recoder
    source: str
    record_id: str
    rows: dict[str, list[Rows]] = field(default_factory=lambda: {name: [] for name in TABLES})
    event_id: str = ""
    event_date: DateSql = NO_DATE
    event_place: Mapping[str, str] = field(default_factory=dict)
    reported_on: str = ""

    def build(self) -> dict[str, list[Rows]]:
        """Return table to SELECTs."""
        self._events()
        for actor in self._actors:
            for n, when in self._repetitions(actor):
                self._actor(actor, n, when)
        acts = [act for block in self.of.columns.mapping.acts for act in self._acts(block)]
        for block in self.of.columns.mapping.involvements:
            self._involvements(block, acts)
        for statement in self.of.columns.mapping.statements:
            for n, when in self._repetitions(statement):
                self._statement(statement, n, when)
        return self.rows

    # events

    def _events(self) -> None:
        event = self.of.columns.mapping.event
        key = self.of.text(event.key) if event.key else self.record_id
        if event.key:
            self.of.refuse(f"{key} IS NULL", (event.key,), "the event's own identifier", "'nothing'")
        self.event_id = self._id(key)
        self.event_date = date(self.recode, event.date, "TRUE")
        self.event_place = self._place(event.place, "events", "TRUE", "")
        self.reported_on = self._day(event.reported_on, "TRUE", "")
        columns = {
            "event_id": self.event_id,
            "title": self.of.text(event.title),
            **self.event_date.columns("date"),
            **self.event_place,
            "reported_on": self.reported_on,
            **self._origin(),
        }
        self.rows["events"].append(Rows(columns, "TRUE", key if event.key else None))

    # actors

    @property
    def _actors(self) -> tuple[Actor, ...]:
        counted = any(act.victims is not None for act in self.of.columns.mapping.acts)
        default = Actor(kind=Value(constant="GROUP" if counted else "PERSON"))
        return self.of.columns.mapping.actors or (default,)

    def _actor_id(self, actor: Actor, n: str) -> str:
        if actor.key is not None:
            return self._id(f"coalesce({self.of.text(actor.key, n)}, {self.record_id})")
        return self._id(self.record_id, actor.name if len(self._actors) > 1 else "", n)

    def _actor(self, actor: Actor, n: str, when: str) -> None:
        actor_id = self._actor_id(actor, n)
        once = actor_id if actor.key else None
        columns = {
            "actor_id": actor_id,
            "kind": f"coalesce({self.recode.code(actor.kind, 'ACTOR_KIND', n)}, 'PERSON')",
            **self.recode.pair(actor.sex, "actors", "sex", "SEX", when, n),
            **date(self.recode, actor.birth, when, n).columns("birth"),
            "nationality": self.of.text(actor.nationality, n),
            "occupation": self.of.text(actor.occupation, n),
            "affiliation": self.of.text(actor.affiliation, n),
            **self._origin(),
        }
        self.rows["actors"].append(Rows(columns, when, once))
        if actor.identity is not None:
            names = {name: getattr(actor.identity, name) for name in type(actor.identity).model_fields}
            held = {name: self.of.text(value, n) for name, value in names.items()}
            some = f"coalesce({', '.join(held.values())}) IS NOT NULL"
            self.rows["identities"].append(
                Rows({"actor_id": actor_id, **held, **self._origin()}, f"{when} AND {some}", once)
            )

    # acts

    def _acts(self, act: Act) -> Iterator[_ActSql]:
        for n, when in self._repetitions(act):
            yield self._act(act, n, when)

    def _act(self, act: Act, n: str, when: str) -> _ActSql:
        name = act.name if len(self.of.columns.mapping.acts) > 1 else ""
        act_id = self._id(self.record_id, name, n)
        victim = next((each for each in self._actors if each.name == act.victim), self._actors[0])
        when_date = date(self.recode, act.date, when, n) if act.date else self.event_date
        own_place = act.place is not None
        columns = {
            "act_id": act_id,
            "event_id": self.event_id,
            "victim_id": self._actor_id(victim, n if victim.repeat else ""),
            **self.recode.pair(act.violation, "acts", "violation", "VIOLATION", when, n),
            **self.recode.pair(act.method, "acts", "method", "METHOD", when, n),
            **when_date.columns("date"),
            **(self._place(act.place, "acts", when, n) if own_place else self.event_place),
            **self.recode.pair(act.sex or victim.sex, "acts", "sex", "SEX", when, n),
            **numbers.age(self.of, act.age, when, n),
            **self._victims(act, when, n),
            "reported_on": self._day(act.reported_on, when, n) if act.reported_on else self.reported_on,
            **self._origin(),
        }
        self.rows["acts"].append(Rows(columns, when))
        return _ActSql(act.name, act_id, when)

    def _victims(self, act: Act, when: str, n: str) -> dict[str, str]:
        names = ("victims_low", "victims_central", "victims_high")
        if act.victims is None:
            return dict.fromkeys(names, "CAST(1 AS BIGINT)")
        form = act.victims
        low, central, high = (numbers.count(self.of, value, when, n) for value in (form.low, form.central, form.high))
        return {
            names[0]: f"coalesce({low}, {central}, {high}, 1)",
            names[1]: f"coalesce({central}, {low}, {high}, 1)",
            names[2]: f"coalesce({high}, {central}, {low}, 1)",
        }

    # involvements and statements

    def _involvements(self, block: Involvement, acts: list[_ActSql]) -> None:
        several = len(self.of.columns.mapping.involvements) > 1
        suffix = quote_literal("/by" + (f"/{block.name}" if several else ""))
        actor = next((each for each in self._actors if block.actor is not None and each.name == block.actor), None)
        for n, when in self._repetitions(block):
            coded = {
                **self.recode.pair(block.degree, "involvements", "degree", "INVOLVEMENT", when, n),
                **self.recode.pair(
                    block.perpetrator_type, "involvements", "perpetrator_type", "PERPETRATOR_TYPE", when, n
                ),
                **self.recode.pair(block.attribution, "involvements", "attribution", "ATTRIBUTION", when, n),
            }
            actor_id = self._actor_id(actor, n if actor.repeat else "") if actor else NOTHING
            some = f"coalesce({', '.join(coded.values())}) IS NOT NULL" if actor is None else "TRUE"
            for act in acts:
                if block.act and act.name not in block.act:
                    continue
                number = quote_literal(f".{n}") if n else "''"
                columns = {
                    "involvement_id": f"{act.act_id} || {suffix} || {number}",
                    "act_id": act.act_id,
                    "actor_id": actor_id,
                    **coded,
                    **self._origin(),
                }
                self.rows["involvements"].append(Rows(columns, f"{act.when} AND {when} AND {some}"))

    def _statement(self, block: Statement, n: str, when: str) -> None:
        said = date(self.recode, block.said, when, n)
        held = {
            "reference": self.of.text(block.reference, n),
            **said.columns("said"),
            "informants": numbers.count(self.of, block.informants, when, n),
        }
        some = f"coalesce({held['reference']}, {said.said}, CAST({held['informants']} AS VARCHAR)) IS NOT NULL"
        name = block.name if len(self.of.columns.mapping.statements) > 1 else ""
        columns = {
            "statement_id": self._id(self.record_id, name, n),
            "event_id": self.event_id,
            "kind": self.recode.code(block.kind, "MATERIAL", n),
            **held,
            **self._origin(),
        }
        self.rows["statements"].append(Rows(columns, when if block.when else f"{when} AND {some}"))

    # parts

    def _place(self, form: PlaceForm | None, table: str, when: str, n: str) -> dict[str, str]:
        form = form or PlaceForm()
        return {
            **self.recode.pair(form.area, table, "area", "AREA", when, n),
            "place_said": self.of.text(form.said, n),
            "latitude": numbers.degrees(self.of, form.latitude, 90, when, n),
            "longitude": numbers.degrees(self.of, form.longitude, 180, when, n),
            "place_precision": self.recode.code(form.precision, "PLACE_PRECISION", n),
        }

    def _day(self, form: PeriodForm | None, when: str, n: str) -> str:
        found: DateSql = date(self.recode, form, when, n)
        return found.latest

    def _repetitions(self, block: Block) -> Iterator[tuple[str, str]]:
        """Yield each repetition with the condition under which it gives a row."""
        if not block.repeat:
            yield "", f"({self.of.holds(block.when)})"
        own = [name for value in values_of(block) for name in value.columns() if "{n}" in name]
        for n in block.repeat:
            cells = ", ".join(self.of.columns.sql(name.replace("{n}", n)) for name in dict.fromkeys(own))
            implied = f"coalesce({cells}, NULL) IS NOT NULL" if cells else "TRUE"
            yield n, f"({self.of.holds(block.when, n) if block.when else implied})"

    def _id(self, key: str, name: str = "", n: str = "") -> str:
        suffix = (f"/{name}" if name else "") + (f".{n}" if n else "")
        tail = f" || {quote_literal(suffix)}" if suffix else ""
        return f"{quote_literal(self.source + ':')} || {key}{tail}"

    def _origin(self) -> dict[str, str]:
        return {"source": quote_literal(self.source), "record_id": self.record_id, "line": "line"}


def sql(stage: Stage, table: str, rows: list[Rows]) -> str:
    """Return the query of one table: the columns of `model.schema`, in order and typed.

    Where rows can repeat what an earlier row said (an event shared by several records), the first in the file stays.
    """
    return " UNION ALL ".join(_select(stage, table, each) for each in rows)


def _select(stage: Stage, table: str, rows: Rows) -> str:
    columns = ", ".join(
        f"{stage.written(rows.columns[column.name], column.type.value)} AS {column.name}"
        for column in TABLES[table].columns
    )
    select = f"SELECT {columns} FROM accepted WHERE {rows.where}"
    if rows.once_for is None:
        return select
    first = f"row_number() OVER (PARTITION BY {rows.once_for} ORDER BY line) = 1"
    return f"SELECT * FROM ({select} QUALIFY {first}) ORDER BY line"
