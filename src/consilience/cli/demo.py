"""`consilience demo`: an invented coalition, from its five lists to a signed release."""

from pathlib import Path

import click

from consilience.cli.keys import make_signer, seal
from consilience.cli.progress import progress_lines
from consilience.cli.study import show
from consilience.demo.coalition import make_coalition
from consilience.study.plan import load_study
from consilience.study.run import run_study


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("consilience-demo"))
@click.option(
    "--records",
    default=5000,
    show_default=True,
    type=click.IntRange(1000, 10_000_000),
    help="Rows over the five lists.",
)
@click.option("--seed", default=20260101, show_default=True, help="The same seed gives the same files.")
@click.option("--serve", is_flag=True, help="Serve the release afterwards on 127.0.0.1:8000.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def demo(folder: Path, records: int, seed: int, serve: bool, as_json: bool) -> None:
    """Make the files of an invented coalition in FOLDER, import them, and run the study over them."""
    with progress_lines() as progress:
        coalition = make_coalition(folder, records=records, seed=seed, progress=progress)
        place = folder / "keys" / "node.skey"
        if not place.is_file():
            make_signer(place)
        study = load_study(coalition.study)
        result = run_study(
            study,
            coalition.sources,
            out=folder / "release",
            private=folder / "private",
            seal=seal(place),
            progress=progress,
        )
    show(result, as_json=as_json)
    click.echo(f"Check it: consilience verify {folder}/release --key {folder}/keys/node.vkey", err=True)
    if serve:
        from consilience.cli.node import serve as serve_node

        click.get_current_context().invoke(serve_node, folders=(folder / "release",))
