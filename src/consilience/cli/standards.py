"""`consilience standards`: look at, check, compare, exchange and apply the shared structure."""

import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click
import pyarrow as pa

from consilience.engine.base import quote_literal
from consilience.engine.duck import DuckEngine
from consilience.errors import StandardError, UsageError
from consilience.formats.reading import Layout
from consilience.formats.source import read_source
from consilience.standards.codelist import Codelist
from consilience.standards.compare import Comparable, diff
from consilience.standards.coverage import Coverage, coverage
from consilience.standards.crosswalk import Crosswalk
from consilience.standards.openevsys import codelist_from_dump
from consilience.standards.read import FOLDERS, read_utf8
from consilience.standards.registry import Registry, load
from consilience.standards.skos import codelist_from_skos, codelist_to_turtle, read_rdf
from consilience.standards.tabular import codelist_from_csv, codelist_to_csv
from consilience.standards.validate import validate as find_faults
from consilience.standards.write import as_plain, to_toml, write_standard

_EXISTING = click.Path(path_type=Path, exists=True)


@click.group()
def standards() -> None:
    """Codelists, indicators and crosswalks: the structure that partners share."""


def _with_folder(command: Callable[..., Any]) -> Callable[..., Any]:
    folder = click.option("--folder", type=_EXISTING, help="A folder of further standards, beside those shipped.")
    return folder(click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command))


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


@standards.command(name="list")
@click.argument("kind", required=False, type=click.Choice(list(FOLDERS)))
@_with_folder
def list_command(kind: str | None, folder: Path | None, as_json: bool) -> None:
    """List what is at hand, or one KIND of it, with versions."""
    registry = load(folder)
    kinds = [kind] if kind else list(FOLDERS)
    found = [(each, name, registry.versions(each, name)) for each in kinds for name in registry.ids(each)]
    if as_json:
        _print_json([{"kind": each, "id": name, "versions": versions} for each, name, versions in found])
        return
    for each, name, versions in found:
        click.echo(f"{each.removesuffix('s'):10} {name:28} {', '.join(versions)}")


@standards.command()
@click.argument("identifier", metavar="ID")
@click.option("--version", help="The version; the newest where none is named.")
@click.option("--language", default="en", show_default=True, help="The language of labels.")
@_with_folder
def show(identifier: str, version: str | None, language: str, folder: Path | None, as_json: bool) -> None:
    """Show one codelist, indicator or crosswalk."""
    standard = _standard(load(folder), identifier, version)
    if as_json:
        _print_json(as_plain(standard))
    elif isinstance(standard, Codelist):
        _show_codelist(standard, language)
    elif isinstance(standard, Crosswalk):
        _show_crosswalk(standard)
    else:
        click.echo(to_toml(standard), nl=False)


@standards.command(name="diff")
@click.argument("identifier", metavar="ID")
@click.argument("old")
@click.argument("new")
@_with_folder
def diff_command(identifier: str, old: str, new: str, folder: Path | None, as_json: bool) -> None:
    """Say what changed in ID from version OLD to version NEW."""
    registry = load(folder)
    changes = diff(_standard(registry, identifier, old), _standard(registry, identifier, new))
    if as_json:
        _print_json([as_plain(change) for change in changes])
        return
    for change in changes:
        click.echo(str(change))


@standards.command()
@click.argument("folder", required=False, type=_EXISTING)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def validate(folder: Path | None, as_json: bool) -> None:
    """Report every fault of the shipped files, or of those in FOLDER. Exit code 3 when there is one."""
    faults = find_faults(folder)
    if as_json:
        _print_json([as_plain(fault) for fault in faults])
    else:
        for fault in faults:
            click.echo(str(fault))
        click.echo(f"{len(faults)} fault(s)" if faults else "No fault.", err=True)
    sys.exit(3 if faults else 0)


@standards.command(name="import")
@click.argument("file", type=_EXISTING)
@click.option("--id", "identifier", required=True, help="The id the codelist gets.")
@click.option("--version", required=True, help="Its version.")
@click.option("--name", help="Its English name (for CSV).")
@click.option("--list", "list_number", type=click.IntRange(1, 99), help="The micro-thesaurus (for a dump).")
@click.option(
    "--label", "labels", multiple=True, metavar="LANGUAGE=COLUMN", help="Where a dump has its labels, from 1."
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="The folder of standards to write to; else standard output."
)
def import_command(
    file: Path,
    identifier: str,
    version: str,
    name: str | None,
    list_number: int | None,
    labels: Sequence[str],
    out: Path | None,
) -> None:
    """Read a codelist from FILE: .csv, SKOS (.ttl .jsonld .rdf .xml) or an OpenEvSys dump (.sql)."""
    suffix = file.suffix.lower()
    if suffix == ".csv":
        text = read_utf8(file)
        codelist = codelist_from_csv(
            text, id=identifier, version=version, names={"en": name or identifier}, file=file.name
        )
    elif suffix == ".sql":
        if list_number is None:
            raise UsageError("A dump holds many lists", remedy="Name one with --list, such as --list 4.")
        text = read_utf8(file)
        codelist = codelist_from_dump(text, list_number, labels=_columns(labels), id=identifier, version=version)
    else:
        codelist = codelist_from_skos(read_rdf(file), id=identifier, version=version)
    if out is None:
        click.echo(to_toml(codelist), nl=False)
    else:
        click.echo(str(write_standard(codelist, out)))


@standards.command()
@click.argument("identifier", metavar="ID")
@click.option("--version", help="The version; the newest where none is named.")
@click.option("--format", "form", type=click.Choice(["csv", "skos", "toml"]), default="csv", show_default=True)
@click.option("--base", help="The address of the SKOS scheme; by default urn:consilience:<ID>.")
@click.option("--folder", type=_EXISTING, help="A folder of further standards.")
def export(identifier: str, version: str | None, form: str, base: str | None, folder: Path | None) -> None:
    """Write a standard to standard output; CSV and SKOS (Turtle) are for codelists."""
    standard = _standard(load(folder), identifier, version)
    if form == "toml":
        click.echo(to_toml(standard), nl=False)
    elif not isinstance(standard, Codelist):
        raise UsageError(f"{identifier} is not a codelist", expected="--format toml for indicators and crosswalks")
    elif form == "csv":
        click.echo(codelist_to_csv(standard), nl=False)
    else:
        click.echo(codelist_to_turtle(standard, base or f"urn:consilience:{identifier}"), nl=False)


@standards.command(name="map")
@click.argument("crosswalk")
@click.argument("file", type=_EXISTING)
@click.option("--column", required=True, help="The column that holds the local codes.")
@click.option("--missing", multiple=True, help="A text that means nothing was said, such as NA. Repeatable.")
@_with_folder
def map_command(
    crosswalk: str, file: Path, column: str, missing: Sequence[str], folder: Path | None, as_json: bool
) -> None:
    """Report how far CROSSWALK covers a column of FILE, by code and by share of records."""
    report = coverage(load(folder).crosswalk(crosswalk), _column(file, column, missing))
    if as_json:
        _print_json(_coverage_json(report))
        return
    for line in report.lines:
        leads = ", ".join(line.targets) or "-"
        click.echo(f"{line.local or '(empty)':32} {line.records:>10,}  {line.outcome:22} {leads}")
    click.echo(f"codes    {report.codes_mapped} of {report.codes} mapped")
    share = report.records_mapped / report.records if report.records else 0.0
    click.echo(f"records  {report.records_mapped:,} of {report.records:,} mapped ({share:.1%})")


def _standard(registry: Registry, identifier: str, version: str | None) -> Comparable:
    if identifier in registry.ids("indicators"):
        return registry.indicator(identifier, version)
    if identifier in registry.ids("crosswalks"):
        return registry.crosswalk(identifier, version)
    if identifier in registry.ids("codelists"):
        return registry.codelist(identifier, version)
    known = [each for kind in FOLDERS for each in registry.ids(kind)]
    close = get_close_matches(identifier.upper(), known, n=3, cutoff=0.4)
    raise StandardError(
        "There is no standard of this name",
        found=identifier,
        expected=f"perhaps {', '.join(close)}" if close else "",
        remedy="List them with: consilience standards list",
    )


def _show_codelist(codelist: Codelist, language: str) -> None:
    click.echo(f"{codelist.id} {codelist.version}: {codelist.names.get(language) or codelist.names.get('en', '')}")
    for code in codelist:
        click.echo(f"{'  ' * codelist.level(code.id)}{code.id}  {code.label(language)}")


def _show_crosswalk(crosswalk: Crosswalk) -> None:
    source, target = crosswalk.source, crosswalk.target
    click.echo(f"{crosswalk.id} {crosswalk.version}: {source.name} {source.version} to {target.name} {target.version}")
    click.echo(f"by {crosswalk.author}, {crosswalk.method}, {crosswalk.date}")
    for each in crosswalk.mappings:
        certainty = "" if each.certainty is None else f" {each.certainty:g}"
        click.echo(f"{each.local:32} {each.relation:8} {each.target or '-'}{certainty}  {each.note}".rstrip())


def _coverage_json(report: Coverage) -> dict[str, Any]:
    return {
        "codes": report.codes,
        "codes_mapped": report.codes_mapped,
        "records": report.records,
        "records_mapped": report.records_mapped,
        "by_outcome": {
            outcome: {"codes": codes, "records": records} for outcome, (codes, records) in report.by_outcome().items()
        },
        "lines": [
            {"local": each.local, "records": each.records, "outcome": each.outcome, "targets": list(each.targets)}
            for each in report.lines
        ],
    }


def _columns(labels: Sequence[str]) -> dict[str, int]:
    found = {}
    for label in labels:
        language, _, column = label.partition("=")
        if not language or not column.isdigit() or column == "0":
            raise UsageError("A label column is not declared as it should be", found=label, expected="such as en=3")
        found[language] = int(column)
    if not found:
        raise UsageError("No label column is declared", remedy="Add --label en=3 and its like.")
    return found


def _column(file: Path, column: str, missing: Sequence[str]) -> pa.ChunkedArray:
    """Return one column of a file of any readable format; empty cells and missing values are null."""
    with DuckEngine() as engine, tempfile.TemporaryDirectory() as workdir:
        reading = read_source(engine, file, "codes", Layout(), Path(workdir))
        if column not in reading.columns:
            raise UsageError(
                f"{file.name} has no such column",
                found=column,
                expected=", ".join(reading.columns),
                remedy="Mind case.",
            )
        cell = f"trim(c{reading.columns.index(column)})"
        nothing = ", ".join(quote_literal(each) for each in ("", *missing))
        return engine.fetch(f"SELECT CASE WHEN {cell} IN ({nothing}) THEN NULL ELSE {cell} END AS code FROM codes")[
            "code"
        ]
