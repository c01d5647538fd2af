"""A witness over HTTP: a small server from the standard library, and the client that a log uses.

The server speaks only `POST /add-checkpoint`, reads at most 64 KiB, and binds to the loopback by default: put a web
server with TLS before it, or carry the requests by another route.
"""

import http.client
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from consilience.errors import StateError, UsageError
from consilience.ledger.witness import Answer, Ask, Witness

MAX_BODY_BYTES = 65_536
_TIMEOUT_SECONDS = 20


def make_server(witness: Witness, host: str = "127.0.0.1", port: int = 0) -> ThreadingHTTPServer:
    """Return a server for `witness`; call `serve_forever`. Port 0 takes any free one."""
    return ThreadingHTTPServer((host, port), _handler(witness.add_checkpoint))


def _handler(answer: Callable[[bytes], Answer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = _TIMEOUT_SECONDS
        server_version = "consilience-witness"
        sys_version = ""

        def do_POST(self) -> None:
            """Answer `add-checkpoint`."""
            length = self.headers.get("Content-Length", "")
            if self.path.split("?")[0].rstrip("/").rpartition("/")[2] != "add-checkpoint":
                self._send(Answer(404, "Only add-checkpoint is served.\n"))
            elif not length.isascii() or not length.isdigit() or int(length) > MAX_BODY_BYTES:
                self._send(Answer(413, "A request has a Content-Length of at most 65536.\n"))
            else:
                self._send(answer(self.rfile.read(int(length))))

        def _send(self, result: Answer) -> None:
            body = result.body.encode()
            self.send_response(result.status)
            self.send_header("Content-Type", result.content_type)
            self.send_header("Content-Length", str(len(body)))
            if result.status == 413:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
            """Keep no record of who asked."""

    return Handler


def asker(url: str) -> Ask:
    """Return the way to the witness with the submission prefix `url`.

    Raises:
        UsageError: not an http or https address.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError("The address of a witness is not usable", expected="http://... or https://...")
    host, port, prefix = parts.hostname, parts.port, parts.path.rstrip("/")

    def ask(body: bytes) -> Answer:
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(host, port, timeout=_TIMEOUT_SECONDS)
        try:
            connection.request("POST", f"{prefix}/add-checkpoint", body)
            response = connection.getresponse()
            text = response.read(MAX_BODY_BYTES).decode("utf-8", "replace")
            return Answer(response.status, text, response.headers.get("Content-Type", ""))
        except (OSError, http.client.HTTPException) as error:
            raise StateError(f"The witness at {url} does not answer", remedy="Try again later.") from error
        finally:
            connection.close()

    return ask
