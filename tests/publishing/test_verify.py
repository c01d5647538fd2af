import json
import shutil

import pyarrow.compute as pc
import pytest

from consilience.errors import ReleaseError
from consilience.formats.digest import sha256_file
from consilience.ledger.note import Note, Signer
from consilience.publishing.release import release_note
from consilience.publishing.verify import verify_release

from .conftest import OBSERVATIONS, SIGNER, write

TRUSTED = [SIGNER.verifier()]
OTHER = Signer.from_seed("example.org/other", bytes(range(1, 33)))


def failing(folder, trusted=TRUSTED):
    report = verify_release(folder, trusted)
    assert report.holds is not bool([c for c in report.checks if not c.holds])
    return {(check.name, check.file) for check in report.checks if not check.holds}


def test_a_release_that_nobody_touched_holds(release):
    report = verify_release(release, TRUSTED)
    assert report.holds
    assert report.signed_by == ("example.org/publisher",)
    assert {check.name for check in report.checks} == {"signature", "files", "numbers", "bounds"}


def test_without_a_trusted_key_the_report_says_that_nobody_vouches(release):
    report = verify_release(release, [])
    assert report.holds
    assert report.signed_by == ()
    assert "the release names itself" in report.checks[0].detail


@pytest.mark.parametrize("file", ["data/observations.csv", "data/observations.parquet", "method/method.md"])
def test_one_flipped_bit_in_any_file_is_found_and_named(release, file):
    raw = bytearray((release / file).read_bytes())
    raw[len(raw) // 2] ^= 1
    (release / file).write_bytes(raw)
    assert failing(release) == {("files", file)}


def test_a_dropped_file_is_found_and_named(release):
    (release / "method/method.md").unlink()
    assert failing(release) == {("files", "method/method.md")}


def test_a_foreign_file_is_found_and_named(release):
    (release / "data" / "extra.csv").write_text("x")
    assert failing(release) == {("files", "data/extra.csv")}


def test_swapped_tables_are_both_named(tmp_path, release):
    for name in ("data/observations.csv", "method/method.md"):
        shutil.copy(release / name, tmp_path / name.replace("/", "-"))
    shutil.copy(tmp_path / "data-observations.csv", release / "method/method.md")
    shutil.copy(tmp_path / "method-method.md", release / "data/observations.csv")
    assert failing(release) == {("files", "data/observations.csv"), ("files", "method/method.md")}


def redigest(folder):
    path = folder / "release.json"
    head = json.loads(path.read_text())
    for entry in head["files"]:
        entry["sha256"] = sha256_file(folder / entry["path"])
    path.write_text(json.dumps(head))


def test_a_number_changed_and_digested_again_breaks_the_signature(release):
    path = release / "data/observations.csv"
    path.write_text(path.read_text().replace(",3,", ",4,"))
    redigest(release)
    assert failing(release) == {("signature", "release.json")}


def test_a_release_signed_by_another_key_is_refused(release):
    digest = sha256_file(release / "release.json")
    (release / "release.note").write_bytes(release_note("towns-1.0", digest).sign(OTHER).encode())
    assert failing(release) == {("signature", "release.note")}


def test_a_release_made_anew_with_another_key_is_refused(tmp_path):
    write(tmp_path / "forged", OTHER)
    assert failing(tmp_path / "forged") == {("signature", "release.note")}


def test_the_note_of_another_release_does_not_fit(tmp_path, release):
    changed = OBSERVATIONS.set_column(6, "OBS_VALUE", pc.add(OBSERVATIONS["OBS_VALUE"], 1))
    write(tmp_path / "other", observations=changed)
    shutil.copy(tmp_path / "other" / "release.note", release / "release.note")
    assert failing(release) == {("signature", "release.json")}


def test_a_missing_note_is_named(release):
    (release / "release.note").unlink()
    assert failing(release) == {("signature", "release.note")}


def test_a_signer_who_publishes_a_value_outside_its_bounds_is_found(tmp_path):
    wrong = OBSERVATIONS.set_column(6, "OBS_VALUE", pc.add(OBSERVATIONS["OBS_VALUE"], 9))
    write(tmp_path / "wrong", observations=wrong)
    assert failing(tmp_path / "wrong") == {("bounds", "data/observations.csv")}


def test_a_signature_line_that_is_cut_is_named(release):
    note = Note.parse((release / "release.note").read_bytes()).encode()
    (release / "release.note").write_bytes(note[:-20])
    assert failing(release) == {("signature", "release.note")}


@pytest.mark.parametrize(
    "text", ["", "[]", '{"format": "x"}', '{"format": "consilience-release-1", "id": "a", "files": [1]}']
)
def test_a_folder_that_is_no_release_gets_a_sentence(tmp_path, text):
    (tmp_path / "release.json").write_text(text)
    with pytest.raises(ReleaseError):
        verify_release(tmp_path, TRUSTED)
    with pytest.raises(ReleaseError, match="is not a release"):
        verify_release(tmp_path / "nowhere", TRUSTED)


def test_the_report_as_json_names_each_check(release):
    report = verify_release(release, TRUSTED).to_json()
    assert set(report) == {"holds", "release", "digest", "signed_by", "checks"}
    assert report["checks"][0]["check"] == "signature"
