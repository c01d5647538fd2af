import pyrage
import pytest


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
