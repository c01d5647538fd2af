import io
import json

import numpy as np
import pytest


@pytest.fixture
def table(tmp_path):
    counts = np.random.default_rng(2).poisson(5.0, (2, 300))
    counts[1, 299] = 40
    lines = ["week,area,n"]
    lines += [
        f"{2015 + week // 52}-{week % 52 + 1:02d},{'NS'[row]},{counts[row, week]}" for row, week in np.ndindex(2, 300)
    ]
    path = tmp_path / "counts.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_each_series_and_period_gives_one_object_with_the_documented_keys(consilience, table):
    done = consilience("watch", table, "--period", "week", "--value", "n", "--by", "area", "--from", "latest", "--json")
    found = json.loads(done.out)
    assert done.code == 0
    assert [one["series"] for one in found] == [{"area": "N"}, {"area": "S"}]
    assert [one["alarm"] for one in found] == [False, True]
    assert {"observed", "expected", "upper", "alarm", "track", "p", "method", "explanation"} <= set(found[1])
    assert (found[1]["observed"], found[1]["track"], found[1]["method"]) == (40, "escalation", "noufaily")
    assert "40 in 2020-W40" in found[1]["explanation"]


def test_every_method_is_run_side_by_side(consilience, table):
    options = ("--period", "week", "--value", "n", "--by", "area", "--from", "2020-W39", "--method", "all", "--json")
    done = consilience("watch", table, *options)
    found = json.loads(done.out)
    assert len(found) == 2 * 2 * 7
    assert {one["method"] for one in found} >= {"noufaily", "farrington", "ears-c1", "record"}


def test_text_for_people_names_the_series_and_the_reason(consilience, table):
    done = consilience("watch", table, "--period", "week", "--value", "n", "--by", "area", "--from", "2020-W40")
    assert done.out.startswith("1 flagged of 2 tested")
    assert "2020-W40 S [escalation, noufaily]" in done.out


def test_the_compatibility_mode_takes_the_settings_of_the_reference_program(consilience, table):
    options = ("--period", "week", "--value", "n", "--by", "area", "--from", "latest", "--compat", "surveillance")
    more = ("--method", "farrington", "--alpha", "0.1", "--years", "4", "--json")
    theirs = json.loads(consilience("watch", table, *options, *more).out)
    ours = json.loads(consilience("watch", table, *options[:-2], *more).out)
    assert theirs[1]["alarm"]
    assert ours[1]["alarm"]
    assert theirs[1]["upper"] != ours[1]["upper"]


def test_gaps_are_told_and_can_be_declared_zero(consilience, tmp_path):
    path = tmp_path / "gaps.csv"
    path.write_text("month;n\n" + "".join(f"{2014 + i // 12}-{i % 12 + 1:02d};{i % 3}\n" for i in range(0, 96, 2)))
    options = ("--period", "month", "--value", "n", "--from", "latest", "--json")
    done = consilience("watch", path, *options)
    assert "47 periods have no count" in done.err
    assert consilience("watch", path, *options, "--gaps", "zero").err == ""


@pytest.mark.parametrize(
    ("text", "options", "code", "sentence"),
    [
        ("week,n\n1,-3\n", (), 1, "row 1"),
        ("week,n\n1,3\n1,4\n", (), 1, "more than once"),
        ("week,n\n", (), 1, "no rows"),
        ("", (), 1, "cannot be read as a table"),
        ("week,m\n1,3\n", (), 2, "no column n"),
        ("week,n\n1,3\n", ("--from", "9"), 2, "ends before 9"),
        ("week,n\n1,3\n", ("--alpha", "0.9"), 2, "no small chance"),
    ],
)
def test_wrong_input_gets_the_sentence_that_helps(consilience, tmp_path, text, options, code, sentence):
    path = tmp_path / "wrong.csv"
    path.write_text(text)
    done = consilience("watch", path, "--period", "week", "--value", "n", "--json", *options)
    assert (done.code, done.out) == (code, "")
    assert sentence in done.err


def test_standard_input_is_read(consilience, monkeypatch):
    text = "week,n\n" + "".join(f"{week},3\n" for week in range(1, 11))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert len(json.loads(consilience("watch", "-", "--period", "week", "--value", "n", "--json").out)) == 10


def test_a_file_that_is_not_there_is_a_misuse(consilience):
    assert consilience("watch", "nowhere.csv", "--period", "week", "--value", "n").code == 2


def test_the_calendar_is_named_beside_the_alert(consilience, table, tmp_path):
    calendar = tmp_path / "calendar.csv"
    calendar.write_text("name,kind,first,last\nvote,election,2020-09-28,2020-10-04\n")
    options = ("--period", "week", "--value", "n", "--by", "area", "--from", "latest", "--calendar", calendar, "--json")
    found = json.loads(consilience("watch", table, *options).out)
    assert found[1]["calendar"] == ["vote"]
    assert found[1]["alarm"]
    assert "Calendar: vote." in found[1]["explanation"]
    assert found[1]["q"] < 0.01


def test_a_change_of_practice_is_an_alert_on_coverage_and_not_a_rise(consilience, tmp_path):
    counts = np.random.default_rng(3).poisson(6.0, (3, 80))
    counts[0, 68:] *= 4
    lines = ["week,source,n", *(f"{week + 1},{'abc'[row]},{counts[row, week]}" for row, week in np.ndindex(3, 80))]
    path = tmp_path / "practice.csv"
    path.write_text("\n".join(lines) + "\n")
    options = ("--period", "week", "--value", "n", "--by", "source", "--source", "source", "--from", "latest", "--json")
    found = json.loads(consilience("watch", path, *options).out)
    assert [one["track"] for one in found] == ["coverage", None, None]
    assert "not a rise" in found[0]["explanation"]
