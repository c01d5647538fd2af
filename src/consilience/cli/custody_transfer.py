"""`consilience custody transfer`: hand an exhibit over; both parties sign the same note."""

from pathlib import Path

import click

from consilience.cli.custody_store import File, Store, by_option, opened, tell_link
from consilience.cli.ledger import Folder, as_json, tell
from consilience.custody.authority import load_authorities
from consilience.custody.record import Link
from consilience.custody.transfer import accept as accept_offer
from consilience.custody.transfer import complete as complete_transfer
from consilience.custody.transfer import offer as make_offer
from consilience.errors import UsageError
from consilience.ledger.note import Verifier


@click.group()
def transfer() -> None:
    """Hand an exhibit over; both parties sign the same note."""


@transfer.command()
@click.argument("store", type=Store)
@click.argument("exhibit")
@click.option("--to", "receiver", required=True, metavar="VKEY", help="Key of the receiving organisation.")
@click.option("--recipient", "recipients", multiple=True, required=True, metavar="age1...", help="Its age keys (two).")
@click.option("--authority", required=True, help="The rule, order or agreement.")
@click.option("--received-by", required=True, help="Who takes it: a reference.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A folder that does not exist yet.")
@click.option("--undated", is_flag=True, help="Do not have the log dated first.")
@by_option
@as_json
def offer(
    store: Path,
    exhibit: str,
    receiver: str,
    recipients: tuple[str, ...],
    authority: str,
    received_by: str,
    out: Path,
    undated: bool,
    by: str,
    as_json: bool,
) -> None:
    """Sender: write the folder that travels, with the half-signed note."""
    if out.exists():
        raise UsageError("The folder exists already", remedy="Choose another name.")
    terms = {"by": by, "authority": authority, "received_by": received_by}
    with opened(store) as register:
        authorities = {} if undated else load_authorities(store)
        key = Verifier.from_text(receiver)
        link = make_offer(register, exhibit, key, recipients, out, authorities=authorities, **terms)
    values = {"exhibit": exhibit, "number": link.number, "offer": str(out)}
    tell(values, f"{out}: to be accepted by {key.name}", as_json=as_json)


@transfer.command()
@click.argument("store", type=Store)
@click.argument("folder", type=Folder)
@click.option("--from", "sender", required=True, metavar="VKEY", help="Key of the sending organisation.")
@click.option("--known", multiple=True, metavar="VKEY", help="Key of an earlier custodian; more than once.")
@click.option("--receipt", required=True, type=click.Path(path_type=Path), help="Where to write the receipt.")
@as_json
def accept(store: Path, folder: Path, sender: str, known: tuple[str, ...], receipt: Path, as_json: bool) -> None:
    """Receiver: check and open everything, counter-sign, and write the receipt."""
    if not receipt.absolute().parent.is_dir():
        raise UsageError("The receipt cannot be written there", remedy="Name a file in a folder that exists.")
    keys = [Verifier.from_text(key) for key in known]
    with opened(store) as register:
        data = accept_offer(register, folder, Verifier.from_text(sender), keys)
    receipt.write_bytes(data)
    tell_link(Link.parse(data), as_json=as_json)


@transfer.command()
@click.argument("store", type=Store)
@click.argument("receipt", type=File)
@click.option("--to", "receiver", required=True, metavar="VKEY", help="Key of the receiving organisation.")
@as_json
def complete(store: Path, receipt: Path, receiver: str, as_json: bool) -> None:
    """Sender: check the receipt and write it into the record."""
    with opened(store) as register:
        link = complete_transfer(register, receipt.read_bytes(), Verifier.from_text(receiver))
    tell_link(link, as_json=as_json)
