"""Shared fixtures. The suite runs without the network; real data is used where it stands."""

from pathlib import Path

import pytest

REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data beside the checkout; tests that need it skip where it is not."""
    if not REAL_DATA.is_dir():
        pytest.skip("the folder of real data (shared/data) does not stand beside the checkout")
    return REAL_DATA
