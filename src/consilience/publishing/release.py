"""A release: a folder of protected tables, charts and notes whose every byte is named in a signed list.

    release.json   what it is: format, identifier, sources, indicators, and every file with its SHA-256
    release.note   a signed note (C2SP signed-note, Ed25519) over the SHA-256 of release.json
    release.opening, release.tlog-proof   the release's entry in the publisher's ledger, and the proof that it is there
    data/ charts/ method/ quality/ and the rest: the files named in release.json, and no others

The folder is written beside its place and renamed when it is whole, so a reader never sees half a release.
"""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from consilience.errors import UsageError
from consilience.formats.delimited import write_csv
from consilience.formats.digest import sha256_bytes, sha256_file
from consilience.ledger.note import Note, Signer
from consilience.publishing.logged import OPENING, PROOF, log_release

FORMAT = "consilience-release-1"
HEAD = "release.json"
NOTE = "release.note"
# files that stand beside the list instead of in it
OUTSIDE_THE_LIST = frozenset({HEAD, NOTE, OPENING, PROOF})


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """One file of a release: where, what, how large, and its SHA-256."""

    path: str
    media_type: str
    title: str
    bytes: int
    sha256: str


def release_note(release_id: str, digest: str) -> Note:
    """Return the unsigned note that names a release by the SHA-256 of its release.json."""
    return Note(f"{FORMAT}\n{release_id}\nsha256:{digest}\n")


def dump_json(value: Mapping[str, Any]) -> str:
    """Return JSON for people and programs alike: sorted keys, two spaces, real characters, a last newline."""
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


@dataclass
class ReleaseFolder:
    """A release while it is written. Use as a context manager; `close` makes it appear, an error removes it.

    Args:
        out: where the release shall stand. An earlier release there is replaced, anything else is refused.
    """

    out: Path
    files: list[ReleaseFile] = field(default_factory=list)
    schemas: dict[str, pa.Schema] = field(default_factory=dict)

    def __enter__(self) -> Self:
        if self.out.exists() and not (self.out / HEAD).is_file() and (not self.out.is_dir() or any(self.out.iterdir())):
            raise UsageError(
                f"{self.out} exists and is not a release",
                expected="a new name, an empty folder or an earlier release",
                remedy="Name another folder with --out.",
            )
        self._draft.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self._draft, ignore_errors=True)
        self._draft.mkdir()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self._draft, ignore_errors=True)

    @property
    def _draft(self) -> Path:
        return self.out.with_name(f".{self.out.name}.draft")

    def add_text(self, path: str, text: str, media_type: str, title: str) -> None:
        """Write one text file, UTF-8."""
        target = self._target(path)
        target.write_bytes(text.encode())
        self._list(path, media_type, title)

    def add_table(self, path: str, table: pa.Table, title: str) -> None:
        """Write `table` as `path`.csv and `path`.parquet."""
        write_csv(table, self._target(f"{path}.csv"))
        self._list(f"{path}.csv", "text/csv", title)
        pq.write_table(table, self._target(f"{path}.parquet"), compression="zstd")
        self._list(f"{path}.parquet", "application/vnd.apache.parquet", title)
        self.schemas[f"{path}.csv"] = table.schema

    def close(self, head: Mapping[str, Any], signer: Signer, ledger: Path | None = None) -> str:
        """Write release.json and its signed note, log them, let the folder appear, and return the release's digest.

        Args:
            head: what release.json says beside the list of files.
            signer: the key that signs.
            ledger: folder of the signer's ledger; None leaves the release out of it.
        """
        files = [asdict(file) for file in sorted(self.files, key=lambda file: file.path)]
        named = {"ledger": signer.name} if ledger else {}
        text = dump_json({**head, **named, "format": FORMAT, "files": files}).encode()
        digest = sha256_bytes(text)
        (self._draft / HEAD).write_bytes(text)
        note = release_note(str(head["id"]), digest).sign(signer)
        (self._draft / NOTE).write_bytes(note.encode())
        for name, data in (log_release(ledger, signer, head, digest) if ledger else {}).items():
            (self._draft / name).write_bytes(data)
        self._appear()
        return digest

    def _appear(self) -> None:
        for path in self._draft.rglob("*"):
            _sync(path)
        _sync(self._draft)
        replaced = self.out.with_name(f".{self.out.name}.replaced")
        shutil.rmtree(replaced, ignore_errors=True)
        if self.out.exists():
            self.out.rename(replaced)
        self._draft.rename(self.out)
        _sync(self.out.parent)
        shutil.rmtree(replaced, ignore_errors=True)

    def _target(self, path: str) -> Path:
        target = self._draft / path
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def _list(self, path: str, media_type: str, title: str) -> None:
        target = self._draft / path
        self.files.append(ReleaseFile(path, media_type, title, target.stat().st_size, sha256_file(target)))


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
