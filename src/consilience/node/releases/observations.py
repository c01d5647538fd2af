"""Reading a release's figures: one selection at a time, from Parquet, cached by the digest of the release."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from consilience.node.releases.calendar import numbered, span
from consilience.node.releases.shelf import Release

COLUMNS = (
    "INDICATOR", "REF_AREA", "TIME_PERIOD", "SEX", "AGE", "UNIT",
    "OBS_VALUE", "LOWER_BOUND", "UPPER_BOUND", "OBS_STATUS", "CONF_STATUS",
)  # fmt: skip
TOTAL = "_T"


class Shown(StrEnum):
    """What stands in a cell. Suppressed, missing and zero are three different things."""

    FIGURE = "figure"
    ZERO = "zero"
    SUPPRESSED = "suppressed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its code along the axis, its figure with bounds, and what is shown there."""

    code: str
    value: float | None
    lower: float | None
    upper: float | None
    shown: Shown
    is_break: bool = False

    @property
    def uncertain(self) -> bool:
        """Whether the bounds say more than the value."""
        return self.lower is not None and self.upper is not None and not (self.lower == self.upper == self.value)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which cells a page shows. Codes are those of the release."""

    indicator: str
    area: str
    sex: str = TOTAL
    age: str = TOTAL
    start: str = ""
    end: str = ""

    def fixed(self) -> Mapping[str, str]:
        """The columns it pins to one code."""
        return {"REF_AREA": self.area, "SEX": self.sex, "AGE": self.age}


@lru_cache(maxsize=16)
def _table(folder: Path, _digest: str) -> pa.Table:
    return pq.read_table(folder / "data" / "observations.parquet", columns=list(COLUMNS))


@lru_cache(maxsize=512)
def _indicator_table(folder: Path, digest: str, indicator: str) -> pa.Table:
    table = _table(folder, digest)
    return table.filter(pc.equal(table["INDICATOR"], indicator)).sort_by("TIME_PERIOD")


def observations(release: Release, indicator: str) -> pa.Table:
    """Return an indicator's observations in order of time."""
    return _indicator_table(release.folder, release.digest, indicator)


@lru_cache(maxsize=512)
def codes(release: Release, indicator: str, column: str) -> tuple[str, ...]:
    """Return the codes of `column` that occur for an indicator: the total first, unknown last."""
    found = pc.unique(observations(release, indicator)[column]).to_pylist()
    return tuple(
        sorted(filter(None, found), key=lambda code: (code != TOTAL, code.startswith("_") and code != TOTAL, code))
    )


@lru_cache(maxsize=512)
def periods(release: Release, indicator: str) -> tuple[str, ...]:
    """Return every period from the first to the last one of an indicator, without holes."""
    found = sorted(code for code in codes(release, indicator, "TIME_PERIOD") if numbered(code))
    return span(found[0], found[-1]) if found else ()


@lru_cache(maxsize=512)
def main_area(release: Release, indicator: str) -> str:
    """Return the area with the largest figures: the whole where there is a whole."""
    table = observations(release, indicator)
    table = table.filter(pc.and_(pc.equal(table["SEX"], TOTAL), pc.equal(table["AGE"], TOTAL)))
    sums = (
        table.group_by("REF_AREA")
        .aggregate([("OBS_VALUE", "sum")])
        .sort_by([("OBS_VALUE_sum", "descending"), ("REF_AREA", "ascending")])
    )
    found = sums["REF_AREA"].to_pylist()
    return str(found[0]) if found else ""


def selected(release: Release, selection: Selection, *, free: str = "TIME_PERIOD", at: str = "") -> pa.Table:
    """Return the observations of a selection, in the columns and the order of the release's own table.

    Args:
        release: the release.
        selection: what is pinned.
        free: the column that is left open: time, or another one for a breakdown at one period.
        at: the period of a breakdown.
    """
    table = observations(release, selection.indicator)
    pins = {name: code for name, code in selection.fixed().items() if name != free}
    for name, code in ({**pins, "TIME_PERIOD": at} if at else pins).items():
        table = table.filter(pc.equal(table[name], code))
    if not at and selection.start:
        table = table.filter(pc.greater_equal(table["TIME_PERIOD"], selection.start))
    if not at and selection.end:
        table = table.filter(pc.less_equal(table["TIME_PERIOD"], selection.end))
    return table


def series(release: Release, selection: Selection) -> tuple[Cell, ...]:
    """Return one cell per period, missing ones included."""
    found = {cell.code: cell for cell in cells(selected(release, selection), "TIME_PERIOD")}
    start, end = selection.start or "", selection.end or "\uffff"
    wanted = [code for code in periods(release, selection.indicator) if start <= code <= end]
    return tuple(found.get(code) or Cell(code, None, None, None, Shown.MISSING) for code in wanted)


def cells(table: pa.Table, column: str) -> tuple[Cell, ...]:
    """Return the rows of a small selection as cells named by `column`."""
    names = (column, "OBS_VALUE", "LOWER_BOUND", "UPPER_BOUND", "OBS_STATUS", "CONF_STATUS")
    return tuple(_cell(*row) for row in zip(*(table[name].to_pylist() for name in names), strict=True))


def _cell(code: str, value: Any, lower: Any, upper: Any, status: str | None, confidential: str | None) -> Cell:
    return Cell(code, value, lower, upper, _shown(value, status, confidential), status == "B")


def _shown(value: float | None, status: str | None, confidential: str | None) -> Shown:
    """Read SDMX's CL_OBS_STATUS (Q: suppressed) and CL_CONF_STATUS (everything but F, free, is withheld)."""
    if value is not None:
        return Shown.ZERO if value == 0 else Shown.FIGURE
    withheld = status == "Q" or confidential not in {None, "", "F"}
    return Shown.SUPPRESSED if withheld else Shown.MISSING
