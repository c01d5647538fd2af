"""Explanations: why two records were, or were not, taken for one person, in words; without any value of theirs.

>>> from consilience.linkage.comparisons import comparisons_for
>>> explain(comparisons_for({"sex"}, {}), [1], [0.9], -3.0, 0.19)
'Probably not the same person (probability 19%). Speaks for it: the same sex (+0.9). Starting point: -3.0.'
"""

from collections.abc import Sequence

from consilience.linkage.comparisons import Comparison

_SURE = (
    (0.99, "The same person"),
    (0.8, "Very likely the same person"),
    (0.5, "Probably the same person"),
    (0.2, "Unclear"),
)


def explain(
    comparisons: Sequence[Comparison], levels: Sequence[int], weights: Sequence[float], prior: float, chance: float
) -> str:
    """Say what a pair's score is made of.

    Args:
        comparisons: what was compared.
        levels: the level of each, as Splink numbers them: -1 missing, 0 the last.
        weights: the weight of each in bits: one bit doubles the odds.
        prior: the bits before anything is compared, for records of these two sources.
        chance: the probability.
    """
    said = [
        (weight, _words(each, level))
        for each, level, weight in zip(comparisons, levels, weights, strict=True)
        if level >= 0
    ]
    ordered = sorted(said, key=lambda item: -abs(item[0]))
    parts = [f"{_verdict(chance)} (probability {_percent(chance)})"]
    for title, sign in (("Speaks for it", 1), ("Speaks against it", -1)):
        found = [f"{words} ({weight:+.1f})" for weight, words in ordered if weight * sign > 0]
        if found:
            parts.append(f"{title}: {'; '.join(found)}")
    missing = [
        each.name.split(":")[-1].replace("_", " ") for each, level in zip(comparisons, levels, strict=True) if level < 0
    ]
    if missing:
        parts.append(f"Not known on both sides: {', '.join(missing)}")
    parts.append(f"Starting point: {prior:+.1f}")
    return ". ".join(parts) + "."


def _words(comparison: Comparison, level: int) -> str:
    return comparison.levels[len(comparison.levels) - 1 - level].words


def _verdict(chance: float) -> str:
    for least, words in _SURE:
        if chance >= least:
            return words
    return "Probably not the same person" if chance >= 0.01 else "Not the same person"


def _percent(chance: float) -> str:
    if chance > 0.999:
        return "above 99.9%"
    return (
        "below 0.1%" if chance < 0.001 else f"{100 * chance:.0f}%" if 0.01 <= chance <= 0.99 else f"{100 * chance:.1f}%"
    )
