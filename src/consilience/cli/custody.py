"""`consilience custody`: seal exhibits, keep their signed record, hand them over, bundle and verify them."""

import json
import mimetypes
import sys
import time
from pathlib import Path
from typing import Any

import click

from consilience.cli.custody_store import File, Store, by_option, opened, reason_option, tell_link
from consilience.cli.custody_transfer import transfer
from consilience.cli.ledger import Folder, as_json, read_bytes, read_policy, read_text, tell
from consilience.custody.authority import load_authorities, stamp_head
from consilience.custody.bundle import BundleOrder, fingerprint, make_bundle
from consilience.custody.events import ROLES, Item, write_event
from consilience.custody.fixity import Pace, check_fixity
from consilience.custody.register import Register, item_of, make_identity
from consilience.custody.verify import verify_bundle
from consilience.errors import InputError, UsageError
from consilience.ledger.note import Signer, Verifier


@click.group()
def custody() -> None:
    """Keep exhibits so that a court can rely on them."""


def read_object(file: str) -> dict[str, Any]:
    """Return the JSON object in a file or on standard input."""
    try:
        values = json.loads(read_bytes(file))
    except ValueError as error:
        raise InputError("The event is not JSON", expected="a JSON object") from error
    if not isinstance(values, dict):
        raise InputError("The event is not a JSON object")
    return values


@custody.command()
@click.argument("store", type=Store)
@click.option("--name", required=True, help="Name of the organisation's key, such as archive.example.org/custody.")
@click.option("--recovery", required=True, metavar="age1...", help="Recipient of the offline recovery key.")
@as_json
def init(store: Path, name: str, recovery: str, as_json: bool) -> None:
    """Make an empty custody store with its signing key, its age key and its ledger."""
    signer = Signer.generate(name)
    Register.create(store, signer, recovery=recovery, identity=make_identity())
    key = signer.verifier()
    recipients = (store / "recipients").read_text(encoding="utf-8").split()
    values = {"name": name, "vkey": key.vkey, "fingerprint": fingerprint(key), "recipients": recipients}
    tell(values, f"{key.vkey}\nfingerprint {fingerprint(key)}", as_json=as_json)


@custody.command()
@click.argument("store", type=Store)
@click.argument("file", metavar="FILE|-")
@click.option(
    "--role", default="original", show_default=True, type=click.Choice(ROLES), help="What it is to the exhibit."
)
@click.option("--media-type", help="Media type; guessed from the name without it.")
@as_json
def seal(store: Path, file: str, role: str, media_type: str | None, as_json: bool) -> None:
    """Seal a file; print its description for an acquisition or conversion."""
    with opened(store) as register:
        item = _seal_item(register, file, role, media_type)
    text = f"sealed as {item['address']}, content {item['digest']}"
    tell(item, text, as_json=as_json)


def _seal_item(register: Register, file: str, role: str, media_type: str | None) -> dict[str, Any]:
    kind = media_type or mimetypes.guess_type(file)[0] or "application/octet-stream"
    if file == "-":
        return item_of(register.seal(sys.stdin.buffer), role=role, media_type=kind)
    path = Path(file)
    if not path.is_file():
        raise UsageError("There is no such file", remedy="Give the name of a file, or - for standard input.")
    with path.open("rb") as stream:
        return item_of(register.seal(stream), role=role, media_type=kind, name=path.name)


@custody.command()
@click.argument("store", type=Store)
@click.argument("exhibit")
@click.argument("event", metavar="EVENT|-")
@click.option("--item", "items", multiple=True, metavar="ROLE=FILE", help="Seal a file and add it to the items.")
@as_json
def record(store: Path, exhibit: str, event: str, items: tuple[str, ...], as_json: bool) -> None:
    """Record one event of an exhibit, described in a JSON file: acquisition, view, analysis, embargo and so on."""
    values = read_object(event)
    with opened(store) as register:
        sealed = [_seal_named(register, item) for item in items]
        if sealed:
            values["items"] = [*values.get("items", []), *sealed]
        link = register.record(exhibit, values)
    tell_link(link, as_json=as_json)


def _seal_named(register: Register, item: str) -> dict[str, Any]:
    role, found, file = item.partition("=")
    if not found:
        raise UsageError("An item is given as ROLE=FILE", expected="such as original=clip.mp4")
    return _seal_item(register, file, role, None)


@custody.command()
@click.argument("store", type=Store)
@click.argument("exhibit")
@as_json
def show(store: Path, exhibit: str, as_json: bool) -> None:
    """Show the record of an exhibit and whether it holds."""
    with opened(store) as register:
        links = register.record_of(exhibit)
        if not links:
            raise UsageError(f"There is no exhibit {exhibit}")
        foreign = sorted((store / "foreign" / "keys").glob("*.vkey"))
        keys = [Verifier.from_text(path.read_text(encoding="utf-8")) for path in foreign]
        faults = register.check(exhibit, keys)
    events = [{"number": link.number, **write_event(link.event)} for link in links]
    lines = [
        f"{link.number:4}  {link.event.time:%Y-%m-%d %H:%M:%SZ}  {link.event.act}  {link.event.by}" for link in links
    ]
    tell({"exhibit": exhibit, "events": events, "faults": faults}, "\n".join([*lines, *faults]), as_json=as_json)
    if faults:
        click.get_current_context().exit(3)


def _choose(register: Register, exhibit: str, digest: str) -> Item:
    """Return the one item whose digest begins so."""
    found = [item for item in register.items(exhibit) if item.digest.startswith(digest)]
    if len(found) != 1:
        raise UsageError("No single item of the exhibit has this digest", found=f"{len(found)} items")
    return found[0]


@custody.command("open")
@click.argument("store", type=Store)
@click.argument("exhibit")
@click.argument("digest")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A file that does not exist yet.")
@by_option
@reason_option
@as_json
def open_item(store: Path, exhibit: str, digest: str, out: Path, by: str, reason: str, as_json: bool) -> None:
    """Record a view and decrypt one item, named by the beginning of its digest."""
    with opened(store) as register:
        item = _choose(register, exhibit, digest)
        link = register.open_item(exhibit, item, out, by=by, reason=reason)
    tell_link(link, as_json=as_json)


@custody.command()
@click.argument("store", type=Store)
@click.argument("exhibit")
@click.argument("digest")
@by_option
@as_json
def derive(store: Path, exhibit: str, digest: str, by: str, as_json: bool) -> None:
    """Seal a copy without metadata, the metadata, and a thumbnail, of an image, PDF or office file."""
    from consilience.custody.derivative import make_derivatives

    with opened(store) as register:
        links = make_derivatives(register, exhibit, _choose(register, exhibit, digest), by=by)
    made = [write_event(link.event)["result"] for link in links]
    lines = [f"{item['role']}  {item['media_type']}  {item['digest']}" for item in made]
    tell({"exhibit": exhibit, "made": made}, "\n".join(lines), as_json=as_json)


@custody.command()
@click.argument("store", type=Store)
@click.argument("image", type=File)
@as_json
def reposts(store: Path, image: Path, as_json: bool) -> None:
    """Find exhibits whose pictures resemble IMAGE."""
    from consilience.custody.derivative import find_reposts

    with opened(store) as register:
        found = find_reposts(register, image.read_bytes())
    values = [{"exhibit": name, "digest": digest, "distance": far} for name, digest, far in found]
    lines = [f"{name}  {digest}  {far} of 64" for name, digest, far in found] or ["none"]
    tell({"found": values}, "\n".join(lines), as_json=as_json)


@custody.command()
@click.argument("store", type=Store)
@click.argument("exhibit")
@click.option("--outcome", required=True, type=click.Choice(["destroyed", "returned", "archived"]))
@click.option("--authority", required=True, help="The rule or order.")
@by_option
@reason_option
@as_json
def dispose(store: Path, exhibit: str, outcome: str, authority: str, by: str, reason: str, as_json: bool) -> None:
    """End an exhibit: write its tombstone, and destroy its content unless it is archived."""
    with opened(store) as register:
        link = register.dispose(exhibit, by=by, outcome=outcome, authority=authority, reason=reason)
    tell_link(link, as_json=as_json)


@custody.command()
@click.argument("store", type=Store)
@as_json
def stamp(store: Path, as_json: bool) -> None:
    """Sign a new head and have it dated by the configured authorities. Exit code 3 when one did not."""
    with opened(store) as register:
        done = stamp_head(register, load_authorities(store))
    values = {"size": done.size, "dated_by": list(done.dated_by), "missing": dict(done.missing)}
    lines = [f"{done.size} entries, dated by {', '.join(done.dated_by) or 'nobody'}", *done.missing.values()]
    tell(values, "\n".join(lines), as_json=as_json)
    if done.missing:
        click.get_current_context().exit(3)


@custody.command()
@click.argument("store", type=Store)
@click.option("--rate", default=0, help="Bytes per second; 0 for as fast as it goes.")
@click.option("--budget", default=0, help="Stop after so many bytes and go on there next time; 0 for everything.")
@by_option
@as_json
def fixity(store: Path, rate: int, budget: int, by: str, as_json: bool) -> None:
    """Re-read objects and record each result. Exit code 3 when something changed or vanished."""
    with opened(store) as register:
        report = check_fixity(register, by=by, pace=Pace(rate, time.monotonic, time.sleep), budget=budget)
    values = {
        "exhibits": report.exhibits,
        "unchanged": report.unchanged,
        "changed": list(report.changed),
        "missing": list(report.missing),
        "read_bytes": report.read_bytes,
    }
    lines = [f"{report.exhibits} exhibits, {report.unchanged} objects unchanged"]
    lines += [f"changed {address}" for address in report.changed] + [f"missing {address}" for address in report.missing]
    tell(values, "\n".join(lines), as_json=as_json)
    if not report.sound:
        click.get_current_context().exit(3)


@custody.command()
@click.argument("store", type=Store)
@click.argument("exhibits", nargs=-1, required=True)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A folder that does not exist yet.")
@by_option
@reason_option
@click.option(
    "--to", "recipients", multiple=True, metavar="age1...", help="Seal the items to these keys (two or more)."
)
@click.option("--redaction", multiple=True, metavar="EXHIBIT=STATUS", help="Redaction status for the index.")
@click.option("--policy", type=File, help="Trust policy to enclose.")
@click.option("--undated", is_flag=True, help="Make a bundle without tokens, which verifies only as undated.")
@as_json
def bundle(
    store: Path,
    exhibits: tuple[str, ...],
    out: Path,
    by: str,
    reason: str,
    recipients: tuple[str, ...],
    redaction: tuple[str, ...],
    policy: Path | None,
    undated: bool,
    as_json: bool,
) -> None:
    """Write a folder that a third party verifies with no account, no server and no network."""
    status = {name: text for name, _, text in (part.partition("=") for part in redaction)}
    rules = read_text(policy) if policy else ""
    order = BundleOrder(by, reason, recipients, status, rules)
    with opened(store) as register:
        make_bundle(register, exhibits, out, order, authorities={} if undated else load_authorities(store))
        mark = fingerprint(register.signer.verifier())
    values = {"bundle": str(out), "exhibits": list(exhibits), "fingerprint": mark}
    tell(values, f"{out}\nfingerprint of the key, to be told by another way: {mark}", as_json=as_json)


@custody.command()
@click.argument("folder", metavar="DIR", type=Folder)
@click.option("--vkey", "vkeys", multiple=True, help="Key to trust instead of those in the folder; more than once.")
@click.option("--policy", type=File, help="Trust policy to use instead of the one in the folder.")
@click.option("--roots", type=Folder, help="Folder of NAME.pem: roots of the time-stamp authorities to trust.")
@click.option("--identity", type=File, help="age identity: open the items and check their content as well.")
@click.option("--undated", is_flag=True, help="Do not demand time-stamp tokens.")
@as_json
def verify(
    folder: Path,
    vkeys: tuple[str, ...],
    policy: Path | None,
    roots: Path | None,
    identity: Path | None,
    undated: bool,
    as_json: bool,
) -> None:
    """Check a court bundle. Exit code 3 when something does not hold; each fault is named."""
    verdict = verify_bundle(
        folder,
        keys=[Verifier.from_text(key) for key in vkeys],
        roots={path.stem: path.read_bytes() for path in sorted(roots.glob("*.pem"))} if roots else None,
        policy=read_policy(policy),
        dated=not undated,
        identity=read_text(identity) if identity else None,
    )
    values = {
        "holds": not verdict.faults,
        "exhibits": verdict.exhibits,
        "events": verdict.events,
        "opened": verdict.opened,
        "keys": dict(verdict.keys),
        "keys_from_bundle": verdict.own_keys,
        "faults": [{"kind": fault.kind, "path": fault.path, "what": fault.what} for fault in verdict.faults],
    }
    lines = [f"{fault.kind}: {fault.path}: {fault.what}" for fault in verdict.faults]
    lines += (
        [] if lines else [f"Holds: {verdict.exhibits} exhibits, {verdict.events} events, {verdict.opened} items opened"]
    )
    compare = "compare with what you were told" if verdict.own_keys else "given by you"
    lines += [f"key {name}: {mark} ({compare})" for name, mark in verdict.keys.items()]
    tell(values, "\n".join(lines), as_json=as_json)
    if verdict.faults:
        click.get_current_context().exit(3)


custody.add_command(transfer)
