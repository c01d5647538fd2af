"""Every fault of every data file, shipped or in a folder that is brought along.

>>> validate()
[]
"""

from collections.abc import Iterator
from pathlib import Path

from consilience.errors import StandardError
from consilience.standards.check import UN_LANGUAGES, FindCodelist, check_codelist, check_crosswalk, check_indicator
from consilience.standards.codelist import Codelist
from consilience.standards.crosswalk import Crosswalk
from consilience.standards.faults import Fault, FaultyFileError
from consilience.standards.indicator import Indicator
from consilience.standards.read import FOLDERS, file_id, read_standard
from consilience.standards.registry import SHIPPED, Registry, load


def validate(extra: Path | None = None) -> list[Fault]:
    """Return every fault of the shipped files, or of the folder `extra` where it is given; empty when all is well."""
    folder = extra or SHIPPED
    languages = () if extra else UN_LANGUAGES
    try:
        registry = load(extra)
    except StandardError as error:
        return [*_misnamed(folder), Fault(str(folder), "(folder)", error.what, error.expected or error.remedy)]
    return [
        fault
        for name in FOLDERS
        for path in sorted((folder / name).rglob("*.toml"))
        for fault in _file_faults(path, name, registry, languages)
    ]


def _misnamed(folder: Path) -> Iterator[Fault]:
    for name in FOLDERS:
        for path in sorted((folder / name).rglob("*.toml")):
            if file_id(path.name) is None:
                yield Fault(path.name, "(file name)", path.name, "<ID>-<version>.toml")


def _file_faults(path: Path, name: str, registry: Registry, languages: tuple[str, ...]) -> Iterator[Fault]:
    try:
        standard = read_standard(path, FOLDERS[name])
    except FaultyFileError as error:
        yield from error.faults
        return

    def find(codelist: str) -> Codelist | None:
        try:
            return registry.find(codelist)
        except StandardError:
            return None  # its own file reports what is wrong with it

    if path.parent.name == "additions":
        if find(standard.id) is None:
            yield Fault(path.name, "id", standard.id, "a codelist that the codes can be added to without faults")
        return
    yield from _meaning_faults(standard, path.name, find, languages)


def _meaning_faults(
    standard: Codelist | Crosswalk | Indicator, file: str, find: FindCodelist, languages: tuple[str, ...]
) -> Iterator[Fault]:
    if isinstance(standard, Codelist):
        yield from check_codelist(standard, file, languages)
    elif isinstance(standard, Crosswalk):
        yield from check_crosswalk(standard, file, find)
    else:
        yield from check_indicator(standard, file, find, languages)
