import hashlib
import shutil
import subprocess
import time
from datetime import UTC, datetime, timedelta

import pytest

from consilience.custody.timestamp import check_stamp, request_stamp
from consilience.errors import CustodyError, StateError

MESSAGE = b"example.org/log\n3\nroot\n"


@pytest.fixture(scope="session")
def stamped(make_authority):
    authority = make_authority("one")
    return authority, request_stamp(MESSAGE, authority.ask, authority.roots)


def test_a_token_dates_its_message(stamped):
    authority, token = stamped
    stamp = check_stamp(token, MESSAGE, authority.roots)
    assert abs(datetime.now(UTC) - stamp.time) < timedelta(minutes=5)
    assert stamp.judged_by == "rfc3161-client"


def test_openssl_itself_accepts_the_raw_token(stamped, tmp_path):
    authority, token = stamped
    for name, data in (("token", token), ("roots", authority.roots), ("message", MESSAGE)):
        (tmp_path / name).write_bytes(data)
    command = ["openssl", "ts", "-verify", "-data", "message", "-in", "token", "-CAfile", "roots"]
    assert b"Verification: OK" in subprocess.run(command, cwd=tmp_path, check=True, capture_output=True).stdout


def test_another_message_and_a_foreign_root_are_refused(stamped, make_authority):
    authority, token = stamped
    with pytest.raises(CustodyError, match="does not hold"):
        check_stamp(token, MESSAGE + b"!", authority.roots)
    with pytest.raises(CustodyError, match="does not hold"):
        check_stamp(token, MESSAGE, make_authority("two").roots)


def changed_time(token):
    """Return the token with the year of its time moved one back: the time is text (GeneralizedTime)."""
    year = datetime.now(UTC).year
    place = token.index(b"\x18\x0f" + str(year).encode()) + 2
    return token[:place] + str(year - 1).encode() + token[place + 4 :]


def test_a_changed_time_is_refused(stamped):
    authority, token = stamped
    with pytest.raises(CustodyError, match="does not hold"):
        check_stamp(changed_time(token), MESSAGE, authority.roots)


@pytest.mark.parametrize("step", [17])
def test_one_flipped_bit_is_refused(stamped, step):
    authority, token = stamped
    survived = []
    for place in range(0, len(token), step):
        try:
            check_stamp(token[:place] + bytes([token[place] ^ 1]) + token[place + 1 :], MESSAGE, authority.roots)
            survived.append(place)
        except CustodyError:
            continue
    # Nothing that is signed may change; what lies outside the signature (status text, unused certificates) may.
    start = token.index(hashlib.sha256(MESSAGE).digest())
    assert not any(start - 40 <= place <= start + 60 for place in survived)
    assert len(survived) < len(token) / step / 20


@pytest.fixture(scope="session")
def unordered(make_authority):
    """A token with two certificates in the order OpenSSL writes them, which strict DER forbids."""
    for number in range(8):
        authority = make_authority(f"chain{number}", chain=True)
        token = request_stamp(MESSAGE, authority.ask, authority.roots)
        if check_stamp(token, MESSAGE, authority.roots).judged_by == "openssl":
            return authority, token
    return pytest.fail("no token was refused by the strict parser")


def test_a_token_that_the_strict_parser_refuses_is_judged_by_openssl(unordered):
    authority, token = unordered
    stamp = check_stamp(token, MESSAGE, authority.roots)
    assert stamp.judged_by == "openssl"
    assert abs(datetime.now(UTC) - stamp.time) < timedelta(minutes=5)


def test_openssl_refuses_what_must_be_refused_too(unordered, stamped):
    authority, token = unordered
    for wrong in (
        (changed_time(token), MESSAGE, authority.roots),
        (token, MESSAGE + b"!", authority.roots),
        (token, MESSAGE, stamped[0].roots),
        (b"not a token", MESSAGE, authority.roots),
    ):
        with pytest.raises(CustodyError, match="does not hold"):
            check_stamp(*wrong)


def test_without_openssl_such_a_token_stays_unjudged(unordered, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(StateError, match="openssl"):
        check_stamp(unordered[1], MESSAGE, unordered[0].roots)


def test_tokens_hold_after_the_certificate_has_expired(make_authority):
    soon = datetime.now(UTC) + timedelta(seconds=2)
    plain, chain = make_authority("short", expires=soon), make_authority("short-chain", expires=soon, chain=True)
    tokens = [(request_stamp(MESSAGE, authority.ask, authority.roots), authority) for authority in (plain, chain)]
    time.sleep(max(0.0, (soon - datetime.now(UTC)).total_seconds() + 1.1))
    for token, authority in tokens:
        assert check_stamp(token, MESSAGE, authority.roots).time < soon
    with pytest.raises(CustodyError):
        request_stamp(MESSAGE, plain.ask, plain.roots)


def test_an_answer_to_another_query_is_refused(stamped):
    authority, token = stamped
    with pytest.raises(CustodyError, match="another query"):
        request_stamp(MESSAGE, lambda _: token, authority.roots)
