"""Private overlap equals plain overlap on the same keys; what breaks the protocol is refused; no key shows."""

import random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consilience.errors import DisclosureRefused, IntegrityError, UsageError
from consilience.linkage.private.curve import Secret, point_of
from consilience.linkage.private.keys import composite_keys
from consilience.linkage.private.pair import PAD_TO, Party, overlap
from consilience.linkage.private.patterns import Share, count_patterns, withhold
from consilience.linkage.private.question import Budget, already_held

records = st.lists(st.lists(st.sampled_from("abcdefghij"), max_size=3), max_size=6)
few = settings(max_examples=3, deadline=None)


def party(keys, number, **more):
    return Party(
        f"p{number}", keys, session=b"s", rng=random.Random(number), secret=Secret(bytes([number]) * 32), **more
    )


def distinct(keys):
    return {key for record in keys for key in record}


@few
@given(records, records)
def test_private_overlap_is_the_plain_overlap(one, other):
    assert overlap(party(one, 1), party(other, 2)) == len(distinct(one) & distinct(other))


@few
@given(records, records)
def test_the_second_step_tells_exactly_the_records_in_common(one, other):
    first, second = party(one, 1), party(other, 2)
    overlap(first, second)
    expected = [at for at, keys in enumerate(one) if set(keys) & distinct(other)]
    assert first.records_in_common(second.disclose()) == expected


@few
@given(st.lists(st.sets(st.sampled_from("abcdefgh")), min_size=2, max_size=4))
def test_private_patterns_are_the_plain_patterns(sets):
    shares = [Share(str(at), Secret(bytes([at + 1]) * 32), random.Random(at)) for at in range(len(sets))]
    found = count_patterns(shares, [sorted(each) for each in sets], session=b"s", least=0)
    plain = {}
    for key in set().union(*sets):
        pattern = tuple(int(key in each) for each in sets)
        plain[pattern] = plain.get(pattern, 0) + 1
    assert found == plain


def test_small_counts_are_withheld_and_never_a_lone_one():
    assert withhold({(1, 0): 50, (0, 1): 9, (1, 1): 2}, 5) == {(1, 0): 50, (0, 1): None, (1, 1): None}
    assert withhold({(1, 0): 50, (0, 1): 9}, 5) == {(1, 0): 50, (0, 1): 9}


def test_the_size_of_a_set_is_padded():
    assert len(party([["a"]], 1).offer()) == len(party([[str(at)] for at in range(200)], 2).offer()) == PAD_TO


def test_a_set_beyond_the_cap_is_refused_on_both_sides():
    with pytest.raises(DisclosureRefused):
        party([[str(at)] for at in range(PAD_TO + 1)], 1, cap=PAD_TO)
    large = party([[str(at)] for at in range(PAD_TO + 1)], 1)
    with pytest.raises(DisclosureRefused):
        party([["a"]], 2, cap=PAD_TO).return_blinded(large.offer(), large.commitment)


def test_a_set_changed_after_the_commitment_is_refused():
    first, second = party([["a"]], 1), party([["b"]], 2)
    with pytest.raises(IntegrityError, match="committed"):
        second.return_blinded(first.offer()[::-1], first.commitment)


def test_a_set_returned_short_is_refused():
    first, second = party([["a"]], 1), party([["b"]], 2)
    returned = second.return_blinded(first.offer(), first.commitment)
    with pytest.raises(IntegrityError, match="another set"):
        first.receive(returned[1:])


def test_an_order_that_is_none_is_refused():
    first, second = party([["a"]], 1), party([["a"]], 2)
    overlap(first, second)
    with pytest.raises(IntegrityError, match="no order"):
        first.records_in_common([0] * PAD_TO)


@pytest.mark.parametrize("point", [bytes(32), b"short"])
def test_points_outside_the_protocol_are_refused(point):
    with pytest.raises(UsageError, match="no point"):
        Secret(b"1" * 32).blind([point])


def test_points_of_two_sessions_differ():
    assert point_of("k", session=b"one") != point_of("k", session=b"two")


def test_the_ledger_shows_the_run_and_no_key():
    first, second = party([["a secret key"]], 1), party([["a secret key"]], 2)
    count = overlap(first, second)
    record = first.record("p2", second.commitment, second.size, count)
    assert record.in_common == 1
    assert record.my_commitment == second.record("p1", first.commitment, first.size, count).partner_commitment
    assert "secret key" not in repr(record)
    assert "1111" not in repr(Secret(b"1" * 32))


def test_every_hashed_key_is_a_point_of_the_curve_and_not_of_its_twist():
    # RFC 7748, section 5: p = 2^255 - 19, A = 486662; v^2 = u^3 + A u^2 + u has a root for points of the curve.
    prime = 2**255 - 19
    for at in range(20):
        u = int.from_bytes(point_of(str(at), session=b"s"), "little")
        assert pow(u**3 + 486662 * u**2 + u, (prime - 1) // 2, prime) == 1


def test_blinding_is_the_multiplication_of_rfc_7748():
    # RFC 7748, section 5.2, first test vector.
    scalar = bytes.fromhex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")
    point = bytes.fromhex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")
    product = "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"
    assert Secret(scalar).blind([point])[0].hex() == product


def test_a_question_is_answered_within_a_budget():
    secrets = Secret(b"1" * 32), Secret(b"2" * 32)
    held = [["k1", "k2"], ["k3"]]
    answers = [already_held([key], held, session=b"q", rng=random.Random(1), secrets=secrets) for key in ("k2", "k9")]
    assert answers == [True, False]
    budget = Budget(questions=2, seconds=60)
    budget.check([0.0], now=1.0)
    with pytest.raises(DisclosureRefused, match="used up"):
        budget.check([0.0, 0.5], now=1.0)


def test_a_key_is_left_out_where_a_part_is_missing():
    table = pa.table(
        {"rid": [0, 1], "family_key": ["dlvn", None], "given_key": ["mr", "tr"], "birth_text": ["19900405", "19710130"]}
    )
    assert [len(keys) for keys in composite_keys(table)] == [3, 1]
