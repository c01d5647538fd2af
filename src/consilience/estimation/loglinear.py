"""Log-linear models: selection by BIC, with existence checks and a bootstrap that repeats the selection.

Every hierarchical model is fitted for three and four lists, every model of pairs for five, and beyond that models of
pairs are grown step by step. Models whose estimate does not exist are named and never chosen. The interval comes from
resampling people and choosing anew each time among the best candidates (Silverman, Chan and Vincent 2023), so that it
carries the doubt about the model. How close the next models come, and what they say, is part of the result.

>>> from consilience.estimation.capture import CaptureTable
>>> table = CaptureTable.build("ABC", [[1,0,0],[0,1,0],[0,0,1],[1,1,0],[1,0,1],[0,1,1],[1,1,1]], [30,30,30,20,20,20,12])
>>> result = fit_loglinear(table, rng=np.random.default_rng(1), resamples=50)
>>> result.best.formula, round(result.best.population, 1)
('[A, B, C]', 208.7)
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from consilience.errors import EstimationRefused
from consilience.estimation.capture import CaptureTable
from consilience.estimation.existence import Existence, check_existence
from consilience.estimation.hierarchy import Model, all_models, describe, pair_terms, pairwise_models
from consilience.estimation.poisson import Fits, design_matrix, fit_poisson

METHOD = "loglinear/1"
MOST_LISTS = 8
CANDIDATES = 40
CLOSE = 0.1
RIVAL = 2.0

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FittedModel:
    """One model: generators as text, population size, BIC less that of the best, whether its estimate exists."""

    formula: str
    population: float
    bic_above_best: float
    existence: Existence


@dataclass(frozen=True, slots=True, eq=False)
class LoglinearFit:
    """The chosen model, those near it, and the bootstrap.

    Attributes:
        best: the model with the lowest BIC among those whose estimate exists.
        rivals: models within 2 BIC of the best, the best first.
        without_estimate: models at least as good as the best by BIC, or among the candidates, without an estimate.
        models_tried: how many models were fitted.
        draws: population sizes of the resamples that gave one, shape (R,), ascending.
        resamples: how many resamples were drawn.
    """

    best: FittedModel
    rivals: tuple[FittedModel, ...]
    without_estimate: tuple[FittedModel, ...]
    models_tried: int
    draws: Numbers
    resamples: int

    @property
    def close(self) -> tuple[FittedModel, ...]:
        """Return the other models whose BIC is within 0.1 of the best."""
        return tuple(model for model in self.rivals[1:] if model.bic_above_best <= CLOSE)


def fit_loglinear(table: CaptureTable, *, rng: np.random.Generator, resamples: int = 200) -> LoglinearFit:
    """Choose a model by BIC and say how sure the choice and the number are.

    Args:
        table: three to eight lists.
        rng: the source of randomness of the bootstrap.
        resamples: how many times people are resampled.

    Raises:
        EstimationRefused: fewer than three or more than eight lists, or no model's estimate exists.
    """
    lists = len(table.lists)
    if not 3 <= lists <= MOST_LISTS or table.observed == 0:
        raise EstimationRefused(
            "Log-linear models need three to eight lists",
            found=f"{lists} lists with {table.observed} people",
        )
    search = _search(table)
    judged = _judge(table, search)
    usable = [place for place, model in enumerate(judged) if model.existence.usable]
    if not usable:
        raise EstimationRefused(
            "No log-linear model has a maximum-likelihood estimate",
            found=f"{len(judged)} candidate models, none with an estimate that exists and is identified",
        )
    chosen = judged[usable[0]]
    candidates = _Search(search.terms, search.active[usable], search.bics[usable], _take(search.fits, usable))
    shifted = [replace(model, bic_above_best=model.bic_above_best - chosen.bic_above_best) for model in judged]
    return LoglinearFit(
        shifted[usable[0]],
        tuple(shifted[place] for place in usable if shifted[place].bic_above_best <= RIVAL),
        tuple(model for model in shifted if not model.existence.usable),
        search.tried,
        _bootstrap(table, candidates, rng, resamples),
        resamples,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """Candidate models in ascending order of BIC: terms (intercept first), which terms each has, BIC, fit."""

    terms: tuple[int, ...]
    active: NDArray[np.bool_]
    bics: Numbers
    fits: Fits
    tried: int = 0


def _search(table: CaptureTable) -> _Search:
    lists = len(table.lists)
    models = _models(lists)
    terms = (0, *sorted({term for model in models for term in model}, key=lambda term: (term.bit_count(), term)))
    design = design_matrix(lists, terms)
    active = np.array([[term == 0 or term in model for term in terms] for model in models])
    if lists > 5:
        active = _grow(design, table, terms)
    fits = fit_poisson(design, np.broadcast_to(_cells(table), (len(active), len(design))), active)
    bics = fits.bic(active, table.observed)
    order = np.argsort(bics, kind="stable")[:CANDIDATES]
    return _Search(terms, active[order], bics[order], _take(fits, order), len(active))


def _models(lists: int) -> tuple[Model, ...]:
    if lists <= 4:
        return all_models(lists)
    if lists == 5:
        return pairwise_models(lists)
    return (frozenset(1 << place for place in range(lists)) | frozenset(pair_terms(lists)),)


def _grow(design: Numbers, table: CaptureTable, terms: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return every model met when the pair that lowers BIC most is added, or taken out, until none does."""
    pairs = np.array([place for place, term in enumerate(terms) if term.bit_count() == 2])
    current = np.array([term.bit_count() < 2 for term in terms])
    met = {tuple(current)}
    best = np.inf
    while True:
        tries = np.repeat(current[None, :], len(pairs), axis=0)
        tries[np.arange(len(pairs)), pairs] ^= True
        met |= {tuple(row) for row in tries}
        counts = np.broadcast_to(_cells(table), (len(tries), len(design)))
        bics = fit_poisson(design, counts, tries).bic(tries, table.observed)
        if bics.min() >= best - 1e-9:
            return np.array(sorted(met))
        best = float(bics.min())
        current = tries[int(np.argmin(bics))]


def _cells(table: CaptureTable) -> Numbers:
    return table.cells()[1:].astype(np.float64)


def _take(fits: Fits, places: NDArray[np.intp] | list[int]) -> Fits:
    return Fits(fits.coefficients[places], fits.unseen[places], fits.badness[places])


def _judge(table: CaptureTable, search: _Search) -> list[FittedModel]:
    design = design_matrix(len(table.lists), search.terms)
    counts, names = table.cells()[1:], table.lists
    return [
        FittedModel(
            describe(frozenset(term for term, used in zip(search.terms, row, strict=True) if used and term), names),
            float(table.observed + search.fits.unseen[place]),
            float(search.bics[place] - search.bics[0]),
            check_existence(design[:, row], counts),
        )
        for place, row in enumerate(search.active)
    ]


def _bootstrap(table: CaptureTable, candidates: _Search, rng: np.random.Generator, resamples: int) -> Numbers:
    """Resample people, choose among the candidates each time, and return the population sizes that are finite."""
    cells = _cells(table)
    tables = rng.multinomial(table.observed, cells / cells.sum(), size=resamples).astype(np.float64)
    design = design_matrix(len(table.lists), candidates.terms)
    models = len(candidates.active)
    active = np.tile(candidates.active, (resamples, 1))
    start = np.tile(candidates.fits.coefficients, (resamples, 1))
    fits = fit_poisson(design, np.repeat(tables, models, axis=0), active, start)
    bics = fits.bic(active, table.observed).reshape(resamples, models)
    unseen = fits.unseen.reshape(resamples, models)[np.arange(resamples), np.argmin(bics, axis=1)]
    return np.sort(table.observed + unseen[unseen < 1e4 * table.observed])
