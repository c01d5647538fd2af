"""Cell keys: the noise is what the table says, the same everywhere, and tells nobody the secret."""

import duckdb
import numpy as np
import pytest

from consilience.disclosure.cellkey import MODULUS, PerturbationTable, perturb, record_keys, sql_of_key
from consilience.errors import UsageError

SECRET = b"a secret of 32 bytes for testing"


def test_noise_over_a_hundred_thousand_cells_is_distributed_as_its_table_says():
    ptable = PerturbationTable.make(spread=3, variance=2.0, small=2)
    rng = np.random.default_rng(1)
    counts = np.full(100_000, 40)
    change = ptable.change(counts, rng.integers(0, MODULUS, len(counts)))
    seen = np.bincount(change + 3, minlength=7)
    expected = ptable.probabilities[-1] * len(counts)
    assert ((seen - expected) ** 2 / expected).sum() < 22.46  # chi-squared, 6 degrees of freedom, p = 0.001
    assert abs(change.mean()) < 0.02


@pytest.mark.parametrize(("spread", "variance", "small"), [(3, 2.0, 0), (4, 3.0, 2), (5, 5.0, 1)])
def test_every_row_of_the_table_is_a_distribution_without_bias(spread, variance, small):
    ptable = PerturbationTable.make(spread=spread, variance=variance, small=small)
    changes = np.arange(-spread, spread + 1)
    assert np.allclose(ptable.probabilities.sum(axis=1), 1)
    free = ptable.probabilities[spread + small :]
    assert np.allclose(free @ changes, 0, atol=1e-4)
    assert np.allclose(free[-1] @ changes**2, variance, atol=1e-3)


def test_a_zero_stays_a_zero_and_no_count_is_negative_or_too_small():
    ptable = PerturbationTable.make(spread=4, variance=3.0, small=2)
    keys = np.arange(5000)
    assert not perturb(np.zeros(5000, np.int64), keys, ptable).any()
    for count in range(1, 8):
        shown = perturb(np.full(5000, count), keys, ptable)
        assert not np.isin(shown, [1, 2]).any()
        assert (shown >= 0).all()


def test_the_same_records_have_the_same_noise_in_every_table():
    keys = record_keys(SECRET, [f"event-{i}" for i in range(50)])
    ptable = PerturbationTable.make()
    once = perturb(np.array([50]), np.array([keys.sum()]), ptable)
    again = perturb(np.array([50]), np.array([keys[::-1].sum() % MODULUS]), ptable)
    assert once == again


def test_the_key_is_made_inside_the_aggregate_query_with_a_bound_secret():
    connection = duckdb.connect()
    query = f"SELECT sum({sql_of_key('id')}) FROM (SELECT 'e' || range AS id FROM range(20000))"
    [(one,)] = connection.execute(query, ["s" * 32, "s" * 32]).fetchall()
    [(other,)] = connection.execute(query, ["t" * 32, "t" * 32]).fetchall()
    assert one != other
    assert abs(int(one) / 20000 / MODULUS - 0.5) < 0.01


def test_a_short_secret_is_refused():
    with pytest.raises(UsageError, match="too short"):
        record_keys(b"short", ["e"])


def test_what_is_said_in_public_holds_no_key():
    said = PerturbationTable.make().describe()
    assert "may not be the sum" in said
    assert "secret" not in said.lower()
