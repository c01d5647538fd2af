"""The shared tables: what a snapshot holds, column by column.

Every source, whatever its own shape, becomes rows of these tables. A row keeps where it came from (`source`, `line`)
and the source's own words beside the shared code (`violation_local` beside `violation`). What a source says that no
shared column holds stays in the snapshot's `records`, the source's rows word for word.

Units of count are explicit. An act is one violation against one victim, so an act against a group of 30 counts 30
acts and 30 victims; one person who suffered two violations counts two acts and one victim. Events are occurrences,
whatever happened in them.

>>> EVENTS.key
'event_id'
>>> [column.name for column in ACTS.columns][:3]
['act_id', 'event_id', 'victim_id']
>>> TABLES["identities"].release
<Release.NODE: 'node'>
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

SCHEMA_VERSION = "1"


class Release(StrEnum):
    """How far a column may travel, from the narrowest to the widest."""

    NODE = "node"
    COUNTRY = "country"
    AGREEMENT = "agreement"
    AGGREGATE = "aggregate"
    PUBLIC = "public"


class ColumnType(StrEnum):
    """Storage types, named as in DuckDB's SQL."""

    TEXT = "VARCHAR"
    INTEGER = "BIGINT"
    NUMBER = "DOUBLE"
    DATE = "DATE"
    BOOLEAN = "BOOLEAN"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a shared table.

    Attributes:
        name: the column's name.
        type: its storage type.
        meaning: what a value says, in one sentence.
        codelist: the identifier of the codelist its values come from; None where values are free.
        required: whether every row must hold a value.
    """

    name: str
    type: ColumnType
    meaning: str
    codelist: str | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A shared table: a name, a key that is unique within it, and its columns in order."""

    name: str
    meaning: str
    key: str
    columns: tuple[Column, ...]
    release: Release = Release.AGREEMENT

    def column(self, name: str) -> Column:
        """Return the column called `name`; KeyError when the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def _text(name: str, meaning: str, codelist: str | None = None, *, required: bool = False) -> Column:
    return Column(name, ColumnType.TEXT, meaning, codelist, required)


def _coded(name: str, meaning: str, codelist: str) -> tuple[Column, Column]:
    return (
        _text(name, meaning, codelist),
        _text(f"{name}_local", f"The source's own words for: {meaning[0].lower()}{meaning[1:]}"),
    )


def _date(name: str, meaning: str) -> tuple[Column, ...]:
    return (
        _text(f"{name}_said", f"{meaning}, as the source says it."),
        _text(f"{name}_edtf", f"{meaning}, in EDTF (ISO 8601-2)."),
        Column(f"{name}_earliest", ColumnType.DATE, f"{meaning}: the earliest day it can be."),
        Column(f"{name}_latest", ColumnType.DATE, f"{meaning}: the latest day it can be."),
        _text(f"{name}_precision", f"{meaning}: how exactly it is known.", "DATE_PRECISION"),
    )


_PLACE = (
    _text("area", "The smallest area of the shared list that holds the place.", "AREA"),
    _text("area_local", "The source's own words for the area."),
    _text("place_said", "The place, as the source says it."),
    Column("latitude", ColumnType.NUMBER, "Degrees north, WGS 84."),
    Column("longitude", ColumnType.NUMBER, "Degrees east, WGS 84."),
    _text("place_precision", "How exactly the place is known.", "PLACE_PRECISION"),
)

_ORIGIN = (
    _text("source", "The source the row comes from.", required=True),
    _text("record_id", "The source's own identifier of the record the row comes from.", required=True),
    Column("line", ColumnType.INTEGER, "The line (or row) of the source's file.", required=True),
)

EVENTS = Table(
    "events",
    "Something that happened somewhere at some time.",
    "event_id",
    (
        _text("event_id", "Identifier: source, colon, the source's own identifier.", required=True),
        _text("title", "A short title without names of people."),
        *_date("date", "When it happened"),
        *_PLACE,
        Column("reported_on", ColumnType.DATE, "The day the source first heard of it."),
        *_ORIGIN,
    ),
)

ACTS = Table(
    "acts",
    "One violation against one victim, or against a counted group.",
    "act_id",
    (
        _text("act_id", "Identifier: source, colon, the source's own identifier.", required=True),
        _text("event_id", "The event the act belongs to.", required=True),
        _text("victim_id", "The actor who suffered it.", required=True),
        *_coded("violation", "What was done.", "VIOLATION"),
        *_coded("method", "How it was done.", "METHOD"),
        *_date("date", "When it was done"),
        *_PLACE,
        *_coded("sex", "The victim's sex, as this source recorded it for this act.", "SEX"),
        _text("age_said", "The victim's age at the time, as the source says it."),
        Column("age_low", ColumnType.NUMBER, "The youngest the victim can have been, in years."),
        Column("age_high", ColumnType.NUMBER, "The oldest the victim can have been, in years."),
        Column("victims_low", ColumnType.INTEGER, "The fewest people it was done to.", required=True),
        Column("victims_central", ColumnType.INTEGER, "The source's best count.", required=True),
        Column("victims_high", ColumnType.INTEGER, "The most people it was done to.", required=True),
        Column("reported_on", ColumnType.DATE, "The day the source first heard of it."),
        *_ORIGIN,
    ),
)

ACTORS = Table(
    "actors",
    "A person, group, organisation or unit. Roles belong to acts and involvements, never to actors.",
    "actor_id",
    (
        _text("actor_id", "Identifier: source, colon, the source's own identifier.", required=True),
        _text("kind", "Person, group, organisation or unit.", "ACTOR_KIND", required=True),
        *_coded("sex", "Sex, as the source recorded it.", "SEX"),
        *_date("birth", "When the person was born"),
        _text("nationality", "Nationality, as the source says it."),
        _text("occupation", "Occupation, as the source says it."),
        _text("affiliation", "Affiliation, as the source says it."),
        *_ORIGIN,
    ),
)

IDENTITIES = Table(
    "identities",
    "Who an actor is. Sealed apart from the facts; nothing published ever reads it.",
    "actor_id",
    (
        _text("actor_id", "The actor.", required=True),
        _text("name", "The whole name, as the source writes it."),
        _text("given_name", "Given name or names."),
        _text("patronymic", "Patronymic or father's name."),
        _text("family_name", "Family name or names."),
        _text("other_names", "Other names and spellings, separated by semicolons."),
        _text("id_number", "A number on a document of identity."),
        *_ORIGIN,
    ),
    Release.NODE,
)

INVOLVEMENTS = Table(
    "involvements",
    "The role somebody has in an act.",
    "involvement_id",
    (
        _text("involvement_id", "Identifier.", required=True),
        _text("act_id", "The act.", required=True),
        _text("actor_id", "The actor, where the source names one."),
        *_coded("degree", "The degree of involvement.", "INVOLVEMENT"),
        *_coded("perpetrator_type", "The kind of perpetrator.", "PERPETRATOR_TYPE"),
        *_coded("attribution", "Who says so, and how surely.", "ATTRIBUTION"),
        *_ORIGIN,
    ),
)

STATEMENTS = Table(
    "statements",
    "What a source of information said about an event, and when.",
    "statement_id",
    (
        _text("statement_id", "Identifier.", required=True),
        _text("event_id", "The event it speaks of.", required=True),
        _text("kind", "Interview, document, media, message, or another source material.", "MATERIAL"),
        _text("reference", "Page, file number or address where it can be found again."),
        *_date("said", "When it was said"),
        Column("informants", ColumnType.INTEGER, "How many informants the source counted."),
        *_ORIGIN,
    ),
)

TABLES: Mapping[str, Table] = MappingProxyType(
    {table.name: table for table in (EVENTS, ACTS, ACTORS, IDENTITIES, INVOLVEMENTS, STATEMENTS)}
)
