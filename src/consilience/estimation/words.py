"""What may and may not be concluded, in plain language.

>>> rough(10429.0), rough(1837.0), rough(96.0)
('10,400', '1,840', '96')
"""

from collections.abc import Sequence

from consilience.estimation.summary import Summary
from consilience.estimation.verdict import Finding, Verdict, Weight

_NAMES = {
    "latent": "the latent class model",
    "graphs": "averaging over decomposable graphs",
    "loglinear": "log-linear models",
}


def rough(number: float) -> str:
    """Return a number with three figures that count, for a sentence."""
    if number < 1000:
        return f"{number:,.0f}"
    unit = 10 ** (len(f"{number:.0f}") - 3)
    return f"{round(number / unit) * unit:,.0f}"


def explain(
    observed: int, lists: Sequence[str], verdict: Verdict, findings: Sequence[Finding], best: tuple[str, Summary] | None
) -> str:
    """Return the paragraph that stands beside the figure."""
    first = f"{observed:,} people are documented on {len(lists)} lists ({', '.join(lists)})."
    if verdict is Verdict.UNSUPPORTED or best is None:
        bars = [finding.sentence for finding in findings if finding.weight is Weight.BAR]
        return " ".join(
            [
                first,
                "The lists do not support an estimate of how many were recorded by nobody.",
                *bars,
                f"What may be said: at least {observed:,} people are documented, as far as the linkage is right. "
                "What may not be said: how many more there are, or that there are no more.",
            ]
        )
    return " ".join([first, *_number(observed, best), *_cautions(findings), _limits(observed, best[1])])


def _number(observed: int, best: tuple[str, Summary]) -> list[str]:
    name, summary = best
    low, high = (rough(end) for end in summary.interval_95)
    unseen = [rough(max(end - observed, 0)) for end in summary.interval_95]
    return [
        f"With {_NAMES.get(name, name)} the total is estimated at about {rough(summary.median)}; if its assumptions "
        f"hold, it lies between {low} and {high} with 95% probability. So between {unseen[0]} and {unseen[1]} people "
        "were recorded by nobody.",
    ]


def _cautions(findings: Sequence[Finding]) -> list[str]:
    if not findings:
        return []
    return ["This is to be used with caution.", *(finding.sentence for finding in findings)]


def _limits(observed: int, summary: Summary) -> str:
    less = rough(observed + 0.5 * (summary.median - observed))
    more = rough(observed + 2.0 * (summary.median - observed))
    return (
        "The estimate rests on an assumption that no data can test: that people on no list behave like recorded people "
        f"with the same chances of being recorded. If the odds of being on no list were half or twice what the model "
        f"says, the total would be {less} or {more}. The figure says nothing about any single person, and must not be "
        "given without its interval."
    )
