"""From capture tables to a report: the door of this package.

>>> from consilience.estimation.methods import Settings
>>> table = CaptureTable.build("ABC", [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]], [40, 30, 20, 6])
>>> report = estimate(table, Settings(methods=("graphs", "loglinear"), resamples=20))
>>> report.verdict.value, report.to_json()["recommended"]
('not supported', None)
>>> [finding.code for finding in report.findings][:2]
['disconnected', 'thin_overlap']
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from consilience.errors import InputError
from consilience.estimation.bounds import Classical, chao, chapman
from consilience.estimation.capture import CaptureTable
from consilience.estimation.consistency import leave_each_out, predict_each_list
from consilience.estimation.latent.engine import quick_latent
from consilience.estimation.methods import (
    STANDARD_SETTINGS,
    Clock,
    MethodResult,
    Settings,
    no_clock,
    run_methods,
)
from consilience.estimation.overlap import examine
from consilience.estimation.pooling import Replicate, VarianceParts, split_variance, thin
from consilience.estimation.report import Checks, EstimationReport
from consilience.estimation.sensitivity import check_priors, odds_curve
from consilience.estimation.summary import Shape, Summary, shape_of, summarise
from consilience.estimation.verdict import (
    Finding,
    Verdict,
    Weight,
    decide,
    judge_agreement,
    judge_latent,
    judge_lists,
    judge_loglinear,
    judge_priors,
    judge_seeds,
    judge_table,
    without_numbers,
)
from consilience.estimation.words import explain

Numbers = NDArray[np.float64]
Results = Mapping[str, MethodResult]

KEPT_DRAWS = 4000
_FROM_EACH = 400
_MOST_FAILED = 0.1


def estimate(
    table: CaptureTable,
    settings: Settings = STANDARD_SETTINGS,
    *,
    name: str = "all",
    empty_lists: Sequence[str] = (),
    clock: Clock = no_clock,
) -> EstimationReport:
    """Estimate how many people there are, or say why that cannot be done.

    Args:
        table: the capture table.
        settings: methods, seed, effort, prior, checks.
        name: of the stratum.
        empty_lists: lists that held nobody here and are not in the table; named in the report.
        clock: returns processor seconds; only for effective draws per second.
    """
    return estimate_replicates([Replicate(table)], settings, name=name, empty_lists=empty_lists, clock=clock)


def estimate_replicates(
    replicates: Sequence[Replicate],
    settings: Settings = STANDARD_SETTINGS,
    *,
    name: str = "all",
    empty_lists: Sequence[str] = (),
    clock: Clock = no_clock,
) -> EstimationReport:
    """Estimate from several capture tables that may each be the true one, pooled with equal weight.

    The table-level rules and the checks run on the first replicate; every replicate runs every method.

    Args:
        replicates: capture tables with the draws of linkage and of missing fields that made them.
        settings: as for `estimate`; so are `name`, `empty_lists` and `clock`.
        name: of the stratum.
        empty_lists: lists that held nobody.
        clock: returns processor seconds.

    Raises:
        InputError: no replicate.
    """
    if not replicates:
        raise InputError("There is no capture table to estimate from", expected="one or more")
    table = replicates[0].table
    findings = judge_table(examine(table))
    barred = any(finding.weight is Weight.BAR for finding in findings)
    runs = [] if barred else [run_methods(one.table, settings, clock=clock) for one in replicates]
    results = _pooled(runs) if runs else _withheld(table, settings)
    best = _best(results)
    findings += _judge_results(results, runs, table.observed)
    checks = Checks()
    if best is not None and settings.checks:
        checks, more = _check(table, settings, best[1])
        findings += more
    verdict = decide(findings)
    if verdict is Verdict.UNSUPPORTED:
        findings = without_numbers(findings)
    recommended = best if verdict is not Verdict.UNSUPPORTED else None
    return EstimationReport(
        name=name,
        table=table,
        verdict=verdict,
        findings=tuple(findings),
        methods=results,
        recommended=recommended,
        draws=_kept(runs, recommended),
        shape=_shape(results, best),
        checks=checks,
        bounds=_bounds(table),
        parts=_parts(replicates, runs, best),
        replicates=len(replicates),
        settings=settings,
        words=explain(table.observed, table.lists, verdict, findings, recommended),
        empty_lists=tuple(empty_lists),
    )


def _withheld(table: CaptureTable, settings: Settings) -> dict[str, MethodResult]:
    """Run nothing costly on a table that supports nothing; log-linear models still say whether estimates exist."""
    cheap = Settings(methods=tuple(one for one in settings.methods if one != "latent"), seed=settings.seed, resamples=1)
    results = run_methods(table, cheap)
    if "latent" in settings.methods:
        note = "Not run: the table does not support an estimate."
        results = {"latent": MethodResult("latent/1", None, np.empty(0), note), **results}
    return results


def _pooled(runs: Sequence[Results]) -> dict[str, MethodResult]:
    """Return the only run as it is, or each method's draws from every replicate with equal weight."""
    first = dict(runs[0])
    if len(runs) == 1:
        return first
    pooled = {}
    for name, result in first.items():
        having = [run[name].draws for run in runs if run[name].draws.size]
        if not having:
            pooled[name] = result
            continue
        draws = np.concatenate([thin(one, _FROM_EACH) for one in having])
        note = f"Pooled over {len(having)} of {len(runs)} replicates with equal weight."
        pooled[name] = MethodResult(
            result.version,
            summarise(draws),
            draws,
            note,
            result.convergence,
            result.cpu_seconds,
            result.detail,
            latent=result.latent,
            loglinear=result.loglinear,
        )
    return pooled


def _best(results: Results) -> tuple[str, Summary] | None:
    for name in ("latent", "graphs", "loglinear"):
        if name in results:
            summary = results[name].summary
            return (name, summary) if summary is not None else None
    return None


def _judge_results(results: Results, runs: Sequence[Results], observed: int) -> list[Finding]:
    found: list[Finding] = []
    for name, result in results.items():
        if result.latent is not None:
            draws = result.draws if result.draws.size else result.latent.draws
            found += judge_latent(result.latent, shape_of(draws), summarise(draws), observed)
        if result.loglinear is not None:
            found += judge_loglinear(result.loglinear)
        failed = sum(1 for run in runs if run[name].summary is None)
        if len(runs) > 1 and failed > _MOST_FAILED * len(runs):
            sentence = f"With {failed} of {len(runs)} replicates {name} gives no number."
            found.append(Finding("replicates_fail", Weight.BAR, sentence))
    if runs:
        summaries = {name: result.summary for name, result in results.items() if result.summary is not None}
        found += judge_agreement(summaries, observed)
    if not summaries_exist(results) and not any(one.weight is Weight.BAR for one in found) and runs:
        found.append(Finding("no_method", Weight.BAR, "No method that was asked for gives a number from this table."))
    return found


def summaries_exist(results: Results) -> bool:
    """Return whether any method gives a number."""
    return any(result.summary is not None for result in results.values())


def _check(table: CaptureTable, settings: Settings, summary: Summary) -> tuple[Checks, list[Finding]]:
    curve = odds_curve(table.observed, summary.median, summary.interval_95)
    if "latent" not in settings.methods:
        return Checks(curve=curve), []
    seed, workers = settings.seed, settings.workers
    priors = check_priors(table, median=summary.median, seed=seed, workers=workers)
    predictions = predict_each_list(table, seed=seed, prior=settings.prior, workers=workers)
    left_out = leave_each_out(table, seed=seed, prior=settings.prior, workers=workers)
    other = quick_latent(table, seed=seed + 15485863, prior=settings.prior, islands=4, workers=workers)
    findings = [
        *judge_seeds(summary, float(np.median(other)), table.observed),
        *judge_priors(priors),
        *judge_lists(predictions, left_out, summary),
    ]
    return Checks(priors, predictions, left_out, curve), findings


def _kept(runs: Sequence[Results], recommended: tuple[str, Summary] | None) -> Numbers:
    """Return the draws to add up over strata, one row per replicate that has a number, all rows of one length."""
    if recommended is None:
        return np.empty((0, 0))
    each = KEPT_DRAWS if len(runs) == 1 else _FROM_EACH
    return np.array([thin(run[recommended[0]].draws, each) for run in runs if run[recommended[0]].draws.size])


def _shape(results: Results, best: tuple[str, Summary] | None) -> Shape | None:
    return None if best is None else shape_of(results[best[0]].draws)


def _parts(
    replicates: Sequence[Replicate], runs: Sequence[Results], best: tuple[str, Summary] | None
) -> VarianceParts | None:
    if len(runs) < 2 or best is None:
        return None
    logs = {
        (one.linkage, one.imputation): np.log(np.maximum(run[best[0]].draws - one.table.observed, 0.5))
        for one, run in zip(replicates, runs, strict=True)
        if run[best[0]].draws.size
    }
    return split_variance(logs)


def _bounds(table: CaptureTable) -> dict[str, Classical]:
    found: dict[str, Classical] = {}
    if len(table.lists) >= 2:
        found["chao"] = chao(table)
    if len(table.lists) == 2 and table.overlaps[0, 1] > 0:
        found["chapman"] = chapman(table)
    return found
