"""Mapping files: which of a source's columns become which fields of the shared tables.

`docs/reference/mapping.md` explains every key. The form is closed: declared transforms only, no code, no SQL.

>>> mapping = parse_mapping({"mapping": "demo", "version": "1", "act": [{"violation": {"column": "what"}}]})
>>> mapping.acts[0].violation.column
'what'
"""

from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from consilience.errors import MappingError
from consilience.formats.declaration import parse_declaration, read_declaration
from consilience.formats.digest import sha256_json

_KINDS = ("column", "constant", "join", "first", "last", "split")


class Form(BaseModel):
    """Base of every part of a mapping: closed and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Target(Form):
    """What a local word corresponds to: a shared code, and how closely."""

    code: str | None = None
    relation: Literal["exact", "broader", "narrower", "partial", "none", "unknown"] = "exact"

    @model_validator(mode="after")
    def _code_where_related(self) -> Self:
        if (self.code is None) != (self.relation in {"none", "unknown"}):
            raise ValueError("expected a code, or the relation none or unknown without one")
        return self


def _as_target(value: Any) -> Any:
    return {"code": value} if isinstance(value, str) else value


Lookup = dict[str, Annotated[Target, BeforeValidator(_as_target)]]


def _as_value(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


class Value(Form):
    """Where a value comes from, and how its words are recoded. Exactly one of the first six is given."""

    column: str | None = None
    constant: str | None = None
    join: "tuple[ValueOrColumn, ...] | None" = None
    first: "tuple[ValueOrColumn, ...] | None" = None
    last: "tuple[ValueOrColumn, ...] | None" = None
    split: "ValueOrColumn | None" = None
    separator: str | None = None
    part: int = 1
    missing: tuple[str, ...] = ()
    cut: int | None = Field(default=None, ge=1)
    values: Lookup | None = None
    lookup: str | None = None
    default: str | None = None
    crosswalk: str | None = None
    unknown: Literal["keep", "reject"] = "keep"
    required: bool = False
    decimal: Literal[".", ",", "٫"] = "."
    thousands: str | None = Field(default=None, max_length=1)

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        given = [kind for kind in _KINDS if getattr(self, kind) is not None]
        if len(given) != 1:
            raise ValueError(f"expected exactly one of {', '.join(_KINDS)}; found {', '.join(given) or 'none'}")
        tables = [kind for kind in ("values", "lookup", "crosswalk") if getattr(self, kind) is not None]
        if len(tables) > 1:
            raise ValueError(f"expected at most one of values, lookup, crosswalk; found {', '.join(tables)}")
        if self.part == 0:
            raise ValueError("part counts from 1, or from -1 at the end")
        return self

    @property
    def parts(self) -> "tuple[Value, ...]":
        """The values it is made of; empty for a column or a constant."""
        return self.join or self.first or self.last or ((self.split,) if self.split else ())

    def columns(self) -> Iterator[str]:
        """Yield the names of the columns it reads."""
        if self.column is not None:
            yield self.column
        for part in self.parts:
            yield from part.columns()


ValueOrColumn = Annotated[Value, BeforeValidator(_as_value)]


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else (value,)


class PeriodForm(Form):
    """A date: one text, a start and an end, or year, month and day."""

    period: (
        Annotated[tuple[ValueOrColumn, ...], BeforeValidator(_as_tuple), Field(min_length=1, max_length=2)] | None
    ) = None
    year: ValueOrColumn | None = None
    month: ValueOrColumn | None = None
    day: ValueOrColumn | None = None
    precision: ValueOrColumn | None = None
    day_first: bool | None = None
    either_order: bool = False
    required: bool = False

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.period is None) == (self.year is None):
            raise ValueError("expected either period, or year with month and day")
        if self.day is not None and self.month is None:
            raise ValueError("a day needs a month")
        return self

    @property
    def values(self) -> tuple[Value, ...]:
        """The values it reads, the precision included."""
        given = (*(self.period or ()), self.year, self.month, self.day, self.precision)
        return tuple(value for value in given if value is not None)


class AgeForm(Form):
    """An age: one text, or the youngest and the oldest."""

    age: Annotated[tuple[ValueOrColumn, ...], BeforeValidator(_as_tuple), Field(min_length=1, max_length=2)]
    required: bool = False


class PlaceForm(Form):
    """A place: area, words, point and precision."""

    area: ValueOrColumn | None = None
    said: ValueOrColumn | None = None
    latitude: ValueOrColumn | None = None
    longitude: ValueOrColumn | None = None
    precision: ValueOrColumn | None = None


class VictimsForm(Form):
    """How many people an act was done to."""

    low: ValueOrColumn | None = None
    central: ValueOrColumn
    high: ValueOrColumn | None = None


class Condition(Form):
    """A test of one value: is one of, is not one of, is present."""

    column: ValueOrColumn
    is_: Annotated[tuple[str, ...], BeforeValidator(_as_tuple)] | None = Field(default=None, alias="is")
    is_not: Annotated[tuple[str, ...], BeforeValidator(_as_tuple)] | None = None
    present: bool | None = None

    @model_validator(mode="after")
    def _one_test(self) -> Self:
        if sum(test is not None for test in (self.is_, self.is_not, self.present)) != 1:
            raise ValueError("expected exactly one of is, is_not, present")
        return self


Conditions = Annotated[tuple[Condition, ...], BeforeValidator(_as_tuple)]
DateOrValue = Annotated[PeriodForm, BeforeValidator(lambda value: {"period": value} if _is_value(value) else value)]


def _is_value(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, dict) and any(kind in value for kind in _KINDS))


class Event(Form):
    """What the rows of `events` hold."""

    key: ValueOrColumn | None = None
    title: ValueOrColumn | None = None
    date: PeriodForm | None = None
    place: PlaceForm | None = None
    reported_on: DateOrValue | None = None


class Block(Form):
    """What every repeatable block has: a name, a condition, repetitions."""

    name: str = Field(default="", pattern=r"^[a-z][a-z0-9_]*$|^$")
    when: Conditions = ()
    repeat: tuple[str, ...] = ()


class Identity(Form):
    """Who somebody is: sealed."""

    name: ValueOrColumn | None = None
    given_name: ValueOrColumn | None = None
    patronymic: ValueOrColumn | None = None
    family_name: ValueOrColumn | None = None
    other_names: ValueOrColumn | None = None
    id_number: ValueOrColumn | None = None


def _as_kind(value: Any) -> Any:
    """A bare word is a kind, not a column."""
    return {"constant": value.upper()} if isinstance(value, str) else value


class Actor(Block):
    """What the rows of `actors` (and `identities`) hold."""

    key: ValueOrColumn | None = None
    kind: Annotated[Value, BeforeValidator(_as_kind)] = Value(constant="PERSON")
    sex: ValueOrColumn | None = None
    birth: PeriodForm | None = None
    nationality: ValueOrColumn | None = None
    occupation: ValueOrColumn | None = None
    affiliation: ValueOrColumn | None = None
    identity: Identity | None = None


class Act(Block):
    """What the rows of `acts` hold."""

    victim: str | None = None
    violation: ValueOrColumn
    method: ValueOrColumn | None = None
    date: PeriodForm | None = None
    place: PlaceForm | None = None
    sex: ValueOrColumn | None = None
    age: AgeForm | None = None
    victims: VictimsForm | None = None
    reported_on: DateOrValue | None = None


class Involvement(Block):
    """What the rows of `involvements` hold."""

    act: tuple[str, ...] = ()
    actor: str | None = None
    degree: ValueOrColumn | None = None
    perpetrator_type: ValueOrColumn | None = None
    attribution: ValueOrColumn | None = None


class Statement(Block):
    """What the rows of `statements` hold."""

    kind: ValueOrColumn | None = None
    reference: ValueOrColumn | None = None
    said: PeriodForm | None = None
    informants: ValueOrColumn | None = None


class SourceForm(Form):
    """How the file is read."""

    format: Literal["csv", "xlsx", "jsonl", "parquet"] | None = None
    encoding: str | None = None
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    sheet: str | None = None
    header_row: int = Field(default=1, ge=1)
    missing: tuple[str, ...] = ("",)
    day_first: bool | None = None
    year: int | None = Field(default=None, ge=1, le=9999)
    optional: tuple[str, ...] = ()
    sealed: tuple[str, ...] = ()


class Record(Form):
    """How a record is told from others."""

    id: ValueOrColumn | None = None


class SourceMapping(Form):
    """A whole mapping file."""

    mapping: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    version: str
    title: str = ""
    description: str = ""
    credit: str = ""
    source: SourceForm = SourceForm()
    record: Record = Record()
    event: Event = Event()
    actors: tuple[Actor, ...] = Field(default=(), alias="actor")
    acts: tuple[Act, ...] = Field(default=(), alias="act")
    involvements: tuple[Involvement, ...] = Field(default=(), alias="involvement")
    statements: tuple[Statement, ...] = Field(default=(), alias="statement")
    lookups: dict[str, Lookup] = {}

    @model_validator(mode="after")
    def _names_hold(self) -> Self:
        for blocks in (self.actors, self.acts, self.involvements, self.statements):
            _check_names(blocks)
        _check_references("act.victim", [act.victim for act in self.acts], self.actors)
        _check_references("involvement.actor", [each.actor for each in self.involvements], self.actors)
        _check_references("involvement.act", [act for each in self.involvements for act in each.act], self.acts)
        unknown = {value.lookup for value in values_of(self) if value.lookup is not None} - set(self.lookups)
        if unknown:
            raise ValueError(f"lookup {', '.join(sorted(unknown))} is used but not given in [lookups]")
        return self

    @property
    def name(self) -> str:
        """The name it is cited by."""
        return self.mapping

    @property
    def sha256(self) -> str:
        """Digest of what it says, whatever its layout and comments."""
        return sha256_json(self.model_dump(mode="json", by_alias=True, exclude_defaults=True))


def values_of(form: Form) -> Iterator[Value]:
    """Yield every value below a part of a mapping."""
    for field in type(form).model_fields:
        held = getattr(form, field)
        for each in held if isinstance(held, tuple) else (held,):
            if isinstance(each, Value):
                yield each
            if isinstance(each, Form):
                yield from values_of(each)


def load_mapping(name_or_path: str | Path) -> SourceMapping:
    """Return a ready mapping by name, or the mapping in a file.

    Raises:
        MappingError: there is none of that name, or the file has faults; all of them are named.
    """
    ready = ready_mappings()
    path = ready.get(str(name_or_path)) or Path(name_or_path)
    if path == Path(name_or_path) and not path.exists() and path.suffix != ".toml":
        raise MappingError(
            f"There is no ready mapping called {name_or_path}, and no such file",
            expected=f"one of {', '.join(sorted(ready))}, or the path of a TOML file",
            remedy="Correct --mapping.",
        )
    return read_declaration(path, SourceMapping, MappingError)


def parse_mapping(data: Mapping[str, Any], name: str = "the mapping") -> SourceMapping:
    """Return the mapping in already parsed TOML. Raises MappingError with every fault."""
    return parse_declaration(data, SourceMapping, MappingError, name=name)


def ready_mappings() -> dict[str, Path]:
    """Return the ready mappings: name to file."""
    folder = Path(str(resources.files("consilience.harmonise"))) / "mappings"
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def _check_names(blocks: tuple[Block, ...]) -> None:
    names = [block.name for block in blocks]
    if len(blocks) > 1 and (len(set(names)) < len(names) or "" in names):
        raise ValueError("several blocks of one kind need a name each, all different")


def _check_references(key: str, given: list[str | None], blocks: tuple[Block, ...]) -> None:
    known = {block.name for block in blocks}
    for name in given:
        if name is not None and name not in known:
            raise ValueError(f"{key} names {name!r}; expected one of {', '.join(sorted(known)) or 'no block at all'}")
