"""One coalition of the default size, made once for all tests here."""

import pytest

from consilience.demo.coalition import Coalition, make_coalition
from consilience.harmonise.load import Source, import_sources
from consilience.harmonise.mapping import load_mapping
from consilience.standards.registry import load


@pytest.fixture(scope="session")
def coalition(tmp_path_factory) -> Coalition:
    return make_coalition(tmp_path_factory.mktemp("coalition"), records=5_000)


@pytest.fixture(scope="session")
def small(tmp_path_factory) -> Coalition:
    return make_coalition(tmp_path_factory.mktemp("small"), records=1_000)


@pytest.fixture(scope="session")
def snapshot(coalition, tmp_path_factory):
    sources = [
        Source(name, path, load_mapping(coalition.folder / "mappings" / f"{name}.toml"))
        for name, path in coalition.sources.items()
    ]
    return import_sources(sources, tmp_path_factory.mktemp("import") / "snapshot", load(coalition.folder / "standards"))
