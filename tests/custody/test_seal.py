import hashlib
import io
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consilience.custody.seal import Sealed, open_sealed, seal
from consilience.custody.store import object_addresses, object_path
from consilience.errors import CustodyError, StateError, UsageError


@pytest.fixture
def sealing(tmp_path, recipients):
    def call(content):
        return seal(io.BytesIO(content), tmp_path / "objects", recipients, scratch=tmp_path / "scratch")

    return call


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=200_000))
def test_what_was_sealed_opens_again_for_both_keys(tmp_path, sealing, node_key, recovery_key, content):
    sealed = sealing(content)
    assert sealed.digest == hashlib.sha256(content).hexdigest()
    assert sealed.plain_bytes == len(content)
    for key in (node_key, recovery_key):
        target = tmp_path / "copy"
        open_sealed(sealed, tmp_path / "objects", target, str(key))
        assert target.read_bytes() == content
        target.unlink()


def test_the_address_is_the_digest_of_the_ciphertext_and_the_object_is_read_only(tmp_path, sealing):
    sealed = sealing(b"content")
    path = object_path(tmp_path / "objects", sealed.address)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == sealed.address
    assert path.stat().st_size == sealed.sealed_bytes
    assert path.stat().st_mode & 0o222 == 0
    assert list(object_addresses(tmp_path / "objects")) == [sealed.address]
    assert list((tmp_path / "scratch").iterdir()) == []


def test_the_plaintext_is_nowhere_in_the_store(tmp_path, sealing):
    sealing(b"Visible Invented said so" * 100)
    assert not any(b"Visible Invented" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_the_same_content_twice_gives_two_objects_that_nobody_can_link(sealing):
    assert sealing(b"content").address != sealing(b"content").address


def test_the_age_tool_opens_an_object(tmp_path, sealing, recovery_key):
    if shutil.which("age") is None:
        pytest.skip("the age tool is not installed")
    sealed = sealing(b"content for the court")
    (tmp_path / "key").write_text(str(recovery_key))
    command = ["age", "-d", "-i", tmp_path / "key", object_path(tmp_path / "objects", sealed.address)]
    assert subprocess.run(command, capture_output=True, check=True).stdout == b"content for the court"


@pytest.mark.parametrize("place", [0, 30, 200, -1])
def test_one_flipped_bit_in_the_object_is_refused_and_leaves_nothing(tmp_path, sealing, node_key, place):
    sealed = sealing(os.urandom(100_000))
    path = object_path(tmp_path / "objects", sealed.address)
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.chmod(0o644)
    path.write_bytes(bytes(data))
    with pytest.raises(CustodyError, match="is changed"):
        open_sealed(sealed, tmp_path / "objects", tmp_path / "copy", str(node_key))
    # Somebody who also bends the address meets the age format itself, which authenticates every byte.
    bent = replace(sealed, address=hashlib.sha256(bytes(data)).hexdigest())
    path.rename(object_path(tmp_path / "objects", sealed.address).parent / "moved")
    target = object_path(tmp_path / "objects", bent.address)
    target.parent.mkdir(exist_ok=True)
    (path.parent / "moved").rename(target)
    with pytest.raises(CustodyError, match="cannot be decrypted"):
        open_sealed(bent, tmp_path / "objects", tmp_path / "copy", str(node_key))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["objects", "scratch"]


def test_another_content_under_the_same_record_is_refused(tmp_path, sealing, node_key):
    first, second = sealing(b"first"), sealing(b"other")
    swapped = replace(second, digest=first.digest)
    with pytest.raises(CustodyError, match="not what was sealed"):
        open_sealed(swapped, tmp_path / "objects", tmp_path / "copy", str(node_key))
    assert not (tmp_path / "copy").exists()


def test_a_missing_object_and_a_foreign_key_are_refused(tmp_path, sealing):
    sealed = sealing(b"content")
    stranger = str(pyrage.x25519.Identity.generate())
    with pytest.raises(CustodyError, match="cannot be decrypted"):
        open_sealed(sealed, tmp_path / "objects", tmp_path / "copy", stranger)
    object_path(tmp_path / "objects", sealed.address).unlink()
    with pytest.raises(CustodyError, match="is missing"):
        open_sealed(sealed, tmp_path / "objects", tmp_path / "copy", stranger)
    with pytest.raises(CustodyError, match="malformed"):
        open_sealed(replace(sealed, address="../x"), tmp_path / "objects", tmp_path / "copy", stranger)


def test_an_existing_file_is_never_written_over(tmp_path, sealing, node_key):
    (tmp_path / "copy").write_bytes(b"mine")
    with pytest.raises(UsageError, match="exists already"):
        open_sealed(sealing(b"content"), tmp_path / "objects", tmp_path / "copy", str(node_key))
    assert (tmp_path / "copy").read_bytes() == b"mine"


def test_sealing_to_one_key_or_to_nonsense_is_misuse(tmp_path, recipients):
    for wrong in ([recipients[0]], [recipients[0]] * 2, [recipients[0], "age1nonsense"]):
        with pytest.raises(UsageError):
            seal(io.BytesIO(b"x"), tmp_path / "objects", wrong, scratch=tmp_path / "scratch")


def test_an_identity_with_the_comments_of_age_keygen_is_read_and_nonsense_is_not_repeated(tmp_path, sealing, node_key):
    text = f"# created: 2026-01-01\n# public key: age1x\n{node_key}\n"
    open_sealed(sealing(b"content"), tmp_path / "objects", tmp_path / "copy", text)
    with pytest.raises(UsageError) as caught:
        open_sealed(Sealed("0" * 64, "", 0, 0), tmp_path, tmp_path / "other", "AGE-SECRET-KEY-1QQQ")
    assert "QQQ" not in str(caught.value)


def test_a_source_that_breaks_off_leaves_nothing(tmp_path, recipients):
    class Broken(io.RawIOBase):
        def read(self, _=-1):
            raise OSError(5, "Input/output error")

    with pytest.raises(StateError, match="could not be sealed"):
        seal(Broken(), tmp_path / "objects", recipients, scratch=tmp_path / "scratch")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


MEMORY = """
import re, sys
from pathlib import Path
from consilience.custody.seal import Sealed, open_sealed, seal
root = Path(sys.argv[1])
with open(root / "big", "rb") as source:
    sealed = seal(source, root / "objects", sys.argv[2:4], scratch=root / "scratch")
open_sealed(sealed, root / "objects", root / "copy", sys.argv[4])
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def test_sealing_and_opening_a_large_file_stays_below_64_mib_of_memory(tmp_path_factory, recipients, node_key):
    tmp_path = tmp_path_factory.mktemp("disk")
    with (tmp_path / "big").open("wb") as stream:
        stream.truncate(150 << 20)
    command = [sys.executable, "-c", MEMORY, str(tmp_path), *recipients, str(node_key)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 64 * 1024
    assert (tmp_path / "copy").stat().st_size == 150 << 20


def test_a_killed_opening_leaves_no_plaintext(tmp_path, sealing, node_key):
    sealed = sealing(bytes(60 << 20))
    folder = tmp_path / "out"
    folder.mkdir()
    program = (
        "import sys; from pathlib import Path; from consilience.custody.seal import Sealed, open_sealed;"
        f"print('go', flush=True); open_sealed({sealed!r}, Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "objects"), str(folder / "copy"), str(node_key)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as opening:
        opening.stdout.readline()
        while not _writes(opening.pid, folder) and opening.poll() is None:
            pass
        opening.kill()
    assert opening.returncode == -9
    assert list(folder.iterdir()) == []


def _writes(pid, folder):
    """Say whether the process holds a nameless file in `folder` that is not empty."""
    for handle in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            if str(folder) in str(handle.readlink()) and handle.stat().st_size > 1 << 20:
                return True
        except OSError:
            continue
    return False
