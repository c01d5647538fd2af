"""release.json as typed values. What a page does not use is left alone; what it uses is checked where it enters."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _texts(value: Any) -> Any:
    return {"en": value} if isinstance(value, str) else value or {}


Texts = Annotated[Mapping[str, str], BeforeValidator(_texts)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class SourceHead(_Part):
    """One list the release was made from."""

    title: str
    organisation: str = ""
    licence: str = ""
    citation: str = ""
    limitations: Texts = {}
    rows: int
    accepted: int
    rejected: int


class IndicatorHead(_Part):
    """One indicator with its metadata (requirement ST1)."""

    id: str = Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]*$")
    version: str = ""
    state: str = ""
    names: Texts
    right: Texts = {}
    attribute: Texts = {}
    type: str = ""
    unit: str = ""
    definition: Texts = {}
    rationale: Texts = {}
    method: Texts = {}
    limitations: Texts = {}
    references: tuple[str, ...] = ()


class FileHead(_Part):
    """One file of the release."""

    path: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    bytes: int
    media_type: str
    title: str


class ReleaseHead(_Part):
    """What a release says of itself."""

    format: str
    id: str = Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]*$")
    title: Texts
    summary: Texts = {}
    version: str
    released_on: dt.date
    as_of: dt.date | None = None
    publisher: str
    licence: str
    invented: bool = False
    corrections: Texts = {}
    study: Mapping[str, Any] = {}
    sources: Mapping[str, SourceHead] = {}
    indicators: tuple[IndicatorHead, ...] = ()
    areas: Mapping[str, Texts] = {}
    codes: Mapping[str, Mapping[str, Texts]] = {}
    area_level: str = ""
    overlap: str = ""
    key: str = ""
    digests: Mapping[str, str] = {}
    files: tuple[FileHead, ...] = ()
    disclosure: Mapping[str, Any] = {}
