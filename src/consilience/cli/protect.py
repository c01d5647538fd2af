"""`consilience protect`: make a table safe to publish, and prove it by an attack."""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pyarrow as pa
from pyarrow import csv as pa_csv
from pyarrow import parquet

from consilience.disclosure.hierarchy import Hierarchy, read_hierarchies
from consilience.disclosure.release import Outcome, protect_grid
from consilience.disclosure.rules import DisclosureRules, Method
from consilience.disclosure.tables import read_tables
from consilience.errors import FormatError, UsageError

PATH = click.Path(exists=True, dir_okay=False, path_type=Path)


def read_text_table(path: Path) -> pa.Table:
    """Read a CSV (or Parquet) file with every column as text."""
    if path.suffix == ".parquet":
        table = parquet.read_table(path)
        return table.cast(pa.schema([(name, pa.string()) for name in table.column_names]))
    try:
        names = pa_csv.open_csv(path).schema.names
        options = pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
        return pa_csv.read_csv(path, convert_options=options)
    except pa.ArrowInvalid as error:
        raise FormatError(
            f"{path.name} cannot be read as a table",
            found="an empty file or lines of different length",
            expected="comma-separated UTF-8 text with a header line",
            remedy="Export it again.",
        ) from error


def _earlier(path: Path) -> pa.Table:
    if not path.is_dir():
        return read_text_table(path)
    found = sorted(path.rglob("*.csv"))
    if len(found) != 1:
        raise UsageError("The earlier release is not one table", found=f"{len(found)} CSV files", remedy="Name one.")
    return read_text_table(found[0])


def _hierarchies(paths: Sequence[Path]) -> list[Hierarchy]:
    return [tree for path in paths for tree in read_hierarchies(path.read_text(encoding="utf-8"), path.name)]


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _rules(options: dict[str, Any]) -> DisclosureRules:
    said = {"threshold": options["threshold"], "method": options["method"], "base": options["base"]}
    said |= {"keep": options["keep"], "rules": options["rule"]}
    return DisclosureRules.parse(said)


def _write(outcome: Outcome, path: str) -> None:
    options = pa_csv.WriteOptions(quoting_style="needed")
    if path == "-":
        pa_csv.write_csv(outcome.table, sys.stdout.buffer, options)
    else:
        pa_csv.write_csv(outcome.table, path, options)


def _say(outcome: Outcome, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(outcome.public(), indent=2))
        return
    said = outcome.public()
    click.echo(
        f"{said['cells']} cells, {said['primary']} unsafe, {said['secondary']} suppressed with them, "
        f"in {said['solver_seconds']} s.",
        err=True,
    )
    for note in said["notes"]:
        click.echo(note, err=True)


@click.command()
@click.argument("table", type=PATH)
@click.option("--dimensions", required=True, help="Columns of codes, separated by commas.")
@click.option("--value", required=True, help="Column of counts.")
@click.option(
    "--hierarchy", multiple=True, type=PATH, help="CSV dimension,code,parent; two for one dimension are linked."
)
@click.option("--linked", multiple=True, type=PATH, help="Another table of the release over some of the dimensions.")
@click.option("--by", default="", help="Dimensions whose codes do not add up (indicators).")
@click.option("--contributor", help="Column that names who contributed a row.")
@click.option("--threshold", default=5, show_default=True, help="Counts from 1 to below this are unsafe.")
@click.option("--rule", multiple=True, help="dominance=N,K  p-percent=P  contributors=N  protection=N  group  zeros  "
              "knows-zeros  singletons")  # fmt: skip
@click.option("--method", type=click.Choice([m.value for m in Method]), default="suppress", show_default=True)
@click.option("--base", default=5, show_default=True, help="What --method round rounds to.")
@click.option("--secret", type=PATH, help="File with the secret of the cell keys (16 bytes or more).")
@click.option("--keep", multiple=True, help="A code whose cells should stay if at all possible.")
@click.option("--previous", type=click.Path(exists=True, path_type=Path), help="An earlier release of the table.")
@click.option("--rates", type=PATH, help="Published rates: dimension columns, rate, denominator, decimals.")
@click.option("--out", required=True, help="Where to write the published table; - for standard output.")
@click.option(
    "--private", type=click.Path(path_type=Path), help="Where to write the cells that failed; keep it inside."
)
@click.option("--processes", default=2, show_default=True, help="Processes for a large table.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def protect(table: Path, out: str, private: Path | None, as_json: bool, processes: int, **options: Any) -> int:
    """Suppress, perturb or round TABLE, attack the result, and write what may be published.

    TABLE has one row for each inner cell; totals are made (_T). Exit code 3: the attack succeeded, nothing written.
    """
    rules = _rules(options)
    grid = read_tables(
        [read_text_table(path) for path in (table, *options["linked"])],
        dimensions=_split(options["dimensions"]),
        value=options["value"],
        hierarchies=_hierarchies(options["hierarchy"]),
        by=_split(options["by"]),
        contributor=options["contributor"],
    )
    outcome = protect_grid(
        grid,
        rules,
        earlier=None if options["previous"] is None else _earlier(options["previous"]),
        rates=None if options["rates"] is None else read_text_table(options["rates"]),
        secret=None if options["secret"] is None else options["secret"].read_bytes(),
        processes=processes,
        clock=time.perf_counter,
    )
    if outcome.report.held:
        _write(outcome, out)
    elif private is not None:
        pa_csv.write_csv(outcome.failing, private)
    _say(outcome, as_json)
    if outcome.report.held:
        return 0
    click.echo(f"consilience: {outcome.refusal()}", err=True)
    return 3
