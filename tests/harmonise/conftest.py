"""A small list and its mapping, from which the tests of importing start."""

from pathlib import Path

import pytest

from consilience.engine.duck import DuckEngine
from consilience.harmonise.load import Source, import_sources
from consilience.harmonise.mapping import load_mapping
from consilience.standards.registry import load

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def registry():
    return load()


@pytest.fixture
def mapping():
    return load_mapping(DATA / "visits.toml")


@pytest.fixture
def engine():
    with DuckEngine(threads=2) as engine:
        yield engine


class Importing:
    """Writes a list, imports it, and reads tables back."""

    def __init__(self, folder: Path, registry, engine) -> None:
        self.folder, self.registry, self.engine = folder, registry, engine

    def __call__(self, text: str, mapping, *, name="list.csv", out="snapshot", **options):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        snapshot = import_sources(
            [Source("s", path, mapping)], self.folder / out, self.registry, engine=self.engine, **options
        )
        snapshot.register(self.engine)
        return snapshot

    def rows(self, table: str, columns: str = "*"):
        return self.engine.fetch(f"SELECT {columns} FROM {table} ORDER BY ALL").to_pylist()

    def text(self, path: str) -> str:
        return (self.folder / "snapshot" / path).read_text(encoding="utf-8")


@pytest.fixture
def importing(tmp_path, registry, engine):
    return Importing(tmp_path, registry, engine)
