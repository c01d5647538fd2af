"""`consilience`: the one door of the command line.

Every command group is a module of this package, loaded only when it is asked for, so that `consilience verify` does
not pay for what `consilience node` needs.
"""

import importlib
import sys
from collections.abc import Sequence
from typing import Any

import click

from consilience import __version__
from consilience.errors import ConsilienceError

# name of the command -> (module, object)
COMMANDS: dict[str, tuple[str, str]] = {
    "estimate": ("consilience.cli.estimate", "estimate"),
    "impact": ("consilience.cli.impact", "impact"),
    "import": ("consilience.cli.import_", "import_command"),
    "ledger": ("consilience.cli.ledger", "ledger"),
    "link": ("consilience.cli.link", "link"),
    "custody": ("consilience.cli.custody", "custody"),
    "demo": ("consilience.cli.demo", "demo"),
    "node": ("consilience.cli.node", "node"),
    "protect": ("consilience.cli.protect", "protect"),
    "quality": ("consilience.cli.quality", "quality"),
    "standards": ("consilience.cli.standards", "standards"),
    "study": ("consilience.cli.study", "study"),
    "verify": ("consilience.cli.verify", "verify"),
    "watch": ("consilience.cli.watch", "watch"),
}


# what --help says of each, so that listing them imports none
SUMMARIES: dict[str, str] = {
    "custody": "Keep exhibits so that a court can rely on them.",
    "demo": "Make an invented coalition's lists, and the release from them.",
    "estimate": "Estimate how many nobody recorded.",
    "impact": "Measure what a reform changed.",
    "import": "Bring one list into a snapshot, by a mapping file.",
    "ledger": "Keep an append-only log, prove what is in it, check it.",
    "link": "Find the same person on several lists.",
    "node": "Run this organisation's node.",
    "protect": "Protect a table, attack the result, refuse what fails.",
    "quality": "Assess every list of a snapshot.",
    "standards": "Codelists, indicators and crosswalks.",
    "study": "From several lists to a signed, reproducible release.",
    "verify": "Check a release, as a stranger.",
    "watch": "See a spike in time, and explain it.",
}


class LazyGroup(click.Group):
    """A click group that imports a command's module when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every command's name, sorted."""
        return sorted({*COMMANDS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command called `cmd_name`; None when there is none."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, attribute = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table above."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, SUMMARIES[name]) for name in self.list_commands(ctx)])


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="consilience")
def cli() -> None:
    """From many organisations' lists to findings that are comparable, safe to publish and verifiable."""


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line; every deliberate error ends in one sentence on stderr and its own exit code."""
    try:
        result: Any = cli.main(args, prog_name="consilience", standalone_mode=False)
    except ConsilienceError as error:
        click.echo(f"consilience: {error}", err=True)
        sys.exit(error.exit_code)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    sys.exit(result if isinstance(result, int) else 0)
