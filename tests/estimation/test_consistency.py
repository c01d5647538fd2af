import numpy as np

from consilience.estimation.capture import CaptureTable
from consilience.estimation.consistency import leave_each_out, predict_each_list


def test_lists_that_record_independently_predict_each_other(simulate):
    table = simulate(np.random.default_rng(1), 1500, [1.0], [[0.5, 0.4, 0.4, 0.5]])
    predictions = predict_each_list(table, seed=1)
    assert len(predictions) == 4
    assert sum(prediction.holds for prediction in predictions) >= 3


def test_a_list_that_holds_other_people_is_not_predicted(kosovo):
    by_name = {prediction.name: prediction for prediction in predict_each_list(kosovo, seed=1)}
    assert by_name["ABA"].actual == 845
    assert not by_name["ABA"].holds


def test_three_lists_predict_nothing_and_lose_their_estimate_without_one(disconnected):
    assert predict_each_list(disconnected, seed=1) == ()
    assert {out.median for out in leave_each_out(disconnected, seed=1)} == {None}


def test_without_a_list_there_is_another_estimate(sparse):
    out = leave_each_out(sparse, seed=1)
    assert [one.name for one in out] == list("ABCDE")
    assert all(one.median is not None and one.median > sparse.observed / 2 for one in out)


def test_a_table_of_two_people_predicts_nothing():
    table = CaptureTable.build("ABCD", [[1, 1, 0, 0], [0, 0, 1, 1]], [1, 1])
    assert predict_each_list(table, seed=1) == ()
