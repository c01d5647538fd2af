"""The steps of an import: read a file, judge its rows, write the accepted ones.

`judge` leaves the rows in the engine's stage, the bad ones set aside. `write` puts what is on the stage into Parquet
files. An import is one after the other; an update changes the stage in between.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from consilience.engine.base import Engine
from consilience.formats.reading import Layout, Reading
from consilience.formats.snapshot import Coverage
from consilience.formats.source import read_source
from consilience.harmonise.columns import Columns
from consilience.harmonise.coverage import coverage
from consilience.harmonise.expression import Translator
from consilience.harmonise.mapping import SourceMapping
from consilience.harmonise.recode import Recoder
from consilience.harmonise.reject import find_faults, write_rejected
from consilience.harmonise.stage import Stage
from consilience.harmonise.tables import TablePlan, sql
from consilience.model.schema import TABLES
from consilience.standards.registry import Registry

Progress = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Source:
    """One file to import: the source's name, the file, the mapping."""

    name: str
    path: Path
    mapping: SourceMapping


@dataclass(frozen=True, slots=True)
class Judged:
    """A file whose rows are on the stage, judged.

    Attributes:
        stage: where they are.
        plan: how the accepted ones become rows of the shared tables.
        origin: how the file was read.
        rejected, faults: how many rows were set aside, and for how many faults.
    """

    stage: Stage
    plan: TablePlan
    origin: Reading
    rejected: int
    faults: int


@dataclass(frozen=True, slots=True)
class Written:
    """The Parquet files of one source.

    Attributes:
        tables: shared table to file; tables without a row are left out.
        records: the accepted records word for word, without sealed columns.
        sealed: their sealed columns; None where there is none.
        counts: rows of each of these files.
        coverage: how each coded column was recoded.
    """

    tables: dict[str, Path]
    records: Path
    sealed: Path | None
    counts: dict[Path, int]
    coverage: tuple[Coverage, ...]


def judge(engine: Engine, source: Source, registry: Registry, workdir: Path, tell: Progress) -> Judged:
    """Read a source's file and set its bad rows aside. Raises FormatError, MappingError or StandardError."""
    tell(source.name, "reading")
    form = source.mapping.source
    layout = Layout(form.format, form.encoding, form.delimiter, form.sheet, form.header_row)
    origin = read_source(engine, source.path, "stage", layout, workdir)
    columns = Columns.fitted(origin.columns, source.mapping, source.path.name)
    stage = Stage.open(engine, origin.line_sql, columns)
    tell(source.name, "checking")
    plan = plan_tables(stage, source.name, registry)
    rejected, faults = find_faults(stage, plan.of.checks, plan.record_id)
    return Judged(stage, plan, origin, rejected, faults)


def write(plan: TablePlan, workdir: Path) -> Written:
    """Write the accepted rows of the stage as files below `workdir`, laid out as in a snapshot."""
    stage, source = plan.of.stage, plan.source
    engine = stage.engine
    stage.show()
    queries = {
        workdir / "tables" / name / f"{source}.parquet": sql(stage, name, rows)
        for name, rows in plan.rows.items()
        if rows
    }
    records, sealed = (workdir / folder / f"{source}.parquet" for folder in ("records", "sealed"))
    queries[records] = stage.word_for_word(plan.record_id, sealed=False)
    if stage.columns.sealed:
        queries[sealed] = stage.word_for_word(plan.record_id, sealed=True)
    counts = {target: _write(engine, query, target) for target, query in queries.items()}
    for target in [target for target, count in counts.items() if not count and target not in {records, sealed}]:
        target.unlink()
        del counts[target]
    tables = {name: target for name in TABLES if (target := workdir / "tables" / name / f"{source}.parquet") in counts}
    covered = coverage(engine, plan.recode.recoded, tables)
    return Written(tables, records, sealed if sealed in counts else None, counts, covered)


def write_rejects(judged: Judged, name: str, workdir: Path) -> tuple[Path, Path] | None:
    """Write the two files of rejected rows, called `name`; None where no row was rejected."""
    if not judged.rejected:
        return None
    folder = workdir / "rejected"
    folder.mkdir(exist_ok=True)
    faults, rows = folder / f"{name}.csv", folder / f"{name}.rows.csv"
    write_rejected(judged.stage, faults, rows, judged.origin.delimiter or ",")
    return faults, rows


def record_id_of(translator: Translator) -> str:
    """Return SQL of a record's own identifier, and have rows without one refused."""
    value = translator.columns.mapping.record.id
    if value is None:
        return "'L' || CAST(line AS VARCHAR)"
    record_id = f"({translator.text(value)})"
    translator.refuse(f"{record_id} IS NULL", (value,), "the record's own identifier", "'nothing'")
    return record_id


def plan_tables(stage: Stage, source: str, registry: Registry) -> TablePlan:
    """Translate the mapping for the rows on the stage."""
    translator = Translator(stage)
    plan = TablePlan(translator, Recoder(translator, registry), source, record_id_of(translator))
    plan.build()
    return plan


def _write(engine: Engine, query: str, target: Path) -> int:
    target.parent.mkdir(parents=True, exist_ok=True)
    engine.write_parquet(query, target)
    engine.register_parquet("written", [target])
    count: int = engine.fetch("SELECT count(*) AS n FROM written")["n"][0].as_py()
    return count
