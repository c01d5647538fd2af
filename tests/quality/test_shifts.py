"""A new level is put down to one list only where the others did not move with it."""

import numpy as np

from consilience.quality.series import Mix
from consilience.quality.shifts import changes

MONTHS = 48


def levels(rng, sizes, factors):
    """Lists of one code, `sizes` records a month; from month 30 on for four months times its factor."""
    counts = {}
    for number, (size, factor) in enumerate(zip(sizes, factors, strict=True)):
        level = np.full(MONTHS, float(size))
        level[30:34] *= factor
        counts[f"list_{number}"] = rng.poisson(level).astype(float)[:, None]
    months = tuple(f"{2020 + n // 12}-{n % 12 + 1:02d}" for n in range(MONTHS))
    return Mix(months, ("C0",), counts)


def blamed(findings):
    return [finding.source for finding in findings if finding.rule == "volume.change"]


def test_a_rise_that_the_other_lists_show_too_is_put_down_to_none():
    rng, alarms = np.random.default_rng(31), 0
    for _ in range(60):
        alarms += bool(blamed(changes(levels(rng, (8, 10, 12, 90, 12), (2.2, 2.0, 2.2, 2.0, 2.4)))))
    assert alarms / 60 <= 0.05


def test_a_rise_of_one_list_alone_is_put_down_to_it():
    rng, found = np.random.default_rng(32), 0
    for _ in range(40):
        found += set(blamed(changes(levels(rng, (30, 30, 30, 30, 30), (1, 3, 1, 1, 1))))) == {"list_1"}
    assert found / 40 >= 0.9


def test_one_large_lists_change_does_not_speak_for_the_others():
    found = changes(levels(np.random.default_rng(33), (300, 30, 30, 30), (3, 1, 1, 1)))
    assert set(blamed(found)) == {"list_0"}
