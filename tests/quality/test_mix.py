"""Changes of one source's coding are found and named; what every source shows is left alone."""

import numpy as np
import pytest

from consilience.quality.mix import _fit, find_exchanges, find_practice_changes, undo

MONTHS, SHARES = 48, np.array([0.3, 0.25, 0.15, 0.12, 0.1, 0.08])


def lists(rng, size=60, sources=5, months=MONTHS):
    """Five lists that see the same slowly changing world through habits of their own."""
    world = SHARES * np.exp(0.3 * np.sin(np.arange(months)[:, None] / 6 + np.arange(6)))
    counts = {}
    for number in range(sources):
        habit = np.exp(rng.normal(0, 0.3, 6))
        mean = world * habit
        mean = size * mean / mean.sum(axis=1, keepdims=True)
        counts[f"list_{number}"] = rng.poisson(mean).astype(float)
    return counts


@pytest.mark.parametrize(("size", "sources"), [(15, 3), (60, 5)])
def test_lists_without_a_fault_give_a_false_alarm_in_five_of_a_hundred_at_most(size, sources):
    rng = np.random.default_rng(6)
    alarms = 0
    for _ in range(50):
        counts = lists(rng, size, sources)
        alarms += bool(find_exchanges(counts)) or bool(find_practice_changes(counts))
    assert alarms / 50 <= 0.05


def test_a_code_that_one_list_begins_to_use_more_is_found_and_dated():
    rng = np.random.default_rng(7)
    found = 0
    for _ in range(30):
        counts = lists(rng)
        counts["list_2"][20:, 3] += rng.poisson(15, MONTHS - 20)
        changes = find_practice_changes(counts)
        found += [(c.source, c.code) for c in changes] == [("list_2", 3)] and abs(changes[0].position - 20) <= 2
    assert found / 30 >= 0.9


def test_a_spike_that_every_list_sees_is_no_change_of_practice():
    rng = np.random.default_rng(8)
    alarms = 0
    for _ in range(40):
        counts = lists(rng)
        for matrix in counts.values():
            matrix[20:22, [1, 3]] *= 4
        alarms += bool(find_practice_changes(counts)) or bool(find_exchanges(counts))
    assert alarms / 40 <= 0.05


def test_two_codes_that_changed_places_for_half_a_year_are_found_and_named_once():
    rng = np.random.default_rng(9)
    found = 0
    for _ in range(30):
        counts = lists(rng, size=200)
        counts["list_1"][30:36, [0, 5]] = counts["list_1"][30:36, [5, 0]]
        exchanges = find_exchanges(counts)
        named = [(e.source, e.codes) for e in exchanges] == [("list_1", (0, 5))]
        dated = named and abs(exchanges[0].first - 30) <= 1 and abs(exchanges[0].last - 35) <= 1
        found += dated and not find_practice_changes(undo(counts, exchanges))
    assert found / 30 >= 0.9


def test_a_change_of_practice_is_not_taken_for_an_exchange():
    rng = np.random.default_rng(10)
    mistaken = 0
    for _ in range(30):
        counts = lists(rng)
        counts["list_2"][20:, 5] += rng.poisson(30, MONTHS - 20)
        mistaken += bool(find_exchanges(counts))
    assert mistaken / 30 <= 0.05


def test_undoing_an_exchange_restores_the_counts():
    counts = lists(np.random.default_rng(11), size=200)
    kept = {source: matrix.copy() for source, matrix in counts.items()}
    counts["list_1"][30:36, [0, 5]] = counts["list_1"][30:36, [5, 0]]
    exchanges = [e for e in find_exchanges(counts) if (e.first, e.last) == (30, 35)]
    assert exchanges
    assert all((undo(counts, exchanges)[source] == kept[source]).all() for source in kept)


def test_one_list_alone_is_held_against_itself_and_says_so():
    counts = {"only": np.tile([30.0, 10.0], (40, 1))}
    counts["only"][20:, 1] += 25
    changes = find_practice_changes(counts)
    assert changes
    assert not changes[0].others
    assert find_exchanges(counts) == []


def test_the_fitted_shares_expect_the_hits_that_were_observed():
    rng = np.random.default_rng(12)
    for scale in (0.1, 3, 30):
        total, offset = rng.integers(0, 50, 40).astype(float), rng.normal(0, scale, 40)
        hits = rng.binomial(total.astype(int), 0.3).astype(float)
        assert (total * _fit(hits, total, offset)).sum() == pytest.approx(hits.sum(), rel=1e-6)


def test_no_lists_give_nothing():
    assert find_practice_changes({}) == []
    assert find_exchanges({}) == []
