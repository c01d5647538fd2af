"""The report of an estimate: everything a reader needs to judge it, and its JSON.

Where the verdict is that the data do not support an estimate, the JSON holds no number of the unrecorded, only why.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consilience.estimation.bounds import CHAPMAN_ASSUMPTION, Classical
from consilience.estimation.capture import CaptureTable, pattern_codes
from consilience.estimation.consistency import LeftOut, Prediction
from consilience.estimation.methods import MethodResult, Settings
from consilience.estimation.pooling import VarianceParts
from consilience.estimation.sensitivity import CurvePoint, PriorCheck
from consilience.estimation.summary import Shape, Summary
from consilience.estimation.verdict import Finding, Verdict

Numbers = NDArray[np.float64]

ASSUMPTION = (
    "People fall into groups, and within a group each list records independently of the others; how people on no list "
    "behave follows from how recorded people behave. No data can test this: two models can fit the recorded patterns "
    "equally well and differ without bound on how many nobody recorded."
)


@dataclass(frozen=True, slots=True)
class Checks:
    """The checks that were run; empty where they were not."""

    priors: tuple[PriorCheck, ...] = ()
    predictions: tuple[Prediction, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    curve: tuple[CurvePoint, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class EstimationReport:
    """One stratum's (or one total's) estimate.

    Attributes:
        name: the stratum, or 'all'.
        table: the capture table (of the first replicate, where there are several).
        verdict: whether the number may be used.
        findings: why.
        methods: each method's result.
        recommended: name and summary of the method to use; None where the verdict is not supported.
        draws: population sizes of the recommended method, shape (replicates, draws); empty without a number.
        shape: of the posterior.
        checks: of priors, lists and the untestable assumption.
        bounds: Chao's lower bound, and Chapman's estimate for two lists.
        parts: shares of variance, where there are several replicates.
        replicates: how many capture tables were pooled.
        settings: what was run.
        words: what may and may not be concluded, in plain language.
        empty_lists: lists that held nobody and were left out.
    """

    name: str
    table: CaptureTable
    verdict: Verdict
    findings: tuple[Finding, ...]
    methods: Mapping[str, MethodResult]
    recommended: tuple[str, Summary] | None
    draws: Numbers
    shape: Shape | None
    checks: Checks
    bounds: Mapping[str, Classical]
    parts: VarianceParts | None
    replicates: int
    settings: Settings
    words: str
    empty_lists: tuple[str, ...] = ()

    @property
    def observed(self) -> int:
        """Return how many people are on one list or more."""
        return self.table.observed

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain values; keys are stable."""
        shown = self.verdict is not Verdict.UNSUPPORTED
        return {
            "stratum": self.name,
            "observed": self.observed,
            "verdict": self.verdict.value,
            "reasons": [finding.sentence for finding in self.findings],
            "findings": [
                {"code": one.code, "weight": one.weight.value, "sentence": one.sentence} for one in self.findings
            ],
            "recommended": _recommended(self) if shown else None,
            "methods": {name: _method(result, shown=shown) for name, result in self.methods.items()},
            "bounds": _bounds(self, shown=shown),
            "shape": self.shape.words if self.shape and shown else None,
            "assumption": ASSUMPTION,
            "words": self.words,
            "checks": _checks(self.checks) if shown else None,
            "variance": _variance(self.parts) if shown else None,
            "table": _table(self),
            "provenance": _provenance(self),
        }


def _recommended(report: EstimationReport) -> dict[str, Any] | None:
    if report.recommended is None:
        return None
    name, summary = report.recommended
    ends = [result.summary.interval_95 for result in report.methods.values() if result.summary]
    observed = report.observed
    return {
        "method": name,
        **summary.to_json(),
        "documented": observed,
        "undocumented": {
            "median": round(summary.median - observed, 1),
            "interval_95": [round(end - observed, 1) for end in summary.interval_95],
        },
        "range_of_methods": [round(min(end[0] for end in ends), 1), round(max(end[1] for end in ends), 1)],
    }


def _method(result: MethodResult, *, shown: bool) -> dict[str, Any]:
    known = result.convergence
    rates: dict[str, float | None] = {"ess_per_cpu_second": None}
    if known is not None and result.cpu_seconds > 0:
        rates = {"ess_per_cpu_second": round(known.ess_bulk / result.cpu_seconds, 1)}
    numbers: dict[str, Any] = dict.fromkeys(("median", "mean", "interval_50", "interval_80", "interval_95"))
    if result.summary is not None and shown:
        numbers = result.summary.to_json()
    return {
        **numbers,
        "rhat": round(known.rhat, 4) if known else None,
        "ess": round(min(known.ess_bulk, known.ess_tail)) if known else None,
        "ess_bulk": round(known.ess_bulk) if known else None,
        "ess_tail": round(known.ess_tail) if known else None,
        **rates,
        "monte_carlo_error": round(known.error_of(0.5), 1) if known and shown else None,
        "monte_carlo_error_95": [round(known.error_of(end), 1) for end in (0.025, 0.975)] if known and shown else None,
        "note": result.note if shown or result.summary is None else "Withheld: the data do not support an estimate.",
        "version": result.version,
        **({"detail": dict(result.detail)} if shown else {}),
    }


def _bounds(report: EstimationReport, *, shown: bool) -> dict[str, Any]:
    lone = {finding.code for finding in report.findings if finding.weight.value == "bar"} == {"few_lists"}
    visible = {name: bound for name, bound in report.bounds.items() if shown or (lone and name == "chapman")}
    found: dict[str, Any] = {
        name: {"estimate": round(bound.population, 1), "interval_95": [round(end, 1) for end in bound.interval_95]}
        for name, bound in visible.items()
    }
    if "chapman" in found:
        found["chapman"]["assumption"] = CHAPMAN_ASSUMPTION
    return found


def _checks(checks: Checks) -> dict[str, Any]:
    return {
        "priors": [
            {
                "prior": one.name,
                "median": round(one.median, 1),
                "interval_95": [round(end, 1) for end in one.interval_95],
            }
            for one in checks.priors
        ],
        "predictions": [
            {
                "list": one.name,
                "predicted": round(one.predicted, 1),
                "interval_95": [round(end, 1) for end in one.interval_95],
                "actual": one.actual,
                "holds": one.holds,
            }
            for one in checks.predictions
        ],
        "left_out": [
            {
                "list": one.name,
                "median": None if one.median is None else round(one.median, 1),
                "interval_95": None if one.interval_95 is None else [round(end, 1) for end in one.interval_95],
            }
            for one in checks.left_out
        ],
        "odds_curve": [
            {
                "odds_ratio": one.ratio,
                "total": round(one.population, 1),
                "interval_95": [round(end, 1) for end in one.interval_95],
            }
            for one in checks.curve
        ],
    }


def _variance(parts: VarianceParts | None) -> dict[str, float] | None:
    if parts is None:
        return None
    return {
        "total_log_unseen": round(parts.total, 6),
        "share_estimation": round(parts.estimation, 4),
        "share_linkage": round(parts.linkage, 4),
        "share_missing": round(parts.missing, 4),
    }


def _table(report: EstimationReport) -> dict[str, Any]:
    table = report.table
    return {
        "lists": list(table.lists),
        "list_totals": table.list_totals.tolist(),
        "could_not_record": list(table.unable),
        "held_nobody": list(report.empty_lists),
        "patterns": len(table.counts),
        "on_how_many_lists": table.frequencies.tolist(),
        "overlaps": table.overlaps.tolist(),
        "largest_patterns": _largest(table),
    }


def _largest(table: CaptureTable) -> list[dict[str, Any]]:
    """Return up to thirty patterns with the most people, for the overlap plot."""
    order = np.lexsort((pattern_codes(table.patterns), -table.counts))[:30]
    return [
        {
            "lists": [name for name, mark in zip(table.lists, table.patterns[row], strict=True) if mark],
            "count": int(table.counts[row]),
        }
        for row in order
    ]


def _provenance(report: EstimationReport) -> dict[str, Any]:
    settings = report.settings
    return {
        "table_sha256": report.table.digest(),
        "seed": settings.seed,
        "replicates": report.replicates,
        "methods": {name: result.version for name, result in report.methods.items()},
        "prior": {
            "classes": settings.prior.classes,
            "concentration": list(settings.prior.concentration),
            "capture": list(settings.prior.capture),
            "cap": settings.prior.cap,
            "population": "1/N up to the cap",
        },
        "checks_run": settings.checks,
    }
