"""Laws of clustering: it is a partition, order does not matter, decisions hold and can be taken back."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from consilience.linkage.clustering import Pairs, average_linkage, cluster, components, pairs_within


@st.composite
def weighed(draw, most=9):
    rows = draw(st.integers(2, most))
    every = [(one, other) for one in range(rows) for other in range(one + 1, rows)]
    chosen = draw(st.lists(st.sampled_from(every), unique=True))
    # Weights that differ, so that no tie is left to the order of records.
    weights = draw(st.lists(st.integers(-1500, 1500), min_size=len(chosen), max_size=len(chosen), unique=True))
    left, right = (np.array([pair[side] for pair in chosen], dtype=np.int64) for side in (0, 1))
    return rows, Pairs(left, right, np.array(weights, dtype=float) / 130 + 0.001)


def same(label):
    return label[:, None] == label[None, :]


def pair(one, other):
    return np.array([[one, other]])


@given(weighed())
def test_it_is_an_equivalence_named_by_its_lowest_record(case):
    rows, pairs = case
    label = cluster(rows, pairs)
    assert (label[label] == label).all()
    assert (label <= np.arange(rows)).all()


@given(weighed())
def test_only_connected_records_are_joined(case):
    rows, pairs = case
    label, connected = cluster(rows, pairs), components(rows, pairs, 0.0)
    assert (same(label) <= same(connected)).all()


@given(weighed(), st.randoms())
def test_the_order_of_pairs_does_not_matter(case, random):
    rows, pairs = case
    order = list(range(len(pairs.left)))
    random.shuffle(order)
    turned = Pairs(pairs.right[order], pairs.left[order], pairs.weight[order])
    assert (cluster(rows, pairs) == cluster(rows, turned)).all()


@given(weighed(), st.data())
def test_a_negative_decision_always_holds(case, data):
    rows, pairs = case
    one, other = data.draw(st.sampled_from([(a, b) for a in range(rows) for b in range(a + 1, rows)]))
    chain = np.array([[at, at + 1] for at in range(rows - 1)])
    for always in (None, chain, pair(one, other)):
        label = cluster(rows, pairs, always=always, never=pair(one, other))
        assert label[one] != label[other]


@given(weighed(), st.data())
def test_a_positive_decision_holds_where_nothing_speaks_against_it(case, data):
    rows, pairs = case
    one, other = data.draw(st.sampled_from([(a, b) for a in range(rows) for b in range(a + 1, rows)]))
    label = cluster(rows, pairs, always=pair(one, other))
    assert label[one] == label[other]


@given(weighed())
def test_a_higher_threshold_never_links_what_no_pair_supports(case):
    rows, pairs = case
    assert (cluster(rows, pairs, threshold=1e6) == np.arange(rows)).all()


def test_one_bad_pair_does_not_glue_two_families():
    first = [(a, b, 8.0) for a in range(3) for b in range(a + 1, 3)]
    second = [(a, b, 8.0) for a in range(3, 6) for b in range(a + 1, 6)]
    between = [(a, b, -6.0) for a in range(3) for b in range(3, 6) if (a, b) != (2, 3)]
    rows = [*first, *second, (2, 3, 5.0), *between]
    left, right, weight = (np.array(column) for column in zip(*rows, strict=True))
    assert cluster(6, Pairs(left, right, weight.astype(float))).tolist() == [0, 0, 0, 3, 3, 3]


def test_a_pair_too_weak_alone_is_joined_by_the_others():
    pairs = Pairs(np.array([0, 1, 0]), np.array([1, 2, 2]), np.array([10.0, 6.0, -2.0]))
    assert cluster(3, pairs).tolist() == [0, 0, 0]


def test_a_component_of_many_thousands_is_cut_in_time():
    rng = np.random.default_rng(1)
    left = rng.integers(0, 5_000, 20_000)
    right = rng.integers(0, 5_000, 20_000)
    keep = left < right
    unique = np.unique(np.column_stack([left[keep], right[keep]]), axis=0)
    weight = np.where(unique[:, 1] - unique[:, 0] < 3, 9.0, 1.0)
    label = cluster(5_000, Pairs(unique[:, 0], unique[:, 1], weight))
    assert np.bincount(label).max() < 400


@settings(max_examples=50)
@given(weighed(most=6))
def test_average_linkage_leaves_no_two_groups_that_speak_for_each_other(case):
    rows, pairs = case
    matrix = np.full((rows, rows), -4.0)
    matrix[pairs.left, pairs.right] = matrix[pairs.right, pairs.left] = pairs.weight
    label = average_linkage(rows, pairs)
    groups = [np.flatnonzero(label == name) for name in np.unique(label)]
    for at, one in enumerate(groups):
        for other in groups[at + 1 :]:
            assert matrix[np.ix_(one, other)].mean() <= 1e-9


def test_every_pair_within_a_group_is_listed_once():
    found = pairs_within(np.array([0, 0, 0, 3, 3, 5]), largest=10)
    assert sorted(map(tuple, found.tolist())) == [(0, 1), (0, 2), (1, 2)]


def test_nothing_gives_nothing():
    empty = Pairs(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0))
    assert cluster(0, empty).tolist() == []
    assert cluster(1, empty).tolist() == [0]
