"""The methodology note, generated from the study itself: what was counted, from what, how, and what it cannot say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consilience.formats.snapshot import Snapshot, SourceRecord
from consilience.publishing.document import Document, Grid, Section
from consilience.standards.indicator import Indicator
from consilience.study.plan import Study, StudySource

OVERLAP = {
    "unknown": (
        "Several lists document the same period and area, and nobody has linked them: the same act may stand on more "
        "than one. The value shown is the largest number that one list alone documents; the lower bound is the "
        "largest number one list documents for sure; the upper bound is what all lists document together if no two of "
        "them overlap. The number of distinct documented acts lies between the bounds. These values do not add up "
        "over cells; the table by list does."
    ),
    "linked": (
        "The same person was looked for on all lists, and is counted once in a cell, whatever lists speak of them. "
        "Acts and events are not linked: for them the value shown is the largest number that one list alone documents, "
        "the upper bound what all lists document together."
    ),
    "none": "The lists cannot hold the same act, so their counts are added.",
}
UNITS = {
    "ACTS": "An act is one violation against one victim; an act against a counted group counts every member.",
    "VICTIMS": "A victim is counted once in a cell, whatever was done to them there; a counted group counts its size.",
    "EVENTS": "An event is an occurrence, whatever happened in it and to however many.",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a run adds to the study file: the snapshot, the indicators as resolved, and the quality report's totals."""

    snapshot: Snapshot
    indicators: Sequence[Indicator]
    unplaced: int
    findings: Mapping[str, int]
    protection: str
    people: Mapping[str, Any] | None = None
    estimates: Sequence[Mapping[str, Any]] = ()


def methodology(study: Study, facts: Facts) -> Document:
    """Return the methodology note."""
    sections = (
        _about(study),
        _sources(study, facts.snapshot),
        _harmonising(facts.snapshot),
        _counting(study, facts),
        *_people(facts),
        *(_indicator(indicator) for indicator in facts.indicators),
        _uncertainty(facts),
        *_estimates(facts),
        _quality(facts.findings),
        Section("Protection of people in small counts", (facts.protection,)),
        _checking(study),
        _corrections(study),
    )
    return Document(f"Method: {_text(study.head.title)}", sections)


def _about(study: Study) -> Section:
    head = study.head
    lines = [
        f"{head.publisher} published version {head.version} of this study on {head.released_on.isoformat()}. "
        f"The lists were closed on {head.as_of.isoformat()}. Licence: {head.licence}."
    ]
    if head.invented:
        lines.insert(0, "Everything in this release is invented: the country, the organisations and the people.")
    if head.summary:
        lines.append(_text(head.summary))
    return Section("What this is", tuple(lines))


def _sources(study: Study, snapshot: Snapshot) -> Section:
    rows = tuple(
        (_called(study.form.sources[entry.name]), str(entry.rows), str(entry.accepted), str(entry.rejected))
        for entry in snapshot.sources
    )
    grid = Grid("Rows of each list", ("List", "Rows", "Accepted", "Rejected"), rows)
    limits = tuple(
        f"{source.title}: {_text(source.limitations)}" for source in study.form.sources.values() if source.limitations
    )
    text = (
        "A row that could not be understood was rejected, with line, column, what was found and what was expected, "
        "and went back to its owner. Every other row was counted. Accepted and rejected rows add up to all its rows."
    )
    return Section("The lists", (text,), limits, (grid,))


def _called(source: StudySource) -> str:
    return f"{source.title} ({source.organisation})"


def _harmonising(snapshot: Snapshot) -> Section:
    maps = tuple(
        (entry.name, f"{entry.mapping.name} {entry.mapping.version}", _read_as(entry)) for entry in snapshot.sources
    )
    text = (
        "Each list was brought into the shared tables by a mapping file. The source's own words stay beside the shared "
        "code on every record. A word that the crosswalk does not know keeps its own form and is counted as unknown."
    )
    return Section(
        "From the lists to shared tables", (text,), (), (Grid("Mappings", ("List", "Mapping", "Read as"), maps),)
    )


def _read_as(entry: SourceRecord) -> str:
    file = entry.input
    return ", ".join(part for part in (file.format, file.encoding, f"SHA-256 {file.sha256[:16]}") if part)


def _counting(study: Study, facts: Facts) -> Section:
    plan = study.form.count
    units = sorted({str(indicator.unit) for indicator in facts.indicators})
    lines = [
        f"Counts are by {plan.areas}, {plan.frequency}, sex and age band.",
        *(UNITS[unit.upper()] for unit in units),
    ]
    if len(study.form.sources) > 1:
        lines.append(OVERLAP[plan.overlap])
    return Section("What is counted", tuple(lines))


def _indicator(indicator: Indicator) -> Section:
    points = (
        f"Right: {_text(indicator.right)}",
        f"Type: {indicator.type}. Unit: {indicator.unit}. Version: {indicator.version}, {indicator.state}.",
        f"Method: {_text(indicator.method)}",
        f"Limitations: {_text(indicator.limitations)}",
        *(f"Reference: {reference}" for reference in indicator.references),
    )
    return Section(indicator.name(), (_text(indicator.definition), _text(indicator.rationale)), points)


def _uncertainty(facts: Facts) -> Section:
    return Section(
        "What is uncertain",
        (
            "Where a date, place or age is not known exactly, the case is counted in its most likely cell, so values "
            "add up. The lower bound counts only what lies in the cell for sure, the upper bound everything that may "
            "lie in it. The bounds speak of what was documented; they say nothing of what nobody recorded.",
            f"{facts.unplaced} counts could not be placed in any cell (no date, an open date or no area); they stand "
            "in data/unplaced.csv with the reason and are part of no other figure.",
        ),
    )


def _people(facts: Facts) -> tuple[Section, ...]:
    if facts.people is None:
        return ()
    text = (
        f"{facts.people['records']} records of people were compared by names, dates, ages, places and the other "
        f"columns they share; {facts.people['entities']} people remain. Two records are taken for one person where the "
        f"estimated probability is {float(facts.people['threshold']):.2f} or more. Links that are missed make figures "
        "too high, false links too low; both kinds occur. Who was linked with whom is not published."
    )
    return (Section("The same person on several lists", (text,)),)


def _estimates(facts: Facts) -> tuple[Section, ...]:
    if not facts.estimates:
        return ()
    called = {indicator.id: indicator.name() for indicator in facts.indicators}
    lines = tuple(f"{called[row['INDICATOR']]}: {row['WORDS']}" for row in facts.estimates)
    return (Section("How many nobody recorded", lines),)


def _quality(findings: Mapping[str, int]) -> Section:
    shares = ", ".join(f"{count} {severity}" for severity, count in sorted(findings.items())) or "none"
    return Section(
        "Quality of the lists",
        (
            "Every list was examined for completeness, validity, duplicates, impossible dates, timeliness, heaping, "
            f"sudden changes of practice, uncertain dates and places, and coverage of its codes. Findings: {shares}. "
            "The quality report names each with its figure.",
        ),
    )


def _checking(study: Study) -> Section:
    return Section(
        "How to check it",
        (
            f"consilience verify {study.release_id} --key KEY checks every file, the signature and the figures' "
            "agreement. Who may hold the snapshot recomputes every figure from it with --snapshot. The same snapshot, "
            "study and version of the program give the same bytes.",
        ),
    )


def _corrections(study: Study) -> Section:
    asked = _text(study.head.corrections) if study.head.corrections else f"Write to {study.head.publisher}."
    return Section(
        "Corrections and withdrawals", (asked, "A correction is a new version of the release; earlier versions stay.")
    )


def _text(texts: Mapping[str, str]) -> str:
    return texts.get("en") or next(iter(texts.values()))
