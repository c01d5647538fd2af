import doctest
import json

import numpy as np
import pyarrow.csv
import pytest

from consilience.errors import InputError
from consilience.estimation import run
from consilience.estimation.capture import CaptureTable
from consilience.estimation.latent.engine import Effort
from consilience.estimation.methods import Settings
from consilience.estimation.pooling import Replicate
from consilience.estimation.read import Columns, read_tables
from consilience.estimation.run import estimate, estimate_replicates
from consilience.estimation.verdict import Verdict

QUICK = Effort(particles=60, warm_up=100, draws=500, most_draws=8000)


def _numbers(value):
    if isinstance(value, dict):
        return [number for item in value.values() for number in _numbers(item)]
    if isinstance(value, list | tuple):
        return [number for item in value for number in _numbers(item)]
    return [value] if isinstance(value, float) else []


def test_the_example_in_the_module_runs():
    assert doctest.testmod(run).failed == 0


def test_kosovo_is_reported_whole(kosovo):
    report = estimate(kosovo, Settings(resamples=40, effort=QUICK)).to_json()
    assert report["observed"] == 4400
    assert report["verdict"] == "usable with caution"
    assert any("12,741" in reason for reason in report["reasons"])
    assert report["methods"]["latent"]["median"] == pytest.approx(10430, rel=0.03)
    assert report["methods"]["latent"]["rhat"] < 1.01
    assert report["methods"]["latent"]["ess"] > 400
    assert report["methods"]["graphs"]["interval_95"] == [9827, 16544]
    assert report["methods"]["loglinear"]["median"] == pytest.approx(10356.5, abs=0.1)
    assert report["recommended"]["method"] == "latent"
    assert report["recommended"]["undocumented"]["median"] == pytest.approx(
        report["recommended"]["median"] - 4400, abs=0.11
    )
    assert len(report["checks"]["odds_curve"]) == 9
    assert [row["list"] for row in report["checks"]["left_out"]] == ["EXH", "ABA", "OSCE", "HRW"]
    assert "No data can test" in report["assumption"]
    assert report["provenance"]["table_sha256"] == kosovo.digest()
    assert json.loads(json.dumps(report)) == report


def test_the_artificial_table_is_refused_with_the_reason_and_without_any_number(disconnected):
    report = estimate(disconnected)
    values = report.to_json()
    assert values["verdict"] == "not supported"
    assert values["recommended"] is None
    assert any("maximum-likelihood" in reason for reason in values["reasons"])
    assert all(method["median"] is None for method in values["methods"].values())
    assert values["bounds"] == {}
    assert _numbers(values["methods"]) == []
    assert report.draws.size == 0


def test_two_lists_get_chapman_with_its_assumption_and_no_recommendation():
    table = CaptureTable.build("AB", [[1, 0], [0, 1], [1, 1]], [80, 90, 40])
    values = estimate(table).to_json()
    assert values["recommended"] is None
    assert values["bounds"]["chapman"]["estimate"] == pytest.approx(121 * 131 / 41 - 1, abs=0.1)
    assert "independent" in values["bounds"]["chapman"]["assumption"]


def test_exact_methods_alone_need_no_chains(kosovo):
    report = estimate(kosovo, Settings(methods=("graphs",)))
    assert report.recommended is not None
    assert report.recommended[0] == "graphs"
    assert report.verdict is Verdict.USABLE
    assert report.to_json()["checks"]["priors"] == []


def test_chains_that_do_not_converge_leave_no_number(kosovo):
    short = Effort(particles=20, warm_up=5, draws=20, most_draws=20)
    report = estimate(kosovo, Settings(methods=("latent",), effort=short))
    assert report.verdict is Verdict.UNSUPPORTED
    assert {"few_draws"} <= {finding.code for finding in report.findings}


def test_replicates_that_differ_widen_the_interval_and_the_share_is_told(kosovo):
    rng = np.random.default_rng(1)
    settings = Settings(methods=("graphs",))
    replicates = [
        Replicate(CaptureTable.build(kosovo.lists, kosovo.patterns, rng.binomial(kosovo.counts, 0.9)), linkage=draw)
        for draw in range(4)
    ]
    pooled = estimate_replicates(replicates, settings)
    assert pooled.parts is not None
    assert 0 < pooled.parts.linkage < 1
    assert pooled.parts.missing == 0
    assert pooled.draws.shape == (4, 400)
    assert pooled.to_json()["variance"]["share_linkage"] > 0
    same = estimate_replicates([Replicate(kosovo, linkage=draw) for draw in range(3)], settings)
    assert same.parts is not None
    assert same.parts.linkage == pytest.approx(0)


def test_the_same_seed_gives_the_same_report_on_one_worker_and_on_two(sparse):
    effort = Effort(particles=40, warm_up=50, draws=300, most_draws=300)
    reports = [
        estimate(sparse, Settings(methods=("latent",), effort=effort, checks=False, workers=workers)).to_json()
        for workers in (1, 2)
    ]
    assert reports[0] == reports[1]


def test_no_replicate_is_refused():
    with pytest.raises(InputError, match="no capture table"):
        estimate_replicates([])


def test_the_united_kingdom_table_is_with_caution_because_methods_disagree(real_data):
    rows = pyarrow.csv.read_csv(real_data / "estimation" / "uk_slavery_6lists.csv")
    (stratum,) = read_tables(rows, Columns(("LA", "NG", "PF", "GO", "GP", "NCA"), "count"))
    report = estimate(stratum.table, Settings(effort=QUICK, resamples=40, checks=False))
    assert report.verdict is Verdict.CAUTION
    assert "methods_disagree" in {finding.code for finding in report.findings}
    assert report.to_json()["methods"]["graphs"]["median"] is None
    assert report.to_json()["methods"]["latent"]["median"] == pytest.approx(22950, rel=0.05)
    assert report.to_json()["methods"]["loglinear"]["median"] == pytest.approx(12350, rel=0.01)
