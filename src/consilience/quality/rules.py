"""The rules on single values: from the measures of one source to its findings."""

from collections.abc import Mapping, Sequence
from datetime import date

from consilience.engine.base import Engine
from consilience.formats.snapshot import Coverage
from consilience.model.schema import TABLES
from consilience.quality import consistency, profile
from consilience.quality.finding import Dimension, Finding, Parameter, Severity
from consilience.quality.heaping import SMALLEST, myers, proportion_interval, share_ratio, whipple
from consilience.quality.series import ages, days_of_month
from consilience.quality.standards import Codelists, register_codelist

MISSING_INFO, MISSING_WARNING = 0.05, 0.30
LATE_SHARE = 0.25
WHIPPLE_ROUGH, WHIPPLE_VERY_ROUGH = 125.0, 175.0
FIRST_OF_MONTH = 150.0
COVERED = 0.95
UNCERTAIN = 0.25
_KEY_FIELDS = ("acts.violation", "acts.date_earliest", "acts.date_latest", "acts.area", "acts.sex", "acts.age_low")
_ACCURACY, _COHERENCE = Dimension.ACCURACY, Dimension.COHERENCE


def completeness(source: str, missing: Mapping[str, float], rows: Mapping[str, int]) -> list[Finding]:
    """Say which of the fields that figures rest on are missing in more than a twentieth of the rows."""
    return [
        Finding(
            "completeness.missing",
            source,
            _ACCURACY,
            Severity.WARNING if missing[name] > MISSING_WARNING else Severity.INFO,
            name,
            missing[name],
            MISSING_INFO,
            parameters={"percent": _percent(missing[name]), "rows": rows[name.partition(".")[0]]},
        )
        for name in _KEY_FIELDS
        if missing.get(name, 0) > MISSING_INFO
    ]


def uncertainty(source: str, shares: Mapping[str, float]) -> list[Finding]:
    """Say where more than a quarter of dates, places or ages are ranges."""
    return [
        Finding("accuracy.uncertain", source, _ACCURACY, Severity.INFO, name, share, UNCERTAIN,
                parameters={"percent": _percent(share)})
        for name, share in shares.items()
        if share > UNCERTAIN
    ]  # fmt: skip


def impossible(engine: Engine, source: str, as_of: date) -> list[Finding]:
    """Find values that cannot be, or that contradict each other."""
    found = []
    for check in (*profile.checks(as_of), *consistency.checks(source)):
        count, sample = profile.at_fault(engine, source, check)
        if count:
            severity = Severity.SERIOUS if check.rule in {"dates.future", "dates.born_after"} else Severity.WARNING
            parameters: dict[str, Parameter] = {"count": count, "table": check.table}
            found.append(
                Finding(check.rule, source, _ACCURACY, severity, f"{check.table}.{check.subject}", count, 0,
                        parameters=parameters, sample=sample)
            )  # fmt: skip
    return found


def validity(engine: Engine, source: str, registry: Codelists) -> list[Finding]:
    """Find codes that their codelist has not, or that were not in force on the day."""
    found: list[Finding] = []
    parameters: dict[str, Parameter]
    for table in TABLES.values():
        for column in table.columns:
            if column.codelist is None or table.name == "identities":
                continue
            known = register_codelist(engine, registry, column.codelist)
            subject = f"{table.name}.{column.name}"
            strange = profile.unknown_codes(engine, source, table.name, column.name, known)
            if strange:
                parameters = {"count": sum(n for _, n in strange), "codes": len(strange), "codelist": column.codelist}
                found.append(_of_codes("validity.unknown_code", source, Severity.SERIOUS, subject, parameters))
            dated = any(each.name == "date_earliest" for each in table.columns)
            late = profile.outside_validity(engine, source, table.name, column.name, known) if dated else 0
            if late:
                parameters = {"count": late, "codes": 0, "codelist": column.codelist}
                found.append(_of_codes("validity.not_in_force", source, Severity.WARNING, subject, parameters))
    return found


def _of_codes(rule: str, source: str, severity: Severity, subject: str, parameters: Mapping[str, Parameter]) -> Finding:
    return Finding(rule, source, _COHERENCE, severity, subject, float(parameters["count"]), 0, parameters=parameters)


def duplicates(engine: Engine, source: str) -> list[Finding]:
    """Find keys that are not unique, and acts that look like another record's."""
    found = []
    for table in TABLES.values():
        if table.name == "identities":
            continue
        count, sample = profile.duplicate_keys(engine, source, table)
        if count:
            found.append(
                Finding("duplicates.key", source, _ACCURACY, Severity.SERIOUS, f"{table.name}.{table.key}", count, 0,
                        parameters={"count": count}, sample=sample)
            )  # fmt: skip
    count, sample = profile.likely_duplicates(engine, source)
    if count:
        found.append(
            Finding("duplicates.likely", source, _ACCURACY, Severity.INFO, "acts", count, 0,
                    parameters={"count": count}, sample=sample)
        )  # fmt: skip
    return found


def timeliness(source: str, delays: Mapping[str, float]) -> list[Finding]:
    """Say where more than a quarter of the reports came later than 30 days."""
    if not delays or delays["late"] <= LATE_SHARE:
        return []
    interval = proportion_interval(round(delays["late"] * delays["n"]), int(delays["n"]))
    return [
        Finding("timeliness.late", source, Dimension.TIMELINESS, Severity.INFO, "reported_on", delays["late"],
                LATE_SHARE, interval,
                {"percent": _percent(delays["late"]), "median": delays["median"], "p90": delays["p90"]})
    ]  # fmt: skip


def heaping(engine: Engine, source: str) -> tuple[dict[str, float], list[Finding]]:
    """Measure age heaping and first-of-month heaping; return the measures and the findings.

    A finding needs the lower end of the exact 95% interval above the threshold: at the threshold itself the chance of a
    false alarm is 2.5%, for clean data far less.
    """
    people, days = ages(engine, source), days_of_month(engine, source)
    index, first = whipple(people), share_ratio(int(days[1]), int(days.sum()), 12 / 365.25)
    measures: dict[str, float] = {}
    found = []
    if index.count >= SMALLEST:
        measures |= {"whipple": index.index, "myers": myers(people)}
        if index.low > WHIPPLE_ROUGH:
            severity = Severity.SERIOUS if index.low > WHIPPLE_VERY_ROUGH else Severity.WARNING
            parameters = {"whipple": round(index.index), "myers": round(measures["myers"], 1), "count": index.count}
            found.append(
                Finding("heaping.ages", source, _ACCURACY, severity, "acts.age", index.index, WHIPPLE_ROUGH,
                        (index.low, index.high), parameters)
            )  # fmt: skip
    if first.count >= SMALLEST:
        measures["first_of_month"] = first.index
        if first.low > FIRST_OF_MONTH:
            found.append(
                Finding("heaping.first_of_month", source, _ACCURACY, Severity.WARNING, "events.date", first.index,
                        FIRST_OF_MONTH, (first.low, first.high), {"times": round(first.index / 100, 1)})
            )  # fmt: skip
    return measures, found


def crosswalk_coverage(source: str, coverage: Sequence[Coverage]) -> list[Finding]:
    """Say where a crosswalk leaves more than a twentieth of the rows without a shared code."""
    found = []
    for each in coverage:
        total = sum(each.records.values())
        without = each.records.get("none", 0) + each.records.get("unknown", 0)
        if total and 1 - without / total < COVERED:
            share = 1 - without / total
            parameters: dict[str, Parameter] = {
                "percent": _percent(without / total),
                "codes": each.codes.get("none", 0) + each.codes.get("unknown", 0),
                "crosswalk": each.crosswalk or "-",
            }
            found.append(
                Finding("coverage.crosswalk", source, _COHERENCE, Severity.WARNING, f"{each.table}.{each.column}",
                        share, COVERED, parameters=parameters)
            )  # fmt: skip
    return found


def _percent(share: float) -> float:
    return round(100 * share, 1)
