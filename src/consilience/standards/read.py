"""From a data file (TOML) to a codelist, an indicator or a crosswalk, with every fault of form.

A file is named after what it holds, `<ID>-<version>.toml`, so that a registry knows its contents without opening it.

>>> file_id("VIOLATION-1.0.toml")
('VIOLATION', '1.0')
"""

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from consilience.errors import StandardError
from consilience.standards.codelist import Codelist
from consilience.standards.crosswalk import Crosswalk
from consilience.standards.faults import Fault, FaultyFileError, faults_of
from consilience.standards.indicator import Indicator

FOLDERS: dict[str, type[Any]] = {"codelists": Codelist, "indicators": Indicator, "crosswalks": Crosswalk}
_ADAPTERS: dict[str, TypeAdapter[Any]] = {kind.__name__: TypeAdapter(kind) for kind in FOLDERS.values()}
_NAME = re.compile(r"([A-Z][A-Z0-9_]*)-(\d+(?:\.\d+)*)\.toml")

Standard = TypeVar("Standard", Codelist, Indicator, Crosswalk)


def file_id(name: str) -> tuple[str, str] | None:
    """Return the id and the version that a file's name says; None where it is not named by the rule."""
    match = _NAME.fullmatch(name)
    return (match[1], match[2]) if match else None


def version_key(version: str) -> tuple[int, ...]:
    """Return a version so that versions sort: 1.10 after 1.9."""
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def read_utf8(path: Path) -> str:
    """Return a file's text, without a byte order mark; StandardError where it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise StandardError(
            f"{path.name} is not UTF-8", found=f"byte {error.start}: {error.reason}", remedy="Save it as UTF-8."
        ) from error


def read_standard(path: Path, kind: type[Standard]) -> Standard:
    """Return what the file holds.

    Raises:
        FaultyFileError: with every fault of form.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FaultyFileError([Fault(path.name, "(file)", str(error), "TOML in UTF-8")]) from error
    try:
        standard: Standard = _ADAPTERS[kind.__name__].validate_python(raw)
    except ValidationError as error:
        raise FaultyFileError(list(faults_of(error, path.name))) from error
    if file_id(path.name) != (standard.id, standard.version):
        expected = f"{standard.id}-{standard.version}.toml"
        raise FaultyFileError([Fault(path.name, "(file name)", path.name, expected)])
    return standard
