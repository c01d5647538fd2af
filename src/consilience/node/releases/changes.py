"""What changed since the release before: per indicator, how many figures are new, gone, higher or lower."""

from dataclasses import dataclass
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from consilience.node.releases.observations import observations
from consilience.node.releases.shelf import Release

_CELL = ["REF_AREA", "TIME_PERIOD", "SEX", "AGE", "UNIT"]


@dataclass(frozen=True, slots=True)
class Change:
    """One indicator: numbers of cells that are new, gone, higher, lower and the same."""

    code: str
    new: int
    gone: int
    higher: int
    lower: int
    same: int

    @property
    def any(self) -> bool:
        """Whether anything changed."""
        return bool(self.new or self.gone or self.higher or self.lower)


@lru_cache(maxsize=32)
def changes(before: Release, now: Release) -> tuple[Change, ...]:
    """Compare two releases, indicator by indicator, in the order of their codes."""
    found = sorted({each.id for each in (*before.head.indicators, *now.head.indicators)})
    return tuple(_change(code, observations(before, code), observations(now, code)) for code in found)


def _change(code: str, before: pa.Table, now: pa.Table) -> Change:
    columns = [*_CELL, "OBS_VALUE"]
    old = before.select(columns).rename_columns([*_CELL, "OLD"]).append_column("WAS", _true(before))
    new = now.select(columns).append_column("IS", _true(now))
    both = new.join(old, keys=_CELL, join_type="full outer")
    in_both = both.filter(pc.and_(pc.is_valid(both["WAS"]), pc.is_valid(both["IS"])))
    higher, lower = (_count(compare(in_both["OBS_VALUE"], in_both["OLD"])) for compare in (pc.greater, pc.less))
    gone, added = _count(pc.is_null(both["IS"])), _count(pc.is_null(both["WAS"]))
    return Change(code, added, gone, higher, lower, in_both.num_rows - higher - lower)


def _true(table: pa.Table) -> pa.Array:
    return pa.array([1] * table.num_rows, pa.int8())


def _count(mask: pa.ChunkedArray) -> int:
    return int(pc.sum(pc.cast(mask, pa.int64())).as_py() or 0)
