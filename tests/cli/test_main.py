import subprocess
import sys

import pytest

from consilience import __version__


def test_help_lists_the_commands(consilience):
    done = consilience("--help")
    assert done.code == 0
    assert "verify" in done.out


def test_the_version_is_the_package_version(consilience):
    assert __version__ in consilience("--version").out


@pytest.mark.parametrize("words", [["frobnicate"], ["study", "run"], ["verify", "--no-such-option", "x"]])
def test_misuse_ends_with_code_2(consilience, words):
    assert consilience(*words).code == 2


def test_the_program_runs_as_a_process():
    code = "from consilience.cli.main import main; main(['verify', '/nonexistent'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr.startswith("consilience: ")
    assert "Traceback" not in done.stderr
