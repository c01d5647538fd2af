"""Snapshots: the immutable input of every analysis, a folder of Parquet tables named by its digest.

`docs/design/packages.md` shows the folder. `snapshot.json` holds the schema's version, what is known of each source,
and the digest, size and rows of every file; its own digest (SHA-256 of its canonical JSON, RFC 8785) names the
snapshot. It holds no time: the same import gives the same name.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from consilience.engine.base import Engine, quote_identifier
from consilience.errors import SnapshotError
from consilience.formats.digest import canonical_json, sha256_file, sha256_json
from consilience.model.schema import SCHEMA_VERSION, TABLES, Table

SNAPSHOT_FILE = "snapshot.json"


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MappingOrigin(_Form):
    """Which mapping a source was read with."""

    name: str
    version: str
    sha256: str


class Input(_Form):
    """One file of a source: the first import, or one update. `name` is the file's own, without its folder."""

    name: str
    sha256: str
    bytes: int
    format: str
    encoding: str = ""
    delimiter: str = ""
    newline: str = ""
    rows: int
    accepted: int
    rejected: int


class Coverage(_Form):
    """How one coded column was recoded: by code and by share of rows.

    `codes` counts the different local words of each relation, `records` the rows that hold them, `unknown` lists the
    words no table knows, the most frequent first, at most 50, and none where the column is sealed.
    """

    table: str
    column: str
    crosswalk: str = ""
    codes: Mapping[str, int]
    records: Mapping[str, int]
    unknown: tuple[tuple[str, int], ...] = ()


class SourceRecord(_Form):
    """What a snapshot knows of one source. `rows` is `accepted` plus `rejected`, always.

    `columns` holds each column of the file, in order, with what became of it: sealed, mapped or kept.
    """

    name: str
    mapping: MappingOrigin
    inputs: tuple[Input, ...]
    rows: int
    accepted: int
    rejected: int
    faults: int
    columns: tuple[tuple[str, str], ...]
    coverage: tuple[Coverage, ...] = ()

    @property
    def input(self) -> Input:
        """The newest file."""
        return self.inputs[-1]


class FileRecord(_Form):
    """One file of a snapshot; `rows` of Parquet and of rejected rows."""

    sha256: str
    bytes: int
    rows: int


class _SnapshotForm(_Form):
    kind: str = "consilience.snapshot"
    schema_version: str = SCHEMA_VERSION
    sources: tuple[SourceRecord, ...]
    files: Mapping[str, FileRecord]


@dataclass(frozen=True)
class Snapshot:
    """A snapshot on disk."""

    path: Path
    form: _SnapshotForm

    @classmethod
    def open(cls, path: Path) -> "Snapshot":
        """Open a snapshot; only `snapshot.json` is read.

        Raises:
            SnapshotError: it is no snapshot, or of another schema version.
        """
        try:
            text = (path / SNAPSHOT_FILE).read_text(encoding="utf-8")
            form = _SnapshotForm.model_validate_json(text)
        except (OSError, UnicodeDecodeError) as fault:
            raise SnapshotError(
                f"{path} is no snapshot",
                found=f"no readable {SNAPSHOT_FILE} ({type(fault).__name__})",
                expected="a folder that `consilience import` wrote",
                remedy="Check the path.",
            ) from None
        except ValidationError as fault:
            where = ".".join(str(part) for part in fault.errors()[0]["loc"])
            raise SnapshotError(
                f"{SNAPSHOT_FILE} of {path} is damaged",
                found=f"{fault.error_count()} faults, the first at {where or 'its beginning'}",
                remedy="Take the snapshot from a copy, or import again.",
            ) from None
        if form.schema_version != SCHEMA_VERSION or form.kind != "consilience.snapshot":
            raise SnapshotError(
                f"{path} is a snapshot of another kind",
                found=f"{form.kind}, schema version {form.schema_version}",
                expected=f"schema version {SCHEMA_VERSION}",
                remedy="Import the sources again with this version.",
            )
        return cls(path, form)

    @property
    def sources(self) -> tuple[SourceRecord, ...]:
        """What is known of each source, by name."""
        return self.form.sources

    @property
    def files(self) -> Mapping[str, FileRecord]:
        """Every file by its path within the snapshot."""
        return self.form.files

    @cached_property
    def digest(self) -> str:
        """The name of the snapshot: SHA-256 of the canonical JSON of `snapshot.json`."""
        return sha256_json(self.form.model_dump(mode="json"))

    def source(self, name: str) -> SourceRecord:
        """Return one source; SnapshotError where the snapshot has none of that name."""
        for source in self.sources:
            if source.name == name:
                return source
        raise SnapshotError(
            f"The snapshot has no source called {name}",
            found=", ".join(each.name for each in self.sources),
            remedy="Use one of these names.",
        )

    def tables(self, name: str) -> list[Path]:
        """Return the files of one shared table, by source."""
        start = f"tables/{name}/"
        return [self.path / file for file in sorted(self.files) if file.startswith(start)]

    def records(self, source: str) -> Path:
        """Return the file of a source's records, word for word."""
        return self.path / f"records/{self.source(source).name}.parquet"

    def sealed(self, source: str) -> Path | None:
        """Return the file of a source's sealed columns, word for word; None where it has none."""
        name = f"sealed/{self.source(source).name}.parquet"
        return self.path / name if name in self.files else None

    def register(self, engine: Engine) -> None:
        """Make the shared tables, and `records_<source>` for each source, readable in an engine."""
        for table in TABLES.values():
            paths = self.tables(table.name)
            if paths:
                engine.register_parquet(table.name, paths)
            else:
                engine.execute(_empty(table))
        for source in self.sources:
            engine.register_parquet(f"records_{source.name}", [self.records(source.name)])

    def verify(self) -> None:
        """Check every file against its digest.

        Raises:
            SnapshotError: files differ, are absent, or are there without being listed; all are named.
        """
        on_disk = {str(path.relative_to(self.path)) for path in self.path.rglob("*") if path.is_file()}
        absent = [f"{file} is absent" for file in self.files if file not in on_disk]
        strangers = [f"{file} is not listed" for file in sorted(on_disk - {*self.files, SNAPSHOT_FILE})]
        present = [file for file in self.files if file in on_disk]
        changed = [f"{file} differs" for file in present if sha256_file(self.path / file) != self.files[file].sha256]
        faults = [*changed, *absent, *strangers]
        if faults:
            raise SnapshotError(
                f"The snapshot {self.path} is not what its {SNAPSHOT_FILE} says",
                found="; ".join(faults),
                expected="every listed file with its digest, and no other",
                remedy="Take it from a copy, or import again.",
            )


def _empty(table: Table) -> str:
    columns = ", ".join(f"CAST(NULL AS {column.type.value}) AS {column.name}" for column in table.columns)
    return f"CREATE OR REPLACE VIEW {quote_identifier(table.name)} AS SELECT {columns} WHERE FALSE"


def seal_snapshot(folder: Path, sources: Sequence[SourceRecord], rows: Mapping[str, int]) -> None:
    """Write `snapshot.json` into a folder whose other files are all there.

    Args:
        folder: the folder.
        sources: what is known of each source.
        rows: rows by path, for every file of the folder.
    """
    files = {
        name: FileRecord(sha256=sha256_file(folder / name), bytes=(folder / name).stat().st_size, rows=rows[name])
        for name in sorted(rows)
    }
    form = _SnapshotForm(sources=tuple(sorted(sources, key=lambda source: source.name)), files=files)
    document: Any = json.loads(canonical_json(form.model_dump(mode="json")))
    (folder / SNAPSHOT_FILE).write_text(
        json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8"
    )
