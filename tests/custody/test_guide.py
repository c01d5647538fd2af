"""The guide's commands are run as they stand, with age, openssl, sha256sum and a note verifier: nothing of ours."""

import html
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

GOPATH = Path("/usr/share/gocode")


@pytest.fixture(scope="session")
def tools(tmp_path_factory):
    """A folder with the two programs that stand for any note verifier."""
    missing = [name for name in ("go", "age", "openssl", "sha256sum") if shutil.which(name) is None]
    if missing or not (GOPATH / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        pytest.skip(
            f"the stock tools are not all installed (missing: {', '.join(missing) or 'golang-golang-x-mod-dev'})"
        )
    target = tmp_path_factory.mktemp("tools")
    places = {"GO111MODULE": "off", "GOPATH": str(GOPATH), "GOCACHE": str(target / "cache"), "GOFLAGS": ""}
    source = Path(__file__).parent / "stock" / "main.go"
    command = ["go", "build", "-o", str(target / "note-verify"), str(source)]
    subprocess.run(command, check=True, env=os.environ | places, cwd=target)
    shutil.copy(target / "note-verify", target / "tlog-proof-verify")
    return target


@pytest.fixture
def run_guide(tools, tmp_path, node_key):
    (tmp_path / "identity").write_text(str(node_key))
    path = os.pathsep.join([str(tools), "/usr/bin", "/bin"])

    def run(folder):
        """Run each step's commands in a shell; return the numbers of the steps that fail."""
        page = (folder / "GUIDE.html").read_text(encoding="utf-8")
        steps = [html.unescape(text) for text in re.findall(r'<pre class="check">(.*?)</pre>', page, re.DOTALL)]
        assert len(steps) == 5
        environment = {"PATH": path, "IDENTITY": str(tmp_path / "identity")}
        shell = {"cwd": folder, "env": environment, "capture_output": True}
        codes = [subprocess.run(["bash", "-e", "-c", step], check=False, **shell).returncode for step in steps]
        return [number for number, code in enumerate(codes, start=1) if code]

    return run


def test_every_step_of_the_guide_passes_on_a_sound_bundle(run_guide, bundle):
    assert run_guide(bundle) == []


@pytest.mark.parametrize(
    ("pattern", "steps"),
    [
        ("items/*.age", {1, 2, 3}),
        ("record/E-1/000001.note", {1, 4}),
        ("record/E-1/000001.opening", {1, 4}),
        ("record/E-1/000001.tlog-proof", {1, 4}),
        ("logs/*/*/checkpoint", {1, 5}),
        ("manifest.note", {1}),
    ],
)
def test_the_steps_fail_that_must_fail_when_one_bit_is_flipped(run_guide, bundle, tmp_path, pattern, steps):
    shutil.copytree(bundle, tmp_path / "copy")
    path = min((tmp_path / "copy").glob(pattern))
    data = bytearray(path.read_bytes())
    data[-12] ^= 1
    path.write_bytes(bytes(data))
    assert set(run_guide(tmp_path / "copy")) == steps
