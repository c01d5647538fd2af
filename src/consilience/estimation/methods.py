"""Run the methods on one capture table, each with a number or the reason why there is none.

>>> from consilience.estimation.capture import CaptureTable
>>> table = CaptureTable.build("ABC", [[1,0,0],[0,1,0],[0,0,1],[1,1,0],[1,0,1],[0,1,1],[1,1,1]], [30,30,30,20,20,20,12])
>>> run_methods(table, Settings(methods=("graphs",)))["graphs"].summary.median
208.0
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consilience.errors import EstimationRefused
from consilience.estimation import graphs, loglinear
from consilience.estimation.capture import CaptureTable
from consilience.estimation.convergence import Convergence
from consilience.estimation.latent import model
from consilience.estimation.latent.engine import STANDARD_EFFORT, Effort, LatentFit, sample_latent
from consilience.estimation.latent.model import STANDARD_PRIOR, Prior
from consilience.estimation.loglinear import LoglinearFit
from consilience.estimation.posterior import interval
from consilience.estimation.summary import Summary, summarise

Numbers = NDArray[np.float64]
Clock = Callable[[], float]

METHODS = ("latent", "graphs", "loglinear")
_EXACT_DRAWS = 4000


def no_clock() -> float:
    """Return no time: figures per second are then left out."""
    return 0.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What to run, and how.

    Attributes:
        methods: any of `METHODS`.
        seed: the same seed gives the same numbers.
        effort: the latent class engine's.
        prior: the latent class model's.
        resamples: of the log-linear bootstrap.
        checks: whether to run the checks of priors, lists and seeds.
        workers: threads.
    """

    methods: tuple[str, ...] = METHODS
    seed: int = 1
    effort: Effort = STANDARD_EFFORT
    prior: Prior = STANDARD_PRIOR
    resamples: int = 200
    checks: bool = True
    workers: int = 2


STANDARD_SETTINGS = Settings()


@dataclass(frozen=True, slots=True, eq=False)
class MethodResult:
    """What one method says.

    Attributes:
        version: the method's name and version; a method that moves a number gets a new one.
        summary: centre and intervals; None where the method gives no number.
        draws: population sizes, flat; empty where there is no number.
        note: how to read the number, or why there is none.
        convergence: of the latent class chains.
        cpu_seconds: processor time it took; 0 where no clock was given.
        detail: further facts for the report, plain values.
        latent: the engine's own result.
        loglinear: the fit itself.
    """

    version: str
    summary: Summary | None
    draws: Numbers
    note: str = ""
    convergence: Convergence | None = None
    cpu_seconds: float = 0.0
    detail: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    latent: LatentFit | None = None
    loglinear: LoglinearFit | None = None


def run_methods(
    table: CaptureTable, settings: Settings = STANDARD_SETTINGS, *, clock: Clock = no_clock
) -> dict[str, MethodResult]:
    """Return each method's result, in the order of `METHODS`.

    Args:
        table: the capture table.
        settings: what to run.
        clock: returns processor seconds; only for figures per second.
    """
    engines = {"latent": _latent, "graphs": _graphs, "loglinear": _loglinear}
    versions = {"latent": model.METHOD, "graphs": graphs.METHOD, "loglinear": loglinear.METHOD}
    results = {}
    for name in METHODS:
        if name not in settings.methods:
            continue
        try:
            results[name] = engines[name](table, settings, clock)
        except EstimationRefused as refusal:
            results[name] = MethodResult(versions[name], None, np.empty(0), note=str(refusal))
    return results


def _latent(table: CaptureTable, settings: Settings, clock: Clock) -> MethodResult:
    begun = clock()
    fit = sample_latent(
        table, seed=settings.seed, prior=settings.prior, effort=settings.effort, workers=settings.workers
    )
    spent = clock() - begun
    known = fit.convergence
    detail = {
        "chains": fit.draws.shape[0],
        "draws_per_chain": fit.draws.shape[1],
        "log_evidence": [round(float(value), 2) for value in fit.evidence],
        "exchanged": fit.exchanged,
        "mass_near_cap": round(fit.mass_at_cap, 4),
    }
    note = ""
    if not known.converged:
        note = "The chains have not converged, so there is no number."
    summary = summarise(fit.draws) if known.converged else None
    draws = fit.draws.ravel() if known.converged else np.empty(0)
    return MethodResult(model.METHOD, summary, draws, note, known, spent, detail, latent=fit)


def _graphs(table: CaptureTable, _: Settings, clock: Clock) -> MethodResult:
    begun = clock()
    result = graphs.average_graphs(table)
    posterior = result.posterior
    ends = {
        level: (posterior.quantile((100 - level) / 200), posterior.quantile((100 + level) / 200))
        for level in (50, 80, 95)
    }
    summary = Summary(posterior.quantile(0.5), posterior.mean, ends[50], ends[80], ends[95])
    edges = [f"{table.lists[first]}-{table.lists[second]}" for first, second in result.best.edges]
    detail = {
        "graphs": len(result.graph_weights),
        "best_graph": edges,
        "best_graph_weight": round(float(result.graph_weights.max()), 4),
        "mass_near_cap": round(result.mass_at_cap, 4),
    }
    draws = posterior.draws(_EXACT_DRAWS).astype(np.float64)
    note = "Exact: no sampling, so no convergence to judge."
    return MethodResult(graphs.METHOD, summary, draws, note, None, clock() - begun, detail)


def _loglinear(table: CaptureTable, settings: Settings, clock: Clock) -> MethodResult:
    begun = clock()
    rng = np.random.default_rng(np.random.SeedSequence(settings.seed, spawn_key=(11,)))
    fit = loglinear.fit_loglinear(table, rng=rng, resamples=settings.resamples)
    draws = fit.draws if len(fit.draws) else np.array([fit.best.population])
    ends = [interval(draws, level) for level in (50, 80, 95)]
    summary = Summary(fit.best.population, float(draws.mean()), ends[0], ends[1], ends[2])
    detail = {
        "model": fit.best.formula,
        "existence": fit.best.existence.value,
        "models_tried": fit.models_tried,
        "rivals": [
            {"model": one.formula, "estimate": round(one.population, 1), "bic_above_best": round(one.bic_above_best, 3)}
            for one in fit.rivals[:10]
        ],
        "without_estimate": [f"{one.formula}: {one.existence.value}" for one in fit.without_estimate[:10]],
        "resamples": fit.resamples,
        "resamples_without_estimate": fit.resamples - len(fit.draws),
    }
    note = "The median is the estimate of the model with the lowest BIC; mean and intervals are of the bootstrap."
    return MethodResult(loglinear.METHOD, summary, draws, note, None, clock() - begun, detail, loglinear=fit)
