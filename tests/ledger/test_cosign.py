import shutil

import pytest

from consilience.errors import LedgerError, StateError
from consilience.ledger.cosign import publish_with_witnesses
from consilience.ledger.log import Log
from consilience.ledger.note import Signer
from consilience.ledger.policy import Policy
from consilience.ledger.witness import Answer, Witness

LOG = Signer.from_seed("example.org/log", bytes(32))
KEYS = [Signer.from_seed(f"w{number}.example", bytes([number]) * 32) for number in (1, 2)]


@pytest.fixture
def folder(tmp_path):
    Log.create(tmp_path / "log", LOG)
    return tmp_path / "log"


@pytest.fixture
def witnesses(tmp_path):
    made = [Witness(tmp_path / key.name, key, [LOG.verifier()], lambda: 7) for key in KEYS]
    return {witness.verifier.name: (witness.verifier, witness.add_checkpoint) for witness in made}


def policy(witnesses, quorum):
    lines = [f"witness {name} {verifier.vkey}" for name, (verifier, _) in witnesses.items()]
    return Policy.parse("\n".join([*lines, f"group all all {' '.join(witnesses)}", f"quorum {quorum}", ""]))


def test_a_head_is_published_with_the_cosignatures_of_all_witnesses(folder, witnesses):
    with Log.open(folder) as log:
        for _ in range(3):
            log.append([b"entry"])
            published = publish_with_witnesses(log, witnesses, policy(witnesses, "all"))
    assert published.cosigned_by == ("w1.example", "w2.example")
    assert published.missing == {}
    assert policy(witnesses, "all").check(published.signed, extra_logs=[LOG.verifier()]).size == 3


def test_a_witness_out_of_reach_is_reported_and_the_quorum_decides(folder, witnesses):
    def silent(_):
        raise StateError("The witness does not answer")

    verifier, _ = witnesses["w2.example"]
    witnesses["w2.example"] = (verifier, silent)
    with Log.open(folder) as log:
        log.append([b"entry"])
        published = publish_with_witnesses(log, witnesses, policy(witnesses, "w1.example"))
        assert list(published.missing) == ["w2.example"]
        log.append([b"entry"])
        with pytest.raises(LedgerError, match="Too few witnesses"):
            publish_with_witnesses(log, witnesses, policy(witnesses, "all"))
        assert log.read().checkpoint.size == 2


def test_a_witness_that_does_not_know_the_log_stops_nothing(folder, witnesses):
    verifier, _ = witnesses["w1.example"]
    with Log.open(folder) as log:
        log.append([b"entry"])
        published = publish_with_witnesses(log, {"w1": (verifier, lambda _: Answer(404, "no"))}, None)
    assert "404" in published.missing["w1"]


def test_a_restored_backup_signs_nothing_below_what_a_witness_holds(folder, witnesses, tmp_path):
    with Log.open(folder) as log:
        log.append([b"one"])
        publish_with_witnesses(log, witnesses, None)
    shutil.copytree(folder, tmp_path / "backup")
    with Log.open(folder) as log:
        log.append([b"two"])
        publish_with_witnesses(log, witnesses, None)
    with Log.open(tmp_path / "backup") as log:
        log.append([b"zwei"])
        with pytest.raises(LedgerError, match="rolled back"):
            publish_with_witnesses(log, witnesses, None)
        assert log.read().checkpoint.size == 1
