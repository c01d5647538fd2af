import http.client
import threading

import pytest

from consilience.errors import StateError, UsageError
from consilience.ledger.checkpoint import Checkpoint
from consilience.ledger.merkle import consistency_proof, leaf_hash, reader, root_hash
from consilience.ledger.note import Signer
from consilience.ledger.witness import Request, Witness, request_cosignature
from consilience.ledger.witness_http import asker, make_server

LOG = Signer.from_seed("example.org/log", bytes(32))
READ = reader([leaf_hash(bytes([number])) for number in range(9)])


def head(size):
    return Checkpoint("example.org/log", size, root_hash(size, READ)).sign(LOG)


@pytest.fixture
def served(tmp_path):
    witness = Witness(tmp_path, Signer.from_seed("witness.example", bytes(32)), [LOG.verifier()], lambda: 5)
    server = make_server(witness)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield witness, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_log_gets_its_head_cosigned_over_http(served):
    witness, url = served
    for size in (3, 9):
        prove = lambda old, size=size: consistency_proof(old, size, READ)  # noqa: E731
        found = request_cosignature(asker(f"{url}/prefix/"), head(size), prove, witness.verifier)
        assert found.name == "witness.example"
    assert witness.latest("example.org/log").size == 9


def test_conflict_carries_the_size_and_its_content_type(served):
    witness, url = served
    witness.add_checkpoint(Request(0, (), head(3)).encode())
    answer = asker(url)(Request(0, (), head(9)).encode())
    assert (answer.status, answer.body, answer.content_type) == (409, "3\n", "text/x.tlog.size")


def test_other_paths_get_404_and_large_or_unmeasured_bodies_413(served):
    _, url = served
    port = int(url.rsplit(":", 1)[1])
    for path, headers, status in [
        ("/other", {"Content-Length": "0"}, 404),
        ("/add-checkpoint", {"Content-Length": "65537"}, 413),
        ("/add-checkpoint", {"Content-Length": "-1"}, 413),
        ("/add-checkpoint", {"Content-Length": "0"}, 400),
    ]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.putrequest("POST", path)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        assert connection.getresponse().status == status
        connection.close()


def test_a_witness_out_of_reach_is_a_state_not_an_accusation(served):
    with pytest.raises(StateError, match="does not answer"):
        asker("http://127.0.0.1:1")(b"")


@pytest.mark.parametrize("url", ["", "ftp://witness.example", "witness.example", "http://"])
def test_an_unusable_address_is_misuse(url):
    with pytest.raises(UsageError, match="address"):
        asker(url)
