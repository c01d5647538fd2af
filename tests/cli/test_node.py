"""`consilience node serve`: one command, and a refusal to be careless."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from click.testing import CliRunner

from consilience.cli.main import cli
from consilience.cli.node import check_exposure, parse_address
from consilience.errors import UsageError


@pytest.mark.parametrize(
    ("text", "address"),
    [("127.0.0.1:8000", ("127.0.0.1", 8000)), ("[::1]:80", ("::1", 80)), ("localhost:1", ("localhost", 1))],
)
def test_an_address_is_a_host_and_a_port(text, address):
    assert parse_address(text) == address


@pytest.mark.parametrize("text", ["8000", "127.0.0.1", ":8000", "x:0", "x:65536", "x:y"])
def test_what_is_no_address_is_refused_with_an_example(text):
    with pytest.raises(UsageError, match=r"such as 127.0.0.1:8000"):
        parse_address(text)


@pytest.mark.parametrize("address", ["0.0.0.0:8000", "192.0.2.1:80", "node.example:443", "[::]:80"])
@pytest.mark.parametrize("given", [{}, {"CONSILIENCE_SECRET_KEY": "x"}, {"CONSILIENCE_ALLOWED_HOSTS": "node.example"}])
def test_the_node_is_not_opened_to_other_machines_without_key_and_hosts(address, given):
    with pytest.raises(UsageError, match="can be reached from other machines"):
        check_exposure(address, given)


def test_with_key_and_hosts_or_on_this_machine_the_node_opens():
    check_exposure("0.0.0.0:80", {"CONSILIENCE_SECRET_KEY": "x", "CONSILIENCE_ALLOWED_HOSTS": "node.example"})
    check_exposure("127.0.0.1:80", {})


def test_the_refusal_reaches_the_user_as_a_sentence_and_exit_code_2(tmp_path):
    result = CliRunner(env={"CONSILIENCE_SECRET_KEY": ""}).invoke(
        cli, ["node", "serve", "--releases", str(tmp_path), "--address", "0.0.0.0:8000"]
    )
    assert isinstance(result.exception, UsageError)
    assert result.exception.exit_code == 2


def test_serve_answers_and_stops_when_asked(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("CONSILIENCE_", "DJANGO_"))
    }
    start = "from consilience.cli.main import main; main()"
    command = [
        sys.executable,
        "-c",
        start,
        "node",
        "serve",
        "--releases",
        str(tmp_path),
        "--address",
        f"127.0.0.1:{port}",
    ]
    server = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        answer = _patiently(f"http://127.0.0.1:{port}/healthz", server)
        assert answer == b"alive\n"
    finally:
        server.send_signal(signal.SIGINT)
        _, said = server.communicate(timeout=60)
    assert f"Serving on http://127.0.0.1:{port}/" in said
    assert "Traceback" not in said


def _patiently(address: str, server: "subprocess.Popen[str]") -> bytes:
    for _ in range(600):
        assert server.poll() is None
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                return answer.read()
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not answer within a minute")
