"""The five invented organisations: what each one hears of, and how it writes it down.

Each is a TOML file in `organisations/`: format, script, columns, codes, date habits, missing fields, duplicates and
the model of what it captures. `says` of a column names one of the habits of `habits.HABITS`.

>>> [organisation.id for organisation in ORGANISATIONS]
['lanternhouse', 'reed_circle', 'tallow_bridge', 'wicker_gate', 'heron_office']
>>> ORGANISATIONS[1].script.name, ORGANISATIONS[1].file.encoding
('ARABIC', 'windows-1256')
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from consilience.demo.names import Script
from consilience.errors import ConsilienceError
from consilience.formats.declaration import read_declaration

FOLDER = Path(__file__).parent / "organisations"
_ORDER = ("lanternhouse", "reed_circle", "tallow_bridge", "wicker_gate", "heron_office")


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FileHabit(_Form):
    """The form of the organisation's file. `delimiter` and `encoding` matter for CSV only."""

    format: Literal["csv", "xlsx", "jsonl"]
    encoding: str = "utf-8"
    delimiter: str = ","
    newline: str = "\n"


class ColumnHabit(_Form):
    """One column: its heading, the habit that fills it, and the share of rows in which it is empty."""

    header: str
    says: str
    missing: float = 0.0


class CodeHabit(_Form):
    """The organisation's own codes for violations, perpetrators and sexes; `other` is its code for the rest."""

    violation: dict[str, str]
    other: str
    other_share: float
    perpetrator: dict[str, str]
    sex: dict[str, str]


class CaptureHabit(_Form):
    """What the organisation hears of: a logistic model of the chance that it documents a person.

    Attributes:
        base: log-odds for a countryside case of a violation not named below.
        urban: added in towns.
        yearly: added for each year after the first.
        informants: added where somebody in a network of informants that two organisations share has seen it.
        visibility: times how visible the case is to anybody, a standard normal number a person.
        violation: added by violation.
        province: added by province.
        second_act: the chance that a second act against a documented person is noted as well.
    """

    base: float
    urban: float
    yearly: float = 0.0
    informants: float = 0.0
    visibility: float = 0.5
    violation: dict[str, float] = Field(default_factory=dict)
    province: dict[str, float] = Field(default_factory=dict)
    second_act: float


class Organisation(_Form):
    """One organisation of the coalition.

    Attributes:
        prefix: what its record numbers begin with.
        dates: its styles of dates (`habits`) and the share of each.
        impossible_date: a date that no calendar has, in its own style.
        unknown_code: a code for a violation that its own list does not have.
        duplicates: the share of its rows that it notes a second time.
        nicknames, swapped, misspelt: shares of names written as a nickname, in the other order, in another spelling.
        delay_days: how long after the act it hears of it, on average.
    """

    id: str
    name: str
    kind: str
    licence: str
    citation: str
    limitations: str
    prefix: str
    script: Annotated[Script, BeforeValidator(lambda name: Script[name.upper()])]
    file: FileHabit
    columns: tuple[ColumnHabit, ...]
    codes: CodeHabit
    capture: CaptureHabit
    dates: dict[str, float]
    impossible_date: str
    unknown_code: str
    duplicates: float
    nicknames: float = 0.0
    swapped: float = 0.0
    misspelt: float = 0.25
    delay_days: float

    @property
    def headers(self) -> tuple[str, ...]:
        """The headings of the columns, in order."""
        return tuple(column.header for column in self.columns)


class DemoError(ConsilienceError):
    """A data file of the demo is at fault; only a broken installation can show this."""


ORGANISATIONS = tuple(read_declaration(FOLDER / f"{name}.toml", Organisation, DemoError) for name in _ORDER)
