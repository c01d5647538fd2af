"""`consilience impact`: what changed after a reform?"""

import json
from pathlib import Path
from typing import Any

import click


@click.command()
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--date", "date", required=True, help="Declared date: the first period with the reform.")
@click.option("--period", help="Column of periods; the first column without it.")
@click.option("--value", help="Column of values; the first of numbers without it.")
@click.option("--control", help="Column of a series the reform did not touch.")
@click.option("--population", help="Column of populations (exposure of counts).")
@click.option("--kind", type=click.Choice(["auto", "count", "rate", "log"]), default="auto", show_default=True)
@click.option("--lag", type=click.IntRange(min=0), default=0, show_default=True, help="Declared periods to the effect.")
@click.option(
    "--transition", type=click.IntRange(min=0), default=0, show_default=True, help="Periods left out after it."
)
@click.option("--harmonics", type=click.IntRange(0, 6), default=2, show_default=True, help="Pairs of seasonal terms.")
@click.option("--slope/--no-slope", default=True, show_default=True, help="Let the slope change with the level.")
@click.option("--newey-west", type=click.IntRange(min=0), default=0, help="Lags of a sensitivity interval; 0 for none.")
@click.option("--event", "events", multiple=True, help="What else happened; may be repeated.")
@click.option("--per-year", type=float, help="Periods in a year, where the labels do not say.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def impact(
    table: Path,
    date: str,
    period: str | None,
    value: str | None,
    control: str | None,
    population: str | None,
    kind: str,
    lag: int,
    transition: int,
    harmonics: int,
    slope: bool,
    newey_west: int,
    events: tuple[str, ...],
    per_year: float | None,
    as_json: bool,
) -> None:
    """Measure the change of level in TABLE (CSV or Parquet, one row per period) after a declared date.

    Counts give a ratio, rates and indices a difference. Ends with 3 where the series cannot carry an answer.
    """
    from consilience.warning.impact.design import Interruption
    from consilience.warning.impact.fit import Scale
    from consilience.warning.impact.read import position_of, read_measured
    from consilience.warning.impact.study import Question, measure
    from consilience.warning.table import read_table

    read = read_measured(read_table(table), period, value, control, population, per_year)
    scale = Scale(kind) if kind != "auto" else (Scale.COUNT if read.counts else Scale.RATE)
    plan = Interruption(position_of(read.line, date) + lag, transition, harmonics, slope)
    answer = measure(
        Question(
            read.values,
            read.line.labels(),
            plan,
            scale,
            read.line.per_year,
            read.population,
            read.control,
            events,
            newey_west,
        )
    )
    result = _result(answer, scale.value, read.line.label(plan.at), events)
    click.echo(json.dumps(result, indent=1, ensure_ascii=False, allow_nan=False) if as_json else _text(result))


def _result(answer: Any, scale: str, date: str, events: tuple[str, ...]) -> dict[str, Any]:
    decisive = answer.controlled or answer.effect
    return {
        **_figures(decisive),
        "kind": "difference" if scale == "rate" else "ratio",
        "date": date,
        "uncontrolled": _figures(answer.effect) if answer.controlled else None,
        "periods_before": answer.sides[0],
        "periods_after": answer.sides[1],
        "placebo": [{"date": label, **_figures(one)} for label, one in answer.placebo],
        "newey_west_95": list(answer.newey_west) if answer.newey_west else None,
        "events": list(events),
        "warnings": list(answer.warnings),
        "words": answer.words,
    }


def _figures(effect: Any) -> dict[str, Any]:
    return {
        "effect": effect.value,
        "interval_95": [effect.low, effect.high],
        "p": effect.p,
        "slope": effect.slope,
        "autocorrelation": effect.rho,
        "dispersion": effect.dispersion,
        "method": effect.method,
    }


def _text(result: dict[str, Any]) -> str:
    warned = [f"- {warning}" for warning in result["warnings"]]
    return "\n".join([result["words"], f"Method: {result['method']}.", *warned])
