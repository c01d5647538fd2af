"""The difference between two versions of a codelist, an indicator or a crosswalk (requirement ST1).

>>> from consilience.standards.codelist import Code, Codelist
>>> old = Codelist("X", "1", {"en": "X"}, (Code("A", {"en": "A"}), Code("B", {"en": "B"})))
>>> new = Codelist("X", "2", {"en": "X"}, (Code("A", {"en": "Alpha"}), Code("C", {"en": "C"})))
>>> for change in diff(old, new):
...     print(change)
changed version: 1 -> 2
changed codes A.labels.en: A -> Alpha
removed codes B
added codes C
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from consilience.standards.codelist import Code, Codelist
from consilience.standards.crosswalk import Crosswalk
from consilience.standards.crosswalk import Mapping as CodeMapping
from consilience.standards.indicator import Indicator

Comparable = Codelist | Indicator | Crosswalk


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; `old` is empty for what was added, `new` for what was removed."""

    kind: Literal["added", "removed", "changed"]
    path: str
    old: str = ""
    new: str = ""

    def __str__(self) -> str:
        values = f": {self.old} -> {self.new}" if self.kind == "changed" else ""
        return f"{self.kind} {self.path}{values}"


def diff(old: Comparable, new: Comparable) -> tuple[Change, ...]:
    """Return what changed from `old` to `new`, in the order of the old one; what was added comes last."""
    return tuple(_changes(_parts(old), _parts(new), ""))


def _changes(old: Mapping[str, Any], new: Mapping[str, Any], path: str) -> Iterator[Change]:
    for key, before in old.items():
        if key not in new:
            yield Change("removed", path + key, _text(before))
        elif before != new[key]:
            yield from _changed(before, new[key], path + key)
    for key, after in new.items():
        if key not in old:
            yield Change("added", path + key, "", _text(after))


def _changed(before: Any, after: Any, path: str) -> Iterator[Change]:
    old, new = _parts(before), _parts(after)
    if old or new:
        # Entries of a list are named "codes A", fields "codes A.labels".
        yield from _changes(old, new, f"{path} " if isinstance(before, tuple) else f"{path}.")
    else:
        yield Change("changed", path, _text(before), _text(after))


def _parts(value: Any) -> dict[str, Any]:
    """Return the named parts of a value; empty where it has none."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): part for key, part in value.items()}
    if isinstance(value, tuple):
        return {_entry_name(part, at): part for at, part in enumerate(value, 1)}
    return {}


def _entry_name(entry: Any, at: int) -> str:
    if isinstance(entry, Code):
        return entry.id
    if isinstance(entry, CodeMapping):
        return f"{entry.local} to {entry.target or 'nothing'}"
    return entry if isinstance(entry, str) else str(at)


def _text(value: Any) -> str:
    if isinstance(value, Code):
        return value.label()
    return "" if value is None else str(value)
