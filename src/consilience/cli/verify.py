"""`consilience verify`: check a release, as a stranger."""

import json
import sys
from pathlib import Path

import click

from consilience.cli.keys import trusted
from consilience.ledger.policy import Policy
from consilience.publishing.verify import VerifyReport, verify_release


@click.command()
@click.argument("release", type=click.Path(path_type=Path))
@click.option("--key", "keys", multiple=True, help="A public key you trust, or the file that holds it. Repeatable.")
@click.option("--snapshot", type=click.Path(path_type=Path), help="The snapshot, to recompute every figure from.")
@click.option(
    "--policy", type=click.Path(path_type=Path, exists=True), help="Which witnesses must have co-signed the ledger."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(release: Path, keys: tuple[str, ...], snapshot: Path | None, policy: Path | None, as_json: bool) -> None:
    """Check every file, the signature and the figures of RELEASE. Exit code 3 when something does not hold."""
    rule = Policy.parse(policy.read_text(encoding="utf-8")) if policy else None
    report = verify_release(release, trusted(keys), rule)
    if snapshot is not None and report.holds:
        from consilience.study.recompute import recompute_release

        report = report.with_checks(recompute_release(release, snapshot))
    if as_json:
        click.echo(json.dumps(report.to_json(), indent=2))
    else:
        _show(report)
    sys.exit(0 if report.holds else 3)


def _show(report: VerifyReport) -> None:
    for check in report.checks:
        where = f" {check.file}:" if check.file else ""
        click.echo(f"{'holds' if check.holds else 'FAILS'}  {check.name}:{where} {check.detail}")
    click.echo(f"{report.release}  sha256:{report.digest}")
    click.echo("The release holds." if report.holds else "The release does NOT hold.")
