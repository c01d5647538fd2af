"""Bounds of R's package surveillance, and the compiled pass against the plain one."""

import csv
from pathlib import Path

import numpy as np
import pytest

from consilience.warning.detect import watch
from consilience.warning.farrington import fit_baseline
from consilience.warning.scan import fit_baselines
from consilience.warning.settings import FARRINGTON, NOUFAILY, Bound
from consilience.warning.window import reference_window

REFERENCE = Path(__file__).parent / "reference"
COMPAT = {
    "farrington": FARRINGTON.with_(compat=True, alpha=0.05),
    **{bound.value: NOUFAILY.with_(compat=True, alpha=0.05, bound=bound) for bound in Bound},
}


@pytest.fixture(scope="module")
def weekly(make_series):
    return make_series(np.loadtxt(REFERENCE / "series.csv", delimiter=",", skiprows=1).T)


@pytest.fixture(scope="module")
def published():
    with (REFERENCE / "bounds.csv").open() as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("setting", COMPAT)
def test_bounds_and_alarms_are_those_of_surveillance(weekly, published, setting):
    rows = [row for row in published if row["setting"] == setting]
    upper = np.array([float(row["upper"].replace("NA", "nan")) for row in rows]).reshape(6, 12)
    alarm = np.array([row["alarm"] == "1" for row in rows]).reshape(6, 12)
    found = watch(weekly, COMPAT[setting], first=288)
    assert np.array_equal(np.isnan(found.upper), np.isnan(upper))
    assert np.nanmax(np.abs(found.upper / upper - 1)) < 1e-8
    assert np.array_equal(found.alarm, alarm)
    assert alarm.sum() >= 6
    if setting in {"nbPlugin", "muan"}:
        assert np.array_equal(found.upper, upper, equal_nan=True)


@pytest.mark.parametrize("compat", [False, True])
@pytest.mark.parametrize("base", [FARRINGTON, NOUFAILY], ids=lambda base: base.name)
def test_the_compiled_pass_gives_the_plain_numbers(base, compat):
    rng = np.random.default_rng(3)
    settings = base.with_(compat=compat)
    window = reference_window(52, years=5, half_window=3, blocks=settings.blocks, left_out=settings.left_out)
    mean = np.exp(rng.normal(1, 1.5, (40, 1)) + rng.normal(0, 0.6, (40, 1)) * window.distances / 260)
    counts = rng.negative_binomial(mean, 0.5).astype(float)
    counts[rng.random(counts.shape) < 0.02] *= 8
    counts[5:15][rng.random((10, counts.shape[1])) < 0.1] = np.nan
    counts[0], counts[1], counts[2, 3] = 0.0, np.nan, 1e12
    fast = fit_baselines(counts, window, settings)
    for row in range(len(counts)):
        plain = fit_baseline(counts[row], window, settings)
        if plain is None:
            assert np.isnan(fast.log_mean[row])
            continue
        assert fast.trend[row] == plain.trend
        same = [fast.log_mean[row], fast.log_error[row], fast.dispersion[row]]
        assert np.allclose(same, [plain.log_mean, plain.log_error, plain.dispersion], rtol=1e-8, atol=1e-8)
    assert np.isfinite(fast.log_mean).sum() > 35


def test_outliers_count_less_and_the_weights_sum_to_the_number_of_points():
    window = reference_window(52, years=5, half_window=3, blocks=1, left_out=3)
    counts = np.full(len(window.distances), 10.0)
    counts[::3], counts[4] = 12.0, 200.0
    baseline = fit_baseline(counts, window, FARRINGTON)
    assert baseline.weights[4] < 0.1
    assert baseline.weights.sum() == pytest.approx(len(counts))
    assert np.exp(baseline.log_mean) < 15


def test_a_trend_that_would_extrapolate_above_every_past_count_is_dropped():
    window = reference_window(52, years=5, half_window=3, blocks=1, left_out=3)
    counts = np.round(100 * np.exp(window.distances / 100))
    assert not fit_baseline(counts, window, FARRINGTON).trend
    assert fit_baseline(counts[::-1].copy(), window, FARRINGTON).trend


def test_the_correct_standard_error_is_the_default_and_differs_from_the_reference_program():
    window = reference_window(52, years=5, half_window=3, blocks=1, left_out=3)
    counts = np.random.default_rng(1).negative_binomial(4, 0.2, len(window.distances)).astype(float)
    settings = FARRINGTON.with_(trend_level=1.0)
    ours = fit_baseline(counts, window, settings)
    theirs = fit_baseline(counts, window, settings.with_(compat=True))
    assert ours.dispersion == pytest.approx(theirs.dispersion)
    assert ours.log_error > 2 * theirs.log_error
