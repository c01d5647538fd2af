"""Training finds the weights that made the data."""

import numpy as np
import pytest

from consilience.errors import FormatError
from consilience.linkage.comparisons import Comparison, Level
from consilience.linkage.training import Model, level_shares, random_pairs, train

FIELDS = tuple(Comparison(f"f{at}", "", (Level("", "same", 0.8), Level("ELSE", "other", 0.2))) for at in range(5))


def drawn(rng, pairs, agree):
    return (rng.random((pairs, len(agree))) < np.array(agree)).astype(np.int8)


def test_expectation_and_maximisation_recovers_m_and_the_share_of_same_people():
    rng = np.random.default_rng(7)
    real, chance = [0.9, 0.8, 0.95, 0.7, 0.85], [0.01, 0.05, 0.02, 0.1, 0.03]
    levels = np.vstack([drawn(rng, 2_000, real), drawn(rng, 200_000, chance)])
    u = level_shares(drawn(rng, 200_000, chance), FIELDS)
    model = train(
        levels, np.zeros(len(levels), dtype=np.int64), {"a + a": float(len(levels))}, FIELDS, u, records=2_000
    )
    assert [model.weights[each.name][0][0] for each in FIELDS] == pytest.approx(real, abs=0.03)
    assert model.priors["a + a"] == pytest.approx(2_000 / len(levels), rel=0.05)


def test_a_source_without_duplicates_is_recognised():
    rng = np.random.default_rng(7)
    real, chance = [0.9] * 5, [0.02] * 5
    levels = np.vstack([drawn(rng, 1_000, real), drawn(rng, 100_000, chance), drawn(rng, 50_000, chance)])
    kinds = np.repeat([1, 1, 0], [1_000, 100_000, 50_000])
    u = level_shares(drawn(rng, 100_000, chance), FIELDS)
    possible = {"a + a": 50_000.0, "a + b": 101_000.0}
    model = train(levels, kinds, possible, FIELDS, u, records=1_000)
    assert model.priors["a + a"] < model.priors["a + b"] / 100


def test_missing_values_say_nothing():
    levels = np.array([[1, -1, -1, -1, -1]] * 50 + [[0, -1, -1, -1, -1]] * 50, dtype=np.int8)
    u = [np.array([0.5, 0.5])] * 5
    model = train(levels, np.zeros(100, dtype=np.int64), {"a + a": 1e4}, FIELDS, u, records=100)
    assert model.weights["f1"][0] == pytest.approx([0.8, 0.2])


def test_random_pairs_are_different_records_each_once():
    found = random_pairs(1_000, 5_000, np.random.default_rng(1))
    assert (found[:, 0] < found[:, 1]).all()
    assert len(np.unique(found, axis=0)) == len(found)
    assert len(random_pairs(4, 100, np.random.default_rng(1))) == 6


def test_a_model_survives_writing_and_reading():
    model = Model({"f0": ([0.9, 0.1], [0.2, 0.8])}, {"a + a": 0.001}, 4)
    again = Model.from_json(model.to_json())
    assert (again.weights, again.priors, again.rounds) == (model.weights, model.priors, model.rounds)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"weights": {}}', '{"method": "other/1", "weights": {}, "priors": {}, "rounds": 1}']
)
def test_what_is_no_model_is_refused(text):
    with pytest.raises(FormatError):
        Model.from_json(text)
