"""Running the command line in this process, with a home of its own."""

import contextlib
import io
from dataclasses import dataclass

import pytest

from consilience.cli.main import main


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home without keys, so that no test touches the keys of whoever runs it."""
    monkeypatch.setenv("CONSILIENCE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def consilience(home):
    def call(*words):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        return Outcome(int(ended.value.code or 0), out.getvalue(), err.getvalue())

    return call
