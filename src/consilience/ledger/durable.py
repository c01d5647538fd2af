"""Files that survive a kill and a power cut: written aside, synced, renamed, and the folder synced after.

The order is what makes the log safe: nothing has its final name before its content is on the disk, and nothing may
refer to a file before its folder is. Linux and POSIX file systems only.
"""

import ctypes
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

from consilience.errors import StateError

# From this many files on, one syncfs of the whole file system is quicker than one fsync per file.
_MANY = 24
_LIBC = ctypes.CDLL(None, use_errno=True)


def sync_path(path: Path) -> None:
    """Write a file's content, or a folder's list of names, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_file_system(path: Path) -> None:
    """Write everything of the file system that holds `path` to the disk (Linux syncfs; elsewhere sync)."""
    if not hasattr(_LIBC, "syncfs"):
        os.sync()
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        if _LIBC.syncfs(handle):
            raise OSError(ctypes.get_errno(), "syncfs failed")
    finally:
        os.close(handle)


def make_folder(path: Path, *, mode: int = 0o777) -> None:
    """Make a folder and those above it, and sync the entry of each new one."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(mode=mode, exist_ok=True)
    sync_path(path.parent)


def write_files(root: Path, files: Mapping[str, bytes], *, scratch: Path, mode: int = 0o644) -> None:
    """Write files below `root` so that each is either whole under its name or not there, and all are on the disk.

    Args:
        root: the folder that the keys of `files` are relative to.
        files: path to content.
        scratch: a folder on the same file system for files on the way.
        mode: permission bits of the files.

    Raises:
        StateError: the disk is full or the folder cannot be written.
    """
    try:
        staged = [
            (_stage(scratch / str(number), data, mode), root / path)
            for number, (path, data) in enumerate(files.items())
        ]
        if len(staged) < _MANY:
            _settle_few(staged)
        else:
            _settle_many(root, staged)
    except OSError as error:
        raise _cannot_write(root, error) from error


def append_file(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Add whole lines to a file and return when they are on the disk; a torn line before them is cut off.

    Raises:
        StateError: the disk is full or the file cannot be written.
    """
    try:
        new = not path.exists()
        make_folder(path.parent)
        with open(os.open(path, os.O_RDWR | os.O_CREAT, mode), "r+b") as stream:  # noqa: PTH123 - sets the mode
            _seek_last_line_end(stream)
            stream.write(data)
            stream.truncate()
            stream.flush()
            os.fsync(stream.fileno())
        if new:
            sync_path(path.parent)
    except OSError as error:
        raise _cannot_write(path.parent, error) from error


def _seek_last_line_end(stream: BinaryIO) -> None:
    """Go to the byte after the last newline."""
    place = stream.seek(0, os.SEEK_END)
    while place:
        start = max(0, place - 4096)
        stream.seek(start)
        found = stream.read(place - start).rfind(b"\n")
        if found >= 0:
            stream.seek(start + found + 1)
            return
        place = start
    stream.seek(0)


def remove_folders(root: Path, paths: Iterable[str]) -> None:
    """Remove folders that nothing refers to any more; one that is gone already is no fault."""
    for path in paths:
        shutil.rmtree(root / path, ignore_errors=True)


def _cannot_write(folder: Path, error: OSError) -> StateError:
    return StateError(
        f"The store {folder.name} cannot be written",
        found=error.strerror or "an input or output error",
        remedy="Free space or mend the disk, then repeat; what was acknowledged before is unharmed.",
    )


def _stage(path: Path, data: bytes, mode: int) -> Path:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with open(handle, "wb", buffering=0, closefd=True) as stream:  # noqa: PTH123 - a descriptor, not a path
        view = memoryview(data)
        while view:
            view = view[stream.write(view) :]
    return path


def _settle_few(staged: list[tuple[Path, Path]]) -> None:
    for aside, _ in staged:
        sync_path(aside)
    for aside, final in staged:
        make_folder(final.parent)
        aside.replace(final)
    for folder in {final.parent for _, final in staged}:
        sync_path(folder)


def _settle_many(root: Path, staged: list[tuple[Path, Path]]) -> None:
    _sync_file_system(root)
    for folder in {final.parent for _, final in staged}:
        folder.mkdir(parents=True, exist_ok=True)
    for aside, final in staged:
        aside.replace(final)
    _sync_file_system(root)
