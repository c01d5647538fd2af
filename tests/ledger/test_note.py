import doctest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consilience.errors import LedgerError
from consilience.ledger import base64text, note
from consilience.ledger.note import Note, Signature, Signer, Verifier

# Published in the documentation of golang.org/x/mod/sumdb/note.
PETER_SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETER_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETER_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
SIGNER = Signer.from_seed("example.org/log", bytes(range(32)))


def test_the_examples_in_the_docstrings_run():
    assert doctest.testmod(note).failed == 0
    assert doctest.testmod(base64text).failed == 0


def test_the_published_example_of_the_format_is_made_byte_for_byte():
    signed = Note(PETER_TEXT).sign(Signer.from_text(PETER_SKEY)).encode()
    assert signed == (PETER_TEXT + "\n" + PETER_LINE).encode()


def test_the_published_keys_round_trip():
    assert Signer.from_text(PETER_SKEY).skey == PETER_SKEY
    assert Signer.from_text(PETER_SKEY).verifier().vkey == PETER_VKEY
    assert Verifier.from_text(PETER_VKEY).vkey == PETER_VKEY


def test_the_published_note_verifies():
    signed = Note.parse((PETER_TEXT + "\n" + PETER_LINE).encode())
    assert signed.verify([Verifier.from_text(PETER_VKEY)]) == ["PeterNeumann"]


def test_rfc_8032_test_1_gives_the_published_signature():
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    signature = Signer.from_seed("k", seed).sign(b"").value
    assert signature.hex().startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155")


def test_repr_of_a_signer_does_not_show_the_secret():
    assert SIGNER.key.private_bytes_raw().hex() not in repr(SIGNER)
    assert SIGNER.skey.rsplit("+", 1)[1] not in repr(SIGNER)


def test_a_text_with_empty_lines_is_cut_at_the_last_one():
    signed = Note("first\n\nsecond\n").sign(SIGNER)
    assert Note.parse(signed.encode()) == signed


def test_unknown_signatures_are_ignored_and_kept():
    stranger = Signer.from_seed("elsewhere.example", bytes(32))
    signed = Note.parse(Note("seen\n").sign(stranger, SIGNER).encode())
    assert signed.verify([SIGNER.verifier()]) == ["example.org/log"]
    assert len(signed.signatures) == 2


def test_a_second_signature_of_the_same_key_counts_once():
    signed = Note("seen\n").sign(SIGNER, SIGNER)
    assert signed.verify([SIGNER.verifier()]) == ["example.org/log"]


def test_a_known_key_whose_signature_fails_condemns_the_note_even_beside_a_good_one():
    other = Signer.from_seed("other.example", bytes(32))
    bad = Signature("other.example", other.verifier().key_id, bytes(64))
    signed = Note("seen\n", (SIGNER.sign(b"seen\n"), bad))
    with pytest.raises(LedgerError, match="does not hold"):
        signed.verify([SIGNER.verifier(), other.verifier()])


def test_a_key_of_the_same_name_but_another_id_is_unknown():
    imposter = Signer.from_seed("example.org/log", bytes(32))
    with pytest.raises(LedgerError, match="No trusted key"):
        Note("seen\n").sign(imposter).verify([SIGNER.verifier()])


@settings(deadline=None)
@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_any_flipped_byte_of_a_note_is_refused(position, mask):
    raw = bytearray(Note("example.org/log\n7\nroot\n").sign(SIGNER).encode())
    raw[position % len(raw)] ^= mask
    with pytest.raises(LedgerError):
        Note.parse(bytes(raw)).verify([SIGNER.verifier()])


@settings(deadline=None)
@given(st.lists(st.text(alphabet=st.characters(min_codepoint=0x20, exclude_categories=["Cs"])), min_size=1))
def test_any_text_round_trips(lines):
    signed = Note("\n".join(lines) + "\n").sign(SIGNER)
    again = Note.parse(signed.encode())
    assert again == signed
    assert again.verify([SIGNER.verifier()]) == ["example.org/log"]


@pytest.mark.parametrize("name", ["", "two words", "a+b", "tab\there", "no\u00a0break", "bell\x07"])
def test_unusable_key_names_are_refused(name):
    with pytest.raises(LedgerError, match="key name"):
        Signer.generate(name)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text only\n",
        b"text\n\n",
        b"text\n\n- wrong dash AAAAAAAA\n",
        "text\n\n— name\n".encode(),
        "text\n\n— name !!!!\n".encode(),
        "text\n\n— name AAAA\n".encode(),
        "text\n\n— name AAAAAAAA".encode(),
        "te\txt\n\n— name AAAAAAAA\n".encode(),
        b"\xff\n\n\xe2\x80\x94 name AAAAAAAA\n",
        b"text\n\n" + "— name AAAAAAAA\n".encode() * 101,
        b"x" * 1_000_001,
    ],
)
def test_malformed_notes_are_refused(data):
    with pytest.raises(LedgerError):
        Note.parse(data)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "name",
        "name+12345678",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+AhpcQcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+AhpcQcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWA",
    ],
)
def test_malformed_verifier_keys_are_refused(vkey):
    with pytest.raises(LedgerError):
        Verifier.from_text(vkey)


@pytest.mark.parametrize("skey", ["", PETER_VKEY, PETER_SKEY.replace("c74f", "c74e"), PETER_SKEY.replace("+AY", "+BY")])
def test_malformed_signing_keys_are_refused_without_repeating_them(skey):
    with pytest.raises(LedgerError) as caught:
        Signer.from_text(skey)
    assert "EKFALVFGyN" not in str(caught.value)


def test_base64_with_non_zero_trailing_bits_is_refused():
    assert base64text.decode("AA==", "value") == b"\x00"
    with pytest.raises(LedgerError, match="second way"):
        base64text.decode("AB==", "value")


def test_a_note_without_signature_cannot_be_written():
    with pytest.raises(LedgerError, match="Sign it first"):
        Note("text\n").encode()
