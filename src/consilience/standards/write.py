"""A codelist, indicator or crosswalk as the text of a data file; reading it back gives the same.

>>> from consilience.standards.codelist import Code, Codelist
>>> print(to_toml(Codelist("X", "1", {"en": "X"}, (Code("A", {"en": "Alpha"}),))), end="")
id = "X"
version = "1"
codes = [
    { id = "A", labels = { en = "Alpha" } },
]
<BLANKLINE>
[names]
en = "X"
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import tomli_w

from consilience.errors import StandardError
from consilience.standards.codelist import Codelist
from consilience.standards.crosswalk import Crosswalk
from consilience.standards.indicator import Indicator

_FOLDER_OF = {Codelist: "codelists", Indicator: "indicators", Crosswalk: "crosswalks"}


def to_toml(standard: Codelist | Indicator | Crosswalk) -> str:
    """Return the text of the data file; keys without a value are left out."""
    return tomli_w.dumps(as_plain(standard))


def write_standard(standard: Codelist | Indicator | Crosswalk, folder: Path) -> Path:
    """Write the data file into a folder laid out as a registry's, and return its path.

    Raises:
        StandardError: there is such a file already; a changed standard takes a new version.
    """
    path = folder / _FOLDER_OF[type(standard)] / f"{standard.id}-{standard.version}.toml"
    if path.exists():
        raise StandardError(f"{path.name} is there already", remedy="Give the changed standard a version of its own.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(to_toml(standard), encoding="utf-8")
    return path


def as_plain(value: Any) -> Any:
    """Return a frozen type as plain maps, lists and scalars, without empty parts; dates stay dates."""
    if is_dataclass(value) and not isinstance(value, type):
        parts = {each.name: as_plain(getattr(value, each.name)) for each in fields(value)}
        return {name: part for name, part in parts.items() if part is not None and part not in ({}, [], "")}
    if isinstance(value, Mapping):
        return {key: as_plain(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [as_plain(part) for part in value]
    return value.value if isinstance(value, Enum) else value
