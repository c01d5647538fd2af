"""The estimation stage: from linked lists to how many people nobody recorded, or the reason why no number is given.

One estimate for each indicator that counts people: who is on which list with an act the indicator selects gives the
capture histories. Only the result is published; a pattern of lists can be as small as one person.
"""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from consilience.engine.base import Engine, quote_literal
from consilience.errors import StudyError
from consilience.estimation.capture import CaptureTable
from consilience.estimation.methods import METHODS, Settings
from consilience.estimation.report import EstimationReport
from consilience.estimation.run import estimate
from consilience.linkage.overlap import overlap_table
from consilience.model.unit import UnitOfCount
from consilience.standards.indicator import Indicator
from consilience.standards.registry import Registry
from consilience.study.observe import chosen_indicators
from consilience.study.plan import EstimationPlan, StudyForm

SCHEMA = pa.schema(
    [
        ("INDICATOR", pa.string()),
        ("DOCUMENTED", pa.int64()),
        ("VERDICT", pa.string()),
        ("METHOD", pa.string()),
        ("OBS_VALUE", pa.float64()),
        ("LOWER_BOUND", pa.float64()),
        ("UPPER_BOUND", pa.float64()),
        ("LISTS", pa.int64()),
        ("WORDS", pa.string()),
    ]
)
_BY_VIOLATION = {"violations", "without_violations"}


def estimate_unseen(
    engine: Engine, plan: EstimationPlan, indicators: Sequence[Indicator], registry: Registry, seed: int
) -> pa.Table:
    """Estimate every one of `indicators` over the linked acts registered in `engine`; one row each, `SCHEMA`."""
    settings = Settings(methods=plan.methods or METHODS, seed=seed)
    rows = [_row(indicator, estimate(_histories(engine, indicator, registry), settings)) for indicator in indicators]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def chosen_for_estimation(form: StudyForm, registry: Registry) -> list[Indicator]:
    """Return the indicators that are estimated: those named, or all that fit; none where nothing is estimated.

    Raises:
        StudyError: one is not counted by the study, does not count people, or selects by more than the violation.
    """
    if form.estimation is None:
        return []
    known = {indicator.id: indicator for indicator in chosen_indicators(form.count, registry)}
    wanted = form.estimation.indicators or tuple(name for name, one in known.items() if _fits(one))
    unfit = [name for name in wanted if name not in known or not _fits(known[name])]
    if unfit or not wanted:
        raise StudyError(
            "estimation.indicators names what cannot be estimated",
            found=", ".join(unfit) or "no indicator that fits",
            expected="indicators of count.indicators that count victims and select by violation only",
            remedy="Leave them out.",
        )
    return [known[name] for name in wanted]


def _fits(indicator: Indicator) -> bool:
    return indicator.unit is UnitOfCount.VICTIMS and set(indicator.filter.fields_used) <= _BY_VIOLATION


def _histories(engine: Engine, indicator: Indicator, registry: Registry) -> CaptureTable:
    violations = registry.codelist("VIOLATION")
    wanted = violations.within(indicator.filter.violations) - violations.within(indicator.filter.without_violations)
    codes = ", ".join(quote_literal(code) for code in sorted(wanted))
    seen = engine.fetch(f"SELECT DISTINCT source, victim_id AS entity_id FROM acts WHERE violation IN ({codes})")
    patterns = overlap_table(seen)
    lists = patterns.column_names[:-1]
    rows = [[row[name] for name in lists] for row in patterns.to_pylist()]
    return CaptureTable.build(lists, rows, patterns["count"].to_pylist())


def _row(indicator: Indicator, report: EstimationReport) -> dict[str, Any]:
    name, summary = report.recommended or ("", None)
    return {
        "INDICATOR": indicator.id,
        "DOCUMENTED": report.observed,
        "VERDICT": str(report.verdict.value),
        "METHOD": f"{name} {report.methods[name].version}" if summary else None,
        "OBS_VALUE": round(summary.median, 1) if summary else None,
        "LOWER_BOUND": round(summary.interval_95[0], 1) if summary else None,
        "UPPER_BOUND": round(summary.interval_95[1], 1) if summary else None,
        "LISTS": len(report.table.lists),
        "WORDS": report.words,
    }
