"""The manifest of a bundle: `manifest.sha256`, as `sha256sum -c` reads it, and `manifest.note`, which signs it.

The note has three lines: the format, the SHA-256 of the manifest, and the time of making.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from consilience.custody.judge import Fault
from consilience.custody.store import digest_file
from consilience.errors import ConsilienceError
from consilience.ledger.note import Note, SigningKey, Verifier

FORMAT = "consilience.org/court-bundle@v1"
LIST, SIGNED = "manifest.sha256", "manifest.note"


def _files(folder: Path) -> list[str]:
    """Return the paths of all files below `folder` but the manifest's own, sorted."""
    paths = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in paths if path not in {LIST, SIGNED})


def write_manifest(folder: Path, signer: SigningKey, time: datetime) -> None:
    """List every file of a finished folder with its digest, and sign the list."""
    text = "".join(f"{digest_file(folder / path)}  {path}\n" for path in _files(folder))
    (folder / LIST).write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    note = Note(f"{FORMAT}\n{digest}\n{time.isoformat()}\n").sign(signer)
    (folder / SIGNED).write_bytes(note.encode())


def check_manifest(folder: Path, keys: Iterable[Verifier]) -> list[Fault]:
    """Return what does not agree with the signed list: changed, missing and added files, or the signature."""
    try:
        note = Note.parse((folder / SIGNED).read_bytes())
        note.verify(keys)
        form, digest, _ = note.text.removesuffix("\n").split("\n")
        listed = (folder / LIST).read_bytes()
    except (ConsilienceError, OSError, ValueError) as error:
        what = str(error) if isinstance(error, ConsilienceError) else "The manifest is missing or malformed"
        return [Fault("key" if isinstance(error, ConsilienceError) else "manifest", SIGNED, what)]
    if form != FORMAT or hashlib.sha256(listed).hexdigest() != digest:
        return [Fault("manifest", LIST, "The list of files is not the one that was signed")]
    return _compare(folder, listed.decode("utf-8", "replace"))


def _compare(folder: Path, listed: str) -> list[Fault]:
    wanted = {path: digest for digest, _, path in (line.partition("  ") for line in listed.splitlines())}
    held = _files(folder)
    faults = [Fault("manifest", path, "The file is missing") for path in wanted if path not in held]
    faults += [Fault("manifest", path, "The file was added later") for path in held if path not in wanted]
    faults += [
        Fault("manifest", path, "The file was changed")
        for path in held
        if path in wanted and digest_file(folder / path) != wanted[path]
    ]
    return faults
