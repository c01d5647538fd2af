import signal
import subprocess
import sys

import pytest

from consilience.formats import folder
from consilience.formats.folder import whole_folder


def content(path):
    return {each.name: each.read_text() for each in path.iterdir()}


def fill(target, text):
    with whole_folder(target) as draft:
        (draft / "a.txt").write_text(text)


def test_a_new_folder_takes_the_place_of_the_old_one(tmp_path):
    fill(tmp_path / "it", "old")
    fill(tmp_path / "it", "new")
    assert content(tmp_path / "it") == {"a.txt": "new"}
    assert [each.name for each in tmp_path.iterdir()] == ["it"]


def test_where_folders_cannot_be_swapped_they_are_moved(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "_exchange", lambda *_: False)
    fill(tmp_path / "it", "old")
    fill(tmp_path / "it", "new")
    assert content(tmp_path / "it") == {"a.txt": "new"}
    assert [each.name for each in tmp_path.iterdir()] == ["it"]


def test_an_error_leaves_the_old_folder(tmp_path):
    fill(tmp_path / "it", "old")
    with pytest.raises(TypeError):
        fill(tmp_path / "it", 7)
    assert content(tmp_path / "it") == {"a.txt": "old"}
    assert [each.name for each in tmp_path.iterdir()] == ["it"]


def test_a_kill_leaves_the_old_folder_whole(tmp_path):
    fill(tmp_path / "it", "old")
    code = (
        "import os, signal, sys; from pathlib import Path; from consilience.formats.folder import whole_folder\n"
        "with whole_folder(Path(sys.argv[1])) as draft:\n"
        "    (draft / 'a.txt').write_text('new'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "it")], check=False)
    assert done.returncode == -signal.SIGKILL
    assert content(tmp_path / "it") == {"a.txt": "old"}
