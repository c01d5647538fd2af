"""From figures to a release: tables, quality report, methodology note, charts and metadata, then the signature."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from consilience import __version__
from consilience.formats.snapshot import Snapshot
from consilience.ledger.note import Signer
from consilience.publishing.citation import citation_cff, citation_line
from consilience.publishing.datapackage import Resource, datapackage
from consilience.publishing.document import html, markdown
from consilience.publishing.logged import Seal
from consilience.publishing.release import ReleaseFolder, dump_json, new_release
from consilience.quality.page import render_report
from consilience.quality.report import QualityReport
from consilience.standards.codelist import Codelist
from consilience.standards.indicator import Indicator
from consilience.standards.registry import Registry
from consilience.study.charts import charts
from consilience.study.describe import Facts, methodology
from consilience.study.inputs import study_digest, study_files
from consilience.study.observe import Observed
from consilience.study.plan import Study

METHOD_FILES = "method/study"
LABELLED = {"REF_AREA": "AREA", "SEX": "SEX", "AGE": "AGE"}


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that is computed from a snapshot: what recomputation must find again."""

    observed: Observed
    disclosure: Mapping[str, Any]
    quality: QualityReport
    indicators: tuple[Indicator, ...]
    people: Mapping[str, Any] | None = None
    estimates: pa.Table | None = None


def without_samples(report: QualityReport) -> QualityReport:
    """Return the report as it may be published: without identifiers of records, which are for the list's owner."""
    return replace(report, findings=tuple(replace(finding, sample=()) for finding in report.findings))


def write_tables(folder: ReleaseFolder, figures: Figures) -> None:
    """Write the release's tables; recomputation writes the same ones and compares the bytes."""
    observed = figures.observed
    folder.add_table("data/observations", observed.observations, "Observations")
    if observed.by_source.num_rows:
        folder.add_table("data/by_source", observed.by_source, "Observations, list by list")
    folder.add_table("data/unplaced", observed.unplaced, "Counts that could not be placed")
    if figures.estimates is not None:
        folder.add_table("data/estimates", figures.estimates, "How many nobody recorded")


def publish(study: Study, snapshot: Snapshot, registry: Registry, figures: Figures, out: Path, seal: Seal) -> str:
    """Write the release to `out`, sign and log it, and return its digest."""
    with new_release(out) as folder:
        write_tables(folder, figures)
        _write_notes(folder, study, snapshot, figures)
        for name, svg, title in charts(study, registry, figures.indicators, figures.observed.observations):
            folder.add_text(f"charts/{name}.svg", svg, "image/svg+xml", title)
        for name, data in study_files(study).items():
            folder.add_text(f"{METHOD_FILES}/{name}", data.decode(), "text/plain", f"Method file {name}")
        _write_metadata(folder, study, snapshot)
        return folder.close(_head(study, snapshot, registry, figures, seal.signer), seal.signer, seal.ledger)


def _write_notes(folder: ReleaseFolder, study: Study, snapshot: Snapshot, figures: Figures) -> None:
    report = without_samples(figures.quality)
    folder.add_text("quality/quality.json", dump_json(report.to_json()), "application/json", "Quality report (JSON)")
    folder.add_text("quality/quality.html", render_report(report, "en"), "text/html", "Quality report")
    severities = [str(finding.severity) for finding in report.findings]
    totals = {severity: severities.count(severity) for severity in severities}
    unplaced, protection = figures.observed.unplaced_total, str(figures.disclosure["statement"])
    estimates = figures.estimates.to_pylist() if figures.estimates is not None else []
    facts = Facts(snapshot, figures.indicators, unplaced, totals, protection, figures.people, estimates)
    note = methodology(study, facts)
    folder.add_text("method/method.md", markdown(note), "text/markdown", "Methodology note (Markdown)")
    folder.add_text("method/method.html", html(note), "text/html", "Methodology note")


def _write_metadata(folder: ReleaseFolder, study: Study, snapshot: Snapshot) -> None:
    head = study.head
    title = _english(head.title)
    digests = {file.path: file for file in folder.files}
    package = datapackage(
        name=study.release_id,
        title=title,
        version=head.version,
        licence=head.licence,
        created=head.released_on.isoformat(),
        sources=[{"title": spec.citation} for spec in study.form.sources.values()],
        resources=[
            Resource(path, digests[path].title, schema, digests[path].sha256, digests[path].bytes)
            for path, schema in folder.schemas.items()
        ],
    )
    folder.add_text("datapackage.json", dump_json(package), "application/json", "Data package descriptor")
    cff = citation_cff(
        publisher=head.publisher,
        title=title,
        version=head.version,
        released_on=head.released_on.isoformat(),
        licence=head.licence,
        lists=[spec.citation for spec in study.form.sources.values()],
    )
    folder.add_text("CITATION.cff", cff, "text/plain", "How to cite")
    folder.add_text("README.md", _readme(study, snapshot), "text/markdown", "Read me first")


def _readme(study: Study, snapshot: Snapshot) -> str:
    head = study.head
    line = citation_line(
        publisher=head.publisher,
        title=_english(head.title),
        version=head.version,
        released_on=head.released_on.isoformat(),
        digest=snapshot.digest,
    )
    return f"""# {_english(head.title)}, version {head.version}

{_english(head.summary) if head.summary else ""}

- `data/observations.csv` (and `.parquet`): the figures, one row a cell, with lower and upper bounds
- `data/by_source.csv`: the same list by list
- `data/unplaced.csv`: counts that no cell could take, with the reason
- `method/method.md`: what was counted, from what, how; `method/study/`: the study itself
- `quality/quality.json`: what was found in the lists
- `release.json`, `release.note`: every file's SHA-256, and the signature over them

Check it: `consilience verify FOLDER --key KEY`. Licence: {head.licence}.

Made from snapshot sha256:{snapshot.digest}. Cite as: {line.rsplit(" Release", 1)[0]}
"""


def _head(study: Study, snapshot: Snapshot, registry: Registry, figures: Figures, signer: Signer) -> dict[str, Any]:
    head, plan = study.head, study.form.count
    return {
        "id": study.release_id,
        "title": dict(head.title),
        "summary": dict(head.summary or {}),
        "version": head.version,
        "released_on": head.released_on.isoformat(),
        "as_of": head.as_of.isoformat(),
        "publisher": head.publisher,
        "licence": head.licence,
        "languages": list(head.languages),
        "invented": head.invented,
        "corrections": dict(head.corrections or {}),
        "program": {"name": "consilience", "version": __version__},
        "key": signer.verifier().vkey,
        "digests": {"snapshot": snapshot.digest, "study": study_digest(study)},
        "snapshot": {"digest": snapshot.digest},
        "study": {"id": head.id, "digest": study_digest(study), "files": METHOD_FILES},
        "sources": {entry.name: _source(study, entry.name, snapshot) for entry in snapshot.sources},
        "indicators": [_indicator(indicator) for indicator in figures.indicators],
        "frequency": plan.frequency,
        "area_level": plan.areas,
        "overlap": plan.overlap if len(study.form.sources) > 1 else "none",
        "areas": _labels(figures.observed, "REF_AREA", registry.codelist("AREA")),
        "codes": {name: _labels(figures.observed, name, registry.codelist(name)) for name in ("SEX", "AGE")},
        "totals": {"observations": figures.observed.observations.num_rows, "unplaced": figures.observed.unplaced_total},
        "linkage": dict(figures.people) if figures.people else None,
        "disclosure": dict(figures.disclosure),
    }


def _source(study: Study, name: str, snapshot: Snapshot) -> dict[str, Any]:
    spec = study.form.sources[name]
    entry = next(entry for entry in snapshot.sources if entry.name == name)
    return {
        "title": spec.title,
        "organisation": spec.organisation,
        "licence": spec.licence,
        "citation": spec.citation,
        "limitations": dict(spec.limitations or {}),
        "rows": entry.rows,
        "accepted": entry.accepted,
        "rejected": entry.rejected,
        "coverage": [each.model_dump(exclude={"unknown"}) for each in entry.coverage],
    }


def _indicator(indicator: Indicator) -> dict[str, Any]:
    return {
        "id": indicator.id,
        "version": indicator.version,
        "state": str(indicator.state),
        "names": dict(indicator.names),
        "right": dict(indicator.right),
        "type": str(indicator.type),
        "unit": str(indicator.unit),
        "definition": dict(indicator.definition),
        "rationale": dict(indicator.rationale),
        "method": dict(indicator.method),
        "limitations": dict(indicator.limitations),
        "references": list(indicator.references),
    }


def _labels(observed: Observed, column: str, codelist: Codelist) -> dict[str, dict[str, str]]:
    used: Iterable[str] = sorted(pc.unique(observed.observations[column]).to_pylist())
    found = ((code, codelist.get(code)) for code in used)
    return {code: dict(known.labels) for code, known in found if known is not None}


def _english(texts: Mapping[str, str]) -> str:
    return texts.get("en") or next(iter(texts.values()))
