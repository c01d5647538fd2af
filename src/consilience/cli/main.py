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
    "import": ("consilience.cli.import_", "import_command"),
    "ledger": ("consilience.cli.ledger", "ledger"),
    "custody": ("consilience.cli.custody", "custody"),
    "demo": ("consilience.cli.demo", "demo"),
    "node": ("consilience.cli.node", "node"),
    "protect": ("consilience.cli.protect", "protect"),
    "quality": ("consilience.cli.quality", "quality"),
    "standards": ("consilience.cli.standards", "standards"),
    "study": ("consilience.cli.study", "study"),
    "verify": ("consilience.cli.verify", "verify"),
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
