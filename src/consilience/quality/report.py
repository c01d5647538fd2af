"""The quality report: every source assessed by every rule (requirement QU1).

report = assess(engine, ["list_a", "list_b"], registry, as_of=date(2024, 6, 30))
for finding in report.findings:
    print(finding.source, sentence(finding))
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from consilience.engine.base import Engine
from consilience.formats.snapshot import Coverage
from consilience.quality import profile, rules
from consilience.quality.comparison import comparison, strata
from consilience.quality.finding import Finding, Severity
from consilience.quality.messages import remedy, sentence
from consilience.quality.series import month_mix
from consilience.quality.shifts import changes
from consilience.quality.standards import Codelists

FORMAT_VERSION = "1"
_ORDER = {Severity.SERIOUS: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What was measured of one source.

    Attributes:
        source: its name.
        rows: rows by shared table.
        missing: `table.column` to the share of rows without a value.
        uncertain: date, place, age to the share of acts where it is a range.
        delays: days from event to report: n, median, p90, late (share beyond 30 days); empty where not recorded.
        heaping: whipple, myers, first_of_month; absent where too few values carry them.
        coverage: how each coded column was recoded.
    """

    source: str
    rows: Mapping[str, int]
    missing: Mapping[str, float]
    uncertain: Mapping[str, float]
    delays: Mapping[str, float]
    heaping: Mapping[str, float]
    coverage: tuple[Coverage, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the measures with the keys that docs/reference/quality.md documents."""
        return {
            "rows": dict(self.rows),
            "missing": dict(self.missing),
            "uncertain": dict(self.uncertain),
            "delays": dict(self.delays),
            "heaping": dict(self.heaping),
            "coverage": [each.model_dump(mode="json") for each in self.coverage],
        }


@dataclass(frozen=True, slots=True)
class QualityReport:
    """The assessment of several sources; findings are ordered by source, weight and rule."""

    as_of: date
    sources: tuple[SourceReport, ...]
    findings: tuple[Finding, ...] = field(default=())

    @property
    def serious(self) -> tuple[Finding, ...]:
        """The findings that mislead until they are mended."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.SERIOUS)

    def of(self, source: str) -> tuple[Finding, ...]:
        """Return one source's findings."""
        return tuple(finding for finding in self.findings if finding.source == source)

    def to_json(self, language: str = "en") -> dict[str, Any]:
        """Return the report with stable keys; sentences are in `language`."""
        return {
            "version": FORMAT_VERSION,
            "as_of": self.as_of.isoformat(),
            "sources": {each.source: each.to_json() for each in self.sources},
            "findings": [
                {**each.to_json(), "sentence": sentence(each, language), "remedy": remedy(each, language)}
                for each in self.findings
            ],
        }


def assess(
    engine: Engine,
    sources: Sequence[str],
    registry: Codelists,
    *,
    as_of: date,
    coverage: Mapping[str, Sequence[Coverage]] | None = None,
) -> QualityReport:
    """Assess the snapshot registered in `engine` (events, acts, actors, involvements, statements).

    Args:
        engine: where the tables are.
        sources: which sources; changes of practice are told apart from events by comparing them.
        registry: the codelists that codes are held against.
        as_of: the day of the report: what lies after it lies in the future.
        coverage: by source, how its coded columns were recoded.
    """
    found: list[Finding] = changes(month_mix(engine, sources))
    reports = []
    for source in sources:
        report, findings = _assess_source(engine, source, registry, as_of, tuple((coverage or {}).get(source, ())))
        reports.append(report)
        found += findings
    uncertain = {report.source: report.uncertain for report in reports}
    found += comparison(strata(engine, sources), coverage or {}, uncertain)
    place = {source: number for number, source in enumerate(sources)}
    found.sort(key=lambda each: (place[each.source], _ORDER[each.severity], each.rule, each.subject))
    return QualityReport(as_of, tuple(reports), tuple(found))


def _assess_source(
    engine: Engine, source: str, registry: Codelists, as_of: date, coverage: tuple[Coverage, ...]
) -> tuple[SourceReport, list[Finding]]:
    rows = profile.row_counts(engine, source)
    missing = profile.missing_shares(engine, source, rows)
    uncertain, delays = profile.uncertain_shares(engine, source), profile.delays(engine, source)
    measures, heaped = rules.heaping(engine, source)
    findings = [
        *rules.completeness(source, missing, rows),
        *rules.uncertainty(source, uncertain),
        *rules.impossible(engine, source, as_of),
        *rules.validity(engine, source, registry),
        *rules.duplicates(engine, source),
        *rules.timeliness(source, delays),
        *heaped,
        *rules.crosswalk_coverage(source, coverage),
    ]
    return SourceReport(source, rows, missing, uncertain, delays, measures, coverage), findings
