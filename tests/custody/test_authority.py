import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from consilience.custody.authority import load_authorities, over_http, stamp_head
from consilience.errors import StateError, UsageError


@pytest.fixture
def served(authorities):
    """Both authorities behind HTTP, at /first and /second; every other path refuses."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            query = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            known = authorities.get(self.path.removeprefix("/"))
            body = known.ask(query) if known else b"no"
            self.send_response(200 if known else 503)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def configure(root, authorities, url, paths=("first", "second")):
    (root / "authorities").mkdir(exist_ok=True)
    for name, path in zip(("first", "second"), paths, strict=True):
        (root / f"authorities/{name}.pem").write_bytes(authorities[name].roots)
        (root / f"authorities/{name}.url").write_text(f"{url}/{path}\n")


def test_a_head_is_dated_by_the_configured_authorities_over_http(register, acquisition, authorities, served):
    configure(register.root, authorities, served)
    register.record("E-1", acquisition(register))
    done = stamp_head(register, load_authorities(register.root))
    assert (done.size, done.dated_by, done.missing) == (1, ("first", "second"), {})
    folder = register.root / "stamps/000000000001"
    assert sorted(path.name for path in folder.iterdir()) == [
        "checkpoint",
        "first.pem",
        "first.tsr",
        "second.pem",
        "second.tsr",
    ]


def test_an_authority_that_refuses_is_asked_again_the_next_time(register, authorities, served):
    configure(register.root, authorities, served, ("first", "broken"))
    done = stamp_head(register, load_authorities(register.root))
    assert done.dated_by == ("first",)
    assert "status 503" in done.missing["second"]
    token = (register.root / "stamps/000000000000/first.tsr").read_bytes()
    configure(register.root, authorities, served)
    assert stamp_head(register, load_authorities(register.root)).dated_by == ("first", "second")
    assert (register.root / "stamps/000000000000/first.tsr").read_bytes() == token


def test_an_authority_out_of_reach_and_an_unusable_address(register):
    with pytest.raises(StateError, match="does not answer"):
        over_http("http://127.0.0.1:1/")(b"query")
    for url in ("", "ftp://tsa.example", "tsa.example"):
        with pytest.raises(UsageError, match="address"):
            over_http(url)
