"""How far a list can be compared with the others: how it was recoded, how exact its dates are, how its mix differs.

A list that confuses two codes over its whole length shows no change. Held against the others in the same areas and
years, its odds of the one code against the other stand the wrong way round: the pooled odds ratio over areas and years
(Mantel and Haenszel 1959, J. Natl. Cancer Inst. 22) is about the square of what the pair's own odds are. Lists have
habits, so the finding is a question, raised only for pairs of which every other list holds one code at least three
times as often, where there are two other lists at least.

>>> counts = np.array([[[400.0, 100.0], [100.0, 400.0], [100.0, 400.0]]])    # strata x lists x codes
>>> [(found.source, found.codes) for found in whole_exchanges(counts, ["a", "b", "c"])]
[('a', (0, 1))]
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from consilience.engine.base import Engine, quote_literal
from consilience.formats.snapshot import Coverage
from consilience.quality.finding import Dimension, Finding, Parameter, Severity

Cube = npt.NDArray[np.float64]
FEWEST = 30
"""The fewest records of a pair, in a list, from which its odds are judged."""
LEAST_ODDS = 3.0
LARGEST_CHANGE_OF_PAIR = 1.5
_LOOSE = ("broader", "narrower", "partial")


@dataclass(frozen=True, slots=True)
class Strata:
    """Acts counted by stratum (area and year), list and code.

    Attributes:
        sources: the lists, as along the second side.
        codes: the codes, as along the third.
        counts: strata x lists x codes.
    """

    sources: tuple[str, ...]
    codes: tuple[str, ...]
    counts: Cube


@dataclass(frozen=True, slots=True)
class WholeExchange:
    """Two codes that stand for each other in the whole of a list: its odds, and what the others let expect."""

    source: str
    codes: tuple[int, int]
    odds: float
    expected: float


def strata(engine: Engine, sources: Sequence[str]) -> Strata:
    """Count the acts of each list by area, year and violation, where all three are known."""
    listed = ", ".join(quote_literal(source) for source in sources)
    table = engine.fetch(f"""
SELECT t.source, t.violation, t.area, EXTRACT(YEAR FROM t.date_earliest) AS year, COUNT(*) AS n
FROM acts AS t WHERE t.source IN ({listed}) AND t.violation IS NOT NULL AND t.area IS NOT NULL
    AND EXTRACT(YEAR FROM t.date_earliest) = EXTRACT(YEAR FROM t.date_latest)
GROUP BY 1, 2, 3, 4""")
    columns = table.to_pydict()
    cells = {
        cell: number for number, cell in enumerate(sorted(set(zip(columns["area"], columns["year"], strict=True))))
    }
    codes = {code: number for number, code in enumerate(sorted(set(columns["violation"])))}
    lists = {source: number for number, source in enumerate(sources)}
    counts = np.zeros((len(cells), len(lists), len(codes)))
    place = (
        [cells[cell] for cell in zip(columns["area"], columns["year"], strict=True)],
        [lists[source] for source in columns["source"]],
        [codes[code] for code in columns["violation"]],
    )
    np.add.at(counts, place, columns["n"])
    return Strata(tuple(sources), tuple(codes), counts)


def divergence(counts: Cube, source: int) -> float | None:
    """Return how many of a list's records would need another code to have the others' mix: 0 to 1.

    The total variation distance of the list's mix from the others' mix in the same strata, each stratum with the weight
    it has in the list. None where no other list has records there.
    """
    own, others = counts[:, source, :], counts.sum(axis=1) - counts[:, source, :]
    both = (own.sum(axis=1) > 0) & (others.sum(axis=1) > 0)
    if not both.any():
        return None
    weight = own[both].sum(axis=1, keepdims=True)
    standard = (others[both] / others[both].sum(axis=1, keepdims=True) * weight).sum(axis=0) / weight.sum()
    return float(np.abs(own[both].sum(axis=0) / weight.sum() - standard).sum() / 2)


def whole_exchanges(counts: Cube, sources: Sequence[str]) -> list[WholeExchange]:
    """Return the pairs of codes that look exchanged over the whole of a list."""
    found = []
    for one, other in combinations(range(counts.shape[2]), 2):
        totals = counts[:, :, [one, other]].sum(axis=0)
        held = [int(each) for each in np.flatnonzero(totals.sum(axis=1) >= FEWEST)]
        for source in held:
            rest = [each for each in held if each != source]
            if len(rest) >= 2 and (exchanged := _exchanged(counts, source, rest, (one, other))) is not None:
                found.append(WholeExchange(sources[source], (one, other), *exchanged))
    return found


def _exchanged(counts: Cube, source: int, rest: Sequence[int], codes: tuple[int, int]) -> tuple[float, float] | None:
    """Return the odds of the pair in the list, and as the others let expect, where the one looks like the reverse."""
    log_odds = np.log([_odds(counts[:, each, :].sum(axis=0), codes) for each in (source, *rest)])
    own, others = float(log_odds[0]), log_odds[1:]
    if np.abs(others).min() < np.log(LEAST_ODDS) or np.ptp(np.sign(others)) or np.sign(own) == np.sign(others[0]):
        return None
    pooled = counts[:, rest, :].sum(axis=1)
    likely = own - _mantel_haenszel(counts[:, source, :], pooled, codes)
    nearer = abs(own + likely) < abs(own - likely) / 3
    return (float(np.exp(own)), float(np.exp(likely))) if nearer and _keeps_pair(counts, source, rest, codes) else None


def _odds(counts: Cube, codes: tuple[int, int]) -> float:
    return float((counts[codes[0]] + 0.5) / (counts[codes[1]] + 0.5))


def _mantel_haenszel(own: Cube, others: Cube, codes: tuple[int, int]) -> float:
    """Return the log of the pooled odds ratio of two codes between a list and the others, over the strata."""
    (a, b), (c, d) = own[:, list(codes)].T, others[:, list(codes)].T
    total = np.maximum(a + b + c + d, 1)
    return float(np.log(((a * d / total).sum() + 0.5) / ((b * c / total).sum() + 0.5)))


def _keeps_pair(counts: Cube, source: int, rest: Sequence[int], codes: tuple[int, int]) -> bool:
    """Whether the two codes together have about the share of the list that they have in the others."""
    own, others = counts[:, source, :].sum(axis=0), counts[:, rest, :].sum(axis=(0, 1))
    growth = (own[list(codes)].sum() / own.sum()) / (others[list(codes)].sum() / others.sum())
    return bool(1 / LARGEST_CHANGE_OF_PAIR < growth < LARGEST_CHANGE_OF_PAIR)


def comparison(
    found: Strata, coverage: Mapping[str, Sequence[Coverage]], uncertain: Mapping[str, Mapping[str, float]]
) -> list[Finding]:
    """Return, for each list, how far it can be compared with the others, and the pairs that look exchanged in it."""
    findings = []
    for number, source in enumerate(found.sources):
        apart = divergence(found.counts, number)
        if apart is not None:
            parameters: dict[str, Parameter] = {
                "mix": round(100 * apart, 1),
                "loose": round(100 * loose_share(coverage.get(source, ())), 1),
                "dates": round(100 * uncertain.get(source, {}).get("date", 0.0), 1),
            }
            findings.append(
                Finding("comparability.lists", source, Dimension.COHERENCE, Severity.INFO, "acts", apart, 0,
                        parameters=parameters)
            )  # fmt: skip
    return [*findings, *(_whole(found, each) for each in whole_exchanges(found.counts, found.sources))]


def loose_share(coverage: Sequence[Coverage]) -> float:
    """Return the share of the recoded rows whose shared code is broader, narrower or only partly the same."""
    total = sum(sum(each.records.values()) for each in coverage)
    loose = sum(each.records.get(relation, 0) for each in coverage for relation in _LOOSE)
    return loose / total if total else 0.0


def _whole(found: Strata, each: WholeExchange) -> Finding:
    one, other = (found.codes[code] for code in each.codes)
    return Finding(
        "miscoding.whole",
        each.source,
        Dimension.ACCURACY,
        Severity.WARNING,
        f"{one}, {other}",
        each.odds,
        each.expected,
        parameters={"one": one, "other": other, "odds": round(each.odds, 2), "expected": round(each.expected, 2)},
    )
