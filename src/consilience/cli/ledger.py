"""`consilience ledger`: keep, prove and check an append-only log in the open C2SP formats."""

import json
import sys
import time
from pathlib import Path
from typing import Any

import click

from consilience.errors import InputError, UsageError
from consilience.ledger import base64text
from consilience.ledger.cosign import publish_with_witnesses
from consilience.ledger.fsck import check_log
from consilience.ledger.log import Log, private_folder, public_folder, read_verifier
from consilience.ledger.note import Note, Signer, Verifier
from consilience.ledger.opening import Opening
from consilience.ledger.policy import Policy
from consilience.ledger.proof import TlogProof
from consilience.ledger.reading import LogReader
from consilience.ledger.witness import Witness, cosignature_verifier, request_cosignature
from consilience.ledger.witness_http import asker, make_server

Folder = click.Path(file_okay=False, path_type=Path)
File = click.Path(exists=True, dir_okay=False, path_type=Path)
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
vkeys = click.option("--vkey", "vkeys", multiple=True, metavar="VKEY", help="Trusted key; may be given more than once.")


@click.group()
def ledger() -> None:
    """Keep an append-only log, prove what is in it, and check it."""


def tell(values: dict[str, Any], text: str, *, as_json: bool) -> None:
    """Print the result for a program or for a person."""
    click.echo(json.dumps(values, ensure_ascii=False) if as_json else text)


def read_bytes(file: str) -> bytes:
    """Return the content of a file, or of standard input for `-`."""
    if file == "-":
        return sys.stdin.buffer.read()
    if not Path(file).is_file():
        raise UsageError(f"There is no file {file}", remedy="Give the name of a file, or - for standard input.")
    return Path(file).read_bytes()


def read_text(path: Path) -> str:
    """Return the text of a file."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not text", expected="UTF-8") from error


def read_policy(path: Path | None) -> Policy | None:
    """Return the policy in a file; None without one."""
    return Policy.parse(read_text(path)) if path else None


def open_reader(folder: Path, keys: tuple[str, ...]) -> LogReader:
    """Open a log for reading with the keys given, or with the key that lies beside one's own."""
    verifiers = [Verifier.from_text(key) for key in keys] or [read_verifier(folder)]
    return LogReader(public_folder(folder), verifiers)


@ledger.command()
@click.argument("folder", metavar="DIR", type=Folder)
@click.option("--origin", required=True, metavar="NAME", help="Name of the log, such as example.org/log.")
@click.option("--key", type=File, help="File with a signing key for that name; a new key is made without it.")
@as_json
def init(folder: Path, origin: str, key: Path | None, as_json: bool) -> None:
    """Make an empty log in DIR and its signing key."""
    signer = Signer.from_text(read_text(key)) if key else Signer.generate(origin)
    if signer.name != origin:
        raise UsageError("The key is of another name", found=signer.name, expected=origin)
    Log.create(folder, signer)
    values = {"origin": origin, "vkey": signer.verifier().vkey, "size": 0}
    tell(values, signer.verifier().vkey, as_json=as_json)


@ledger.command()
@click.argument("folder", metavar="DIR", type=Folder)
@click.argument("file", metavar="FILE|-")
@click.option("--raw", is_flag=True, help="Take the bytes as they are, without salt; what is logged can be seen.")
@click.option("--lines", is_flag=True, help="Take each line as one entry.")
@click.option("--publish", is_flag=True, help="Sign a new head at once.")
@as_json
def append(folder: Path, file: str, raw: bool, lines: bool, publish: bool, as_json: bool) -> None:
    """Add an event (a JSON object) or, with --raw, bytes. It is on the disk when the command returns."""
    data = read_bytes(file)
    parts = [part for part in data.split(b"\n") if part] if lines else [data]
    with Log.open(folder) as log:
        first = log.size
        if raw:
            log.append(parts)
        else:
            log.append_events([_event(part, number) for number, part in enumerate(parts, start=1)])
        if publish:
            log.publish()
        values = {"first": first, "count": log.size - first, "size": log.size, "published": log.read().checkpoint.size}
    tell(values, f"{values['count']} added from index {first} on", as_json=as_json)


def _event(data: bytes, line: int) -> dict[str, Any]:
    try:
        event = json.loads(data)
    except ValueError as error:
        raise InputError(f"Entry {line} is not JSON", remedy="Give a JSON object, or use --raw.") from error
    if not isinstance(event, dict):
        raise InputError(f"Entry {line} is not a JSON object", remedy="Give a JSON object, or use --raw.")
    return event


@ledger.command()
@click.argument("folder", metavar="DIR", type=Folder)
@click.option("--policy", type=File, help="Trust policy: its witnesses with an address are asked to co-sign.")
@click.option("--held", multiple=True, type=File, help="A head of this log that a partner holds; never sign below it.")
@as_json
def checkpoint(folder: Path, policy: Path | None, held: tuple[Path, ...], as_json: bool) -> None:
    """Sign a new head over all entries and print it."""
    rules = read_policy(policy)
    addressed = rules.witness_urls.items() if rules else ()
    witnesses = {name: (rules.witnesses[name], asker(url)) for name, url in addressed} if rules else {}
    with Log.open(folder) as log:
        for path in held:
            log.hold(path.read_bytes(), path.stem)
        published = publish_with_witnesses(log, witnesses, rules)
        size = log.size
    for reason in published.missing.values():
        click.echo(f"consilience: {reason}", err=True)
    values = {"size": size, "checkpoint": published.signed.decode(), "cosigned_by": list(published.cosigned_by)}
    tell(values, published.signed.decode().removesuffix("\n"), as_json=as_json)


@ledger.command()
@click.argument("folder", metavar="DIR", type=Folder)
@click.argument("index", type=int)
@click.option("--size", type=int, help="Prove against the tree of this size: hashes only, there is no signed head.")
@vkeys
@as_json
def prove(folder: Path, index: int, size: int | None, vkeys: tuple[str, ...], as_json: bool) -> None:
    """Print the offline proof (tlog-proof) that entry INDEX is in the log."""
    log = open_reader(folder, vkeys)
    at = log.checkpoint.size if size is None else size
    path, root = [base64text.encode(part) for part in log.inclusion(index, at)], base64text.encode(log.root_at(at))
    values: dict[str, Any] = {"index": index, "size": at, "root": root, "path": path}
    text = "\n".join([f"index {index}", f"size {at}", f"root {root}", *path])
    if size is None:
        text = log.prove(index).text.removesuffix("\n")
        values["proof"] = f"{text}\n"
    tell(values, text, as_json=as_json)


@ledger.command()
@click.argument("proof", type=File)
@vkeys
@click.option("--entry", type=File, help="The entry that should be in the log: its bytes.")
@click.option("--opening", type=File, help="The opening of the entry: salt and event.")
@click.option("--policy", type=File, help="Trust policy: logs, witnesses, quorum.")
@click.option("--origin", help="The log it must be.")
@as_json
def verify(
    proof: Path,
    vkeys: tuple[str, ...],
    entry: Path | None,
    opening: Path | None,
    policy: Path | None,
    origin: str | None,
    as_json: bool,
) -> None:
    """Check a proof offline. Exit code 3 when it does not hold.

    Without --entry or --opening only the signatures and witnesses of the log's head are checked.
    """
    if entry and opening:
        raise UsageError("An entry is given either as it stands or by its opening", remedy="Leave one of them out.")
    data = entry.read_bytes() if entry else None
    event: dict[str, Any] | None = None
    if opening:
        opened = Opening.from_bytes(opening.read_bytes())
        data, event = opened.entry, opened.event
    parsed = TlogProof.parse(read_text(proof))
    keys, rules = [Verifier.from_text(key) for key in vkeys], read_policy(policy)
    if data is None:
        head = parsed.verify_head(verifiers=keys, policy=rules, origin=origin)
        text = f"The head of {head.origin} with {head.size} entries holds; no entry was given, so none was checked"
    else:
        head = parsed.verify(data, verifiers=keys, policy=rules, origin=origin)
        text = f"Holds: entry {parsed.index} of {head.size} in {head.origin}"
    values = {"holds": True, "inclusion": data is not None, "origin": head.origin, "index": parsed.index}
    tell(values | {"size": head.size, "event": event}, text, as_json=as_json)


@ledger.command()
@click.argument("folder", metavar="DIR", type=Folder)
@click.argument("old", type=int)
@click.argument("new", type=int)
@vkeys
@as_json
def consistency(folder: Path, old: int, new: int, vkeys: tuple[str, ...], as_json: bool) -> None:
    """Print the proof that the log of size NEW only adds to the log of size OLD."""
    log = open_reader(folder, vkeys)
    roots = [base64text.encode(log.root_at(size)) for size in (old, new)]
    path = [base64text.encode(part) for part in log.consistency(old, new)]
    values = {"old": old, "new": new, "old_root": roots[0], "new_root": roots[1], "path": path}
    lines = [f"old {old} {roots[0]}", f"new {new} {roots[1]}", *path]
    tell(values, "\n".join(lines), as_json=as_json)


@ledger.command()
@click.argument("folder", metavar="DIR", type=Folder)
@vkeys
@as_json
def fsck(folder: Path, vkeys: tuple[str, ...], as_json: bool) -> None:
    """Check every entry, tile, opening and the signed head. Exit code 3 when something does not hold."""
    keys = [Verifier.from_text(key) for key in vkeys] or [read_verifier(folder)]
    private = private_folder(folder)
    health = check_log(public_folder(folder), keys, private=private if private.is_dir() else None)
    values = {
        "size": health.size,
        "tiles": health.tiles,
        "openings": health.openings,
        "pending": health.pending,
        "faults": [{"path": fault.path, "what": fault.what} for fault in health.faults],
    }
    faults = [f"{fault.path}: {fault.what}" for fault in health.faults] or ["sound"]
    counts = f"{health.size} entries, {health.tiles} tiles, {health.openings} openings, {health.pending} waiting"
    tell(values, "\n".join([counts, *faults]), as_json=as_json)
    if health.faults:
        click.get_current_context().exit(3)


@ledger.command()
@click.argument("folder", metavar="DIR", type=Folder)
@click.argument("index", type=int)
@as_json
def forget(folder: Path, index: int, as_json: bool) -> None:
    """Destroy the opening of entry INDEX: its content can never be shown again, the log still verifies."""
    with Log.open(folder) as log:
        destroyed = log.destroy_opening(index)
    text = f"The opening of entry {index} is destroyed" if destroyed else f"Entry {index} has no opening"
    tell({"index": index, "destroyed": destroyed}, text, as_json=as_json)


@ledger.group()
def witness() -> None:
    """Co-sign the heads of partners' logs, and have one's own co-signed."""


def _witness_signer(folder: Path, name: str) -> Signer:
    path = folder / "witness.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(f"{Signer.generate(name).skey}\n", encoding="utf-8")
    signer = Signer.from_text(read_text(path))
    if signer.name != name:
        raise UsageError("The witness in this folder has another name", found=signer.name, expected=name)
    return signer


@witness.command()
@click.argument("folder", metavar="DIR", type=Folder)
@click.option("--name", required=True, help="Name of this witness, such as witness.example.org.")
@click.option("--log", "logs", multiple=True, metavar="VKEY", help="Key of a log to serve; more than once.")
@click.option("--address", default="127.0.0.1:8081", show_default=True, help="Where to listen.")
@click.option("--dry-run", is_flag=True, help="Print this witness's key and stop.")
@as_json
def serve(folder: Path, name: str, logs: tuple[str, ...], address: str, dry_run: bool, as_json: bool) -> None:
    """Run a witness whose state and key lie in DIR."""
    signer = _witness_signer(folder, name)
    vkey = cosignature_verifier(signer).vkey
    tell({"vkey": vkey, "address": address, "logs": list(logs)}, vkey, as_json=as_json)
    if dry_run:
        return
    host, _, port = address.rpartition(":")
    if not port.isdigit():
        raise UsageError("The address is not usable", expected="HOST:PORT")
    served = Witness(folder, signer, [Verifier.from_text(key) for key in logs], lambda: int(time.time()))
    with make_server(served, host.strip("[]"), int(port)) as server:
        server.serve_forever()


@witness.command()
@click.argument("folder", metavar="DIR", type=Folder)
@click.option("--url", required=True, help="Address of the witness.")
@click.option("--vkey", required=True, help="Key of the witness.")
@as_json
def add(folder: Path, url: str, vkey: str, as_json: bool) -> None:
    """Have the current head of the log in DIR co-signed by one witness."""
    verifier = Verifier.from_text(vkey)
    with Log.open(folder) as log:
        head = log.read()
        signed = log.add_cosignatures([request_cosignature(asker(url), head.signed, head.consistency, verifier)])
    names = [line.name for line in Note.parse(signed).signatures]
    values = {"size": head.checkpoint.size, "checkpoint": signed.decode(), "signed_by": names}
    tell(values, signed.decode().removesuffix("\n"), as_json=as_json)
