"""`consilience quality` reports in words, in JSON and as a page, and exits with 3 for serious findings."""

import json
import subprocess
import sys

import pytest

from consilience.cli.main import main

HEADER = "id,what,day,area,sex,age"
MAPPING = """
mapping = "small"
version = "1.0"
title = "A small list"

[record]
id = "id"

[event]
date = { period = "day" }
place.area = { column = "area" }

[[actor]]
name = "victim"
sex = { column = "sex" }

[[act]]
name = "act"
violation = { column = "what" }
date = { period = "day" }
place.area = { column = "area" }
"""


@pytest.fixture
def small(tmp_path):
    """Write a list of sixty killings, the last `future` of them in 2030, and the mapping that reads it."""

    def write(future=0):
        rows = [f"r{n},KILLING,2023-{n % 12 + 1:02d}-{n % 27 + 1:02d},CL,F,{20 + n % 40}" for n in range(60 - future)]
        rows += [f"f{n},KILLING,2030-01-0{n + 1},CL,F,30" for n in range(future)]
        (tmp_path / "list.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
        (tmp_path / "small.toml").write_text(MAPPING, encoding="utf-8")
        return [str(tmp_path / "list.csv"), "--mapping", str(tmp_path / "small.toml"), "--as-of", "2024-01-01"]

    return write


def run(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["quality", *arguments])
    return ended.value.code, capsys.readouterr()


def test_a_clean_file_ends_with_0_and_says_what_it_holds(small, capsys):
    code, printed = run(small(), capsys)
    assert code == 0
    assert "list: 60 events, 60 acts" in printed.out


def test_acts_in_the_future_are_serious_and_end_with_3(small, capsys):
    code, printed = run([*small(future=2), "--json"], capsys)
    report = json.loads(printed.out)
    assert code == 3
    found = [f for f in report["findings"] if f["rule"] == "dates.future" and f["subject"].startswith("acts")]
    assert [(f["value"], f["severity"], f["sample"]) for f in found] == [(2, "serious", ["f0", "f1"])]
    assert report["sources"]["list"]["rows"]["acts"] == 60


def test_the_page_is_a_fragment_with_a_table(small, capsys):
    _, printed = run([*small(), "--html"], capsys)
    assert printed.out.startswith('<div class="quality"')
    assert "<caption>" in printed.out


def test_a_file_without_a_mapping_is_refused_with_a_sentence(small, capsys):
    path = small()[0]
    code, printed = run([path], capsys)
    assert code == 2
    assert "--mapping" in printed.err


@pytest.mark.parametrize(
    ("module", "slow"),
    [
        ("consilience.cli.quality", ("scipy.stats", "scipy.optimize")),
        ("consilience.indicators.rates", ("scipy.stats", "scipy.optimize")),
        ("consilience.cli.study", ("scipy.stats",)),
    ],
)
def test_the_command_starts_without_the_slow_part_of_scipy(module, slow):
    asked = f"import sys, {module}; print([name for name in {slow} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
