"""The quality report as a piece of a page (HTML without styles of its own) and as plain text for a terminal."""

from collections.abc import Iterator, Mapping
from html import escape

from consilience.quality.finding import Finding
from consilience.quality.messages import remedy, sentence
from consilience.quality.report import QualityReport, SourceReport


def render_report(report: QualityReport, language: str = "en") -> str:
    """Return the report as a fragment of HTML: per source its findings in words, then a table of its measures.

    Classes: `quality`, `quality-source`, `finding`, `finding-info`, `finding-warning`, `finding-serious`.
    """
    serious = len(report.serious)
    head = f"<p>{len(report.findings)} findings in {len(report.sources)} lists, {serious} of them serious.</p>"
    parts = "\n".join(_source(report, each, language) for each in report.sources)
    return f'<div class="quality" lang="{escape(language)}">\n{head}\n{parts}\n</div>\n'


def render_text(report: QualityReport, language: str = "en") -> str:
    """Return the report as plain text, one paragraph per finding."""
    return "\n".join(_lines(report, language)) + "\n"


def _lines(report: QualityReport, language: str) -> Iterator[str]:
    for source in report.sources:
        yield f"{source.source}: {_rows(source.rows)}"
        findings = report.of(source.source)
        for finding in findings:
            yield f"  {finding.severity.value.upper()}: {sentence(finding, language)}"
            yield f"    {remedy(finding, language)}"
        if not findings:
            yield "  Nothing was found."


def _rows(rows: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {table}" for table, count in rows.items())


def _source(report: QualityReport, source: SourceReport, language: str) -> str:
    findings = report.of(source.source)
    listed = "\n".join(_finding(each, language) for each in findings)
    body = f"<ul>\n{listed}\n</ul>" if findings else "<p>Nothing was found.</p>"
    return (
        f'<section class="quality-source">\n<h2>{escape(source.source)}</h2>\n<p>{_rows(source.rows)}</p>\n'
        f"{body}\n{_table(source)}\n</section>"
    )


def _finding(finding: Finding, language: str) -> str:
    severity, records = finding.severity.value, ""
    if finding.sample:
        records = f" <small>Records, for example: {escape(', '.join(finding.sample))}.</small>"
    return (
        f'<li class="finding finding-{severity}"><strong>{severity.capitalize()}.</strong> '
        f"{escape(sentence(finding, language))} <em>{escape(remedy(finding, language))}</em>{records}</li>"
    )


def _table(source: SourceReport) -> str:
    rows = "\n".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>' for name, value in _measures(source)
    )
    return (
        f"<table>\n<caption>What was measured of {escape(source.source)}</caption>\n"
        f'<thead><tr><th scope="col">Measure</th><th scope="col">Figure</th></tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody></table>"
    )


def _measures(source: SourceReport) -> Iterator[tuple[str, str]]:
    for name, share in source.missing.items():
        yield f"Missing: {name}", f"{100 * share:.1f}%"
    for name, share in source.uncertain.items():
        yield f"A range: {name}", f"{100 * share:.1f}%"
    if source.delays:
        yield "Days from event to report, median", f"{source.delays['median']:.0f}"
        yield "Days from event to report, nine in ten within", f"{source.delays['p90']:.0f}"
    for name, figure in source.heaping.items():
        yield f"Heaping: {name}", f"{figure:.1f}"
    for each in source.coverage:
        total = sum(each.records.values())
        if total:
            coded = total - each.records.get("none", 0) - each.records.get("unknown", 0)
            yield f"Crosswalk coverage: {each.table}.{each.column}", f"{100 * coded / total:.1f}%"
