"""The study file: which sources, which indicators, counted how, published as what.

One TOML file is the method; the methodology note is generated from it. `docs/reference/study.md` explains every key.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from consilience.errors import StudyError, UsageError
from consilience.formats.declaration import read_declaration
from consilience.harmonise.mapping import SourceMapping, load_mapping

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")


def _name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError("expected lower-case letters, digits, - and _, beginning with a letter, at most 63")
    return value


def _languages(value: dict[str, str]) -> dict[str, str]:
    if not value or any(not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", code) for code in value):
        raise ValueError('expected texts by language, such as { en = "Killings", fr = "Homicides" }')
    return value


def _beside(value: str) -> str:
    path = PurePosixPath(value)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError("expected a path inside the study's folder, since it is published with the method")
    return value


Name = Annotated[str, AfterValidator(_name)]
Texts = Annotated[dict[str, str], AfterValidator(_languages)]
Beside = Annotated[str, AfterValidator(_beside)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Head(_Form):
    """What the study is, who answers for it, and the two dates it needs: nothing here reads a clock."""

    id: Name
    version: str = Field(pattern=r"^[0-9]+(\.[0-9]+)*$")
    title: Texts
    summary: Texts | None = None
    publisher: str
    licence: str
    released_on: dt.date
    as_of: dt.date
    languages: tuple[str, ...] = ("en",)
    seed: int = 0
    standards: Beside | None = None
    corrections: Texts | None = None
    invented: bool = False


class StudySource(_Form):
    """One organisation's list: where it lies, how it is read, under which terms."""

    title: str
    organisation: str
    mapping: Beside
    path: str | None = None
    licence: str
    citation: str
    limitations: Texts | None = None


class CountPlan(_Form):
    """What is counted, by which areas, periods and ages, and how lists that overlap are put together."""

    indicators: tuple[str, ...] = Field(min_length=1)
    frequency: Literal["week", "month", "quarter", "year"] = "month"
    areas: Literal["country", "subdivision"] = "country"
    regions: bool = False
    age_bands: tuple[str, ...] = ()
    overlap: Literal["unknown", "none", "linked"] = "unknown"


class EstimationPlan(_Form):
    """For which indicators, and by which methods, it is estimated how many people nobody recorded."""

    indicators: tuple[str, ...] = ()
    methods: tuple[Literal["latent", "graphs", "loglinear"], ...] = ()


class StudyForm(_Form):
    """The whole study file."""

    study: Head
    sources: dict[Name, StudySource] = Field(min_length=1)
    count: CountPlan
    linkage: dict[str, Any] | None = None
    estimation: EstimationPlan | None = None
    disclosure: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Study:
    """A study file that has been read, with the folder its relative paths start from."""

    form: StudyForm
    path: Path

    @property
    def head(self) -> Head:
        """What the study is."""
        return self.form.study

    @property
    def release_id(self) -> str:
        """The name of the release this study makes: identifier and version."""
        return f"{self.head.id}-{self.head.version}"

    @property
    def standards_folder(self) -> Path | None:
        """The folder of the study's own codelists and crosswalks; None when it has none."""
        if self.head.standards is None:
            return None
        folder = self.path.parent / self.head.standards
        if not folder.is_dir():
            raise StudyError(
                f"study.standards of {self.path.name} names a folder that is not there",
                found=str(folder),
                expected="a folder with codelists/ or crosswalks/ in it",
                remedy="Correct the path; it starts from the study file's folder.",
            )
        return folder

    def mapping_path(self, source: str) -> str | Path:
        """The mapping of a source: a file beside the study where there is one, else the name of a ready mapping."""
        declared = self.form.sources[source].mapping
        beside = self.path.parent / declared
        return beside if beside.is_file() else declared

    def mappings(self) -> Iterator[tuple[str, SourceMapping]]:
        """Every source's name with its mapping, in the order of the file."""
        for source in self.form.sources:
            yield source, load_mapping(self.mapping_path(source))

    def source_paths(self, given: Mapping[str, Path]) -> dict[str, Path]:
        """Return each source's file: the one given on the command line, else the one the study names.

        Raises:
            UsageError: a name was given that the study does not know.
            StudyError: a source has no file, or the file is not there.
        """
        strangers = sorted(set(given) - set(self.form.sources))
        if strangers:
            raise UsageError(
                f"{self.path.name} has no source called {', '.join(strangers)}",
                expected=f"one of {', '.join(self.form.sources)}",
                remedy="Give --source NAME=PATH with a name from the study file.",
            )
        return {name: self._source_path(name, given.get(name)) for name in self.form.sources}

    def _source_path(self, name: str, given: Path | None) -> Path:
        declared = self.form.sources[name].path
        path = given or (self.path.parent / declared if declared else None)
        if path is None:
            raise StudyError(
                f"The source {name} has no file",
                remedy=f"Give --source {name}=PATH, or sources.{name}.path in the study.",
            )
        if not path.exists():
            raise StudyError(f"The file of source {name} is not there", found=str(path), remedy="Check the path.")
        return path


def load_study(path: Path) -> Study:
    """Read and check a study file. Raises StudyError with every fault."""
    return Study(read_declaration(path, StudyForm, StudyError), path)
