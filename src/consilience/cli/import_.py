"""`consilience import`: a file becomes a source of a snapshot."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import click

from consilience.errors import UsageError
from consilience.formats.snapshot import Coverage, Snapshot, SourceRecord
from consilience.harmonise.load import Source, import_sources
from consilience.harmonise.mapping import load_mapping
from consilience.standards.registry import load

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")
SOME_REJECTED = 3


@click.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--mapping", required=True, help="The name of a ready mapping, or a mapping file.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The snapshot; other sources in it stay.")
@click.option(
    "--update", type=click.Path(path_type=Path), help="Correct this snapshot's source by its own identifiers."
)
@click.option("--name", help="What the source is called in the snapshot. Default: the file's name.")
@click.option("--standards", type=click.Path(path_type=Path), help="A folder of codelists and crosswalks of your own.")
@click.option("--json", "as_json", is_flag=True, help="Print the totals as JSON.")
def import_command(
    source: Path, mapping: str, out: Path, update: Path | None, name: str | None, standards: Path | None, as_json: bool
) -> int:
    """Import SOURCE (CSV, XLSX, JSON Lines or Parquet) into a snapshot.

    A bad row is rejected, with line, column, what was expected and what was found; good rows go in. Exit code 0: all
    rows are in. 3: some were rejected. 1: nothing could be imported.
    """
    chosen = name or _name_of(source)
    if not _NAME.fullmatch(chosen):
        raise UsageError(
            "The source's name cannot be used",
            found=chosen,
            expected="lower-case letters, digits, - and _, beginning with a letter",
            remedy="Give one with --name.",
        )
    corrected = Snapshot.open(update) if update else None
    base = Snapshot.open(out) if not update and (out / "snapshot.json").is_file() else None
    snapshot = import_sources(
        [Source(chosen, source, load_mapping(mapping))],
        out,
        load(standards),
        base=base,
        update=corrected,
        progress=_tell if sys.stderr.isatty() else None,
    )
    record = snapshot.source(chosen)
    click.echo(
        json.dumps(_as_json(snapshot, record), ensure_ascii=False, indent=2) if as_json else _totals(snapshot, record)
    )
    if record.input.rejected:
        click.echo(_where_rejected(out, record), err=True)
    return SOME_REJECTED if record.input.rejected else 0


def _name_of(path: Path) -> str:
    """Return a source's name made from its file's name."""
    return re.sub(r"[^a-z0-9_-]+", "_", path.stem.lower()).lstrip("_-0123456789")


def _tell(source: str, step: str) -> None:
    click.echo(f"{source}: {step} ...", err=True)


def _totals(snapshot: Snapshot, record: SourceRecord) -> str:
    read = record.input
    lines = [
        f"{record.name}: {read.rows:,} rows = {read.accepted:,} accepted + {read.rejected:,} rejected",
        f"  read as {_how(record)} by mapping {record.mapping.name} {record.mapping.version}",
    ]
    if len(record.inputs) > 1:
        lines.append(
            f"  after {len(record.inputs) - 1} updates: {record.rows:,} rows = {record.accepted:,} accepted "
            f"+ {record.rejected:,} rejected"
        )
    lines += [f"  {table}: {count:,}" for table, count in _tables(snapshot, record).items()]
    lines += [_coverage(each) for each in record.coverage]
    return "\n".join([*lines, f"snapshot {snapshot.digest}"])


def _how(record: SourceRecord) -> str:
    read = record.input
    parts = (read.format, read.encoding, f"delimiter {read.delimiter!r}" if read.delimiter else "", read.newline)
    return ", ".join(part for part in parts if part)


def _tables(snapshot: Snapshot, record: SourceRecord) -> dict[str, int]:
    parts = ((Path(name), file.rows) for name, file in snapshot.files.items())
    return {path.parts[1]: rows for path, rows in parts if path.parts[0] == "tables" and path.stem == record.name}


def _coverage(each: Coverage) -> str:
    total = sum(each.records.values())
    shares = ", ".join(f"{relation} {count / total:.1%}" for relation, count in each.records.items() if count)
    return f"  coverage of {each.table}.{each.column}: {shares or 'no row holds a word'}"


def _where_rejected(out: Path, record: SourceRecord) -> str:
    turn = f".{len(record.inputs)}" if len(record.inputs) > 1 else ""
    stem = out / "rejected" / f"{record.name}{turn}"
    return (
        f"{record.input.rejected:,} rows were rejected. Why: {stem}.csv. The rows themselves, to mend: {stem}.rows.csv"
    )


def _as_json(snapshot: Snapshot, record: SourceRecord) -> dict[str, Any]:
    return {
        "snapshot": snapshot.digest,
        "source": record.model_dump(mode="json"),
        "tables": _tables(snapshot, record),
        "rows": record.input.rows,
        "accepted": record.input.accepted,
        "rejected": record.input.rejected,
    }
