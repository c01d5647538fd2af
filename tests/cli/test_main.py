import subprocess
import sys

import pytest

from consilience import __version__
from consilience.cli.main import COMMANDS, SUMMARIES


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


def test_every_command_has_its_line_in_the_help():
    assert set(COMMANDS) <= set(SUMMARIES)


@pytest.mark.parametrize(
    ("words", "unwanted"),
    [(["--help"], ["numpy", "pyarrow", "django"]), (["verify", "--help"], ["numba", "scipy", "django", "splink"])],
)
def test_a_command_pays_only_for_what_it_needs(words, unwanted):
    code = (
        "import sys\nfrom consilience.cli.main import main\n"
        f"try:\n    main({words!r})\nexcept SystemExit:\n    print([n for n in {unwanted!r} if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "[]"
