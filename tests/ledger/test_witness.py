import struct
import threading

import pytest

from consilience.errors import LedgerError
from consilience.ledger.checkpoint import Checkpoint
from consilience.ledger.merkle import consistency_proof, leaf_hash, reader, root_hash
from consilience.ledger.note import Note, Signature, Signer, cosigned_message
from consilience.ledger.witness import (
    Answer,
    Cosigner,
    Request,
    Witness,
    cosignature_time,
    request_cosignature,
)

LOG = Signer.from_seed("example.org/log", bytes(32))
KEY = Signer.from_seed("witness.example/w1", bytes(range(32)))
LEAVES = [leaf_hash(bytes([number])) for number in range(40)]
READ = reader(LEAVES)
OTHER = reader([leaf_hash(b"other"), *LEAVES[1:]])
NOW = 1_679_315_147


def head(size, read=READ):
    return Checkpoint("example.org/log", size, root_hash(size, read)).sign(LOG)


def body(old, new, read=READ):
    return Request(old, tuple(consistency_proof(old, new, read)), head(new, read)).encode()


@pytest.fixture
def witness(tmp_path):
    return Witness(tmp_path, KEY, [LOG.verifier()], lambda: NOW)


def test_the_cosigned_message_is_that_of_the_specification():
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    assert cosigned_message(text.encode(), NOW).decode() == (
        "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n"
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    )


def test_the_cosignature_of_the_specification_has_the_time_it_names():
    line = (
        "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0"
        "xUe+mbIUBkBIfZ+qnA=="
    )
    signature = Signature.parse(line)
    assert cosignature_time(signature) == NOW
    assert len(signature.value) == 72
    assert signature.line() == line + "\n"


def test_a_cosignature_carries_time_and_holds_for_its_text_only():
    signature = Cosigner(KEY, NOW).sign(b"text\n")
    assert struct.unpack(">Q", signature.value[:8]) == (NOW,)
    assert Cosigner(KEY, 0).verifier().holds(b"text\n", signature)
    assert not Cosigner(KEY, 0).verifier().holds(b"other\n", signature)
    moved = Signature(signature.name, signature.key_id, struct.pack(">Q", NOW + 1) + signature.value[8:])
    assert not Cosigner(KEY, 0).verifier().holds(b"text\n", moved)


def test_the_example_request_of_the_specification_round_trips():
    text = (
        "old 20852014\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\njrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
        "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\n"
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE"
        "+xeMcTOAYQ8=\n"
    )
    request = Request.parse(text.encode())
    assert (request.old, len(request.proof)) == (20_852_014, 4)
    assert request.encode().decode() == text


def test_growing_heads_are_cosigned_one_after_the_other(witness):
    for old, new in [(0, 3), (3, 3), (3, 8), (8, 40)]:
        answer = witness.add_checkpoint(body(old, new))
        assert answer.status == 200
        signature = Signature.parse(answer.body.removesuffix("\n"))
        assert witness.verifier.holds(Note.parse(head(new)).text.encode(), signature)
        assert witness.latest("example.org/log").size == new


def test_the_state_survives_a_restart(witness, tmp_path):
    witness.add_checkpoint(body(0, 8))
    again = Witness(tmp_path, KEY, [LOG.verifier()], lambda: NOW)
    assert again.add_checkpoint(body(0, 9)) == Answer(409, "8\n", "text/x.tlog.size")
    assert again.add_checkpoint(body(8, 9)).status == 200


def test_an_unknown_log_gets_404_and_a_foreign_key_403(witness):
    other = Checkpoint("elsewhere.example", 3, root_hash(3, READ)).sign(LOG)
    assert witness.add_checkpoint(Request(0, (), other).encode()).status == 404
    foreign = Signer.from_seed("example.org/log", bytes(31) + b"x")
    forged = Checkpoint("example.org/log", 3, root_hash(3, READ)).sign(foreign)
    assert witness.add_checkpoint(Request(0, (), forged).encode()).status == 403


def test_a_wrong_old_size_gets_409_with_the_size_held(witness):
    witness.add_checkpoint(body(0, 8))
    assert witness.add_checkpoint(body(3, 9)) == Answer(409, "8\n", "text/x.tlog.size")
    assert witness.latest("example.org/log").size == 8


def test_an_old_size_above_the_new_gets_400(witness):
    assert witness.add_checkpoint(Request(9, (), head(8)).encode()).status == 400


def test_a_second_history_of_the_same_size_gets_409_and_of_a_larger_size_422(witness):
    witness.add_checkpoint(body(0, 8))
    assert witness.add_checkpoint(Request(8, (), head(8, OTHER)).encode()).status == 409
    assert witness.add_checkpoint(body(8, 12, OTHER)).status == 422
    assert witness.latest("example.org/log").root == root_hash(8, READ)


def test_a_proof_from_the_empty_log_must_be_empty(witness):
    assert witness.add_checkpoint(Request(0, (bytes(32),), head(3)).encode()).status == 422


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"new 3\n\n",
        b"old 03\n\n" + head(3),
        b"old 0\nAAAA\n\n" + head(3),
        b"old 0\n" + b"A" * 43 + b"=\n" * 64 + b"\n" + head(3),
        b"old 0\n\nnot a note",
        b"\xff\n\n" + head(3),
        Request(0, (bytes(32),) * 64, head(3)).encode(),
        Request(0, (), Note("no checkpoint\n").sign(LOG).encode()).encode(),
    ],
)
def test_malformed_requests_get_400(witness, data):
    assert witness.add_checkpoint(data).status == 400


def test_of_many_requests_at_once_the_state_never_falls(witness):
    start = threading.Barrier(8)

    def ask(new):
        start.wait()
        old = witness.latest("example.org/log").size
        if old <= new:
            witness.add_checkpoint(body(old, new))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(30, 38)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert witness.add_checkpoint(body(witness.latest("example.org/log").size, 40)).status == 200


def test_the_client_learns_the_old_size_and_checks_the_answer(witness):
    witness.add_checkpoint(body(0, 8))
    found = request_cosignature(
        witness.add_checkpoint, head(20), lambda old: consistency_proof(old, 20, READ), witness.verifier
    )
    assert cosignature_time(found) == NOW


def test_a_log_below_what_the_witness_holds_is_told_that_it_was_rolled_back(witness):
    witness.add_checkpoint(body(0, 20))
    with pytest.raises(LedgerError, match="rolled back"):
        request_cosignature(witness.add_checkpoint, head(8), lambda _: [], witness.verifier)


def test_a_log_beside_what_the_witness_holds_is_told_of_its_second_history(witness):
    witness.add_checkpoint(body(0, 8))
    prove = lambda old: consistency_proof(old, 12, OTHER)  # noqa: E731
    with pytest.raises(LedgerError, match="another history"):
        request_cosignature(witness.add_checkpoint, head(12, OTHER), prove, witness.verifier)


def test_an_answer_without_a_valid_cosignature_is_refused():
    stranger = Cosigner(Signer.from_seed("witness.example/w1", bytes(32)), NOW).sign(b"x\n").line()
    for answer in (Answer(200, stranger), Answer(200, "nonsense\n"), Answer(200, ""), Answer(500, "down")):
        with pytest.raises(LedgerError, match=r"witness\.example/w1"):
            request_cosignature(lambda _, answer=answer: answer, head(3), lambda _: [], Cosigner(KEY, 0).verifier())
