"""`consilience link`: who is the same person on several lists?"""

import json
import sys
from pathlib import Path
from typing import Any

import click

from consilience.errors import UsageError

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("lists", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder for the results.")
@click.option("--spec", type=_FILE, help="Specification (TOML); without it the columns' names and values decide.")
@click.option("--labels", type=_FILE, help="Who truly is who (CSV or Parquet), to measure the error.")
@click.option("--decisions", type=_FILE, help="Decisions made by people (JSON Lines); review.jsonl is the form.")
@click.option("--previous", type=_FILE, help="clusters.parquet or .csv of an earlier run, whose entity ids are kept.")
@click.option("--model", type=_FILE, help="model.json of an earlier run, to be used instead of training.")
@click.option(
    "--threshold", type=click.FloatRange(0, 1, min_open=True, max_open=True), help="Instead of the chosen one."
)
@click.option("--seed", type=click.IntRange(min=0), help="Seed of every random step.")
@click.option("--draws", type=click.IntRange(0, 1000), default=0, help="Also draw so many whole clusterings.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def link(
    lists: tuple[Path, ...],
    out: Path,
    spec: Path | None,
    labels: Path | None,
    decisions: Path | None,
    previous: Path | None,
    model: Path | None,
    threshold: float | None,
    seed: int | None,
    draws: int,
    as_json: bool,
) -> None:
    """Link the records of LISTS (CSV, XLSX, JSON Lines, Parquet), within each and between them, or of one snapshot.

    One list is searched for duplicates. Files in --out: clusters.csv and .parquet, pairs.csv with explanations,
    review.jsonl with the pairs to judge first, overlap.csv for `consilience estimate`, report.json.
    """
    from consilience.linkage.decisions import read_decisions
    from consilience.linkage.labels import read_labels
    from consilience.linkage.report import summary
    from consilience.linkage.run import link as run
    from consilience.linkage.spec import LinkageSpec, load_spec
    from consilience.linkage.training import Model
    from consilience.linkage.write import write_draws, write_result

    _check_files(spec, labels, decisions, previous, model)
    chosen = load_spec(spec) if spec else LinkageSpec()
    given = {"threshold": threshold, "seed": seed}
    chosen = chosen.model_copy(update={name: value for name, value in given.items() if value is not None})
    progress = _tell if sys.stderr.isatty() else None
    records = _records(lists, chosen)
    sources = sorted(set(records.table["source"].to_pylist()))
    result = run(
        records,
        chosen,
        decisions=read_decisions(decisions) if decisions else (),
        labels=read_labels(labels, sources) if labels else None,
        previous=read_labels(previous, sources) if previous else None,
        model=Model.from_json(model.read_text(encoding="utf-8")) if model else None,
        progress=progress,
    )
    write_result(result, out, seed=chosen.seed)
    if draws:
        write_draws(result, out, draws=draws, seed=chosen.seed)
    found = summary(result)
    click.echo(json.dumps(found, ensure_ascii=False, indent=1) if as_json else _text(found, out))
    for note in result.notes:
        click.echo(note, err=True)
    if result.contradicted:
        click.echo(f"{len(result.contradicted)} decisions contradict others; see report.json.", err=True)


def _check_files(*paths: Path | None) -> None:
    for path in paths:
        if path is not None and not path.is_file():
            raise UsageError(f"There is no file {path}", remedy="Check the path.")


def _records(lists: tuple[Path, ...], spec: Any) -> Any:
    from consilience.linkage.read import read_lists, read_snapshot

    if len(lists) == 1 and lists[0].is_dir():
        return read_snapshot(lists[0])
    return read_lists(lists, spec)


def _tell(step: str) -> None:
    click.echo(f"{step} ...", err=True)


def _text(found: dict[str, Any], out: Path) -> str:
    lines = [
        f"{found['records']:,} records are {found['entities']:,} people ({found['pairs']:,} pairs of records linked).",
        f"Pairs count as one person from a probability of {found['threshold']:.3f}.",
    ]
    if found["metrics"]:
        each = found["metrics"]
        shown = [
            f"{name} {each[name]:.4f} ({each['intervals'][name][0]:.4f} to {each['intervals'][name][1]:.4f})"
            for name in ("precision", "recall", "f1")
        ]
        lines.append(f"Against the labels, pairs: {', '.join(shown)}.")
    else:
        lines.append(f"Without labels the error is not measured; {out / 'to_label.jsonl'} says which pairs would tell.")
    lines.append(f"Pairs to look at first: {out / 'review.jsonl'}")
    return "\n".join(lines)
