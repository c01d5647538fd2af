"""`consilience estimate`: how many did nobody record?"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import click
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from consilience.errors import FormatError, UsageError

METHODS = ("latent", "graphs", "loglinear")


@click.command()
@click.argument("table", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--lists", "list_names", required=True, help="Columns of the lists, separated by commas.")
@click.option("--count", help="Column of counts; without it every row is one person.")
@click.option("--strata", default="", help="Columns whose values together name a stratum, separated by commas.")
@click.option("--method", type=click.Choice([*METHODS, "all"]), default="all", show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option(
    "--draws",
    type=click.IntRange(min=400, max=1_000_000),
    default=10000,
    show_default=True,
    help="Draws to keep over four chains at least; more are made until they have converged.",
)
@click.option("--checks/--no-checks", default=True, help="Run the checks of priors, lists and seeds.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processor cores to use.")
@click.option(
    "--journal",
    type=click.Path(path_type=Path, dir_okay=False),
    help="With --strata: file of finished strata; an interrupted run goes on from it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def estimate(
    table: Path,
    list_names: str,
    count: str | None,
    strata: str,
    method: str,
    seed: int,
    draws: int,
    checks: bool,
    workers: int,
    journal: Path | None,
    as_json: bool,
) -> int:
    """Estimate how many people nobody recorded, from TABLE (CSV or Parquet, '-' for CSV on standard input).

    TABLE has one row per capture pattern with a column of counts, or one row per person. Ends with 3 where the data
    do not support an estimate.
    """
    from consilience.estimation.latent.engine import Effort
    from consilience.estimation.methods import METHODS as ALL_METHODS
    from consilience.estimation.methods import Settings
    from consilience.estimation.read import Columns, read_tables

    columns = Columns(_names(list_names), count, _names(strata))
    found = read_tables(_read(table), columns)
    each = -(-draws // 4)
    settings = Settings(
        methods=ALL_METHODS if method == "all" else (method,),
        seed=seed,
        effort=Effort(draws=each, most_draws=max(20_000, 8 * each)),
        checks=checks,
        workers=workers,
    )
    result = _one(found[0], settings) if not columns.strata else _many(found, settings, workers, journal)
    click.echo(json.dumps(result, indent=1, ensure_ascii=False) if as_json else _text(result))
    return 3 if result["recommended"] is None else 0


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _read(path: Path) -> pa.Table:
    """Read CSV as text, so that nothing is rounded or guessed; or Parquet as it is."""
    if str(path) != "-" and not path.is_file():
        raise UsageError(f"There is no file {path}", remedy="Check the path.")
    try:
        if path.suffix.lower() in {".parquet", ".pq"}:
            return pyarrow.parquet.read_table(path)
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        with pyarrow.csv.open_csv(pa.BufferReader(content)) as reader:
            names = reader.schema.names
        as_text = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
        return pyarrow.csv.read_csv(pa.BufferReader(content), convert_options=as_text)
    except (pa.ArrowInvalid, OSError):
        raise FormatError(
            f"{path.name} cannot be read as a table",
            expected="CSV in UTF-8 with a header line and as many values on every line, or Parquet",
            remedy="Export it again.",
        ) from None


def _one(stratum: Any, settings: Any) -> dict[str, Any]:
    from consilience.estimation.run import estimate as run

    report = run(stratum.table, settings, empty_lists=stratum.empty_lists, clock=time.process_time)
    return {**report.to_json(), "strata": []}


def _many(found: list[Any], settings: Any, workers: int, journal: Path | None) -> dict[str, Any]:
    from consilience.estimation.batch import estimate_strata, settings_for
    from consilience.estimation.total import total_of

    shown = sys.stderr.isatty()

    def progress(done: int, whole: int) -> None:
        if shown:
            click.echo(f"\r{done} of {whole} strata", err=True, nl=done == whole)

    chosen = settings_for(settings, len(found))
    results = estimate_strata(found, chosen, processes=workers, journal=journal, finished=progress)
    return total_of(results, seed=settings.seed)


def _text(result: dict[str, Any]) -> str:
    lines = [f"Verdict: {result['verdict']}", "", result["words"], ""]
    lines += ["Method      median        50%                  80%                  95%"]
    lines += [_method_line(name, one) for name, one in result["methods"].items()]
    lines += ["", *_overlap_lines(result), *_check_lines(result), *_strata_lines(result)]
    lines += [
        f"Not in the sum: {one['stratum']} ({one['observed']:,} documented)" for one in result.get("left_out", [])
    ]
    return "\n".join(lines).rstrip()


def _method_line(name: str, one: dict[str, Any]) -> str:
    if one["median"] is None:
        return f"{name:<11} no number. {one.get('note', '')}"
    ends = "".join(f"{_range(one[f'interval_{level}']):<21}" for level in (50, 80, 95))
    return f"{name:<11} {one['median']:<13,.0f} {ends}".rstrip()


def _range(ends: list[float]) -> str:
    return f"{ends[0]:,.0f} to {ends[1]:,.0f}"


def _overlap_lines(result: dict[str, Any]) -> list[str]:
    """Draw the largest patterns as bars of signs."""
    patterns = result.get("table", {}).get("largest_patterns", [])[:12]
    if not patterns:
        return []
    most = max(one["count"] for one in patterns)
    return [
        "Largest overlaps",
        *(
            f"{one['count']:>9,} {'#' * max(1, round(30 * one['count'] / most)):<30} {' + '.join(one['lists'])}"
            for one in patterns
        ),
        "",
    ]


def _check_lines(result: dict[str, Any]) -> list[str]:
    """Show what the number rests on: the odds curve, each list left out, and what names the run."""
    checks, origin = result.get("checks") or {}, result.get("provenance")
    lines = [
        *_table_lines("Total if the odds of being on no list were so many times the model's", checks, "odds_curve"),
        *_table_lines("Total without one list", checks, "left_out"),
    ]
    if origin is not None:
        versions = ", ".join(origin["methods"].values())
        lines += [f"Seed {origin['seed']}; {versions}; table sha256 {origin['table_sha256']}", ""]
    return lines


def _table_lines(title: str, checks: dict[str, Any], key: str) -> list[str]:
    rows = checks.get(key, [])
    return [title, *(_row(one) for one in rows), ""] if rows else []


def _row(one: dict[str, Any]) -> str:
    name = one["list"] if "list" in one else f"{one['odds_ratio']:g}"
    number = one["median"] if "list" in one else one["total"]
    if number is None:
        return f"  {name:<11} no number"
    return f"  {name:<11} {number:<13,.0f} {_range(one['interval_95'])}"


def _strata_lines(result: dict[str, Any]) -> list[str]:
    return [
        f"{one['stratum']}: {one['observed']:,} documented, total {one['recommended']['median']:,.0f} "
        f"({_range(one['recommended']['interval_95'])}), {one['verdict']}"
        for one in result["strata"]
        if one["recommended"] is not None
    ]
