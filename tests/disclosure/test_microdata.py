"""Records: measures against counting by hand, and what suppression promises."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consilience.disclosure.microdata import releasable, risk, suppress_locally
from consilience.errors import DisclosureRefused, UsageError
from consilience.model.schema import ACTS, IDENTITIES


def _records(seed, size=40):
    rng = np.random.default_rng(seed)
    return pa.table({name: [str(v) for v in rng.integers(0, 5, size)] for name in ("age", "area", "sex", "harm")})


def test_the_measures_are_those_of_the_definitions():
    table = pa.table({"q": list("aaabb"), "s": list("xxyyy")})
    report = risk(table, ["q"], sensitive="s", k=3)
    assert (report.records, report.classes, report.k, report.unique, report.below) == (5, 2, 2, 0, 2)
    assert report.l == 1
    assert report.t == pytest.approx(0.4)  # class b is all y (1.0), everybody 0.6
    assert report.expected == pytest.approx(2.0)


@given(seed=st.integers(0, 10**6), k=st.integers(2, 6))
@settings(max_examples=60, deadline=None)
def test_after_local_suppression_every_class_has_k_records(seed, k):
    done = suppress_locally(_records(seed), ["age", "area", "sex"], k=k)
    assert risk(done.table, ["age", "area", "sex"], k=k).k >= k
    assert done.table["harm"] == _records(seed)["harm"]


def test_the_most_important_column_loses_least():
    done = suppress_locally(_records(3, 200), ["age", "area", "sex"], k=3, importance=["area"])
    assert done.emptied["area"] <= done.emptied["age"]


def test_fewer_records_than_k_are_refused():
    with pytest.raises(UsageError, match="fewer records"):
        suppress_locally(_records(0, 3), ["age"], k=5)


def test_free_text_goes_out_only_by_a_persons_decision():
    with pytest.raises(DisclosureRefused, match="place_said"):
        releasable(["violation", "place_said"], ACTS)
    releasable(["violation", "place_said"], ACTS, texts_agreed=frozenset({"place_said"}))


def test_identities_never_leave():
    with pytest.raises(DisclosureRefused, match="never leaves"):
        releasable(["name"], IDENTITIES)
