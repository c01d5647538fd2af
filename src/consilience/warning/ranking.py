"""Many series at once: a level from a budget of false alarms, a calibrated layer, a ranking, one alert for one event.

The Benjamini-Hochberg value ranks and is shown; it promises nothing, as counts of violations are not the model's. What
share of alerts was false is told from people's verdicts (`realised_false_share`).
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from consilience.errors import UsageError

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
STRATA = (0.0, 1.0, 5.0, 20.0, 100.0, np.inf)
"""Edges of the expected counts within which past chances are pooled."""
_LEAST = 50
"""Past results a stratum needs before it is calibrated."""


def level_for_budget(false_alarms_a_week: float, series: int, periods_a_week: float = 1.0) -> float:
    """Return the one-sided level at which so many false alarms a week are expected from so many quiet series.

    >>> level_for_budget(2.0, 400)
    0.005

    Raises:
        UsageError: a budget that is not above 0, or no series.
    """
    if false_alarms_a_week <= 0 or series < 1:
        raise UsageError("A budget needs alarms and series", expected="both above 0")
    return min(false_alarms_a_week / (series * periods_a_week), 0.49)


def ranked(chances: Floats) -> Floats:
    """Return the Benjamini-Hochberg value of each chance (NaN stays NaN): the q at which it would still be listed.

    >>> ranked(np.array([0.01, 0.02, 0.9, np.nan])).round(3).tolist()
    [0.03, 0.03, 0.9, nan]
    """
    values = np.full(chances.shape, np.nan)
    there = np.flatnonzero(np.isfinite(chances))
    order = there[np.argsort(chances[there], kind="stable")]
    steps = chances[order] * len(order) / np.arange(1, len(order) + 1)
    values[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return values


def calibrated(expected: Floats, chance: Floats, trailing: int, level: float) -> Bools:
    """Whether each result is rarer than `level` among past results of its stratum of expected counts.

    On real conflict data a nominal level of 1% alarms on 9% of points; this layer holds the share near the level. It
    is for the escalation track only: applied to onsets it would lose most of them.

    Args:
        expected: expected counts, series x periods.
        chance: chances (p), series x periods.
        trailing: periods back that are pooled, the tested one excluded.
        level: the share wanted.

    Returns:
        Series x periods; true where the stratum has too few past results to tell.
    """
    stratum = np.digitize(expected, STRATA[1:-1])
    passed = np.ones(chance.shape, dtype=bool)
    for at in range(chance.shape[1]):
        past = slice(max(at - trailing, 0), at)
        for number in range(len(STRATA) - 1):
            pool = chance[:, past][(stratum[:, past] == number) & np.isfinite(chance[:, past])]
            if len(pool) >= _LEAST:
                rows = stratum[:, at] == number
                passed[rows, at] = chance[rows, at] <= np.quantile(pool, level)
    return passed


def top_down(flagged: Mapping[str, bool], parent_of: Mapping[str, str]) -> dict[str, str]:
    """Return, for each flagged area below a flagged one, the widest flagged area above it: one event, one alert.

    >>> top_down({"X": True, "X1": True, "Y1": True}, {"X1": "X", "Y1": "Y"})
    {'X1': 'X'}

    Raises:
        UsageError: the areas contain each other.
    """
    bundled = {}
    for area in (name for name, flag in flagged.items() if flag):
        seen, above, widest = {area}, parent_of.get(area), None
        while above is not None:
            if above in seen:
                raise UsageError("The areas contain each other", found=above, remedy="Correct the list of areas.")
            seen.add(above)
            widest = above if flagged.get(above) else widest
            above = parent_of.get(above)
        if widest is not None:
            bundled[area] = widest
    return bundled


def opened(alarm: Bools, cool_down: int) -> Bools:
    """Return where a new alert opens: an alarm with none in the `cool_down` periods before adds to no open one.

    >>> opened(np.array([[True, True, False, True, False, False, True]]), 2).astype(int).tolist()
    [[1, 0, 0, 0, 0, 0, 1]]
    """
    start = np.zeros(alarm.shape, dtype=bool)
    quiet = np.full(alarm.shape[0], cool_down + 1)
    for at in range(alarm.shape[1]):
        start[:, at] = alarm[:, at] & (quiet > cool_down)
        quiet = np.where(alarm[:, at], 1, quiet + 1)
    return start


def realised_false_share(verdicts: Sequence[str]) -> float | None:
    """Return the share of refuted among the alerts that people judged; None where none was judged.

    >>> realised_false_share(["verified", "refuted", "undetermined", "verified"])
    0.3333333333333333
    """
    judged = [verdict for verdict in verdicts if verdict in {"verified", "refuted"}]
    return judged.count("refuted") / len(judged) if judged else None
