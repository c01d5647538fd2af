import json

import pytest

from consilience.errors import UsageError
from consilience.formats.digest import sha256_file
from consilience.ledger.note import Note
from consilience.publishing.release import new_release

from .conftest import SIGNER, write


def test_every_file_is_listed_with_its_size_and_digest(release):
    listed = json.loads((release / "release.json").read_text())["files"]
    assert [entry["path"] for entry in listed] == [
        "data/observations.csv",
        "data/observations.parquet",
        "method/method.md",
    ]
    for entry in listed:
        assert entry["sha256"] == sha256_file(release / entry["path"])
        assert entry["bytes"] == (release / entry["path"]).stat().st_size


def test_the_note_signs_the_digest_of_the_list(release):
    note = Note.parse((release / "release.note").read_bytes())
    assert note.verify([SIGNER.verifier()]) == ["example.org/publisher"]
    assert f"sha256:{sha256_file(release / 'release.json')}" in note.text


def test_the_same_content_gives_the_same_bytes(tmp_path):
    assert write(tmp_path / "a") == write(tmp_path / "b")
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / x).rglob("*") if p.is_file()} for x in "ab")
    assert one == two


def test_an_earlier_release_is_replaced_whole(release):
    (release / "stray.txt").write_text("x")
    write(release)
    assert not (release / "stray.txt").exists()


def test_a_folder_that_is_no_release_is_left_alone(tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").write_text("dear")
    with pytest.raises(UsageError, match="not a release"):
        write(tmp_path / "letters")
    assert (tmp_path / "letters" / "letter.txt").read_text() == "dear"


def write_and_fail(out):
    with new_release(out) as folder:
        folder.add_text("a.txt", "a", "text/plain", "A")
        raise ZeroDivisionError


def test_a_run_that_fails_leaves_nothing_half_written(tmp_path, release):
    before = (release / "release.json").read_bytes()
    with pytest.raises(ZeroDivisionError):
        write_and_fail(release)
    assert (release / "release.json").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["release"]
