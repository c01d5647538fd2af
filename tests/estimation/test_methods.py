import doctest

from consilience.estimation import methods
from consilience.estimation.capture import CaptureTable
from consilience.estimation.latent.engine import Effort
from consilience.estimation.methods import Settings, run_methods

SHORT = Effort(particles=40, warm_up=50, draws=100, most_draws=100)


def test_the_example_in_the_module_runs():
    assert doctest.testmod(methods).failed == 0


def test_a_method_that_cannot_run_says_why_and_gives_no_number():
    table = CaptureTable.build("AB", [[1, 0], [0, 1], [1, 1]], [5, 5, 5])
    for result in run_methods(table).values():
        assert result.summary is None
        assert result.draws.size == 0
        assert "2 lists" in result.note


def test_chains_that_have_not_converged_give_no_number(kosovo):
    result = run_methods(kosovo, Settings(methods=("latent",), effort=SHORT))["latent"]
    assert result.summary is None
    assert result.convergence is not None
    assert "not converged" in result.note


def test_only_the_methods_that_are_asked_for_run(kosovo):
    results = run_methods(kosovo, Settings(methods=("loglinear", "graphs"), resamples=10))
    assert list(results) == ["graphs", "loglinear"]
    assert results["loglinear"].detail["rivals"][1]["bic_above_best"] <= 0.1


def test_a_clock_measures_the_work(disconnected):
    ticks = iter(range(100))
    results = run_methods(disconnected, Settings(methods=("graphs",)), clock=lambda: float(next(ticks)))
    assert results["graphs"].cpu_seconds == 1
