import pytest

from consilience.ledger.note import COSIGNATURE, Signer, Verifier
from consilience.ledger.policy import Policy
from consilience.publishing.logged import OPENING, PROOF
from consilience.publishing.verify import verify_release

from .conftest import OBSERVATIONS, SIGNER, write

TRUSTED = [SIGNER.verifier()]


@pytest.fixture
def logged(tmp_path):
    write(tmp_path / "release", ledger=tmp_path / "ledger")
    return tmp_path / "release"


def failing(folder, policy=None):
    return {(check.name, check.file) for check in verify_release(folder, TRUSTED, policy).checks if not check.holds}


def test_a_logged_release_carries_its_proof(logged):
    report = verify_release(logged, TRUSTED)
    assert report.holds
    assert "In the ledger example.org/publisher" in {check.name: check.detail for check in report.checks}["ledger"]


@pytest.mark.parametrize("name", [OPENING, PROOF])
def test_a_missing_part_of_the_proof_is_found(logged, name):
    (logged / name).unlink()
    assert failing(logged) == {("ledger", PROOF)}


@pytest.mark.parametrize("name", [OPENING, PROOF])
@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_one_flipped_bit_in_the_proof_is_found(logged, name, place):
    raw = bytearray((logged / name).read_bytes())
    raw[int(len(raw) * place)] ^= 1
    (logged / name).write_bytes(raw)
    assert failing(logged) == {("ledger", PROOF)}


def test_the_proof_of_another_release_does_not_fit(tmp_path, logged):
    write(tmp_path / "other", observations=OBSERVATIONS.slice(0, 1), ledger=tmp_path / "ledger")
    for name in (OPENING, PROOF):
        (logged / name).write_bytes((tmp_path / "other" / name).read_bytes())
    assert failing(logged) == {("ledger", PROOF)}


def test_a_policy_that_asks_for_a_witness_is_not_met_by_the_log_alone(logged):
    public = Signer.from_seed("example.org/witness", bytes(range(2, 34))).verifier().public_key
    witness = Verifier("example.org/witness", public, COSIGNATURE)
    text = f"log {SIGNER.verifier().vkey}\nwitness w {witness.vkey}\nquorum w\n"
    assert failing(logged, Policy.parse(text)) == {("ledger", PROOF)}
