"""A node in its own process, and a browser without JavaScript."""

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def node(tmp_path_factory):
    """The address of a node that `consilience node serve` runs with two invented releases."""
    place = Path(__file__).parents[1] / "node" / "release_builder.py"
    spec = importlib.util.spec_from_file_location("release_builder", place)
    builder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(builder)
    folder = tmp_path_factory.mktemp("releases")
    builder.build(folder / "first", version="1.0", released_on="2026-03-02", years=(2023,))
    builder.build(folder / "second", version="1.1", released_on="2026-09-02")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    start = "from consilience.cli.main import main; main()"
    command = [
        sys.executable,
        "-c",
        start,
        "node",
        "serve",
        "--releases",
        str(folder),
        "--address",
        f"127.0.0.1:{port}",
    ]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("CONSILIENCE_", "DJANGO_"))
    }
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            _wait(f"http://127.0.0.1:{port}/readyz")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait(address: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the node did not answer within a minute")


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, or a skip that says what is missing."""
    if CHROMIUM is None:
        pytest.skip("Debian's chromium is not installed: apt-get install chromium fonts-noto-core")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def visit(browser, node):
    """Open a page; at the end of the test the browser must not have complained about anything."""
    contexts, complaints = [], []

    def go(path: str, *, script: bool = False, width: int = 1280, scheme: str = "light"):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, color_scheme=scheme, base_url=node
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        # a download, and what a page left behind was still fetching, end as aborted: neither is a fault
        page.on(
            "requestfailed", lambda request: request.failure == "net::ERR_ABORTED" or complaints.append(request.url)
        )
        page.goto(path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert complaints == []
