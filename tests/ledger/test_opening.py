import doctest
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consilience.errors import LedgerError, StateError
from consilience.ledger import edge, opening
from consilience.ledger.opening import Opening, canonical
from consilience.ledger.openings import OpeningStore, read_lines

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcé", max_size=3), inner, max_size=3),
    max_leaves=6,
)


def test_the_examples_in_the_docstrings_run():
    assert doctest.testmod(opening).failed == 0
    assert doctest.testmod(edge).failed == 0


def test_the_example_of_rfc_8785_is_written_as_published():
    event = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"\u002f",
        "literals": [None, True, False],
    }
    assert canonical(event).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32), st.dictionaries(st.text("abc"), VALUES, max_size=4))
def test_an_opening_round_trips_and_its_entry_is_a_plain_sha256(salt, event):
    made = Opening(salt, event)
    assert Opening.from_bytes(made.to_bytes()) == made
    assert made.entry == hashlib.sha256(made.to_bytes()).digest()


@pytest.mark.parametrize(
    "tail", [b"", b"[]", b"{", b'{"b":1,"a":2}', b'{"a": 1}', b'{"a":1}\n', b"\xff", b"[" * 100_000]
)
def test_bytes_that_are_not_a_canonical_event_are_refused(tail):
    with pytest.raises(LedgerError):
        Opening.from_bytes(bytes(32) + tail)


def test_a_torn_last_line_is_passed_over_and_written_over(tmp_path):
    (tmp_path / "scratch").mkdir()
    store = OpeningStore(tmp_path / "openings", tmp_path / "scratch")
    first, second = Opening(bytes(32), {"n": 1}), Opening(bytes(32), {"n": 2})
    store.add(0, [first])
    path = tmp_path / "openings/000.jsonl"
    path.write_bytes(path.read_bytes() + b'{"index": 1, "salt')
    assert list(read_lines(path)) == [(0, first)]
    store.add(1, [second])
    assert list(read_lines(path)) == [(0, first), (1, second)]


def test_of_two_openings_for_one_index_the_one_that_opens_the_entry_is_given(tmp_path):
    (tmp_path / "scratch").mkdir()
    store = OpeningStore(tmp_path / "openings", tmp_path / "scratch")
    lost, kept = Opening(bytes(32), {"n": 1}), Opening(bytes(32), {"n": 2})
    store.add(300, [lost])
    store.add(300, [kept])
    assert store.get(300, kept.entry) == kept
    assert store.get(300, bytes(32)) is None
    assert store.get(9_999, bytes(32)) is None


def test_a_damaged_line_is_named(tmp_path):
    path = tmp_path / "000.jsonl"
    path.write_bytes(b'{"index": 0}\n')
    with pytest.raises(StateError, match="Line 1"):
        list(read_lines(path))
