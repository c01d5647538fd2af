"""Tempered sequential Monte Carlo: from the prior to the posterior, finding every mode and weighing it.

A cloud of states starts as draws from the prior. The likelihood is raised to a power that grows from 0 to 1 in steps
small enough that the weights stay even; after each step the cloud is resampled in proportion to its weights and moved
by Hamiltonian steps (Del Moral, Doucet and Jasra 2006). Modes survive in proportion to their probability, and the
product of mean weights estimates the evidence.
"""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from consilience.estimation.latent.density import log_posterior, working_room
from consilience.estimation.latent.model import Problem
from consilience.estimation.latent.moves import draw_sticks, gibbs_sweep, hamiltonian_step, log_gamma_draw

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]

_EVENNESS = 0.6
_LEAPS = 10
_WANTED = 0.7


@njit(cache=True, nogil=True)
def draw_prior(rng: np.random.Generator, problem: Problem, cloud: Numbers) -> None:
    """Fill `cloud`, shape (M, size), with draws from the prior."""
    lists, settings = problem.lists, problem.settings
    classes = int(settings[0])
    nobody = np.zeros(classes)
    for particle in range(len(cloud)):
        state = cloud[particle]
        for place in range(lists * classes):
            state[place] = log_gamma_draw(rng, settings[4]) - log_gamma_draw(rng, settings[5])
        concentration = math.exp(log_gamma_draw(rng, settings[2])) / settings[3]
        for k in range(classes - 1):
            rest = math.log(max(rng.random(), 1e-300)) / max(concentration, 1e-12)
            state[lists * classes + k] = -rest if rest < -30.0 else math.log(math.expm1(-rest))
        draw_sticks(rng, state[lists * classes :], nobody, settings)


@njit(cache=True, nogil=True)
def evenness(values: Numbers, rise: float) -> float:
    """Return the share of the cloud that counts after the heat rises (effective size over size)."""
    weights = np.exp(rise * (values - values.max()))
    return float(weights.sum() ** 2 / ((weights * weights).sum() * len(values)))


@njit(cache=True, nogil=True)
def next_heat(values: Numbers, heat: float) -> float:
    """Return the highest heat, at most 1, at which the weights stay even enough; by bisection."""
    if evenness(values, 1.0 - heat) >= _EVENNESS:
        return 1.0
    low, high = 0.0, 1.0 - heat
    for _ in range(50):
        middle = 0.5 * (low + high)
        if evenness(values, middle) >= _EVENNESS:
            low = middle
        else:
            high = middle
    return heat + max(low, 1e-9)


@njit(cache=True, nogil=True)
def resample(rng: np.random.Generator, weights: Numbers) -> Places:
    """Return places drawn in proportion to `weights`, systematically, shape (M,)."""
    number = len(weights)
    chosen = np.empty(number, dtype=np.int64)
    position = rng.random()
    total = weights.sum()
    reached = weights[0]
    place = 0
    for index in range(number):
        while reached * number < (position + index) * total and place < number - 1:
            place += 1
            reached += weights[place]
        chosen[index] = place
    return chosen


@njit(cache=True, nogil=True)
def temper(
    rng: np.random.Generator,
    cloud: Numbers,
    problem: Problem,
    moves: int,
) -> tuple[float, float, Numbers]:
    """Carry `cloud`, shape (M, size), from the prior to the posterior, in place.

    Returns:
        The log evidence (up to a constant of the table), the step length at the end, and the heats passed.
    """
    room = working_room(problem.lists, problem.settings)
    gradient = np.zeros(cloud.shape[1])
    values = np.empty(len(cloud))
    heats = [0.0]
    evidence, step = 0.0, 0.3
    draw_prior(rng, problem, cloud)
    for particle in range(len(cloud)):
        values[particle] = log_posterior(cloud[particle], problem, 0.0, gradient, room)[1]
    while heats[-1] < 1.0:
        heat = next_heat(values, heats[-1])
        weights = np.exp((heat - heats[-1]) * (values - values.max()))
        evidence += math.log(weights.mean()) + (heat - heats[-1]) * values.max()
        chosen = resample(rng, weights)
        cloud[:] = cloud[chosen]
        heats.append(heat)
        for _ in range(moves):
            accepted = 0.0
            for particle in range(len(cloud)):
                if heat == 1.0:
                    gibbs_sweep(rng, cloud[particle], problem, room)
                length = step * (0.6 + 0.8 * rng.random())
                chance, values[particle] = hamiltonian_step(
                    rng, cloud[particle], problem, heat, length, _LEAPS, gradient, room
                )
                accepted += chance
            step *= math.exp(0.7 * (accepted / len(cloud) - _WANTED))
    return evidence, step, np.array(heats)
