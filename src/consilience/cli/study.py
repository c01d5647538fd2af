"""`consilience study`: start, check and run a study."""

import json
import sys
from pathlib import Path

import click

from consilience.cli.keys import seal
from consilience.cli.progress import progress_lines
from consilience.errors import ConsilienceError, UsageError
from consilience.standards.registry import load as load_registry
from consilience.study.check import faults
from consilience.study.plan import load_study
from consilience.study.run import StudyResult, run_study
from consilience.study.template import STUDY_TEMPLATE

_sources = click.option(
    "--source", "sources", multiple=True, metavar="NAME=PATH", help="The file of one of the study's sources."
)


@click.group()
def study() -> None:
    """From several organisations' files to a signed, reproducible release."""


@study.command()
@click.argument("folder", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
    """Write FOLDER/study.toml to start from."""
    target = folder / "study.toml"
    if target.exists():
        raise UsageError(f"{target} is already there", remedy="Name another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    target.write_text(STUDY_TEMPLATE, encoding="utf-8")
    click.echo(str(target))


@study.command()
@click.argument("path", metavar="STUDY.toml", type=click.Path(path_type=Path))
@_sources
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(path: Path, sources: tuple[str, ...], as_json: bool) -> None:
    """Find every fault of a study without running it. Exit code 3 when there are faults."""
    faults = list(_faults(path, sources))
    if as_json:
        click.echo(json.dumps({"study": str(path), "holds": not faults, "faults": faults}, indent=2))
    else:
        for fault in faults:
            click.echo(fault)
        click.echo(f"{path} cannot be run." if faults else f"{path} can be run.", err=True)
    sys.exit(3 if faults else 0)


def _faults(path: Path, sources: tuple[str, ...]) -> list[str]:
    try:
        loaded = load_study(path)
    except ConsilienceError as fault:
        return [str(fault)]
    found = [str(fault) for fault in faults(loaded, load_registry(loaded.standards_folder))]
    try:
        loaded.source_paths(pairs(sources))
    except ConsilienceError as fault:
        found.append(str(fault))
    return found


@study.command()
@click.argument("path", metavar="STUDY.toml", type=click.Path(path_type=Path))
@_sources
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder of the release.")
@click.option(
    "--private", type=click.Path(path_type=Path), help="Folder for what stays in the house. Default: OUT.private"
)
@click.option("--key", type=click.Path(path_type=Path), help="Signing key. Default: this machine's own.")
@click.option(
    "--engine", type=click.Choice(["duckdb"]), default="duckdb", show_default=True, help="Where tables are computed."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def run(
    path: Path, sources: tuple[str, ...], out: Path, private: Path | None, key: Path | None, engine: str, as_json: bool
) -> None:
    """Run a study: import, harmonise, count, assess, and sign the release."""
    del engine  # one choice today; the option is documented, so scripts may name it
    loaded = load_study(path)
    given = pairs(sources)
    loaded.source_paths(given)
    stays = private or out.with_name(f"{out.name}.private")
    with progress_lines() as progress:
        result = run_study(loaded, given, out=out, private=stays, seal=seal(key), progress=progress)
    show(result, as_json=as_json)


def pairs(sources: tuple[str, ...]) -> dict[str, Path]:
    """Read NAME=PATH arguments. Raises UsageError for one that is not."""
    found: dict[str, Path] = {}
    for text in sources:
        name, sign, path = text.partition("=")
        if not sign or not name or not path:
            raise UsageError("--source cannot be read", found=text, expected="NAME=PATH")
        found[name] = Path(path)
    return found


def show(result: StudyResult, *, as_json: bool) -> None:
    """Print a run's result: JSON for programs, lines that add up for people."""
    if as_json:
        click.echo(json.dumps(result.to_json(), indent=2))
        return
    width = max(len(name) for name in result.sources)
    for name, counts in result.sources.items():
        rows, accepted, rejected = counts["rows"], counts["accepted"], counts["rejected"]
        click.echo(f"{name:<{width}}  {rows:>9,} rows = {accepted:>9,} accepted + {rejected:>7,} rejected")
    click.echo(f"{result.observations:,} observations; counts that no cell could take: {result.unplaced:,}")
    click.echo(f"release   {result.release}   sha256:{result.digests['release']}")
    click.echo(f"snapshot  {result.snapshot}   sha256:{result.digests['snapshot']}   (stays in the house)")
