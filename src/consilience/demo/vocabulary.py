"""The demo's own standards: areas of the invented country, and every organisation's codes against the shared lists.

The files in `standards/` are made here, because they spell two hundred places in three scripts; a test holds them
against this module. To make them anew:

    python -m consilience.demo.vocabulary
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import tomli_w

from consilience.demo.country import COUNTRY, COUNTRY_NAME, DISTRICTS, PROVINCES, VILLAGES
from consilience.demo.names import Script, spell
from consilience.demo.organisations import ORGANISATIONS, Organisation

FOLDER = Path(__file__).parent / "standards"

_VERSION = "1.0"
_SETTLED_ON = "2025-01-15"
_VILLAGES_NOBODY_MAPPED = (17, 58, 131)
_VILLAGES_LEFT_OPEN = (42, 96)


@dataclass(frozen=True, slots=True)
class _Pair:
    local: str
    target: str
    relation: str
    certainty: float = 1.0
    note: str = ""


def _open(local: str, note: str) -> _Pair:
    return _Pair(local, "", "unknown", note=note)


def _nothing(local: str, note: str) -> _Pair:
    return _Pair(local, "", "none", note=note)


_OTHER = "The organisation's code for what fits none of its others; nobody has gone through these cases yet."
_VIOLATIONS: dict[str, tuple[_Pair, ...]] = {
    "lanternhouse": (
        _Pair("L-KIL", "KILLING", "exact"),
        _Pair("L-DIS", "ENFORCED_DISAPPEARANCE", "exact"),
        _Pair("L-DET", "ARBITRARY_DETENTION", "exact"),
        _Pair("L-DSH", "SHORT_DETENTION", "exact"),
        _Pair("L-TOR", "TORTURE", "exact"),
        _Pair("L-ILL", "ILL_TREATMENT", "exact"),
        _Pair("L-ABD", "ABDUCTION", "exact"),
        _Pair("L-ASM", "ASSEMBLY_RESTRICTION", "exact"),
        _Pair("L-ATK", "ATTACK_ON_VOICES", "exact"),
        _Pair("L-CEN", "CENSORSHIP", "exact"),
        _open("L-OTH", _OTHER),
    ),
    "reed_circle": (
        _Pair("ر1", "KILLING", "exact"),
        _Pair("ر2", "ENFORCED_DISAPPEARANCE", "partial", 0.5, "Missing people, whoever took them."),
        _Pair("ر3", "ARBITRARY_DETENTION", "exact"),
        _Pair("ر4", "INTEGRITY", "broader", 0.9, "Torture and ill-treatment are not told apart."),
        _Pair("ر5", "ASSEMBLY_RESTRICTION", "exact"),
        _Pair("ر6", "ATTACK_ON_VOICES", "exact"),
        _nothing("ر7", "Confiscated letters; the shared list has no such act."),
        _open("ر0", _OTHER),
    ),
    "tallow_bridge": (
        _Pair("105", "KILLING", "exact"),
        _Pair("127", "ENFORCED_DISAPPEARANCE", "partial", 0.8, "The article asks for no denial by an authority."),
        _Pair("126", "ABDUCTION", "exact"),
        _Pair("301", "ARBITRARY_DETENTION", "exact"),
        _Pair("302", "SHORT_DETENTION", "narrower", 0.9, "The article reaches to 72 hours."),
        _Pair("117", "TORTURE", "exact"),
        _Pair("116", "ILL_TREATMENT", "exact"),
        _Pair("149", "ASSEMBLY_RESTRICTION", "exact"),
        _Pair("144", "ATTACK_JOURNALIST", "narrower", 0.6, "The article protects defenders as well."),
        _nothing("310", "A fine for leaflets; the shared list has no such act."),
        _open("000", _OTHER),
    ),
    "wicker_gate": (
        _Pair("10", "KILLING", "exact"),
        _Pair("20", "ENFORCED_DISAPPEARANCE", "exact"),
        _Pair("21", "ABDUCTION", "exact"),
        _Pair("30", "ARBITRARY_DETENTION", "exact"),
        _Pair("40", "TORTURE", "exact"),
        _Pair("41", "ILL_TREATMENT", "exact"),
        _Pair("50", "ASSEMBLY_RESTRICTION", "broader", 0.9, "Injuries when a gathering was broken up."),
        _Pair("60", "ATTACK_ON_VOICES", "exact"),
        _open("70", "Two clinics use it for different things."),
        _open("90", _OTHER),
    ),
    "heron_office": (
        _Pair("death caused by the State or others", "LIFE", "broader", 0.9, "Every death that was complained of."),
        _Pair("missing person", "LIBERTY", "broader", 0.9, "Disappearances and abductions are not told apart."),
        _Pair("custody without an order", "ARBITRARY_DETENTION", "exact"),
        _Pair("torture", "TORTURE", "exact"),
        _Pair("ill-treatment", "ILL_TREATMENT", "exact"),
        _Pair("public gathering hindered", "ASSEMBLY_RESTRICTION", "exact"),
        _Pair("attack on journalist or defender", "ATTACK_ON_VOICES", "exact"),
        _Pair("publication hindered", "CENSORSHIP", "exact"),
        _open("other", _OTHER),
    ),
}
_PERPETRATORS = {
    "police": ("POLICE", "exact"),
    "army": ("ARMED_FORCES", "exact"),
    "security": ("INTELLIGENCE", "partial"),
    "armed_group": ("ARMED_GROUP", "exact"),
    "private": ("PRIVATE_PERSON", "exact"),
    "unidentified": ("UNKNOWN", "exact"),
}
_SEXES = {"male": "M", "female": "F"}


def write_standards(folder: Path) -> None:
    """Write the demo's codelist of areas and all crosswalks below `folder`."""
    _write(folder / "codelists" / "additions" / f"AREA-{_VERSION}.toml", _areas())
    for organisation in ORGANISATIONS:
        for kind, pairs in _crosswalks(organisation):
            name = f"{organisation.id}_{kind}".upper()
            _write(folder / "crosswalks" / f"{name}-{_VERSION}.toml", _crosswalk(name, kind, organisation, pairs))


def _write(path: Path, content: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(tomli_w.dumps(content), encoding="utf-8")


def _areas() -> dict[str, object]:
    country = {"id": COUNTRY, "labels": {"en": f"{COUNTRY_NAME} (invented)"}}
    provinces = [{"id": spot.code, "parent": COUNTRY, "labels": _labels(spot.plain)} for spot in PROVINCES]
    districts = [
        {"id": spot.code, "parent": PROVINCES[spot.province].code, "labels": _labels(spot.plain)} for spot in DISTRICTS
    ]
    return {
        "id": "AREA",
        "version": _VERSION,
        "names": {"en": f"Areas of {COUNTRY_NAME}, an invented country"},
        "codes": [country, *provinces, *districts],
    }


def _labels(plain: str) -> dict[str, str]:
    return {"en": spell(plain, Script.LATIN), "ar": spell(plain, Script.ARABIC), "ru": spell(plain, Script.CYRILLIC)}


def _crosswalks(organisation: Organisation) -> Iterator[tuple[str, Sequence[_Pair]]]:
    codes = organisation.codes
    yield "VIOLATION", _VIOLATIONS[organisation.id]
    yield (
        "PERPETRATOR_TYPE",
        [_perpetrator(local, *_PERPETRATORS[kind]) for kind, local in codes.perpetrator.items()],
    )
    yield "SEX", [_Pair(local, _SEXES[sex], "exact") for sex, local in codes.sex.items()]
    yield "AREA", [*_areas_of(organisation.script)]


def _perpetrator(local: str, target: str, relation: str) -> _Pair:
    if relation == "exact":
        return _Pair(local, target, relation)
    return _Pair(local, target, relation, 0.7, "The word covers units of the interior ministry as well.")


def _areas_of(script: Script) -> Iterator[_Pair]:
    """Yield provinces and districts as exact, villages as their district; a few villages nobody has placed."""
    for spot in (*PROVINCES, *DISTRICTS):
        yield _Pair(spell(spot.plain, script), spot.code, "exact")
    for number, spot in enumerate(VILLAGES):
        local = spell(spot.plain, script)
        if number in _VILLAGES_LEFT_OPEN:
            yield _open(local, "Two villages of this name are spoken of; it is not settled which is meant.")
        elif number not in _VILLAGES_NOBODY_MAPPED:
            yield _Pair(local, spot.code, "broader")


def _crosswalk(name: str, kind: str, organisation: Organisation, pairs: Sequence[_Pair]) -> dict[str, object]:
    return {
        "id": name,
        "version": _VERSION,
        "author": f"{organisation.name} (invented)",
        "method": "human",
        "date": _SETTLED_ON,
        "names": {"en": f"{organisation.name}: {kind.lower().replace('_', ' ')}"},
        "source": {"name": name, "version": _VERSION},
        "target": {"name": kind, "version": ""},
        "mappings": [_mapping(pair) for pair in pairs],
    }


def _mapping(pair: _Pair) -> dict[str, object]:
    written: dict[str, object] = {"local": pair.local, "relation": pair.relation}
    if pair.target:
        written |= {"target": pair.target, "certainty": pair.certainty}
    return written | ({"note": pair.note} if pair.note else {})


if __name__ == "__main__":
    write_standards(FOLDER)
