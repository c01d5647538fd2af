"""`datapackage.json`: the release's tables described as a Tabular Data Package (Frictionless Data Package 1).

Written by hand because every generator is larger than its output; the tests hold it against the frictionless program.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

OBSERVATION_FIELDS: Mapping[str, str] = {
    "INDICATOR": "Identifier of the indicator; its definition stands in the methodology note.",
    "SOURCE": "The list the figure comes from.",
    "REF_AREA": "Area: ISO 3166-1 alpha-2 country, ISO 3166-2 subdivision, M49 region, or the study's own code.",
    "TIME_PERIOD": "Period in the form of SDMX and ISO 8601.",
    "SEX": "Sex of the victim; _T is everybody, _U unknown.",
    "AGE": "Age band of the victim in years; _T is everybody, _U unknown.",
    "UNIT": "What is counted: ACTS, VICTIMS or EVENTS.",
    "OBS_VALUE": "The count, each case in its most likely cell.",
    "LOWER_BOUND": "What lies in the cell for sure.",
    "UPPER_BOUND": "What may lie in the cell.",
    "OBS_STATUS": "SDMX observation status.",
    "CONF_STATUS": "SDMX confidentiality status.",
    "REASON": "Why the count could not be placed.",
}


@dataclass(frozen=True, slots=True)
class Resource:
    """A table of the release: its path, title, columns and the digest of its CSV file."""

    path: str
    title: str
    schema: pa.Schema
    sha256: str
    size: int


def datapackage(
    *,
    name: str,
    title: str,
    version: str,
    licence: str,
    created: str,
    sources: Sequence[Mapping[str, str]],
    resources: Sequence[Resource],
) -> dict[str, Any]:
    """Return the descriptor. `created` is a day (ISO 8601); `licence` an SPDX identifier."""
    return {
        "profile": "tabular-data-package",
        "name": name,
        "title": title,
        "version": version,
        "created": f"{created}T00:00:00Z",
        "licenses": [{"name": licence}],
        "sources": [dict(source) for source in sources],
        "resources": [_resource(resource) for resource in resources],
    }


def _resource(resource: Resource) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": resource.path.rsplit("/", 1)[-1].removesuffix(".csv").replace("_", "-"),
        "path": resource.path,
        "title": resource.title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": resource.size,
        "hash": f"sha256:{resource.sha256}",
        "schema": {"fields": [_field(field) for field in resource.schema], "missingValues": [""]},
    }


def _field(field: pa.Field) -> dict[str, Any]:
    described = {"name": field.name, "type": _type(field.type)}
    meaning = OBSERVATION_FIELDS.get(field.name)
    return {**described, "description": meaning} if meaning else described


def _type(kind: pa.DataType) -> str:
    if pa.types.is_integer(kind):
        return "integer"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "number"
    return "string"
