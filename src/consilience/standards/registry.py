"""The registry: one door to every codelist, indicator and crosswalk, shipped or brought along.

Nothing is read before it is asked for; what was read is kept as long as the registry.

>>> registry = load()
>>> registry.codelist("SEX").code("F").label("fr")
'Femmes'
>>> registry.codelist("AREA").ancestors("CL")
('M49_005', 'M49_419', 'M49_019', 'M49_001')
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from consilience.errors import StandardError
from consilience.standards.areas import BUILT
from consilience.standards.check import check_codelist, check_crosswalk, check_indicator
from consilience.standards.codelist import Codelist
from consilience.standards.crosswalk import Crosswalk
from consilience.standards.faults import raise_if_any
from consilience.standards.indicator import Indicator
from consilience.standards.read import file_id, read_standard, version_key

SHIPPED = Path(__file__).parent / "data"

_T = TypeVar("_T")
_Files = Mapping[str, Mapping[str, Path]]


@dataclass(frozen=True)
class Registry:
    """Every standard at hand; make one with `load`.

    Attributes:
        files: folder ("codelists", "indicators", "crosswalks") to id to version to file.
        additions: for each codelist, the files that add codes to it.
    """

    files: Mapping[str, _Files]
    additions: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    _read: dict[tuple[str, str, str], Any] = field(default_factory=dict, repr=False, compare=False)

    def codelist(self, id: str, version: str | None = None) -> Codelist:  # noqa: A002 - the field's word
        """Return a codelist; the newest version where none is named.

        Raises:
            StandardError: there is no such list or version, or its file has faults.
        """
        if id in BUILT and id not in self.files["codelists"]:
            return self._built(id, version)
        return self._standard("codelists", id, version, self._read_codelist)

    def indicator(self, id: str, version: str | None = None) -> Indicator:  # noqa: A002
        """Return an indicator; the newest version where none is named. Raises StandardError as `codelist` does."""
        return self._standard("indicators", id, version, self._read_indicator)

    def crosswalk(self, id: str, version: str | None = None) -> Crosswalk:  # noqa: A002
        """Return a crosswalk; the newest version where none is named. Raises StandardError as `codelist` does."""
        return self._standard("crosswalks", id, version, self._read_crosswalk)

    def codelists(self) -> Iterator[Codelist]:
        """Yield the newest version of every codelist, by id."""
        return map(self.codelist, self.ids("codelists"))

    def indicators(self) -> Iterator[Indicator]:
        """Yield the newest version of every indicator, by id."""
        return map(self.indicator, self.ids("indicators"))

    def crosswalks(self) -> Iterator[Crosswalk]:
        """Yield the newest version of every crosswalk, by id."""
        return map(self.crosswalk, self.ids("crosswalks"))

    def ids(self, folder: str) -> list[str]:
        """Return every id of one folder, sorted."""
        return sorted({*self.files[folder], *(BUILT if folder == "codelists" else ())})

    def versions(self, folder: str, id: str) -> list[str]:  # noqa: A002
        """Return every version of one standard, the oldest first."""
        if folder == "codelists" and id in BUILT and id not in self.files[folder]:
            return [self._built(id, None).version]
        return sorted(self._of(folder, id), key=version_key)

    def _of(self, folder: str, id: str) -> Mapping[str, Path]:  # noqa: A002
        try:
            return self.files[folder][id]
        except KeyError:
            raise self._unknown(folder, id) from None

    def _standard(self, folder: str, id: str, version: str | None, read: Callable[[Path], _T]) -> _T:  # noqa: A002
        files = self._of(folder, id)
        chosen = version or max(files, key=version_key)
        if chosen not in files:
            raise StandardError(f"{id} has no such version", found=chosen, expected=", ".join(sorted(files)))
        key = (folder, id, chosen)
        if key not in self._read:
            self._read[key] = read(files[chosen])
        standard: _T = self._read[key]
        return standard

    def _built(self, id: str, version: str | None) -> Codelist:  # noqa: A002
        key = ("codelists", id, "")
        if key not in self._read:
            self._read[key] = self._with_additions(BUILT[id]())
        built: Codelist = self._read[key]
        if version not in {None, built.version}:
            raise StandardError(
                f"{id} is at hand in one version only, which the installed list of ISO 3166 decides",
                found=str(version),
                expected=built.version,
            )
        return built

    def _read_codelist(self, path: Path) -> Codelist:
        codelist = self._with_additions(read_standard(path, Codelist))
        raise_if_any(check_codelist(codelist, path.name))
        return codelist

    def _with_additions(self, codelist: Codelist) -> Codelist:
        for path in self.additions.get(codelist.id, ()):
            added = read_standard(path, Codelist)
            codelist = replace(codelist, codes=(*codelist.codes, *added.codes))
            raise_if_any(check_codelist(codelist, path.name))
        return codelist

    def _read_indicator(self, path: Path) -> Indicator:
        indicator = read_standard(path, Indicator)
        raise_if_any(check_indicator(indicator, path.name, self.find))
        return indicator

    def _read_crosswalk(self, path: Path) -> Crosswalk:
        crosswalk = read_standard(path, Crosswalk)
        raise_if_any(check_crosswalk(crosswalk, path.name, self.find))
        return crosswalk

    def find(self, id: str) -> Codelist | None:  # noqa: A002
        """Return the newest version of a codelist, or None where there is none of that name."""
        return self.codelist(id) if id in self.files["codelists"] or id in BUILT else None

    def _unknown(self, folder: str, id: str) -> StandardError:  # noqa: A002
        known = self.ids(folder)
        close = get_close_matches(id.upper(), known, n=3, cutoff=0.4)
        return StandardError(
            f"There is no {folder.removesuffix('s')} of this name",
            found=id,
            expected=f"perhaps {', '.join(close)}" if close else f"one of {', '.join(known)}",
            remedy="List them with: consilience standards list",
        )


def load(extra: Path | None = None) -> Registry:
    """Return the registry of what is shipped and, where `extra` is given, of that folder as well.

    Args:
        extra: a folder with `codelists/`, `indicators/`, `crosswalks/`, laid out as the shipped one. A file
            `codelists/<ID>-<version>.toml` in a subfolder `codelists/additions/` adds its codes to the list <ID>.

    Raises:
        StandardError: the folder is missing, or holds an id and version that is shipped.
    """
    folders = [SHIPPED, *([extra] if extra else [])]
    if extra is not None and not extra.is_dir():
        raise StandardError("The folder of further standards is missing", expected="a folder that exists")
    files = {name: _files(folders, name) for name in ("codelists", "indicators", "crosswalks")}
    return Registry(files, _additions(folders))


def _files(folders: list[Path], name: str) -> _Files:
    found: dict[str, dict[str, Path]] = {}
    for folder in folders:
        for path in sorted((folder / name).glob("*.toml")):
            identity = file_id(path.name)
            if identity is None:
                raise StandardError(f"{path.name} is not named by the rule", expected="<ID>-<version>.toml")
            versions = found.setdefault(identity[0], {})
            if identity[1] in versions:
                raise StandardError(
                    f"{path.name} is already shipped", remedy="Give the changed standard a version of its own."
                )
            versions[identity[1]] = path
    return found


def _additions(folders: list[Path]) -> dict[str, tuple[Path, ...]]:
    found: dict[str, tuple[Path, ...]] = {}
    for folder in folders:
        for path in sorted((folder / "codelists" / "additions").glob("*.toml")):
            identity = file_id(path.name)
            if identity is not None:
                found[identity[0]] = (*found.get(identity[0], ()), path)
    return found
