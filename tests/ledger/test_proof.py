import doctest

import pytest

from consilience.errors import LedgerError, UsageError
from consilience.ledger import proof as proof_module
from consilience.ledger.checkpoint import Checkpoint
from consilience.ledger.merkle import inclusion_proof, leaf_hash, reader, root_hash
from consilience.ledger.note import Note, Signer
from consilience.ledger.policy import Policy
from consilience.ledger.proof import TlogProof, verify_tlog_proof
from consilience.ledger.witness import Cosigner

SIGNER = Signer.from_seed("example.org/log", bytes(32))
WITNESS = Signer.from_seed("witness.example/w1", bytes(range(32)))
ENTRIES = [bytes([number]) for number in range(11)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
READ = reader(LEAVES)
SIGNED = Checkpoint("example.org/log", 11, root_hash(11, READ)).sign(SIGNER, Cosigner(WITNESS, 1_679_315_147))
PROOF = TlogProof(6, tuple(inclusion_proof(6, 11, READ)), Note.parse(SIGNED))
TEXT = PROOF.text
KEYS = [SIGNER.verifier()]


def test_the_example_in_the_docstring_runs():
    assert doctest.testmod(proof_module).failed == 0


def test_the_text_has_the_lines_of_the_specification():
    lines = TEXT.split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 6"]
    assert lines[2 + len(PROOF.path)] == ""
    assert TEXT.endswith(SIGNED.decode())
    with_extra = TlogProof(6, PROOF.path, PROOF.signed, b"note").text
    assert with_extra.split("\n")[1] == "extra bm90ZQ=="
    assert TlogProof.parse(with_extra).extra == b"note"


def test_a_proof_round_trips_and_verifies():
    assert TlogProof.parse(TEXT) == PROOF
    assert verify_tlog_proof(TEXT, ENTRIES[6], verifiers=KEYS, origin="example.org/log").size == 11


def test_a_proof_verifies_under_a_policy_with_a_witness():
    lines = [f"log {SIGNER.verifier().vkey}", f"witness w1 {Cosigner(WITNESS, 0).verifier().vkey}", "quorum w1", ""]
    policy = Policy.parse("\n".join(lines))
    assert verify_tlog_proof(TEXT, ENTRIES[6], policy=policy).size == 11
    bare = TlogProof(6, PROOF.path, Note(PROOF.signed.text, PROOF.signed.signatures[:1])).text
    with pytest.raises(LedgerError, match="Too few witnesses"):
        verify_tlog_proof(bare, ENTRIES[6], policy=policy)


def test_every_other_entry_is_refused():
    for entry in [*ENTRIES[:6], *ENTRIES[7:], b"never logged"]:
        with pytest.raises(LedgerError, match="inclusion proof"):
            verify_tlog_proof(TEXT, entry, verifiers=KEYS)


def test_a_flipped_bit_anywhere_is_refused():
    end_of_trust = TEXT.index("— witness")
    for place in range(end_of_trust):
        char = TEXT[place]
        spoilt = TEXT[:place] + chr(ord(char) ^ 1) + TEXT[place + 1 :]
        with pytest.raises(LedgerError):
            verify_tlog_proof(spoilt, ENTRIES[6], verifiers=KEYS)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("tlog-proof@v1", "tlog-proof@v2", "not a proof"),
        ("index 6\n", "", "no index"),
        ("index 6", "index 06", "not a number"),
        ("index 6", "index -6", "not a number"),
        ("index 6\n", "extra ???\nindex 6\n", "Base64"),
        ("index 6\n", "index 6\nAAAA\n", "wrong length"),
        ("\n11\n", "\n12\n", "does not hold"),
    ],
)
def test_malformed_proofs_are_refused_with_a_reason(old, new, reason):
    with pytest.raises(LedgerError, match=reason):
        verify_tlog_proof(TEXT.replace(old, new, 1), ENTRIES[6], verifiers=KEYS)


def test_a_foreign_key_a_foreign_log_and_no_key_at_all_are_refused():
    with pytest.raises(LedgerError, match="No trusted key"):
        verify_tlog_proof(
            TEXT, ENTRIES[6], verifiers=[Signer.from_seed("example.org/log", bytes(31) + b"x").verifier()]
        )
    with pytest.raises(LedgerError, match="another log"):
        verify_tlog_proof(TEXT, ENTRIES[6], verifiers=KEYS, origin="example.org/other")
    with pytest.raises(UsageError, match="without trusted keys"):
        verify_tlog_proof(TEXT, ENTRIES[6])
