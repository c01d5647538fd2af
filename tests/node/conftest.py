"""Django without a database: settings from the environment, one signed release on the shelf."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest


def _builder():
    spec = importlib.util.spec_from_file_location("release_builder", Path(__file__).parent / "release_builder.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def build():
    """The function that writes an invented release."""
    return _builder().build


@pytest.fixture(scope="session")
def shelf_folder(build, tmp_path_factory) -> Path:
    """A folder with two releases of one study."""
    folder = tmp_path_factory.mktemp("shelf")
    build(folder / "first", version="1.0", released_on="2026-03-02", years=(2022, 2023))
    build(folder / "second", version="1.1", released_on="2026-09-02")
    return folder


@pytest.fixture(scope="session")
def django_ready(tmp_path_factory) -> None:
    """Collect the static files once, as `serve` does; pytest-django has set Django up."""
    from django.conf import settings
    from django.core.management import call_command

    settings.STATIC_ROOT = str(tmp_path_factory.mktemp("static"))
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture
def on_shelf(django_ready):
    """Put folders on the shelf for one test."""
    from django.test import override_settings
    from django.utils import translation

    entered = []

    def put(*folders: Path):
        change = override_settings(CONSILIENCE_RELEASES=list(folders))
        change.enable()
        entered.append(change)

    yield put
    for change in reversed(entered):
        change.disable()
    translation.activate("en")


@pytest.fixture
def client(on_shelf, shelf_folder) -> Iterator:
    """A visitor of a node with two releases."""
    from django.test import Client

    on_shelf(shelf_folder)
    return Client(headers={"host": "127.0.0.1"})
