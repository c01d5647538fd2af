"""One coalition of the default size, made once for all tests here."""

import pytest

from consilience.demo.coalition import Coalition, make_coalition


@pytest.fixture(scope="session")
def coalition(tmp_path_factory) -> Coalition:
    return make_coalition(tmp_path_factory.mktemp("coalition"), records=5_000)


@pytest.fixture(scope="session")
def small(tmp_path_factory) -> Coalition:
    return make_coalition(tmp_path_factory.mktemp("small"), records=1_000)
