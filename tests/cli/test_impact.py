import json

import numpy as np
import pytest


def _write(path, values, *more):
    names = ["month", "n", *(f"c{number}" for number in range(len(more)))]
    lines = [",".join(names)]
    for place, row in enumerate(zip(values, *more, strict=True)):
        lines.append(f"{2010 + place // 12}-{place % 12 + 1:02d}," + ",".join(str(value) for value in row))
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def counts(tmp_path):
    rng = np.random.default_rng(1)
    return _write(tmp_path / "n.csv", rng.poisson([40] * 60 + [20] * 36), rng.poisson(40, 96))


def test_counts_give_a_ratio_with_interval_method_and_warnings(consilience, counts):
    done = consilience("impact", counts, "--date", "2015-01", "--json")
    found = json.loads(done.out)
    assert done.code == 0
    assert (found["method"], found["kind"]) == ("quasi-poisson", "ratio")
    assert found["interval_95"][0] < 0.5 < found["interval_95"][1]
    assert any("no control" in warning for warning in found["warnings"])


def test_a_day_names_the_first_period_that_begins_on_it_or_after(consilience, counts):
    found = json.loads(consilience("impact", counts, "--date", "2014-12-17", "--json").out)
    assert found["date"] == "2015-01"


def test_a_control_gives_the_ratio_of_ratios(consilience, counts):
    found = json.loads(consilience("impact", counts, "--date", "2015-01", "--control", "c0", "--json").out)
    assert found["method"] == "did-log-reml-ar1"
    assert found["interval_95"][1] < 1
    assert found["uncontrolled"]["method"] == "quasi-poisson"


def test_rates_give_a_difference(consilience, tmp_path):
    values = np.random.default_rng(2).normal(3, 0.2, 96) + np.repeat([0, 1], 48)
    found = json.loads(consilience("impact", _write(tmp_path / "r.csv", values), "--date", "2014-01", "--json").out)
    assert (found["method"], found["kind"]) == ("reml-ar1", "difference")
    assert found["interval_95"][0] < 1 < found["interval_95"][1]


def test_the_text_says_what_and_warns(consilience, counts):
    done = consilience("impact", counts, "--date", "2015-01", "--event", "an election")
    assert done.out.startswith("After 2015-01 the level was")
    assert "What else happened: an election." in done.out
    assert "Method: quasi-poisson." in done.out


@pytest.mark.parametrize(
    ("options", "code", "sentence"),
    [
        (("--date", "2030-01"), 2, "outside the series"),
        (("--date", "soon"), 1, "no month"),
        (("--date", "2010-03"), 3, "too short"),
        (("--date", "2015-01", "--control", "x"), 2, "no column x"),
    ],
)
def test_what_cannot_be_answered_gets_the_sentence_that_helps(consilience, counts, options, code, sentence):
    done = consilience("impact", counts, *options, "--json")
    assert (done.code, done.out) == (code, "")
    assert sentence in done.err
