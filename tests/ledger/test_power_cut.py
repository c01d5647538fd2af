"""The worst disk there is: after a power cut only what was synced is left, content and folder entries alike."""

import os
import shutil
from pathlib import Path

import pytest

from consilience.ledger import durable
from consilience.ledger.fsck import check_log
from consilience.ledger.log import Log, private_folder, public_folder
from consilience.ledger.note import Signer

SIGNER = Signer.from_seed("example.org/log", bytes(range(32)))


class Disk:
    """Remembers what each sync made durable; everything else is lost when the power goes."""

    def __init__(self, root):
        self.root = root
        self.contents = {}
        self.entries = {}

    def sync_path(self, path):
        number = path.stat().st_ino
        if path.is_dir():
            found = list(os.scandir(path))
            self.entries[number] = {entry.name: (entry.inode(), entry.is_dir()) for entry in found}
        else:
            self.contents[number] = path.read_bytes()

    def sync_all(self):
        for path in [self.root, *self.root.rglob("*")]:
            self.sync_path(path)

    def after_power_cut(self, target):
        """Build what a machine would find when it starts again."""
        self._build(self.root.stat().st_ino, target)

    def _build(self, number, target):
        target.mkdir()
        for name, (inner, is_folder) in self.entries.get(number, {}).items():
            if is_folder:
                self._build(inner, target / name)
            else:
                (target / name).write_bytes(self.contents.get(inner, b""))


@pytest.fixture
def disk(tmp_path, monkeypatch):
    """A disk that writes down every sync and, after each, what a power cut would leave."""
    made = Disk(tmp_path / "disk")
    made.root.mkdir()
    made.states = []
    made.acknowledged = 0

    def watched(real):
        def sync(handle):
            real(handle)
            made.sync_path(Path(f"/proc/self/fd/{handle}"))
            keep()

        return sync

    def keep():
        target = tmp_path / f"state{len(made.states)}"
        made.after_power_cut(target)
        made.states.append((target, made.acknowledged))

    def whole(_):
        made.sync_all()
        keep()

    monkeypatch.setattr(os, "fsync", watched(os.fsync))
    monkeypatch.setattr(os, "fdatasync", watched(os.fdatasync))
    monkeypatch.setattr(durable, "_sync_file_system", whole)
    made.keep = keep
    return made


def check(state, acknowledged):
    """The log that a power cut left: sound, complete, and ready to go on."""
    folder = state / "log"
    if not (public_folder(folder) / "checkpoint").exists():
        assert acknowledged == 0
        return
    health = check_log(public_folder(folder), [SIGNER.verifier()], private=private_folder(folder))
    assert health.faults == ()
    assert health.size + health.pending >= acknowledged
    with Log.open(folder) as log:
        log.append([b"after"])
        log.publish()


def fill(disk, steps):
    Log.create(disk.root / "log", SIGNER)
    disk.keep()
    with Log.open(disk.root / "log") as log:
        for count, publish in steps:
            log.append([b"raw %d" % number for number in range(count)])
            disk.acknowledged = log.size
            disk.keep()
            log.append_event({"n": log.size})
            disk.acknowledged = log.size
            disk.keep()
            if publish:
                log.publish()
                disk.keep()


@pytest.mark.parametrize(
    "steps",
    [
        [(1, True), (1, True), (2, False), (3, True)],
        [(250, True), (10, True), (300, False), (1, True)],
        [(256, True), (256, True), (7_000, True)],
    ],
    ids=["small", "across tiles", "many files"],
)
def test_a_power_cut_after_any_sync_leaves_a_sound_log_with_all_that_was_acknowledged(disk, steps, monkeypatch):
    fill(disk, steps)
    monkeypatch.undo()
    assert len(disk.states) > 20
    for state, acknowledged in disk.states:
        check(state, acknowledged)
        shutil.rmtree(state)


def test_the_worst_disk_really_loses_what_was_not_synced(disk):
    folder = disk.root / "folder"
    folder.mkdir()
    (folder / "file").write_bytes(b"not synced")
    disk.after_power_cut(disk.root.parent / "left")
    assert list((disk.root.parent / "left").iterdir()) == []
