import json
import resource

import numpy as np
import pytest

from consilience.errors import StateError
from consilience.estimation.batch import LIGHT_EFFORT, MANY, estimate_strata, settings_for
from consilience.estimation.methods import Settings
from consilience.estimation.read import Stratum
from consilience.estimation.total import total_of

EXACT = Settings(methods=("graphs",))


@pytest.fixture(scope="module")
def strata(simulate):
    rng = np.random.default_rng(1)
    chances = [[0.4, 0.3, 0.35]]
    return [Stratum(f"area {number}", simulate(rng, 200 + 50 * number, [1.0], chances)) for number in range(4)]


def test_processes_and_order_change_no_figure(strata):
    alone = estimate_strata(strata, EXACT, processes=1)
    together = estimate_strata(strata[::-1], EXACT, processes=2)
    assert [one.report for one in alone] == [one.report for one in together[::-1]]


def test_an_interrupted_run_goes_on_from_its_journal(strata, tmp_path):
    journal = tmp_path / "journal.jsonl"
    whole = estimate_strata(strata, EXACT, processes=1, journal=journal)
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(lines[:2]) + lines[2][:40])
    steps = []
    again = estimate_strata(
        strata, EXACT, processes=1, journal=journal, finished=lambda done, of: steps.append((done, of))
    )
    assert steps == [(3, 4), (4, 4)]
    assert total_of(again, seed=1) == total_of(whole, seed=1)
    assert len([json.loads(line) for line in journal.read_text().splitlines()]) == 4


def test_another_seed_or_table_is_computed_anew(strata, tmp_path):
    journal = tmp_path / "journal.jsonl"
    estimate_strata(strata[:1], EXACT, processes=1, journal=journal)
    estimate_strata(strata[:1], Settings(methods=("graphs",), seed=2), processes=1, journal=journal)
    assert len(journal.read_text().splitlines()) == 2


def test_a_file_that_is_no_journal_is_left_alone(strata, tmp_path):
    journal = tmp_path / "notes.txt"
    journal.write_text("shopping\n")
    with pytest.raises(StateError, match="not a journal"):
        estimate_strata(strata, EXACT, journal=journal)
    assert journal.read_text() == "shopping\n"


def test_many_strata_get_lighter_settings_and_few_do_not():
    assert settings_for(Settings(), MANY) == Settings()
    light = settings_for(Settings(), MANY + 1)
    assert (light.effort, light.checks) == (LIGHT_EFFORT, False)


@pytest.mark.soak
def test_hundreds_of_strata_run_on_two_processes_and_memory_stays_flat(simulate, tmp_path):
    rng = np.random.default_rng(5)
    strata = [
        Stratum(f"area {number}", simulate(rng, int(rng.integers(100, 600)), [1.0], [[0.4, 0.3, 0.35, 0.25]]))
        for number in range(300)
    ]
    light = settings_for(Settings(), len(strata))
    heights = []
    for part in (strata[:40], strata):
        results = estimate_strata(part, light, processes=2, journal=tmp_path / "journal.jsonl")
        heights.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    assert len(results) == 300
    assert heights[1] < 1.2 * heights[0]
    assert total_of(results, seed=1)["recommended"] is not None
