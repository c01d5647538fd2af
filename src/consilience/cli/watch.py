"""`consilience watch`: which counts are unusual?"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

METHODS = ("noufaily", "farrington", "ears", "ears-c1", "ears-c2", "ears-c3", "record", "three-sigma", "all")
ALL = ("noufaily", "farrington", "ears-c1", "ears-c2", "ears-c3", "record", "three-sigma")


@click.command()
@click.argument("table", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--period", required=True, help="Column of periods: 2024-W07, 2024-02, 2024-Q1, a day, or numbers.")
@click.option("--value", required=True, help="Column of counts; empty where nothing is known.")
@click.option("--by", default="", help="Columns whose values together name a series, separated by commas.")
@click.option("--method", type=click.Choice(METHODS), default="noufaily", show_default=True)
@click.option("--alpha", type=float, help="One-sided level of the bound; 0.01, for EARS 0.001.")
@click.option("--from", "first", help="First period to test, or 'latest'; without it every period is tested.")
@click.option("--compat", type=click.Choice(["surveillance"]), help="Reproduce R's package, with its known defects.")
@click.option("--bound", type=click.Choice(["delta", "nbPlugin", "muan"]), help="How the upper bound is drawn.")
@click.option("--years", type=int, help="Earlier years in the baseline (b); 5.")
@click.option("--half-window", type=int, help="Periods on either side of an anniversary (w); 3 weeks.")
@click.option("--blocks", type=int, help="Seasonal levels; 10, for farrington 1.")
@click.option("--left-out", type=int, help="Latest periods left out of the baseline; 26 weeks, for farrington 3.")
@click.option("--outlier", type=float, help="Residuals above it count less; 2.58, for farrington 1.")
@click.option("--trend-level", type=float, help="A trend stays below this p; 1, for farrington 0.05.")
@click.option("--per-year", type=float, help="Periods in a year, where the labels do not say; plain numbers: 52.")
@click.option("--gaps", type=click.Choice(["missing", "zero"]), default="missing", show_default=True)
@click.option("--onset", type=float, default=5.0, show_default=True, help="Least count of the onset track.")
@click.option("--calendar", type=click.Path(path_type=Path), help="CSV of planned events: name, first, last, kind.")
@click.option("--source", help="Part of --by that names the source: changes of practice become alerts on coverage.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: a list, one object per series and period.")
def watch(
    table: Path,
    period: str,
    value: str,
    by: str,
    method: str,
    alpha: float | None,
    first: str | None,
    compat: str | None,
    bound: str | None,
    years: int | None,
    half_window: int | None,
    blocks: int | None,
    left_out: int | None,
    outlier: float | None,
    trend_level: float | None,
    per_year: float | None,
    gaps: str,
    onset: float,
    calendar: Path | None,
    source: str | None,
    as_json: bool,
) -> None:
    """Test every count of TABLE (CSV or Parquet, '-' for CSV on standard input) against its own past.

    TABLE has one row per series and period. A period without a row is missing, not zero; --gaps zero says otherwise.
    """
    from consilience.warning.detect import watch as run
    from consilience.warning.report import objects
    from consilience.warning.series import Columns, read_series

    names = tuple(name.strip() for name in by.split(",") if name.strip())
    columns = Columns(period, value, names)
    series = read_series(_rows(table), columns, per_year=per_year, gaps_are_zero=gaps == "zero")
    if compat:
        series = series.consecutive()
    chosen = {
        "years": years,
        "half_window": half_window,
        "blocks": blocks,
        "left_out": left_out,
        "outlier": outlier,
        "trend_level": trend_level,
    }
    start = _start(series, first)
    found: list[dict[str, Any]] = []
    for one in ALL if method == "all" else (method,):
        settings = _settings(one, alpha, bound, chosen, compat=bool(compat), per_year=series.line.per_year)
        results = run(series, settings, first=start, onset_minimum=onset)
        found += objects(series, results, onset_minimum=onset, **_more(series, results, calendar, source))
    _print(found, as_json=as_json)
    if series.missing and gaps == "missing":
        click.echo(
            f"{series.missing:,} periods have no count. They were taken as unknown; say --gaps zero if they mean zero.",
            err=True,
        )


def _more(series: Any, results: Any, calendar: Path | None, source: str | None) -> dict[str, Any]:
    """Return what is told beside the test itself: the rank over the run, and the calendar."""
    from functools import lru_cache

    import numpy as np

    from consilience.warning.planned import adjusted, read_calendar
    from consilience.warning.ranking import ranked
    from consilience.warning.report import plain
    from consilience.warning.table import read_table

    values = np.column_stack([ranked(results.chance[:, column]) for column in range(results.chance.shape[1])])
    planned = () if calendar is None else read_calendar(read_table(calendar), series.by)

    practice = _practice(series, results, source)

    @lru_cache(maxsize=1)
    def judged(row: int, column: int) -> Any:
        return adjusted(series, results, planned, row, column)

    def extra(row: int, column: int) -> dict[str, Any]:
        rank: dict[str, Any] = {"q": plain(values[row, column])}
        if practice and practice[column].changed[row]:
            rank |= {"alarm": True, "track": "coverage", "practice_ratio": plain(practice[column].ratio[row])}
        if calendar is None:
            return rank
        told = judged(row, column)
        return {
            **rank,
            "calendar": list(told.names),
            "upper_for_calendar": told.upper,
            "unusual_even_then": told.unusual_even_then,
        }

    def context(row: int, at: int) -> Any:
        column = at - results.first
        told = judged(row, column).sentences(alarm=bool(results.alarm[row, column])) if planned else ()
        if practice and practice[column].changed[row]:
            told = (("practice", {"ratio": f"{practice[column].ratio[row]:.2g}"}), *told)
        return told

    return {"extra": extra, "context": context}


def _practice(series: Any, results: Any, source: str | None) -> list[Any]:
    from consilience.warning.practice import practice_at

    if source is None:
        return []
    return [practice_at(series, source, results.first + column) for column in range(results.alarm.shape[1])]


def _rows(path: Path) -> Any:
    from consilience.warning.table import read_table, table_of

    return table_of(sys.stdin.buffer.read(), "standard input") if str(path) == "-" else read_table(path)


def _start(series: Any, first: str | None) -> int:
    from consilience.errors import UsageError

    newest: int = len(series.labels) - 1
    if first is None:
        return 0
    if first == "latest":
        return newest
    at: int = series.line.position(first)
    label = series.line.label(at)
    later = [place for place, one in enumerate(series.labels) if series.line.position(one) >= at]
    if not later:
        raise UsageError(f"The table ends before {label}", expected=f"a period up to {series.labels[newest]}")
    return later[0]


def _settings(
    name: str, alpha: float | None, bound: str | None, chosen: dict[str, Any], *, compat: bool, per_year: float
) -> Any:
    from consilience.warning.settings import FARRINGTON, NOUFAILY, Bound
    from consilience.warning.short import Short

    if name not in {"noufaily", "farrington"}:
        rule = "ears-c2" if name == "ears" else name
        return Short(rule) if alpha is None else Short(rule, alpha=alpha)
    base = (NOUFAILY if name == "noufaily" else FARRINGTON).with_(compat=compat).scaled(per_year)
    changes = {key: value for key, value in chosen.items() if value is not None}
    if alpha is not None:
        changes["alpha"] = alpha
    if bound is not None:
        changes["bound"] = Bound(bound)
    return base.with_(**changes)


def _print(found: list[dict[str, Any]], *, as_json: bool) -> None:
    from consilience.warning.report import lines_of_text

    if as_json:
        rows: Iterable[str] = (json.dumps(one, ensure_ascii=False, allow_nan=False) for one in found)
        click.echo("[\n" + ",\n".join(rows) + "\n]")
        return
    click.echo("\n".join(lines_of_text(found)))
