"""Recomputing a release from its snapshot: the check for those who may hold the microdata.

The study is taken from the release itself, the rows from the snapshot, and every table is written anew; it must be
the same to the byte.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from consilience import __version__
from consilience.errors import ConsilienceError, SnapshotError
from consilience.formats.digest import sha256_file
from consilience.formats.snapshot import Snapshot
from consilience.publishing.release import ReleaseFolder
from consilience.publishing.verify import Check, read_head
from consilience.standards.registry import load as load_registry
from consilience.study.inputs import STUDY_FILE, study_digest
from consilience.study.plan import Study, load_study
from consilience.study.publish import METHOD_FILES, write_tables
from consilience.study.run import compute


def recompute_release(release: Path, snapshot_folder: Path) -> list[Check]:
    """Return the checks that need the snapshot: its own digests, that it is the one named, and every figure anew."""
    _, head = read_head(release)
    checks = [*_snapshot(head["digests"]["snapshot"], snapshot_folder)]
    study = load_study(release / METHOD_FILES / STUDY_FILE)
    if study_digest(study) == head["digests"]["study"]:
        checks.append(Check.passed("study", "The method files are the ones named."))
    else:
        checks.append(Check.failed("study", "The method files were changed.", METHOD_FILES))
    if all(check.holds for check in checks):
        checks += _figures(release, study, Snapshot.open(snapshot_folder), str(head["program"]["version"]))
    return checks


def _snapshot(expected: str, folder: Path) -> list[Check]:
    try:
        snapshot = Snapshot.open(folder)
        snapshot.verify()
    except SnapshotError as fault:
        return [Check.failed("snapshot", str(fault))]
    if snapshot.digest != expected:
        detail = f"This is another snapshot. Found: {snapshot.digest}. Expected: {expected}."
        return [Check.failed("snapshot", detail)]
    return [Check.passed("snapshot", "The snapshot is whole and the one the release was made from.")]


def _figures(release: Path, study: Study, snapshot: Snapshot, version: str) -> list[Check]:
    with TemporaryDirectory() as scratch:
        again = ReleaseFolder(Path(scratch))
        try:
            write_tables(again, compute(study, snapshot, load_registry(study.standards_folder)))
        except ConsilienceError as fault:
            return [Check.failed("recomputation", str(fault))]
        made = {file.path: file.sha256 for file in again.files}
    differing = [path for path, digest in sorted(made.items()) if sha256_file(release / path) != digest]
    if not differing:
        return [Check.passed("recomputation", f"All {len(made)} tables come out the same, byte for byte.")]
    hint = "" if version == __version__ else f" The release was made by version {version}, this is {__version__}."
    detail = f"The figures computed from the snapshot differ from those published.{hint}"
    return [Check.failed("recomputation", detail, path) for path in differing]
