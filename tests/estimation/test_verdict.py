import doctest

import numpy as np
import pytest

from consilience.estimation import verdict
from consilience.estimation.capture import CaptureTable
from consilience.estimation.consistency import LeftOut, Prediction
from consilience.estimation.convergence import Convergence
from consilience.estimation.existence import Existence
from consilience.estimation.latent.engine import LatentFit
from consilience.estimation.loglinear import FittedModel, LoglinearFit
from consilience.estimation.overlap import examine
from consilience.estimation.sensitivity import PriorCheck
from consilience.estimation.summary import Shape, Summary
from consilience.estimation.verdict import (
    Finding,
    Verdict,
    Weight,
    decide,
    judge_agreement,
    judge_latent,
    judge_lists,
    judge_loglinear,
    judge_priors,
    judge_seeds,
    judge_table,
    without_numbers,
)


def _codes(findings):
    return {finding.code: finding.weight for finding in findings}


def _summary(median=1000.0, low=800.0, high=1300.0):
    return Summary(median, median, (low, high), (low, high), (low, high))


def _fit(*, rhat=1.001, ess=2000.0, at_cap=0.0, apart=False):
    known = Convergence(rhat, ess, ess, (1.0,) * 7)
    return LatentFit(np.ones((4, 10)), known, np.zeros(4), apart, False, at_cap, np.array([0.0, 1.0]))


def _table(lists, rows, counts):
    return _codes(judge_table(examine(CaptureTable.build(lists, rows, counts))))


def test_the_example_in_the_module_runs():
    assert doctest.testmod(verdict).failed == 0


def test_one_bar_is_enough_and_cautions_never_add_up_to_one():
    caution, bar = Finding("a", Weight.CAUTION, ""), Finding("b", Weight.BAR, "")
    assert decide([]) is Verdict.USABLE
    assert decide([caution] * 9) is Verdict.CAUTION
    assert decide([caution, bar]) is Verdict.UNSUPPORTED


def test_two_lists_are_too_few():
    assert _table("AB", [[1, 0], [0, 1], [1, 1]], [50, 50, 50])["few_lists"] is Weight.BAR


def test_lists_without_overlap_support_nothing():
    assert _table("ABC", np.eye(3), [50, 50, 50])["no_overlap"] is Weight.BAR


def test_lists_in_two_groups_support_nothing(disconnected):
    assert _codes(judge_table(examine(disconnected)))["disconnected"] is Weight.BAR


@pytest.mark.parametrize(("shared", "weight"), [(4, Weight.BAR), (9, Weight.CAUTION), (50, None)])
def test_a_thin_overlap_is_said(shared, weight):
    rows = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]]
    assert _table("ABC", rows, [50, 50, 50, shared]).get("thin_overlap") is weight


@pytest.mark.parametrize(("most", "weight"), [(9000, Weight.BAR), (1500, Weight.CAUTION), (100, None)])
def test_a_list_that_holds_nearly_all_is_said(most, weight):
    rows = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]]
    assert _table("ABC", rows, [most, 50, 50, 30, 30, 30]).get("dominant_list") is weight


@pytest.mark.parametrize(
    ("fit", "shape", "code", "weight"),
    [
        (_fit(rhat=1.05), Shape((1000,), (1,), "one peak"), "chains_disagree", Weight.BAR),
        (_fit(rhat=float("nan")), Shape((1000,), (1,), "one peak"), "chains_disagree", Weight.BAR),
        (_fit(ess=300), Shape((1000,), (1,), "one peak"), "few_draws", Weight.BAR),
        (_fit(at_cap=0.05), Shape((1000,), (1,), "one peak"), "cap", Weight.BAR),
        (_fit(at_cap=0.01), Shape((1000,), (1,), "one peak"), "cap", Weight.CAUTION),
        (_fit(), Shape((1000, 2000), (0.5, 0.5), "two peaks, near 1,000 and 2,000"), "several_peaks", Weight.CAUTION),
        (_fit(apart=True), Shape((1000,), (1,), "one peak"), "modes", Weight.CAUTION),
    ],
)
def test_each_fault_of_a_posterior_is_named(fit, shape, code, weight):
    assert _codes(judge_latent(fit, shape, _summary(), 500)) == {code: weight}


def test_a_sound_posterior_has_no_fault_and_a_very_wide_one_has():
    shape = Shape((1000,), (1,), "one peak")
    assert judge_latent(_fit(), shape, _summary(), 500) == []
    assert "wide" in _codes(judge_latent(_fit(), shape, _summary(low=600, high=2500), 500))


def _loglinear(rivals, absent=()):
    models = [FittedModel(f"[{n}]", n, above, Existence.EXISTS) for n, above in rivals]
    without = [FittedModel(f"[{n}]", n, above, Existence.ABSENT) for n, above in absent]
    return LoglinearFit(models[0], tuple(models), tuple(without), 9, np.empty(0), 0)


def test_a_best_model_without_an_estimate_bars_and_a_near_one_warns():
    assert _codes(judge_loglinear(_loglinear([(1000, 0)], [(9e9, -1.0)]))) == {"no_maximum": Weight.BAR}
    assert _codes(judge_loglinear(_loglinear([(1000, 0)], [(9e9, 1.0)]))) == {"no_maximum_nearby": Weight.CAUTION}
    assert judge_loglinear(_loglinear([(1000, 0)], [(9e9, 9.0)])) == []


def test_models_just_as_good_with_another_answer_are_told():
    (finding,) = judge_loglinear(_loglinear([(10356.5, 0), (12741, 0.08)]))
    assert "within 0.1 BIC" in finding.sentence
    assert "12,741" in finding.sentence
    (finding,) = judge_loglinear(_loglinear([(1000, 0), (1500, 1.5)]))
    assert "within 2 BIC" in finding.sentence


def test_methods_that_contradict_each_other_are_told_and_bar_when_nothing_reconciles_them():
    agree = {"graphs": _summary(1050), "latent": _summary()}
    assert judge_agreement(agree, 500) == []
    differ = {"graphs": _summary(1500, 1200, 1900), "latent": _summary()}
    assert _codes(judge_agreement(differ, 500)) == {"methods_disagree": Weight.CAUTION}
    worlds = {"graphs": _summary(5000, 4000, 6000), "latent": _summary()}
    assert _codes(judge_agreement(worlds, 500)) == {"methods_disagree": Weight.BAR}


@pytest.mark.parametrize(("other", "weight"), [(1010, None), (1200, Weight.CAUTION), (2500, Weight.BAR)])
def test_another_seed_with_another_answer_is_told(other, weight):
    assert _codes(judge_seeds(_summary(), other, 500)).get("seeds_disagree") is weight


@pytest.mark.parametrize(("shift", "weight"), [(0.1, None), (-0.7, Weight.CAUTION), (1.5, Weight.BAR)])
def test_an_answer_that_follows_the_prior_is_told(shift, weight):
    checks = [PriorCheck("one", 1000, (800, 1200), 0.0), PriorCheck("two", 1000, (800, 1200), shift)]
    assert _codes(judge_priors(checks)).get("prior_driven") is weight
    assert judge_priors([]) == []


def test_a_known_number_that_is_missed_and_a_list_that_carries_all_are_told():
    predictions = [Prediction("A", 10, (5, 20), 12), Prediction("B", 10, (5, 20), 90)]
    left_out = [LeftOut("A", 5000, (4000, 6000)), LeftOut("B", None, None)]
    codes = _codes(judge_lists(predictions, left_out, _summary()))
    assert set(codes) == {"prediction_fails", "rests_on_one_list"}
    assert judge_lists(predictions[:1], left_out[1:], _summary()) == []


def test_without_an_estimate_no_sentence_holds_one():
    rivals = judge_loglinear(_loglinear([(10356.5, 0), (12741, 0.08)]))
    assert without_numbers([*rivals, Finding("cap", Weight.BAR, "...")]) == [Finding("cap", Weight.BAR, "...")]
