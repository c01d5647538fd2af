import pytest

from consilience.standards.registry import load


@pytest.fixture(scope="session")
def registry():
    """What is shipped; read once for all tests of this folder."""
    return load()
