r"""Import: sources and their mappings become rows of the shared tables, rejected rows, and a snapshot.

Every row is accepted or rejected, and the totals add up. Rows never pass through Python: the engine reads, judges,
recodes and writes them; Python reads each different date or age in words once.

>>> import tempfile
>>> from consilience.harmonise.mapping import parse_mapping
>>> from consilience.standards.registry import load
>>> mapping = parse_mapping({"mapping": "demo", "version": "1", "act": [{"violation": {"constant": "TORTURE"}}]})
>>> with tempfile.TemporaryDirectory() as folder:
...     path = Path(folder) / "list.csv"
...     _ = path.write_text("when,where\n2021,A\n2022,B\n")
...     snapshot = import_sources([Source("demo", path, mapping)], Path(folder) / "snapshot", load())
...     snapshot.source("demo").accepted
2
"""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from consilience.engine.base import Engine
from consilience.engine.duck import DuckEngine
from consilience.errors import UsageError
from consilience.formats.folder import whole_folder
from consilience.formats.reading import Reading
from consilience.formats.snapshot import Coverage, Input, MappingOrigin, Snapshot, SourceRecord, seal_snapshot
from consilience.harmonise.mapping import SourceMapping
from consilience.harmonise.steps import Judged, Progress, Source, Written, judge, plan_tables, write, write_rejects
from consilience.harmonise.update import check_same_shape, merge, write_history
from consilience.standards.registry import Registry

MEMORY_LIMIT = "2500MB"

__all__ = ["ImportResult", "Source", "import_source", "import_sources"]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What came of one source.

    Attributes:
        source: its name.
        mapping: the mapping it was read with.
        file: the name of its file, without the folder.
        origin: how the file was read.
        rows, accepted, rejected: rows is accepted plus rejected.
        faults: how many faults the rejected rows have; a row may have several.
        tables: shared table to the Parquet file written; tables without a row are left out.
        records: the accepted records word for word, without sealed columns.
        sealed: the sealed columns of the same records; None where there is none.
        rejected_faults, rejected_rows: the two files of rejected rows; None where none was rejected.
        counts: rows of each file.
        coverage: how each coded column was recoded.
        columns: column to sealed, mapped or kept.
    """

    source: str
    mapping: SourceMapping
    file: str
    origin: Reading
    rows: int
    accepted: int
    rejected: int
    faults: int
    tables: dict[str, Path]
    records: Path
    sealed: Path | None
    rejected_faults: Path | None
    rejected_rows: Path | None
    counts: dict[Path, int]
    coverage: tuple[Coverage, ...]
    columns: dict[str, str]


def import_source(
    engine: Engine,
    *,
    source: str,
    path: Path,
    mapping: SourceMapping,
    registry: Registry,
    workdir: Path,
    progress: Progress | None = None,
) -> ImportResult:
    """Import one file into files below `workdir`, laid out as in a snapshot.

    Args:
        engine: an engine that does the work; its tables `stage*`, `clean`, `accepted`, `faults` are overwritten.
        source: the source's name; it becomes part of every identifier.
        path: the file.
        mapping: how its columns become the shared tables.
        registry: where codelists and crosswalks are found.
        workdir: a folder; made where absent.
        progress: told the source and a word at each step.

    Raises:
        FormatError: the file cannot be read.
        MappingError: the mapping does not fit the file.
        StandardError: a crosswalk or codelist it names is not there.
    """
    tell = progress or _silent
    workdir.mkdir(parents=True, exist_ok=True)
    judged = judge(engine, Source(source, path, mapping), registry, workdir, tell)
    tell(source, "writing")
    written = write(judged.plan, workdir)
    rejects = write_rejects(judged, source, workdir)
    return _result(Source(source, path, mapping), judged, written, rejects)


def import_sources(
    sources: Sequence[Source],
    out: Path,
    registry: Registry,
    *,
    engine: Engine | None = None,
    base: Snapshot | None = None,
    update: Snapshot | None = None,
    progress: Progress | None = None,
) -> Snapshot:
    """Import files into one snapshot, which replaces what stands at `out` in one step.

    Args:
        sources: the files.
        out: the snapshot's folder; must be absent, empty, or a snapshot.
        registry: where codelists and crosswalks are found.
        engine: does the work; a DuckDB engine of its own where None.
        base: a snapshot whose other sources are taken over as they are.
        update: a snapshot whose sources of the same names are corrected by the files; also a base.
        progress: told the source and a word at each step.

    Raises:
        UsageError: `out` holds something else, or an update names a source that the snapshot does not have.
        FormatError, MappingError, StandardError: as `import_source`.
    """
    _check_place(out)
    base = update or base
    with whole_folder(out, mode=0o700) as draft, _engine(engine, out) as working:
        job = _Job(working, registry, draft, update, progress or _silent)
        done = [job.run(source) for source in sources]
        names = {record.name for record, _ in done}
        kept = [record for record in (base.sources if base else ()) if record.name not in names]
        rows = {name: count for _, counts in done for name, count in counts.items()}
        if base is not None:
            rows |= _take_over(base, draft, {record.name for record in kept} | job.unchanged)
        seal_snapshot(draft, [*kept, *(record for record, _ in done)], rows)
    return Snapshot.open(out)


class _Job:
    """One run of `import_sources`."""

    def __init__(
        self, engine: Engine, registry: Registry, draft: Path, update: Snapshot | None, tell: Progress
    ) -> None:
        self._engine, self._registry, self._draft, self._update, self._tell = engine, registry, draft, update, tell
        self.unchanged: set[str] = set()

    def run(self, source: Source) -> tuple[SourceRecord, dict[str, int]]:
        """Import or update one source; return its record and the rows of its files."""
        if self._update is not None:
            return self._correct(source, self._update)
        result = import_source(
            self._engine,
            source=source.name,
            path=source.path,
            mapping=source.mapping,
            registry=self._registry,
            workdir=self._draft,
            progress=self._tell,
        )
        return _record(result), self._relative(_all_counts(result))

    def _correct(self, source: Source, base: Snapshot) -> tuple[SourceRecord, dict[str, int]]:
        if source.name not in {record.name for record in base.sources}:
            raise UsageError(
                f"The snapshot has no source called {source.name} that could be updated",
                found=", ".join(record.name for record in base.sources),
                remedy="Give the source's name with --name, or import without --update.",
            )
        before = base.source(source.name)
        judged = judge(self._engine, source, self._registry, self._draft, self._tell)
        check_same_shape(judged.stage, before, source.mapping.sha256)
        if before.input.sha256 == judged.origin.sha256:
            self.unchanged.add(source.name)
            return before, {}
        number = len(before.inputs)
        rejects = write_rejects(judged, f"{source.name}.{number + 1}", self._draft)
        stage, _ = merge(judged.stage, judged.plan.record_id, base, before)
        self._tell(source.name, "writing")
        written = write(plan_tables(stage, source.name, self._registry), self._draft)
        history = write_history(stage, source.name, base, number, self._draft)
        result = _result(source, judged, written, rejects)
        rows = self._relative({**_all_counts(result), **history})
        rows |= _take_over_rejected(base, self._draft, source.name)
        return _after(before, result, written.counts[written.records]), rows

    def _relative(self, counts: dict[Path, int]) -> dict[str, int]:
        return {path.relative_to(self._draft).as_posix(): count for path, count in counts.items()}


def _result(source: Source, judged: Judged, written: Written, rejects: tuple[Path, Path] | None) -> ImportResult:
    return ImportResult(
        source=source.name,
        mapping=source.mapping,
        file=source.path.name,
        origin=judged.origin,
        rows=judged.origin.rows,
        accepted=judged.origin.rows - judged.rejected,
        rejected=judged.rejected,
        faults=judged.faults,
        tables=written.tables,
        records=written.records,
        sealed=written.sealed,
        rejected_faults=rejects[0] if rejects else None,
        rejected_rows=rejects[1] if rejects else None,
        counts=written.counts,
        coverage=written.coverage,
        columns=judged.stage.columns.fates(),
    )


def _all_counts(result: ImportResult) -> dict[Path, int]:
    counts = dict(result.counts)
    if result.rejected_faults and result.rejected_rows:
        counts |= {result.rejected_faults: result.faults, result.rejected_rows: result.rejected}
    return counts


def _record(result: ImportResult) -> SourceRecord:
    mapping = result.mapping
    return SourceRecord(
        name=result.source,
        mapping=MappingOrigin(name=mapping.name, version=mapping.version, sha256=mapping.sha256),
        inputs=(_input(result),),
        rows=result.rows,
        accepted=result.accepted,
        rejected=result.rejected,
        faults=result.faults,
        columns=tuple(result.columns.items()),
        coverage=result.coverage,
    )


def _input(result: ImportResult) -> Input:
    origin = result.origin
    return Input(
        name=result.file,
        sha256=origin.sha256,
        bytes=origin.bytes,
        format=origin.format,
        encoding=origin.encoding,
        delimiter=origin.delimiter,
        newline=origin.newline,
        rows=result.rows,
        accepted=result.accepted,
        rejected=result.rejected,
    )


def _after(before: SourceRecord, result: ImportResult, accepted: int) -> SourceRecord:
    """Return what is known of a source after an update: all that was ever rejected, and what its records are now."""
    rejected = before.rejected + result.rejected
    return _record(result).model_copy(
        update={
            "inputs": (*before.inputs, _input(result)),
            "rows": accepted + rejected,
            "accepted": accepted,
            "rejected": rejected,
            "faults": before.faults + result.faults,
        }
    )


def _take_over(base: Snapshot, draft: Path, sources: set[str]) -> dict[str, int]:
    return _link(base, draft, (name for name in base.files if Path(name).name.split(".")[0] in sources))


def _take_over_rejected(base: Snapshot, draft: Path, source: str) -> dict[str, int]:
    names = (name for name in base.files if name.startswith("rejected/") and Path(name).name.split(".")[0] == source)
    return _link(base, draft, names)


def _link(base: Snapshot, draft: Path, names: Iterable[str]) -> dict[str, int]:
    """Give files of another snapshot a second name where the disk allows, else copy them; none is written to."""
    taken = {name: base.files[name].rows for name in names}
    for name in taken:
        target = draft / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(base.path / name, target)
        except OSError:
            shutil.copyfile(base.path / name, target)
    return taken


def _check_place(out: Path) -> None:
    if out.is_file() or (out.is_dir() and any(out.iterdir()) and not (out / "snapshot.json").is_file()):
        raise UsageError(
            f"{out} is there already and is no snapshot",
            found="a file" if out.is_file() else "a folder with other things in it",
            expected="a new folder, or a snapshot to replace",
            remedy="Choose another --out.",
        )


@contextmanager
def _engine(given: Engine | None, out: Path) -> Iterator[Engine]:
    if given is not None:
        yield given
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix=f".{out.name}.spill.", dir=out.parent) as spill,
        DuckEngine(memory_limit=MEMORY_LIMIT, temp_dir=Path(spill)) as engine,
    ):
        yield engine


def _silent(_source: str, _step: str) -> None:
    """Tell nobody."""
