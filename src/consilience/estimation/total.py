"""Adding strata up, with correlation kept and what was left out named.

Every stratum hands on draws in rows, one row per replicate of linkage and imputation. Row m of every stratum comes from
the same way the records may be linked, so rows are added to the same row; within a row strata are independent, so their
draws are paired at random. Strata whose verdict is not supported are not in the sum, and the sum says so.

>>> rng = np.random.default_rng(1)
>>> add_draws([np.array([[1.0, 2.0]]), np.array([[10.0, 10.0]])], rng).tolist()
[[11.0, 12.0]]
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consilience.estimation.methods import METHODS
from consilience.estimation.summary import summarise
from consilience.estimation.verdict import Verdict

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class StratumResult:
    """A finished stratum: its name, report as plain values, and draws by method, shape (replicates, draws)."""

    name: str
    report: Mapping[str, Any]
    draws: Mapping[str, Numbers]

    @property
    def counts(self) -> bool:
        """Return whether the stratum is in the sum."""
        return self.report["recommended"] is not None


def add_draws(strata: Iterable[Numbers], rng: np.random.Generator) -> Numbers:
    """Return the sums, shape (replicates, draws); rows are kept, draws within a row are paired at random."""
    total: Numbers | None = None
    for draws in strata:
        shuffled = rng.permuted(draws, axis=1)
        total = shuffled if total is None else total + shuffled
    return np.empty((0, 0)) if total is None else total


def total_of(results: Sequence[StratumResult], *, seed: int) -> dict[str, Any]:
    """Return the total as plain values: keys as for one stratum, and `left_out`, `strata`.

    Args:
        results: every stratum, those without a number too.
        seed: the same seed pairs the draws in the same way.
    """
    counted = [result for result in results if result.counts]
    left = [result for result in results if not result.counts]
    verdict = _verdict(results, counted)
    documented = sum(int(result.report["observed"]) for result in results)
    recommended = (
        _sum(counted, [str(one.report["recommended"]["method"]) for one in counted], seed) if counted else None
    )
    return {
        "stratum": "total",
        "observed": documented,
        "verdict": verdict.value,
        "reasons": _reasons(counted, left),
        "recommended": None if recommended is None else _recommended(recommended, counted, documented),
        "methods": {name: _method(name, counted, seed) for name in METHODS if _asked(name, results)},
        "left_out": [
            {"stratum": one.name, "observed": one.report["observed"], "reasons": one.report["reasons"]} for one in left
        ],
        "words": _words(results, counted, left, documented, recommended),
        "strata": [dict(result.report) for result in results],
    }


def _verdict(results: Sequence[StratumResult], counted: Sequence[StratumResult]) -> Verdict:
    if not counted:
        return Verdict.UNSUPPORTED
    whole = len(counted) == len(results) and all(one.report["verdict"] == Verdict.USABLE.value for one in counted)
    return Verdict.USABLE if whole else Verdict.CAUTION


def _sum(counted: Sequence[StratumResult], names: Sequence[str], seed: int) -> Numbers:
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(23,)))
    return add_draws((one.draws[name] for one, name in zip(counted, names, strict=True)), rng)


def _recommended(draws: Numbers, counted: Sequence[StratumResult], documented: int) -> dict[str, Any]:
    summary = summarise(draws)
    inside = sum(int(one.report["observed"]) for one in counted)
    return {
        "method": "sum of strata",
        **summary.to_json(),
        "documented": documented,
        "documented_in_strata_summed": inside,
        "undocumented": {
            "median": round(summary.median - inside, 1),
            "interval_95": [round(end - inside, 1) for end in summary.interval_95],
        },
    }


def _asked(name: str, results: Sequence[StratumResult]) -> bool:
    return any(name in result.report["methods"] for result in results)


def _method(name: str, counted: Sequence[StratumResult], seed: int) -> dict[str, Any]:
    """Return the method's sum over the summed strata, null where one of them has no number by this method."""
    empty: dict[str, Any] = dict.fromkeys(("median", "mean", "interval_50", "interval_80", "interval_95"))
    if not counted or any(name not in one.draws or not one.draws[name].size for one in counted):
        return {**empty, "rhat": None, "ess": None, "ess_per_cpu_second": None}
    rows = {one.draws[name].shape for one in counted}
    if len(rows) > 1:
        return {**empty, "rhat": None, "ess": None, "ess_per_cpu_second": None}
    known = [one.report["methods"][name] for one in counted]
    return {
        **summarise(_sum(counted, [name] * len(counted), seed)).to_json(),
        "rhat": max((one["rhat"] for one in known if one["rhat"] is not None), default=None),
        "ess": min((one["ess"] for one in known if one["ess"] is not None), default=None),
        "ess_per_cpu_second": None,
    }


def _reasons(counted: Sequence[StratumResult], left: Sequence[StratumResult]) -> list[str]:
    found = []
    if left:
        people = sum(int(one.report["observed"]) for one in left)
        found.append(
            f"{len(left)} strata with {people:,} documented people do not support an estimate and are not in the sum."
        )
    careful = [one.name for one in counted if one.report["verdict"] == Verdict.CAUTION.value]
    if careful:
        named = ", ".join(careful[:5]) + (" and others" if len(careful) > 5 else "")
        found.append(f"{len(careful)} of the strata in the sum are usable with caution only ({named}).")
    return found


def _words(
    results: Sequence[StratumResult],
    counted: Sequence[StratumResult],
    left: Sequence[StratumResult],
    documented: int,
    draws: Numbers | None,
) -> str:
    first = f"{documented:,} people are documented in {len(results)} strata."
    if draws is None:
        return f"{first} No stratum supports an estimate of how many were recorded by nobody."
    summary = summarise(draws)
    low, high = summary.interval_95
    inside = f"In the {len(counted)} strata that support an estimate the total is about {summary.median:,.0f}, between "
    inside += f"{low:,.0f} and {high:,.0f} with 95% probability if the assumptions hold."
    if not left:
        return f"{first} {inside}"
    return f"{first} {inside} {len(left)} strata are left out: the sum is not the total of the whole."
