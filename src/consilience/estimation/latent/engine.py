"""The latent class engine: find and weigh the modes, run chains from them, say how far to trust the result.

1. Islands: several independent clouds are tempered from the prior to the posterior, each with an estimate of the
   evidence. Together they are the weighted map of the modes.
2. Chains start from states drawn from that map, warm up, and run until R-hat is below 1.01 and the effective sample
   sizes are above 400, or the effort is spent.
3. Where islands of comparable evidence hold different answers, or plain chains fail, the chains are run again with
   exchange between heats, which crosses between modes.

Same table, prior and seed: same draws, on one worker or on several, because every island and chain has a random
stream of its own.

>>> from consilience.estimation.capture import CaptureTable
>>> table = CaptureTable.build("ABC", [[1,0,0],[0,1,0],[0,0,1],[1,1,0],[1,0,1],[0,1,1],[1,1,1]], [30,30,30,20,20,20,12])
>>> quick = quick_latent(table, seed=1, particles=50, islands=2)
>>> quick.shape, bool((quick >= table.observed).all())
((100,), True)
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from consilience.estimation.capture import CaptureTable
from consilience.estimation.convergence import Convergence, diagnose, ess_bulk
from consilience.estimation.latent.chains import run_chain, run_exchanged, unseen_of_cloud, usual_leaps
from consilience.estimation.latent.model import STANDARD_PRIOR, Prior, Problem, pose, state_size
from consilience.estimation.latent.tempering import temper

Numbers = NDArray[np.float64]
Task = TypeVar("Task")
Result = TypeVar("Result")

_COMPARABLE = 10.0
_RUNGS = 12
_MOVES = 3
_QUICK_MOVES = 2
_LEARNING = 0.08
_LEAPS = (8, 12, 20, 32)
_NARROW = 0.1
_WIDE_TABLE = 300
_FEWEST_PARTICLES = 32
_SWEEP = 4.0


@dataclass(frozen=True, slots=True)
class Effort:
    """How much work to do.

    Attributes:
        chains: how many chains (and islands).
        particles: states per island.
        warm_up: rounds that tune the step before draws are kept.
        trial: rounds per path length tried after that, where the posterior is narrow.
        draws: rounds kept per chain at first; doubled until converged.
        most_draws: rounds kept per chain at most.
    """

    chains: int = 4
    particles: int = 160
    warm_up: int = 200
    trial: int = 150
    draws: int = 2500
    most_draws: int = 20000


STANDARD_EFFORT = Effort()


@dataclass(frozen=True, slots=True, eq=False)
class LatentFit:
    """Draws of the population size, and what is known about them.

    Attributes:
        draws: population sizes, shape (chains, draws).
        convergence: R-hat, effective sample sizes, Monte-Carlo errors.
        evidence: log evidence of each island, shape (islands,).
        modes_apart: whether islands of comparable evidence gave answers that do not overlap.
        exchanged: whether the draws come from chains with exchange between heats.
        mass_at_cap: share of draws in the highest tenth of the allowed unseen count.
        heats: the heats that the first island passed through.
    """

    draws: Numbers
    convergence: Convergence
    evidence: Numbers
    modes_apart: bool
    exchanged: bool
    mass_at_cap: float
    heats: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Island:
    """One tempered cloud: states (M, size), unseen counts (M,), log evidence, step length, heats passed."""

    cloud: Numbers
    unseen: Numbers
    evidence: float
    step: float
    heats: Numbers


def sample_latent(
    table: CaptureTable,
    *,
    seed: int,
    prior: Prior = STANDARD_PRIOR,
    effort: Effort = STANDARD_EFFORT,
    workers: int = 1,
) -> LatentFit:
    """Draw the population size from its posterior under the latent class model.

    Args:
        table: three lists or more.
        seed: the same seed gives the same draws, whatever `workers` is.
        prior: what is believed before the data.
        effort: how much work to do.
        workers: threads to run islands and chains on.

    Raises:
        EstimationRefused: fewer than three lists, or nobody observed.
    """
    problem = pose(table, prior)
    streams = np.random.SeedSequence(seed).spawn(5)
    islands = grow_islands(problem, streams[0], effort.chains, effort.particles, workers)
    apart = _modes_apart(islands)
    starts = _starting_states(islands, effort.chains, np.random.default_rng(streams[1]))
    unseen = np.empty((effort.chains, 0))
    if not apart:
        unseen = _plain_chains(problem, islands, starts, streams[2], effort, workers)
    exchanged = apart or not diagnose(unseen).converged
    if exchanged:
        unseen = _exchanged_chains(problem, islands, starts, streams[3], effort, workers)
    return LatentFit(
        unseen + table.observed,
        diagnose(unseen + np.random.default_rng(streams[4]).random(unseen.shape)),  # ties would hide the error
        np.array([island.evidence for island in islands]),
        apart,
        exchanged,
        float((unseen > 0.9 * problem.settings[1]).mean()),
        islands[0].heats,
    )


def quick_latent(
    table: CaptureTable,
    *,
    seed: int,
    prior: Prior = STANDARD_PRIOR,
    particles: int = 100,
    islands: int = 2,
    workers: int = 1,
) -> Numbers:
    """Return a rough posterior sample, shape (islands * particles,), from the tempered clouds alone, to compare."""
    problem = pose(table, prior)
    grown = grow_islands(problem, np.random.SeedSequence(seed), islands, particles, workers, moves=_QUICK_MOVES)
    rng = np.random.default_rng(np.random.SeedSequence(seed).spawn(islands + 1)[-1])
    weights = _evidence_weights(grown)
    chosen = rng.choice(islands, size=islands * particles, p=weights)
    picked = rng.integers(len(grown[0].cloud), size=islands * particles)
    return np.array([grown[i].unseen[m] for i, m in zip(chosen, picked, strict=True)]) + table.observed


def grow_islands(
    problem: Problem,
    stream: np.random.SeedSequence,
    islands: int,
    particles: int,
    workers: int,
    *,
    moves: int = _MOVES,
) -> list[Island]:
    """Temper `islands` clouds, each with its own random stream, of `particles` states (fewer for very wide tables)."""
    work = len(problem.members) + len(problem.counts)
    size = max(min(particles, _FEWEST_PARTICLES), particles * _WIDE_TABLE // max(work, _WIDE_TABLE))

    def grow(child: np.random.SeedSequence) -> Island:
        rng = np.random.default_rng(child)
        cloud = np.zeros((size, state_size(problem)))
        evidence, step, heats = temper(rng, cloud, problem, moves)
        unseen = unseen_of_cloud(rng, cloud, problem)
        return Island(cloud, unseen, evidence, step, heats)

    return _each(grow, stream.spawn(islands), workers)


def _each(work: Callable[[Task], Result], tasks: Sequence[Task], workers: int) -> list[Result]:
    """Run `work` on each task, in threads where there are several workers: compiled code runs without the lock."""
    if workers <= 1:
        return [work(task) for task in tasks]
    with ThreadPoolExecutor(max_workers=workers) as pool:
        return list(pool.map(work, tasks))


def _evidence_weights(islands: Sequence[Island]) -> Numbers:
    evidence = np.array([island.evidence for island in islands])
    weights = np.exp(evidence - evidence.max())
    return np.asarray(weights / weights.sum())


def _modes_apart(islands: Sequence[Island]) -> bool:
    """Return whether islands that the evidence cannot tell apart have central halves that do not overlap."""
    best = max(island.evidence for island in islands)
    halves = [np.quantile(island.unseen, [0.25, 0.75]) for island in islands if best - island.evidence < _COMPARABLE]
    return bool(max(half[0] for half in halves) > min(half[1] for half in halves))


def _starting_states(islands: Sequence[Island], chains: int, rng: np.random.Generator) -> list[Numbers]:
    chosen = rng.choice(len(islands), size=chains, p=_evidence_weights(islands))
    return [islands[island].cloud[rng.integers(len(islands[island].cloud))].copy() for island in chosen]


def _plain_chains(
    problem: Problem,
    islands: Sequence[Island],
    states: Sequence[Numbers],
    stream: np.random.SeedSequence,
    effort: Effort,
    workers: int,
) -> Numbers:
    rngs = [np.random.default_rng(child) for child in stream.spawn(len(states))]
    step = float(np.median([island.step for island in islands]))
    own = [state.copy() for state in states]
    steps = [step for _ in states]

    def run(chain: int, rounds: int, leaps: int, learning: float) -> Numbers:
        kept = np.empty((2, rounds))
        arguments = (problem, steps[chain], leaps, learning, kept[0], kept[1])
        steps[chain] = float(run_chain(rngs[chain], own[chain], *arguments))
        return kept

    usual = usual_leaps(step)
    warmed = _each(lambda chain: run(chain, effort.warm_up, usual, _LEARNING), range(len(own)), workers)
    best = usual
    if np.std([kept[1][effort.warm_up // 2 :] for kept in warmed]) < _NARROW:
        worth = []
        for leaps in _LEAPS:
            trial = _each(lambda chain: run(chain, effort.trial, leaps, 0.0), range(len(own)), workers)  # noqa: B023
            worth.append(_worth(np.array([kept[1] for kept in trial]), leaps))
        best = _LEAPS[int(np.argmax(worth))]

    def advance(chain: int, rounds: int) -> Numbers:
        return np.asarray(run(chain, rounds, best, 0.0)[0])

    return _until_converged(advance, len(own), effort, workers)


def _worth(logits: Numbers, leaps: int) -> float:
    """Return effective draws of the logit of the unseen chance per unit of work, for paths of at most `leaps`.

    A Gibbs sweep costs about as much as `_SWEEP` gradients.
    """
    return ess_bulk(logits) / (_SWEEP + (leaps + 1) / 2)


def _exchanged_chains(
    problem: Problem,
    islands: Sequence[Island],
    states: Sequence[Numbers],
    stream: np.random.SeedSequence,
    effort: Effort,
    workers: int,
) -> Numbers:
    rngs = [np.random.default_rng(child) for child in stream.spawn(len(states))]
    heats = _ladder(islands[0].heats)
    step = float(np.median([island.step for island in islands]))
    ladders = [np.repeat(state[None, :], len(heats), axis=0) for state in states]
    steps = [step / np.sqrt(np.maximum(heats, 0.01)) for _ in states]

    def advance(chain: int, rounds: int, *, learning: float = 0.0) -> Numbers:
        kept = np.empty(rounds)
        run_exchanged(rngs[chain], ladders[chain], heats, problem, steps[chain], learning, kept)
        return kept

    _each(lambda chain: advance(chain, effort.warm_up, learning=_LEARNING), range(len(states)), workers)
    return _until_converged(advance, len(states), effort, workers)


def _ladder(heats: Numbers) -> Numbers:
    """Return about a dozen of the heats that the cloud passed, the first above 0 and the last 1."""
    passed = heats[1:]
    return np.unique(passed[np.rint(np.linspace(0, len(passed) - 1, min(_RUNGS, len(passed)))).astype(int)])


def _until_converged(advance: Callable[[int, int], Numbers], chains: int, effort: Effort, workers: int) -> Numbers:
    """Keep draws, twice as many each time, until they have converged or the effort is spent."""
    kept = np.empty((chains, 0))
    rounds = effort.draws
    while kept.shape[1] < effort.most_draws:
        more = _each(lambda chain: advance(chain, rounds), range(chains), workers)  # noqa: B023 - used at once
        kept = np.concatenate([kept, np.array(more)], axis=1)
        if diagnose(kept).converged:
            break
        rounds = kept.shape[1]
    return kept
