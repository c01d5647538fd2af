"""Chains of the latent class engine, compiled: one Hamiltonian step and one Gibbs sweep each time, plain or exchanged.

A plain chain stays where the posterior is. An exchanged chain (parallel tempering, Geyer 1991) runs a ladder of copies
whose likelihoods are raised to powers between 0 and 1 and lets neighbours swap places, so that it crosses between
modes that no plain chain would ever leave. It costs a ladder's worth of work, and is used where there are such modes.
"""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from consilience.estimation.latent.density import working_room
from consilience.estimation.latent.model import Problem
from consilience.estimation.latent.moves import gibbs_sweep, hamiltonian_step, unseen_given

Numbers = NDArray[np.float64]

_WANTED = 0.8
_REACH = 0.2
_MOST_LEAPS = 64


@njit(cache=True, nogil=True)
def usual_leaps(step: float) -> int:
    """Return how many leaps at most: many where the posterior is narrow and steps are short, few where it is wide."""
    return max(4, min(_MOST_LEAPS, int(_REACH / (step * step))))


@njit(cache=True, nogil=True)
def run_chain(
    rng: np.random.Generator,
    state: Numbers,
    problem: Problem,
    step: float,
    leaps: int,
    learning: float,
    unseen: Numbers,
    logits: Numbers,
) -> float:
    """Advance `state` in place, one draw of the unseen count per round.

    Args:
        rng: the chain's own source of randomness.
        state: logits, shape (size,).
        problem: the table and the prior.
        step: step length of the leaps.
        leaps: how many leaps at most; their number is drawn each round, so that no period can form.
        learning: how fast the step is tuned (warm-up); 0 leaves it alone (kept draws).
        unseen: filled, shape (rounds,).
        logits: filled with the logit of the chance to be unseen, shape (rounds,).

    Returns:
        The step length.
    """
    room = working_room(problem.lists, problem.settings)
    gradient = np.zeros(len(state))
    for round_ in range(len(unseen)):
        gibbs_sweep(rng, state, problem, room)
        length = step * (0.8 + 0.4 * rng.random())
        drawn = 1 + int(rng.random() * leaps)
        chance, _ = hamiltonian_step(rng, state, problem, 1.0, length, drawn, gradient, room)
        step *= math.exp(learning * (chance - _WANTED))
        unseen[round_], logits[round_] = unseen_given(rng, state, problem, room)
    return step


@njit(cache=True, nogil=True)
def run_exchanged(
    rng: np.random.Generator,
    states: Numbers,
    heats: Numbers,
    problem: Problem,
    steps: Numbers,
    learning: float,
    unseen: Numbers,
) -> float:
    """Advance a ladder of copies in place; draws are of the copy at heat 1, the last.

    Args:
        rng: the ladder's own source of randomness.
        states: one state per rung, shape (R, size), ascending heat.
        heats: shape (R,), the last 1.
        problem: the table and the prior.
        steps: step length per rung, shape (R,), tuned in place.
        learning: how fast the steps are tuned (warm-up); 0 leaves them alone (kept draws).
        unseen: filled, shape (rounds,).

    Returns:
        The share of proposed swaps that were taken.
    """
    rungs = len(heats)
    room = working_room(problem.lists, problem.settings)
    gradient = np.zeros(states.shape[1])
    now = np.empty(rungs)
    taken = 0.0
    for round_ in range(len(unseen)):
        for rung in range(rungs):
            if rung == rungs - 1:
                gibbs_sweep(rng, states[rung], problem, room)
            length = steps[rung] * (0.8 + 0.4 * rng.random())
            leaps = 1 + int(rng.random() * usual_leaps(steps[rung]))
            chance, now[rung] = hamiltonian_step(rng, states[rung], problem, heats[rung], length, leaps, gradient, room)
            steps[rung] *= math.exp(learning * (chance - _WANTED))
        for rung in range(round_ % 2, rungs - 1, 2):
            gain = (heats[rung + 1] - heats[rung]) * (now[rung] - now[rung + 1])
            if rng.random() < math.exp(min(0.0, gain)):
                for place in range(states.shape[1]):
                    kept = states[rung, place]
                    states[rung, place] = states[rung + 1, place]
                    states[rung + 1, place] = kept
                now[rung], now[rung + 1] = now[rung + 1], now[rung]
                taken += 1.0
        unseen[round_], _ = unseen_given(rng, states[rungs - 1], problem, room)
    return taken / max(1.0, len(unseen) * (rungs - 1) / 2)


@njit(cache=True, nogil=True)
def unseen_of_cloud(rng: np.random.Generator, cloud: Numbers, problem: Problem) -> Numbers:
    """Return a draw of the unseen count for each state of the cloud, shape (M,)."""
    room = working_room(problem.lists, problem.settings)
    unseen = np.empty(len(cloud))
    for particle in range(len(cloud)):
        unseen[particle], _ = unseen_given(rng, cloud[particle], problem, room)
    return unseen
