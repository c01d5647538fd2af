"""Quasi-Poisson regression with a log link, fitted as McCullagh and Nelder's iteration: plain NumPy.

The stopping rule (deviance), the start (y + 0.1) and the working weights of the last step follow the usual practice
of statistical packages, so that results agree with theirs to the last digits.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
TOLERANCE = 1e-8
MOST_STEPS = 25
_TINY = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A converged fit.

    Attributes:
        coefficients: on the log scale.
        inverse: the inverse of X'WX at the last step's working weights; times the dispersion, the covariance.
        fitted: fitted means.
        working: working weights of the last step (prior weight times mean).
        prior: prior weights.
    """

    coefficients: Floats
    inverse: Floats
    fitted: Floats
    working: Floats
    prior: Floats

    def pearson(self, counts: Floats, weights: Floats) -> float:
        """Return the sum of `weights` times squared working residuals, over n minus rank."""
        residuals = (counts - self.fitted) / self.fitted
        return float(np.sum(weights * residuals**2) / (len(counts) - len(self.coefficients)))

    def leverages(self, design: Floats) -> Floats:
        """Return the diagonal of the hat matrix."""
        return np.asarray(self.working * np.einsum("ij,jk,ik->i", design, self.inverse, design))


def fit_quasi_poisson(design: Floats, counts: Floats, prior: Floats) -> Fit | None:
    """Fit log-linear means to counts.

    Args:
        design: observations x coefficients, of full rank.
        counts: non-negative, one per observation.
        prior: positive weights, one per observation.

    Returns:
        The fit; None where it does not converge within 25 steps or the design is singular.
    """
    mean = counts + 0.1
    eta = np.log(mean)
    before = _deviance(counts, mean, prior)
    for _ in range(MOST_STEPS):
        working = prior * mean
        target = eta + (counts - mean) / mean
        try:
            inverse = np.asarray(np.linalg.inv(design.T @ (working[:, None] * design)), dtype=np.float64)
        except np.linalg.LinAlgError:
            return None
        coefficients = inverse @ (design.T @ (working * target))
        eta = design @ coefficients
        if not np.isfinite(eta).all() or eta.max() > 700:
            return None
        mean = np.maximum(np.exp(eta), _TINY)
        deviance = _deviance(counts, mean, prior)
        if abs(deviance - before) / (abs(deviance) + 0.1) < TOLERANCE:
            return Fit(coefficients, inverse, mean, working, prior)
        before = deviance
    return None


def _deviance(counts: Floats, mean: Floats, prior: Floats) -> float:
    ratio = np.where(counts > 0, counts, 1.0) / np.where(counts > 0, mean, 1.0)
    return float(2 * np.sum(prior * (counts * np.log(ratio) - (counts - mean))))
