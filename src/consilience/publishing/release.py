"""A release: a folder of protected tables, charts and notes whose every byte is named in a signed list.

    release.json   what it is: format, identifier, sources, indicators, and every file with its SHA-256
    release.note   a signed note (C2SP signed-note, Ed25519) over the SHA-256 of release.json
    release.opening, release.tlog-proof   the release's entry in the publisher's ledger, and the proof that it is there
    data/ charts/ method/ quality/ and the rest: the files named in release.json, and no others

The folder is written beside its place and renamed when it is whole, so a reader never sees half a release.
"""

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from consilience.engine.duck import DuckEngine
from consilience.errors import UsageError
from consilience.formats.digest import sha256_bytes, sha256_file
from consilience.formats.export import write_csv
from consilience.formats.folder import whole_folder
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


@contextlib.contextmanager
def new_release(out: Path) -> Iterator["ReleaseFolder"]:
    """Give a release to fill; it appears at `out`, whole, when the block ends without an error.

    An earlier release at `out` is replaced.

    Raises:
        UsageError: `out` holds something else.
    """
    if out.exists() and not (out / HEAD).is_file() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(
            f"{out} exists and is not a release",
            expected="a new name, an empty folder or an earlier release",
            remedy="Name another folder with --out.",
        )
    with whole_folder(out) as draft:
        yield ReleaseFolder(draft)


@dataclass
class ReleaseFolder:
    """A release while it is written into `folder`: tables and texts first, `close` last."""

    folder: Path
    files: list[ReleaseFile] = field(default_factory=list)
    schemas: dict[str, pa.Schema] = field(default_factory=dict)

    def add_text(self, path: str, text: str, media_type: str, title: str) -> None:
        """Write one text file, UTF-8."""
        self._target(path).write_bytes(text.encode())
        self._list(path, media_type, title)

    def add_table(self, path: str, table: pa.Table, title: str) -> None:
        """Write `table` as `path`.csv and `path`.parquet."""
        with DuckEngine() as engine:
            engine.register_arrow("exported", table)
            write_csv(engine, "SELECT * FROM exported", self._target(f"{path}.csv"))
        self._list(f"{path}.csv", "text/csv", title)
        pq.write_table(table, self._target(f"{path}.parquet"), compression="zstd")
        self._list(f"{path}.parquet", "application/vnd.apache.parquet", title)
        self.schemas[f"{path}.csv"] = table.schema

    def close(self, head: Mapping[str, Any], signer: Signer, ledger: Path | None = None) -> str:
        """Write release.json and its signed note, log them, and return the release's digest.

        Args:
            head: what release.json says beside the list of files.
            signer: the key that signs.
            ledger: folder of the signer's ledger; None leaves the release out of it.
        """
        files = [asdict(file) for file in sorted(self.files, key=lambda file: file.path)]
        named = {"ledger": signer.name} if ledger else {}
        text = dump_json({**head, **named, "format": FORMAT, "files": files}).encode()
        digest = sha256_bytes(text)
        note = release_note(str(head["id"]), digest).sign(signer)
        proof = log_release(ledger, signer, head, digest) if ledger else {}
        for name, data in {HEAD: text, NOTE: note.encode(), **proof}.items():
            (self.folder / name).write_bytes(data)
        return digest

    def _target(self, path: str) -> Path:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def _list(self, path: str, media_type: str, title: str) -> None:
        target = self.folder / path
        self.files.append(ReleaseFile(path, media_type, title, target.stat().st_size, sha256_file(target)))
