from datetime import UTC, datetime, timedelta
from io import BytesIO

import pyrage
import pytest

from consilience.custody.register import Register, item_of
from consilience.ledger.note import Signer


@pytest.fixture(scope="session")
def node_key():
    """The node's age identity, made for this run."""
    return pyrage.x25519.Identity.generate()


@pytest.fixture(scope="session")
def recovery_key():
    """The offline recovery identity, made for this run."""
    return pyrage.x25519.Identity.generate()


@pytest.fixture(scope="session")
def recipients(node_key, recovery_key):
    return [str(node_key.to_public()), str(recovery_key.to_public())]


class Clock:
    """A clock that moves one minute with every look."""

    def __init__(self, start=datetime(2026, 3, 1, 10, tzinfo=UTC)):
        self.time = start

    def __call__(self):
        self.time += timedelta(minutes=1)
        return self.time


@pytest.fixture
def clock():
    return Clock()


SIGNER = Signer.from_seed("archive.example/custody", bytes(range(32)))
PARTNER = Signer.from_seed("court.example/custody", bytes(range(1, 33)))


@pytest.fixture(scope="session")
def archive():
    """The key of the organisation whose store is under test."""
    return SIGNER


@pytest.fixture(scope="session")
def court():
    """The key of the organisation that exhibits are handed to."""
    return PARTNER


@pytest.fixture(scope="session")
def acquisition():
    """Makes a complete acquisition event of invented content."""
    return _acquisition


@pytest.fixture
def make_store(tmp_path, node_key, recovery_key):
    def make(name="store", signer=SIGNER, identity=None):
        recovery = str(recovery_key.to_public())
        Register.create(tmp_path / name, signer, recovery=recovery, identity=str(identity or node_key))
        return tmp_path / name

    return make


@pytest.fixture
def store(make_store):
    return make_store()


@pytest.fixture
def register(store, clock):
    with Register.open(store, clock=clock) as opened:
        yield opened


def _acquisition(register, content=b"a video", role="original", **extra):
    sealed = register.seal(BytesIO(content))
    page = register.seal(BytesIO(b"<html>source</html>"))
    capture = register.seal(BytesIO(b"picture of the page"))
    items = [
        item_of(sealed, role=role, media_type="video/mp4", name="clip.mp4"),
        item_of(page, role="page-source", media_type="text/html"),
        item_of(capture, role="capture", media_type="image/png"),
    ]
    event = {
        "act": "acquisition",
        "by": "collector-2",
        "origin": "https://videos.example/watch?v=1",
        "collector": "collector-2",
        "tool": {"name": "browser-capture", "version": "1.4"},
        "machine": "capture-1",
        "virtual_identity": "persona-7",
        "acquired": "2026-03-01T09:55:00Z",
        "reason": "documents the incident I-12",
        "legal_basis": "consent of the publisher",
        "items": items,
        "not_collected": [
            {"searched": "the channel", "terms": ["market"], "left_out": "12 videos", "reason": "unrelated"}
        ],
    }
    return event | extra
