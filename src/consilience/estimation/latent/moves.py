"""The moves of the latent class engine, compiled: a Hamiltonian step, a Gibbs sweep, and draws of the unseen count.

The Hamiltonian step (Neal 2011) follows the gradient and crosses smooth posteriors fast. The Gibbs sweep is the one of
Manrique-Vallier (2016): it draws memberships, the unseen count and the concentration again and every parameter given
them, and is what carries the state through flat regions and empty classes.

Every function takes a NumPy generator, so the same seed gives the same draws.
"""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from consilience.estimation.latent.density import class_terms, log_below_cap, log_posterior
from consilience.estimation.latent.model import Problem

Numbers = NDArray[np.float64]

_TINY = 1e-300
_TRIES = 200
_SMALLEST = 1e-280
_UNLIKELY = math.log(0.05)


@njit(cache=True, nogil=True)
def hamiltonian_step(
    rng: np.random.Generator,
    state: Numbers,
    problem: Problem,
    heat: float,
    step: float,
    leaps: int,
    gradient: Numbers,
    room: Numbers,
) -> tuple[float, float]:
    """Move `state` along one trajectory, in place, and return the chance of acceptance and the log likelihood."""
    size = len(state)
    start = state.copy()
    momentum = np.empty(size)
    for place in range(size):
        momentum[place] = rng.standard_normal()
    prior, value = log_posterior(state, problem, heat, gradient, room)
    before = prior + heat * value - 0.5 * (momentum * momentum).sum()
    old_value = value
    for _ in range(leaps):
        for place in range(size):
            momentum[place] += 0.5 * step * gradient[place]
            state[place] += step * momentum[place]
        prior, value = log_posterior(state, problem, heat, gradient, room)
        for place in range(size):
            momentum[place] += 0.5 * step * gradient[place]
    after = prior + heat * value - 0.5 * (momentum * momentum).sum()
    chance = min(1.0, math.exp(min(0.0, after - before))) if math.isfinite(after) else 0.0
    if rng.random() >= chance:
        state[:] = start
        value = old_value
    return chance, value


@njit(cache=True, nogil=True)
def log_gamma_draw(rng: np.random.Generator, shape: float) -> float:
    """Return the log of a standard gamma draw; exact where a small shape would underflow."""
    if shape >= 1.0:
        return math.log(max(rng.standard_gamma(shape), _TINY))
    return math.log(max(rng.standard_gamma(shape + 1.0), _TINY)) + math.log(max(rng.random(), _TINY)) / shape


@njit(cache=True, nogil=True)
def draw_unseen(rng: np.random.Generator, observed: float, cap: float, seen: float) -> float:
    """Return a negative binomial count of unseen people, given that it does not exceed the cap."""
    log_chance, _ = log_below_cap(observed, cap, seen)
    if log_chance > _UNLIKELY:
        for _ in range(_TRIES):
            mean = rng.standard_gamma(observed) * (1.0 - seen) / seen
            unseen = float(rng.poisson(mean)) if mean < 1e15 else cap + 1.0
            if unseen <= cap:
                return unseen
    return draw_just_below_cap(rng, observed, cap, 1.0 - seen)


@njit(cache=True, nogil=True)
def draw_just_below_cap(rng: np.random.Generator, observed: float, cap: float, unseen_chance: float) -> float:
    """Walk down from the cap, where nearly all of the truncated count lies, by the ratios of its probabilities."""
    total = 0.0
    chosen = cap
    weight = 1.0
    count = cap
    while count >= 0.0 and weight > 1e-14 * total:
        total += weight
        if rng.random() * total < weight:
            chosen = count
        weight *= count / ((observed + count - 1.0) * unseen_chance)
        count -= 1.0
    return chosen


@njit(cache=True, nogil=True)
def pick(rng: np.random.Generator, chance: Numbers) -> int:
    """Return one class, drawn in proportion to `chance`, shape (classes,)."""
    left = rng.random() * chance.sum()
    for k in range(len(chance) - 1):
        left -= chance[k]
        if left < 0.0:
            return k
    return len(chance) - 1


@njit(cache=True, nogil=True)
def allot(rng: np.random.Generator, people: float, chance: Numbers, classes_of: Numbers) -> None:
    """Share `people` out over the classes in proportion to `chance`, into `classes_of`, both of shape (classes,)."""
    classes = len(chance)
    left = chance.sum()
    for k in range(classes):
        classes_of[k] = 0.0
    for k in range(classes - 1):
        if people <= 0.0:
            return
        share = chance[k] / left if left > 0.0 else 1.0
        taken = float(rng.binomial(int(people), min(1.0, max(0.0, share))))
        classes_of[k] = taken
        people -= taken
        left -= chance[k]
    classes_of[classes - 1] = people


@njit(cache=True, nogil=True)
def unseen_given(rng: np.random.Generator, state: Numbers, problem: Problem, room: Numbers) -> tuple[float, float]:
    """Return a draw of the unseen count given the state, and the logit of the chance to be unseen."""
    lists = problem.lists
    nobody = class_terms(
        state, int(problem.settings[0]) - 1, room[:lists], room[2 * lists + 1], room[2 * lists + 2], room[2 * lists + 3]
    )
    seen = max(1.0 - nobody, 1e-12)
    return draw_unseen(rng, problem.counts.sum(), problem.settings[1], seen), math.log(max(nobody, _TINY) / seen)


@njit(cache=True, nogil=True)
def gibbs_sweep(  # noqa: C901 - one sweep over the patterns; calls would cost more than the work
    rng: np.random.Generator,
    state: Numbers,
    problem: Problem,
    room: Numbers,
) -> float:
    """Draw everything anew given the rest, in place, and return the unseen count that was drawn on the way."""
    lists, settings = problem.lists, problem.settings
    classes = int(settings[0])
    odds, held = room[:lists], room[lists : 2 * lists + 1]
    silent, taken = room[2 * lists + 2], room[2 * lists + 3]
    nobody = class_terms(state, classes - 1, odds, room[2 * lists + 1], silent, taken)
    unseen = draw_unseen(rng, problem.counts.sum(), settings[1], max(1.0 - nobody, 1e-12))
    held[:] = 0.0
    allot(rng, unseen, silent[:classes], held[lists])
    chance = room[2 * lists + 4]
    for x in range(len(problem.counts)):
        chance[:] = silent
        for place in range(problem.starts[x], problem.starts[x + 1]):
            row = odds[problem.members[place]]
            for k in range(len(row)):
                chance[k] *= row[k]
        if problem.counts[x] == 1.0:
            k = pick(rng, chance[:classes])
            held[lists, k] += 1.0
            for place in range(problem.starts[x], problem.starts[x + 1]):
                held[problem.members[place], k] += 1.0
            continue
        allot(rng, problem.counts[x], chance[:classes], taken[:classes])
        for k in range(classes):
            held[lists, k] += taken[k]
        for place in range(problem.starts[x], problem.starts[x + 1]):
            for k in range(classes):
                held[problem.members[place], k] += taken[k]
    for j in range(lists):
        for k in range(classes):
            on = log_gamma_draw(rng, settings[4] + held[j, k])
            state[j * classes + k] = on - log_gamma_draw(rng, settings[5] + held[lists, k] - held[j, k])
    draw_sticks(rng, state[lists * classes :], held[lists], settings)
    relabel(rng, state, lists, classes)
    return unseen


@njit(cache=True, nogil=True)
def relabel(rng: np.random.Generator, state: Numbers, lists: int, classes: int) -> None:
    """Propose to swap the names of neighbouring classes, shares and capture chances together, in place.

    The likelihood does not change. In terms of the shares the prior changes only through what the first of the two
    leaves of the stick (Papaspiliopoulos and Roberts 2008), so the ratio is the rest before over the rest after.
    """
    offset = lists * classes
    for k in range(classes - 2):
        first, first_rest = 1.0 / (1.0 + math.exp(-state[offset + k])), 1.0 / (1.0 + math.exp(state[offset + k]))
        second = 1.0 / (1.0 + math.exp(-state[offset + k + 1]))
        beyond = first_rest / (1.0 + math.exp(state[offset + k + 1]))
        if min(first, first_rest * second, beyond) < _SMALLEST:
            continue
        rest = first + beyond
        if rng.random() * rest < first_rest:
            state[offset + k] = math.log(first_rest * second) - math.log(rest)
            state[offset + k + 1] = math.log(first) - math.log(beyond)
            for j in range(lists):
                kept = state[j * classes + k]
                state[j * classes + k] = state[j * classes + k + 1]
                state[j * classes + k + 1] = kept


@njit(cache=True, nogil=True)
def draw_sticks(rng: np.random.Generator, logits: Numbers, people: Numbers, settings: Numbers) -> None:
    """Draw the concentration given the sticks, then the sticks given it and the people in each class, in place."""
    sticks = len(logits)
    spent = 0.0
    for k in range(sticks):
        spent += logits[k] + math.log1p(math.exp(-logits[k])) if logits[k] > -30.0 else 0.0
    concentration = math.exp(log_gamma_draw(rng, settings[2] + sticks)) / (settings[3] + spent)
    later = people[sticks]
    for back in range(sticks):
        k = sticks - 1 - back
        logits[k] = log_gamma_draw(rng, 1.0 + people[k]) - log_gamma_draw(rng, concentration + later)
        later += people[k]
