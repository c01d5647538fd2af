"""Entity ids stay the same from run to run."""

import numpy as np

from consilience.linkage.entities import entity_ids

REFS = [("a", "1"), ("a", "2"), ("b", "7"), ("b", "8")]


def test_ids_do_not_depend_on_the_order_of_records():
    label = np.array([0, 1, 0, 3])
    forward = dict(zip(REFS, entity_ids(REFS, label), strict=True))
    backward = dict(zip(REFS[::-1], entity_ids(REFS[::-1], label[::-1]), strict=True))
    assert forward == backward


def test_one_person_has_one_id_and_two_people_have_two():
    ids = entity_ids(REFS, np.array([0, 1, 0, 3]))
    assert ids[0] == ids[2]
    assert len(set(ids)) == 3


def test_a_cluster_keeps_the_name_that_most_of_its_records_had():
    earlier = {("a", "1"): "e-old", ("a", "2"): "e-old", ("b", "7"): "e-other"}
    ids = entity_ids(REFS, np.array([0, 0, 0, 3]), earlier)
    assert ids[:3] == ["e-old"] * 3
    assert ids[3] not in {"e-old", "e-other"}


def test_a_name_never_goes_to_two_clusters():
    earlier = dict.fromkeys(REFS, "e-old")
    ids = entity_ids(REFS, np.array([0, 0, 0, 3]), earlier)
    assert ids.count("e-old") == 3
