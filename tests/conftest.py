"""Shared fixtures. The suite runs without the network; real data is used where it stands."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples on every run and no time limit per example: a suite that guards a release must not fail by chance or
# on a slow machine. HYPOTHESIS_PROFILE=explore draws new ones.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data beside the checkout; tests that need it skip where it is not."""
    if not REAL_DATA.is_dir():
        pytest.skip("the folder of real data (shared/data) does not stand beside the checkout")
    return REAL_DATA
