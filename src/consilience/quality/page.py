"""The quality report as a piece of a page (HTML without styles of its own) and as plain text for a terminal."""

from collections.abc import Iterator, Mapping
from html import escape

from consilience.quality.finding import Finding
from consilience.quality.headings import Headings, headings
from consilience.quality.messages import MESSAGES, remedy, sentence
from consilience.quality.report import QualityReport, SourceReport


def render_report(report: QualityReport, language: str = "en") -> str:
    """Return the report as a fragment of HTML: per source its findings in words, then a table of its measures.

    Classes: `quality`, `quality-source`, `finding`, `finding-info`, `finding-warning`, `finding-serious`.
    """
    words = headings(language)
    summary = words.summary.format(
        findings=len(report.findings), lists=len(report.sources), serious=len(report.serious)
    )
    parts = "\n".join(_source(report, each, language) for each in report.sources)
    opening = f'<div class="quality" lang="{escape(language)}"{_direction(language)}>'
    return f"{opening}\n<p>{escape(summary)}</p>\n{parts}\n</div>\n"


def render_text(report: QualityReport, language: str = "en") -> str:
    """Return the report as plain text, one paragraph per finding."""
    return "\n".join(_lines(report, language)) + "\n"


def _lines(report: QualityReport, language: str) -> Iterator[str]:
    for source in report.sources:
        yield f"{source.source}: {_rows(source.rows)}"
        findings = report.of(source.source)
        for finding in findings:
            severity = headings(language).severities[finding.severity.value]
            yield f"  {severity.upper()}: {sentence(finding, language)}"
            yield f"    {remedy(finding, language)}"
        if not findings:
            yield f"  {headings(language).nothing}"


def _rows(rows: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {table}" for table, count in rows.items())


def _source(report: QualityReport, source: SourceReport, language: str) -> str:
    findings = report.of(source.source)
    listed = "\n".join(_finding(each, language) for each in findings)
    body = f"<ul>\n{listed}\n</ul>" if findings else f"<p>{escape(headings(language).nothing)}</p>"
    return (
        f'<section class="quality-source">\n<h2>{escape(source.source)}</h2>\n<p>{_rows(source.rows)}</p>\n'
        f"{body}\n{_table(source, language)}\n</section>"
    )


def _finding(finding: Finding, language: str) -> str:
    words, severity, records = headings(language), finding.severity.value, ""
    if finding.sample:
        records = f" <small>{escape(words.records)} {escape(', '.join(finding.sample))}.</small>"
    return (
        f'<li class="finding finding-{severity}"><strong>{escape(words.severities[severity])}.</strong> '
        f"{_english(sentence(finding, language), finding, language)} "
        f"<em>{_english(remedy(finding, language), finding, language)}</em>{records}</li>"
    )


def _direction(language: str) -> str:
    return ' dir="rtl"' if language == "ar" else ""


def _english(text: str, finding: Finding, language: str) -> str:
    """Mark a sentence that stands in English on a page of another language, so that it is read and set rightly."""
    if language == "en" or finding.rule in MESSAGES.get(language, {}):
        return escape(text)
    return f'<span lang="en" dir="ltr">{escape(text)}</span>'


def _table(source: SourceReport, language: str) -> str:
    words = headings(language)
    rows = "\n".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>'
        for name, value in _measures(source, words)
    )
    return (
        f"<table>\n<caption>{escape(words.caption.format(source=source.source))}</caption>\n"
        f'<thead><tr><th scope="col">{escape(words.measure)}</th><th scope="col">{escape(words.figure)}</th></tr>'
        f"</thead>\n<tbody>\n{rows}\n</tbody></table>"
    )


def _measures(source: SourceReport, words: Headings) -> Iterator[tuple[str, str]]:
    for name, share in source.missing.items():
        yield words.missing.format(name=name), f"{100 * share:.1f}%"
    for name, share in source.uncertain.items():
        yield words.a_range.format(name=name), f"{100 * share:.1f}%"
    if source.delays:
        yield words.delay_median, f"{source.delays['median']:.0f}"
        yield words.delay_p90, f"{source.delays['p90']:.0f}"
    for name, figure in source.heaping.items():
        yield words.heaping.format(name=name), f"{figure:.1f}"
    for each in source.coverage:
        total = sum(each.records.values())
        if total:
            coded = total - each.records.get("none", 0) - each.records.get("unknown", 0)
            yield words.coverage.format(name=f"{each.table}.{each.column}"), f"{100 * coded / total:.1f}%"
