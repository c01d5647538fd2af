"""Have the chains converged, and how far can their quantiles be trusted?

After Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021). R-hat compares chains and halves of chains on ranks turned
into normal scores, for the bulk and, folded at the median, for the spread; the larger counts. The effective sample size
comes from autocorrelations, cut by Geyer's initial monotone sequence. Draws have shape (chains, draws per chain).

>>> rng = np.random.default_rng(1)
>>> report = diagnose(rng.normal(size=(4, 500)))
>>> report.converged, report.rhat < 1.01
(True, True)
>>> diagnose(rng.normal(size=(4, 500)) + np.arange(4)[:, None]).converged
False
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri

Numbers = NDArray[np.float64]

MOST_RHAT = 1.01
LEAST_ESS = 400.0
SHARES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)


@dataclass(frozen=True, slots=True)
class Convergence:
    """R-hat, bulk and tail effective sample sizes, and the Monte-Carlo standard error of each of `SHARES`."""

    rhat: float
    ess_bulk: float
    ess_tail: float
    errors: tuple[float, ...]

    @property
    def converged(self) -> bool:
        """Return whether R-hat is below 1.01 and both effective sample sizes are above 400."""
        return self.rhat < MOST_RHAT and min(self.ess_bulk, self.ess_tail) > LEAST_ESS

    def error_of(self, share: float) -> float:
        """Return the Monte-Carlo standard error of the quantile at `share`, one of `SHARES`."""
        return self.errors[SHARES.index(share)]


def diagnose(draws: Numbers) -> Convergence:
    """Return what the chains say about themselves; shape (chains, draws), two chains or more, eight draws or more."""
    return Convergence(
        rhat(draws),
        ess_bulk(draws),
        ess_tail(draws),
        tuple(quantile_error(draws, share) for share in SHARES),
    )


def rhat(draws: Numbers) -> float:
    """Return rank-normalised split R-hat, the larger of bulk and folded."""
    halves = _split(draws)
    folded = np.abs(halves - np.median(halves))
    return max(_plain_rhat(_normal_scores(halves)), _plain_rhat(_normal_scores(folded)))


def ess_bulk(draws: Numbers) -> float:
    """Return the effective sample size of the rank-normalised draws."""
    return _ess(_normal_scores(_split(draws)))


def ess_tail(draws: Numbers) -> float:
    """Return the smaller of the effective sample sizes of the 5% and the 95% quantile."""
    return min(_ess_of_quantile(draws, 0.05), _ess_of_quantile(draws, 0.95))


def quantile_error(draws: Numbers, share: float) -> float:
    """Return the Monte-Carlo standard error of a quantile, from the beta distribution of its order statistics."""
    size = _ess_of_quantile(draws, share)
    if not np.isfinite(size):
        return float("nan")
    tails = betaincinv(size * share + 1, size * (1 - share) + 1, [0.1586553, 0.8413447])
    ordered = np.sort(draws, axis=None)
    number = len(ordered)
    low = ordered[max(int(np.floor(tails[0] * number)) - 1, 0)]
    high = ordered[min(int(np.ceil(tails[1] * number)) - 1, number - 1)]
    return float(high - low) / 2


def _ess_of_quantile(draws: Numbers, share: float) -> float:
    return _ess(_split((draws <= np.quantile(draws, share)).astype(np.float64)))


def _split(draws: Numbers) -> Numbers:
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, -half:]]).astype(np.float64)


def _normal_scores(draws: Numbers) -> Numbers:
    ranks = _mean_ranks(draws.ravel()).reshape(draws.shape)
    return np.asarray(ndtri((ranks - 0.375) / (draws.size + 0.25)))


def _mean_ranks(values: Numbers) -> Numbers:
    """Return ranks from 1; equal values share the mean of theirs."""
    _, where, times = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(times)
    return np.asarray((last - (times - 1) / 2.0)[where], dtype=np.float64)


def _plain_rhat(draws: Numbers) -> float:
    length = draws.shape[1]
    within = draws.var(axis=1, ddof=1).mean()
    between = draws.mean(axis=1).var(ddof=1)
    if within == 0.0:
        return 1.0 if between == 0.0 else float("inf")
    return float(np.sqrt((length - 1) / length + between / within))


def _ess(draws: Numbers) -> float:
    chains, length = draws.shape
    covariances = np.stack([_autocovariance(chain) for chain in draws])
    within = covariances[:, 0].mean() * length / (length - 1)
    if within == 0.0:
        return float(draws.size)
    pooled = within * (length - 1) / length + draws.mean(axis=1).var(ddof=1)
    correlations = 1.0 - (within - covariances.mean(axis=0) * length / (length - 1)) / pooled
    correlations[0] = 1.0
    pairs = correlations[: length // 2 * 2].reshape(-1, 2).sum(axis=1)
    negative = np.flatnonzero(pairs < 0.0)
    end = int(negative[0]) if negative.size else len(pairs)
    monotone = np.minimum.accumulate(pairs[: max(end, 1)])
    tail = max(float(correlations[2 * end]), 0.0) if end > 0 and 2 * end < length else 0.0
    time = max(-1.0 + 2.0 * float(monotone.sum()) + tail, 1.0 / np.log10(draws.size))
    return float(chains * length / time)


def _autocovariance(chain: Numbers) -> Numbers:
    """Return autocovariances at every lag by fast Fourier transform, divided by the length, shape (n,)."""
    length = len(chain)
    centred = chain - chain.mean()
    spectrum = np.fft.rfft(centred, n=2 * length)
    return np.asarray(np.fft.irfft(spectrum * np.conj(spectrum), n=2 * length)[:length] / length)
