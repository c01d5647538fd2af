"""May the number be used? Rules, each with its threshold and a sentence for people.

A finding is either a caution or a bar. One bar and there is no number; otherwise one caution and the number is usable
with caution; otherwise it is usable. Thresholds are conventions, written here once, and shown in the reference.

>>> decide([]).value, decide([Finding("dominant_list", Weight.CAUTION, "...")]).value
('usable', 'usable with caution')
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from consilience.estimation.consistency import LEAST_SHARED, LeftOut, Prediction
from consilience.estimation.convergence import LEAST_ESS, MOST_RHAT
from consilience.estimation.latent.engine import LatentFit
from consilience.estimation.loglinear import RIVAL, LoglinearFit
from consilience.estimation.overlap import OverlapFacts
from consilience.estimation.sensitivity import PriorCheck
from consilience.estimation.summary import Shape, Summary


class Verdict(StrEnum):
    """Whether an estimate may be used."""

    USABLE = "usable"
    CAUTION = "usable with caution"
    UNSUPPORTED = "not supported"


class Weight(StrEnum):
    """How heavily a finding weighs."""

    CAUTION = "caution"
    BAR = "bar"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that was met: its stable code, its weight, and a sentence."""

    code: str
    weight: Weight
    sentence: str


TABLE_CODES = frozenset({"few_lists", "no_overlap", "disconnected", "thin_overlap", "dominant_list", "empty_overlaps"})
THIN_SHARED = 15
DOMINANT_BAR, DOMINANT_CAUTION = 0.97, 0.85
CAP_BAR, CAP_CAUTION = 0.025, 0.005
PRIOR_BAR, PRIOR_CAUTION = float(np.log(3.0)), float(np.log(1.5))
APART = 3.0
RIVAL_RATIO = 1.15
WIDE = 5.0
SEED_CAUTION, SEED_BAR = 0.75, 2.0


def decide(findings: Sequence[Finding]) -> Verdict:
    """Return the verdict that the findings add up to."""
    weights = {finding.weight for finding in findings}
    if Weight.BAR in weights:
        return Verdict.UNSUPPORTED
    return Verdict.CAUTION if weights else Verdict.USABLE


def without_numbers(findings: Sequence[Finding]) -> list[Finding]:
    """Return what may be shown where there is no estimate: bars, and facts of the table that hold no estimate."""
    return [one for one in findings if one.weight is Weight.BAR or one.code in TABLE_CODES]


def judge_table(facts: OverlapFacts) -> list[Finding]:
    """Return what stands against any estimate from such a table."""
    found = []
    if facts.lists < 3:
        found.append(
            _bar(
                "few_lists",
                f"Only {_lists(facts.lists)} hold anybody; three are needed so that dependence between lists can show.",
            )
        )
    if facts.shared == 0:
        found.append(_bar("no_overlap", "Nobody stands on two lists, so nothing says how many stand on none."))
    elif len(facts.groups) > 1:
        groups = "; ".join(", ".join(group) for group in facts.groups)
        found.append(
            _bar(
                "disconnected",
                f"Some lists share nobody with the rest, directly or through others "
                f"({groups}): what one group says of the unseen, the other cannot check.",
            )
        )
    if 0 < facts.shared < THIN_SHARED:
        weight = Weight.BAR if facts.shared < LEAST_SHARED else Weight.CAUTION
        found.append(Finding("thin_overlap", weight, f"Only {facts.shared} people stand on two lists or more."))
    return found + _judge_balance(facts)


def _judge_balance(facts: OverlapFacts) -> list[Finding]:
    name, share = facts.largest
    found = []
    if share >= DOMINANT_CAUTION:
        weight = Weight.BAR if share >= DOMINANT_BAR else Weight.CAUTION
        found.append(
            Finding(
                "dominant_list",
                weight,
                f"The list {name} holds {share:.0%} of everybody observed; the others say little about whom it misses.",
            )
        )
    if facts.empty_pairs and len(facts.groups) == 1:
        pairs = "; ".join(f"{first} and {second}" for first, second in facts.empty_pairs[:4])
        more = f" and {len(facts.empty_pairs) - 4} more pairs" if len(facts.empty_pairs) > 4 else ""
        found.append(_caution("empty_overlaps", f"Some pairs of lists share nobody ({pairs}{more})."))
    return found


def judge_latent(fit: LatentFit, shape: Shape, summary: Summary, observed: int) -> list[Finding]:
    """Return what the chains and the shape of the posterior say against the latent class estimate."""
    known = fit.convergence
    found = []
    if not known.rhat < MOST_RHAT:
        found.append(
            _bar(
                "chains_disagree",
                f"The chains disagree (R-hat {known.rhat:.3f}, below {MOST_RHAT} is "
                "needed): the posterior was not explored.",
            )
        )
    if not min(known.ess_bulk, known.ess_tail) > LEAST_ESS:
        size = min(known.ess_bulk, known.ess_tail)
        found.append(_bar("few_draws", f"There are only {size:.0f} effective draws; {LEAST_ESS:.0f} are needed."))
    if len(shape.peaks) > 1:
        found.append(_caution("several_peaks", f"The posterior has {shape.words}: the data fit more than one story."))
    elif fit.modes_apart:
        found.append(_caution("modes", "The search met other explanations of the data that fit nearly as well."))
    return found + _judge_width(fit, summary, observed)


def _judge_width(fit: LatentFit, summary: Summary, observed: int) -> list[Finding]:
    found = []
    if fit.mass_at_cap > CAP_CAUTION:
        weight = Weight.BAR if fit.mass_at_cap > CAP_BAR else Weight.CAUTION
        found.append(
            Finding(
                "cap",
                weight,
                f"The upper end is set by the prior's cap, not by the data: "
                f"{fit.mass_at_cap:.1%} of the posterior lies in the highest tenth of what is allowed.",
            )
        )
    unseen = [max(end - observed, 0.5) for end in summary.interval_95]
    if unseen[1] / unseen[0] > WIDE:
        found.append(
            _caution(
                "wide",
                f"The interval is very wide: the upper end has {unseen[1] / unseen[0]:.0f} times "
                "as many unrecorded people as the lower.",
            )
        )
    return found


def judge_loglinear(fit: LoglinearFit) -> list[Finding]:
    """Return what log-linear models say against an estimate."""
    found = []
    better = [model for model in fit.without_estimate if model.bic_above_best <= 0]
    near = [model for model in fit.without_estimate if 0 < model.bic_above_best <= RIVAL]
    if better:
        found.append(
            _bar(
                "no_maximum",
                f"The log-linear model that fits best, {better[0].formula}, has no "
                "maximum-likelihood estimate: its likelihood grows without end.",
            )
        )
    elif near:
        found.append(
            _caution(
                "no_maximum_nearby",
                f"A log-linear model that fits nearly as well, {near[0].formula}, has no maximum-likelihood estimate.",
            )
        )
    populations = [model.population for model in fit.rivals]
    if max(populations) > RIVAL_RATIO * min(populations):
        found.append(_caution("rival_models", _rival_sentence(fit)))
    return found


def _rival_sentence(fit: LoglinearFit) -> str:
    if fit.close:
        others = ", ".join(f"{model.population:,.0f} ({model.formula})" for model in fit.close)
        return f"The best log-linear model gives {fit.best.population:,.0f}; models within 0.1 BIC of it give {others}."
    low, high = min(m.population for m in fit.rivals), max(m.population for m in fit.rivals)
    return f"Log-linear models within 2 BIC of the best give from {low:,.0f} to {high:,.0f}."


def judge_agreement(methods: dict[str, Summary], observed: int) -> list[Finding]:
    """Return whether methods contradict each other: a median outside another's 95% interval."""
    apart = [
        (one, other)
        for one in methods
        for other in methods
        if one < other and not (_inside(methods[one], methods[other]) and _inside(methods[other], methods[one]))
    ]
    if not apart:
        return []
    unseen = [max(summary.median - observed, 0.5) for summary in methods.values()]
    medians = ", ".join(f"{name} {summary.median:,.0f}" for name, summary in methods.items())
    if max(unseen) > APART * min(unseen) and _disjoint(methods, apart):
        return [_bar("methods_disagree", "The methods give answers that cannot both be right.")]
    return [_caution("methods_disagree", f"The methods disagree: {medians}.")]


def _inside(one: Summary, other: Summary) -> bool:
    return other.interval_95[0] <= one.median <= other.interval_95[1]


def _disjoint(methods: dict[str, Summary], apart: Iterable[tuple[str, str]]) -> bool:
    pairs = [(methods[one].interval_95, methods[other].interval_95) for one, other in apart]
    return any(first[1] < second[0] or second[1] < first[0] for first, second in pairs)


def judge_seeds(summary: Summary, other_median: float, observed: int) -> list[Finding]:
    """Return whether another seed, from the prior up, finds another answer; measured in posterior deviations."""
    logs = np.log([max(value - observed, 0.5) for value in (*summary.interval_95, summary.median, other_median)])
    distance = abs(logs[3] - logs[2]) / max((logs[1] - logs[0]) / 3.92, 1e-9)
    if distance <= SEED_CAUTION:
        return []
    if distance > SEED_BAR:
        return [_bar("seeds_disagree", "Another seed gives another answer: the posterior was not explored.")]
    return [_caution("seeds_disagree", f"Another seed gives {other_median:,.0f} instead of {summary.median:,.0f}.")]


def judge_priors(checks: Sequence[PriorCheck]) -> list[Finding]:
    """Return whether the answer follows the prior rather than the data."""
    if not checks:
        return []
    worst = max(checks, key=lambda check: abs(check.shift))
    if abs(worst.shift) <= PRIOR_CAUTION:
        return []
    weight = Weight.BAR if abs(worst.shift) > PRIOR_BAR else Weight.CAUTION
    return [
        Finding(
            "prior_driven",
            weight,
            f"The answer follows the prior: with {worst.name} the number of unrecorded "
            f"people is {np.exp(worst.shift):.2f} times as large.",
        )
    ]


def judge_lists(predictions: Sequence[Prediction], left_out: Sequence[LeftOut], summary: Summary) -> list[Finding]:
    """Return whether the method misses what is known of these lists, or the answer rests on one of them."""
    found = []
    failed = [prediction for prediction in predictions if not prediction.holds]
    if failed:
        texts = ", ".join(f"{p.name} (predicted {p.predicted:,.0f}, actual {p.actual:,})" for p in failed)
        found.append(
            _caution(
                "prediction_fails",
                f"The method misses a number that is known, the people on one list "
                f"alone, for {len(failed)} of {len(predictions)} lists: {texts}.",
            )
        )
    rests = [
        out.name
        for out in left_out
        if out.interval_95 is not None
        and (out.interval_95[1] < summary.interval_95[0] or out.interval_95[0] > summary.interval_95[1])
    ]
    if rests:
        found.append(_caution("rests_on_one_list", f"Without the list {rests[0]} the answer is another one."))
    return found


def _bar(code: str, sentence: str) -> Finding:
    return Finding(code, Weight.BAR, sentence)


def _caution(code: str, sentence: str) -> Finding:
    return Finding(code, Weight.CAUTION, sentence)


def _lists(number: int) -> str:
    return {0: "no lists", 1: "one list", 2: "two lists"}.get(number, f"{number} lists")
