"""Makes a small signed release of invented figures, with everything a page has to show: bounds, gaps, zeros, breaks."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from consilience.ledger.note import Signer
from consilience.publishing.release import new_release

SIGNER = Signer.from_seed("example.org/coalition", bytes(range(32)))
AREAS = {
    "XV": {"en": "Orvenna", "ar": "أورفينا", "fr": "Orvenne", "zh": "奥尔文纳", "ru": "Орвенна", "es": "Orvena"},
    "XV-01": {"en": "Ambrivax", "ar": "أمبريفاكس"},
    "XV-02": {"en": "Dloskerra", "ar": "دلوسكيرا"},
    "XV-03": {"en": "Quvenmoor"},
    "XV-04": {"en": "Tlazimbra"},
    "XV-05": {"en": "Vrundelia and the Lower Isles"},
    "XV-06": {"en": "Kshorvana"},
}
SEX = {"F": {"en": "Female", "fr": "Femmes"}, "M": {"en": "Male"}, "_T": {"en": "Total"}, "_U": {"en": "Unknown"}}
AGE = {"Y0T17": {"en": "0 to 17"}, "Y_GE18": {"en": "18 and over"}, "_T": {"en": "Total"}}
INDICATORS = (
    ("KILLINGS", "VICTIMS", {"en": "Killings", "ar": "عمليات القتل", "fr": "Homicides", "ru": "Убийства"}, 40),
    ("DETENTIONS", "VICTIMS", {"en": "Unlawful detentions", "ar": "حالات الاحتجاز غير القانوني"}, 220),
    ("TORTURE", "ACTS", {"en": "Torture and other ill-treatment"}, 60),
    ("ASSEMBLY", "EVENTS", {"en": "Restrictions on assembly"}, 12),
)
COLUMNS = (
    "INDICATOR", "REF_AREA", "TIME_PERIOD", "SEX", "AGE", "UNIT",
    "OBS_VALUE", "LOWER_BOUND", "UPPER_BOUND", "OBS_STATUS", "CONF_STATUS",
)  # fmt: skip


def rows(seed: int = 7, years: tuple[int, ...] = (2022, 2023, 2024), scale: float = 1.0) -> Iterator[tuple[Any, ...]]:
    dice = random.Random(seed)
    for code, unit, _, level in INDICATORS:
        for area in AREAS:
            share = 1.0 if area == "XV" else dice.uniform(0.05, 0.3)
            for year in years:
                for month in range(1, 13):
                    period = f"{year}-{month:02d}"
                    if (area, period) == ("XV-02", "2023-05"):
                        continue
                    spike = 2.2 if period == "2023-10" else 1.0
                    value = int(level * share * scale * spike * dice.uniform(0.6, 1.4))
                    yield from _split(dice, (code, area, period, unit), value)


def _split(dice: random.Random, cell: tuple[str, str, str, str], value: int) -> Iterator[tuple[Any, ...]]:
    code, area, period, unit = cell
    withheld = (code, area) == ("KILLINGS", "XV-03") and period == "2024-02"
    value = 0 if (code, area, period) == ("KILLINGS", "XV-01", "2024-11") else value
    low, high = int(value * 0.8), int(value * 1.35) + dice.randint(0, 3)
    status = "B" if period == "2023-01" and code == "DETENTIONS" else "A"
    numbers = (None, None, None, "Q", "C") if withheld else (value, low, high, status, "F")
    yield (code, area, period, "_T", "_T", unit, *numbers)
    if unit == "EVENTS":
        return
    women = value // 3
    for sex, part in (("F", women), ("M", value - women)):
        yield (code, area, period, sex, "_T", unit, part, int(part * 0.8), part + 2, "A", "F")
    for age, part in (("Y0T17", value // 5), ("Y_GE18", value - value // 5)):
        yield (code, area, period, "_T", age, unit, part, part, part + 3, "A", "F")


def build(out: Path, *, version: str = "1.0", released_on: str = "2026-03-02", **made: Any) -> Path:
    """Write a release to `out` and return it."""
    columns = list(zip(*rows(**made), strict=True))
    kinds = [pa.string()] * 6 + [pa.int64()] * 3 + [pa.string()] * 2
    table = pa.table({n: pa.array(c, k) for n, c, k in zip(COLUMNS, columns, kinds, strict=True)})
    with new_release(out) as folder:
        folder.add_table("data/observations", table, "Observations")
        folder.add_text("method/method.md", "# Method\n", "text/markdown", "Methodology note (Markdown)")
        note = '<h2>What this is</h2><p>Invented.</p><script>alert("no")</script>'
        note += '<div class="table-scroll" tabindex="0" role="region" aria-label="Rows"><table><caption>Rows</caption>'
        note += '<thead><tr><th scope="col">List</th><th scope="col">Rows</th></tr></thead>'
        note += '<tbody><tr><th scope="row">Helpline</th><td>1200</td></tr></tbody></table></div>'
        folder.add_text("method/method.html", note, "text/html", "Methodology note")
        folder.add_text("method/study/study.toml", "[study]\n", "text/plain", "Method file study.toml")
        folder.add_text("quality/quality.json", "{}", "application/json", "Quality report (JSON)")
        folder.add_text("quality/quality.html", "<h2>Findings</h2><p>None.</p>", "text/html", "Quality report")
        folder.close(_head(version, released_on), SIGNER)
    return out


def _head(version: str, released_on: str) -> dict[str, Any]:
    return {
        "id": f"orvenna-{version}",
        "title": {"en": "Violations in Orvenna, 2022 to 2024", "ar": "الانتهاكات في أورفينا، 2022 إلى 2024"},
        "summary": {"en": "Three organisations of an invented country count what they documented, together."},
        "version": version,
        "released_on": released_on,
        "as_of": released_on,
        "publisher": "Orvenna Documentation Coalition",
        "licence": "CC-BY-4.0",
        "languages": ["en", "ar"],
        "invented": True,
        "corrections": {"en": "Write to corrections@coalition.example."},
        "key": SIGNER.verifier().vkey,
        "digests": {"snapshot": "5" * 64, "study": "a" * 64},
        "study": {"id": "orvenna", "digest": "a" * 64, "files": "method/study"},
        "sources": {
            "helpline": _source("Helpline calls", "Orvenna Helpline", 1200, 1187),
            "lawyers": _source("Case files", "Lawyers for Quvenmoor", 840, 840),
            "press": _source("Press monitor", "Free Press Watch", 2310, 2296),
        },
        "indicators": [_indicator(code, unit, names) for code, unit, names, _ in INDICATORS],
        "areas": AREAS,
        "codes": {"SEX": SEX, "AGE": AGE},
        "frequency": "month",
        "area_level": "subdivision",
        "overlap": "unknown",
    }


def _source(title: str, organisation: str, found: int, accepted: int) -> dict[str, Any]:
    return {
        "title": title, "organisation": organisation, "licence": "CC-BY-4.0", "citation": title,
        "rows": found, "accepted": accepted, "rejected": found - accepted,
    }  # fmt: skip


def _indicator(code: str, unit: str, names: dict[str, str]) -> dict[str, Any]:
    return {
        "id": code,
        "version": "1.0",
        "state": "adopted",
        "names": names,
        "right": {"en": "Right to life, liberty and security of person (UDHR art. 3)"},
        "type": "outcome",
        "unit": unit.lower(),
        "definition": {"en": f"{names['en']} that at least one list documents, by month and province."},
        "rationale": {"en": "It shows where protection fails first."},
        "method": {"en": "Acts are selected by the shared violation list and counted once in a cell."},
        "limitations": {"en": "What no organisation recorded is not in the figure."},
        "references": ["OHCHR, Human Rights Indicators (2012)"],
    }
