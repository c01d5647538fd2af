"""The codelist AREA: the world, its regions (UNSD M49), countries (ISO 3166-1) and subdivisions (ISO 3166-2).

Countries have their ISO alpha-2 code (`CL`), subdivisions their ISO 3166-2 code (`CL-RM`), regions `M49_` and three
digits. Names of countries and regions are those of the Unicode CLDR in six languages; names of subdivisions are those
of ISO 3166-2, in no other language. The version is that of the installed list (pycountry). Names and borders imply no
opinion on the status of any territory.

>>> countries = country_list()
>>> countries.code("SY").label("ar"), countries.ancestors("SY")[0]
('سوريا', 'M49_145')
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import pycountry
from babel import Locale

from consilience.standards.codelist import Code, Codelist

_LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh")
_NAMES = {
    "ar": "المناطق والبلدان",
    "en": "Areas",
    "es": "Zonas",
    "fr": "Zones",
    "ru": "Территории",
    "zh": "地区",
}
_COUNTRY_NAMES = {
    "ar": "البلدان",
    "en": "Countries",
    "es": "Países",
    "fr": "Pays",
    "ru": "Страны",
    "zh": "国家",
}
_WORLD = "001"


def area_list() -> Codelist:
    """Return the world, its regions, countries and subdivisions: about 5,300 codes."""
    return Codelist("AREA", _version(), _NAMES, (*_regions_and_countries(), *_subdivisions()))


def country_list() -> Codelist:
    """Return the world, its regions and countries, without subdivisions."""
    return Codelist("COUNTRY", _version(), _COUNTRY_NAMES, tuple(_regions_and_countries()))


BUILT: Mapping[str, Callable[[], Codelist]] = MappingProxyType({"AREA": area_list, "COUNTRY": country_list})
"""Codelists that are made from an installed list instead of a data file."""


def _version() -> str:
    return version("pycountry")


def _m49() -> dict[str, Any]:
    return tomllib.loads((files("consilience.standards") / "data" / "m49.toml").read_text(encoding="utf-8"))


def _regions_and_countries() -> Iterator[Code]:
    m49 = _m49()
    names = {language: Locale.parse(language).territories for language in _LANGUAGES}
    yield Code(_region(_WORLD), _labels(names, _WORLD))
    for region, parent in m49["parents"].items():
        yield Code(_region(region), _labels(names, region), _region(parent))
    region_of = {country: region for region, members in m49["members"].items() for country in members.split()}
    for country in sorted(pycountry.countries, key=lambda each: str(each.alpha_2)):
        labels = {"en": country.name} | _labels(names, country.alpha_2)
        yield Code(country.alpha_2, labels, _region(region_of[country.alpha_2]))


def _region(digits: str) -> str:
    return f"M49_{digits}"


def _labels(names: Mapping[str, Mapping[str, str]], territory: str) -> dict[str, str]:
    return {language: found[territory] for language, found in names.items() if territory in found}


def _subdivisions() -> Iterator[Code]:
    for each in sorted(pycountry.subdivisions, key=lambda each: str(each.code)):
        yield Code(each.code, {"en": each.name}, each.parent_code or each.country_code)
