"""What the custody commands share: the store they open, the options they take, what they print of an event."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from consilience.cli.ledger import tell
from consilience.custody.events import write_event
from consilience.custody.record import Link
from consilience.custody.register import Register

Store = click.Path(file_okay=False, path_type=Path)
File = click.Path(exists=True, dir_okay=False, path_type=Path)
by_option = click.option("--by", required=True, help="Who acts: a reference to the person, never a name.")
reason_option = click.option("--reason", required=True, help="Why.")


@contextmanager
def opened(store: Path) -> Iterator[Register]:
    """Open a store with the time of this machine."""
    with Register.open(store, clock=lambda: datetime.now(UTC)) as register:
        yield register


def tell_link(link: Link, *, as_json: bool) -> None:
    """Print what was recorded."""
    values = {"exhibit": link.exhibit, "number": link.number, "note": link.digest, "event": write_event(link.event)}
    tell(values, f"{link.exhibit}: event {link.number} ({link.event.act}) recorded", as_json=as_json)
