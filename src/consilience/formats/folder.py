"""Folders that are written whole or not at all.

A folder is filled beside its place and then takes it in one step. Whatever kills the process, the place holds the old
folder or the new one.
"""

import contextlib
import ctypes
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

_AT_FDCWD = -100
_EXCHANGE = 2


@contextlib.contextmanager
def whole_folder(target: Path, *, mode: int = 0o755) -> Iterator[Path]:
    """Give an empty folder beside `target` that replaces it when the block ends without an error.

    `mode` says who may enter it: anybody by default; 0o700, its owner only, where people could be harmed.
    Everything is on disk before the folder takes its place. An old folder there is removed afterwards.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        draft.chmod(mode)
        yield draft
        _sync_all(draft)
        _take_place(draft, target)
        _sync(target.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _take_place(draft: Path, target: Path) -> None:
    if not target.exists():
        draft.rename(target)
    elif not _exchange(draft, target):
        aside = draft.with_name(draft.name + ".previous")
        target.rename(aside)
        draft.rename(target)
        shutil.rmtree(aside, ignore_errors=True)


def _exchange(first: Path, second: Path) -> bool:
    """Swap two folders in one step (Linux, renameat2); False where the system or the file system cannot."""
    function = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if function is None:
        return False
    done: int = function(_AT_FDCWD, os.fsencode(first), _AT_FDCWD, os.fsencode(second), _EXCHANGE)
    return done == 0


def _sync_all(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
