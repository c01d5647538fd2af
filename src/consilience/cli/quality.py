"""`consilience quality`: what is known of the quality of a snapshot's lists, or of one plain file."""

import datetime as dt
import json
import re
import sys
import tempfile
from pathlib import Path

import click

from consilience.engine.duck import DuckEngine
from consilience.errors import UsageError
from consilience.formats.snapshot import Snapshot
from consilience.harmonise.load import Source, import_sources
from consilience.harmonise.mapping import load_mapping
from consilience.quality.page import render_report, render_text
from consilience.quality.report import QualityReport, assess
from consilience.standards.registry import Registry, load


@click.command()
@click.argument("path", metavar="SNAPSHOT", type=click.Path(path_type=Path))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day of the report. Default: today.")
@click.option("--mapping", help="A ready mapping or a mapping file, where SNAPSHOT is a plain CSV or Parquet file.")
@click.option("--standards", type=click.Path(path_type=Path), help="A folder of codelists and crosswalks of your own.")
@click.option("--html", "as_html", is_flag=True, help="Print a piece of a page.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def quality(
    path: Path, as_of: dt.datetime | None, mapping: str | None, standards: Path | None, as_html: bool, as_json: bool
) -> None:
    """Assess every list of SNAPSHOT. Exit code 3 when there are serious findings."""
    day = as_of.date() if as_of else dt.datetime.now(dt.UTC).date()
    report = _report(path, mapping, load(standards), day)
    if as_json:
        click.echo(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
    else:
        click.echo(render_report(report) if as_html else render_text(report), nl=False)
    sys.exit(3 if report.serious else 0)


def _report(path: Path, mapping: str | None, registry: Registry, day: dt.date) -> QualityReport:
    if mapping is None:
        if path.is_file():
            raise UsageError(
                f"{path} is a file, not a snapshot",
                expected="a snapshot folder, or a file with --mapping",
                remedy="Name the mapping that reads it.",
            )
        return _assess(Snapshot.open(path), registry, day)
    with tempfile.TemporaryDirectory() as folder:
        source = Source(_name(path), path, load_mapping(mapping))
        return _assess(import_sources([source], Path(folder) / "snapshot", registry), registry, day)


def _assess(snapshot: Snapshot, registry: Registry, day: dt.date) -> QualityReport:
    coverage = {source.name: source.coverage for source in snapshot.sources}
    with DuckEngine() as engine:
        snapshot.register(engine)
        return assess(engine, list(coverage), registry, as_of=day, coverage=coverage)


def _name(path: Path) -> str:
    name = re.sub(r"[^a-z0-9_-]+", "_", path.stem.lower()).lstrip("_-0123456789")
    return name[:63] or "source"
