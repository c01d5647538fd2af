"""The log posterior of the latent class model and its gradient, compiled.

With memberships and the unseen count summed out, what is left of the likelihood is the product of p(x)^n(x) over the
observed patterns, over (1 - p0)^n, times the chance that a negative binomial count stays below the cap; p0 is the
probability that no list records a person. A pattern's probability is a class's chance of being on no list times the
odds of the lists it stands on: only the ones of a pattern cost anything, so wide sparse tables stay cheap.

The concentration is gamma distributed and the sticks are Beta(1, concentration); integrating it out leaves
(rate - sum log(1 - V))^-(shape + K - 1) times a product of the V, on the logit scale.
"""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from consilience.estimation.latent.model import Problem

Numbers = NDArray[np.float64]

_TINY = 1e-300
_SMALL = 1e-140
_LANES = 16
_FRACTION_STEPS = 3000
_FRACTION_TOLERANCE = 1e-13


@njit(cache=True, nogil=True)
def beta_fraction(first: float, second: float, share: float) -> float:
    """Return the continued fraction of the incomplete beta function (DLMF 8.17.22) by Lentz's method."""
    total = first + second
    c = 1.0
    d = 1.0 - total * share / (first + 1.0)
    d = 1.0 / (d if abs(d) > _TINY else _TINY)
    value = d
    for m in range(1, _FRACTION_STEPS):
        for odd in range(2):
            if odd == 0:
                term = m * (second - m) * share / ((first + 2 * m - 1.0) * (first + 2 * m))
            else:
                term = -(first + m) * (total + m) * share / ((first + 2 * m) * (first + 2 * m + 1.0))
            d = 1.0 + term * d
            d = 1.0 / (d if abs(d) > _TINY else _TINY)
            c = 1.0 + term / c
            c = c if abs(c) > _TINY else _TINY
            value *= c * d
        if abs(c * d - 1.0) < _FRACTION_TOLERANCE:
            break
    return float(value)


@njit(cache=True, nogil=True)
def log_below_cap(observed: float, cap: float, seen: float) -> tuple[float, float]:
    """Return the log chance that at most `cap` people are unseen, and its derivative in the chance of being seen.

    The unseen count is negative binomial with `observed` successes of probability `seen`; the chance is the regularised
    incomplete beta function I_seen(observed, cap + 1).
    """
    unseen = 1.0 - seen
    middle = observed * unseen / seen
    if middle + 12.0 * math.sqrt(middle / seen) + 12.0 < cap:
        return 0.0, 0.0
    first, second = observed, cap + 1.0
    log_front = math.lgamma(first + second) - math.lgamma(first) - math.lgamma(second)
    log_front += first * math.log(seen) + second * math.log(max(unseen, _TINY))
    if seen < (first + 1.0) / (first + second + 2.0):
        log_chance = log_front + math.log(beta_fraction(first, second, seen)) - math.log(first)
    else:
        over = math.exp(log_front) * beta_fraction(second, first, unseen) / second
        log_chance = math.log1p(-min(over, 1.0 - 1e-15))
    slope = math.exp(log_front - math.log(seen) - math.log(max(unseen, _TINY)) - log_chance)
    return log_chance, slope


@njit(cache=True, nogil=True)
def working_room(lists: int, settings: Numbers) -> Numbers:
    """Return room to work, shape (2 * lists + 5, width): the classes, rounded up to whole vector registers."""
    width = -(-int(settings[0]) // _LANES) * _LANES
    return np.zeros((2 * lists + 5, width))


@njit(cache=True, nogil=True)
def class_terms(state: Numbers, sticks: int, odds: Numbers, shares: Numbers, silent: Numbers, growth: Numbers) -> float:
    """Fill each list's odds, the classes' shares, shares times the chance of no list, and one over that chance.

    Args:
        state: logits, shape (lists * classes + classes - 1,).
        sticks: number of classes less one.
        odds: filled, shape (lists, width); columns beyond the classes are left alone, here and below.
        shares: filled, shape (width,).
        silent: filled, shape (width,).
        growth: filled, shape (width,).

    Returns:
        The chance that no list records a person.
    """
    lists, classes = len(odds), sticks + 1
    for k in range(classes):
        growth[k] = 1.0
    for j in range(lists):
        for k in range(classes):
            odd = math.exp(state[j * classes + k])
            odds[j, k] = odd
            growth[k] *= 1.0 + odd
    left = 1.0
    offset = lists * classes
    nobody = 0.0
    for k in range(classes):
        if k < classes - 1:
            rest = 1.0 / (1.0 + math.exp(state[offset + k]))
            shares[k] = left * (1.0 - rest)
            left *= rest
        else:
            shares[k] = left
        silent[k] = shares[k] / growth[k]
        nobody += silent[k]
    return nobody


@njit(cache=True, nogil=True, fastmath={"contract", "reassoc", "nsz", "arcp"})
def likelihood(  # noqa: C901, PLR0912 - one pass over the patterns; calls would cost more than the work
    problem: Problem, odds: Numbers, silent: Numbers, sums: Numbers, chance: Numbers
) -> float:
    """Return the sum of n(x) log p(x), and fill the expected people per class (last row) and list and class.

    Args:
        problem: the table.
        odds: of each list in each class, shape (lists, width), zero beyond the classes.
        silent: shares times the chance of no list, shape (width,), zero beyond the classes.
        sums: filled, shape (lists + 1, width).
        chance: room to work, shape (width,).
    """
    members, starts, counts = problem.members, problem.starts, problem.counts
    lists, classes = odds.shape  # classes here is the width
    for j in range(lists + 1):
        for k in range(classes):
            sums[j, k] = 0.0
    value, product = 0.0, 1.0
    for x in range(len(counts)):
        for k in range(classes):
            chance[k] = silent[k]
        for place in range(starts[x], starts[x + 1]):
            row = odds[members[place]]
            for k in range(classes):
                chance[k] *= row[k]
        total = 0.0
        for k in range(classes):
            total += chance[k]
        total = max(total, _TINY)
        if counts[x] == 1.0 and total > _SMALL:
            product *= total
            if product < _SMALL:
                value += math.log(product)
                product = 1.0
        else:
            value += counts[x] * math.log(total)
        weight = counts[x] / total
        everybody = sums[lists]
        for k in range(classes):
            chance[k] *= weight
            everybody[k] += chance[k]
        for place in range(starts[x], starts[x + 1]):
            row = sums[members[place]]
            for k in range(classes):
                row[k] += chance[k]
    return float(value + math.log(product))


@njit(cache=True, nogil=True)
def log_posterior(
    state: Numbers,
    problem: Problem,
    heat: float,
    gradient: Numbers,
    room: Numbers,
) -> tuple[float, float]:
    """Return the log prior and the log likelihood, and fill the gradient of prior + heat * likelihood.

    Args:
        state: logits, shape (lists * classes + classes - 1,).
        problem: the table and the prior.
        heat: the power of the likelihood, 0 for the prior and 1 for the posterior.
        gradient: filled, shape (size,).
        room: room to work, from `working_room`.
    """
    lists, settings = problem.lists, problem.settings
    classes = int(settings[0])
    odds, sums = room[:lists], room[lists : 2 * lists + 1]
    silent, growth = room[2 * lists + 2], room[2 * lists + 3]
    nobody = class_terms(state, classes - 1, odds, room[2 * lists + 1], silent, growth)
    observed = problem.counts.sum()
    seen = max(1.0 - nobody, 1e-12)
    value = likelihood(problem, odds, silent, sums, room[2 * lists + 4])
    log_chance, slope = log_below_cap(observed, settings[1], seen)
    value += log_chance - observed * math.log(seen)
    pull = observed / seen - slope
    above, below = settings[4], settings[5]
    prior = 0.0
    for k in range(classes):
        sums[lists, k] += pull * silent[k]
        prior -= (above + below) * math.log(growth[k])
    for j in range(lists):
        for k in range(classes):
            place = j * classes + k
            chance = odds[j, k] / (1.0 + odds[j, k])
            prior += above * state[place]
            gradient[place] = above - (above + below) * chance + heat * (sums[j, k] - chance * sums[lists, k])
    offset = lists * classes
    prior += stick_terms(state[offset:], settings, heat, sums[lists], gradient[offset:])
    return prior, value


@njit(cache=True, nogil=True)
def stick_terms(logits: Numbers, settings: Numbers, heat: float, people: Numbers, gradient: Numbers) -> float:
    """Return the log prior of the sticks, concentration integrated out, and fill their part of the gradient."""
    sticks = len(logits)
    spent = 0.0
    prior = 0.0
    for k in range(sticks):
        log_stick = -math.log1p(math.exp(-logits[k])) if logits[k] > -30.0 else logits[k]
        prior += log_stick
        spent += logits[k] - log_stick
    power = settings[2] + sticks
    prior -= power * math.log(settings[3] + spent)
    later = people[sticks]
    for back in range(sticks):
        k = sticks - 1 - back
        stick = 1.0 / (1.0 + math.exp(-logits[k]))
        gradient[k] = 1.0 - stick - power / (settings[3] + spent) * stick
        gradient[k] += heat * ((1.0 - stick) * people[k] - stick * later)
        later += people[k]
    return float(prior)
