"""Judging a package without trusting who made it: records, proofs, heads, tokens and items, one fault per defect.

Nothing is needed but the folder and the keys one trusts: no account, no node, no network.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from consilience.custody.package import present_items, read_heads
from consilience.custody.record import Link, check_record
from consilience.custody.register import ledger_event
from consilience.custody.store import digest_file
from consilience.custody.timestamp import check_stamp
from consilience.errors import ConsilienceError
from consilience.ledger import base64text
from consilience.ledger.checkpoint import Checkpoint
from consilience.ledger.merkle import HASH_BYTES, verify_consistency
from consilience.ledger.note import Verifier
from consilience.ledger.opening import Opening
from consilience.ledger.policy import Policy
from consilience.ledger.proof import TlogProof

TOKENS_NEEDED = 2
# The clocks of a node and of a time-stamp authority may differ by so much.
TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Fault:
    """One defect: a word for its kind, the file it was found in, and a sentence.

    Kinds: note, sequence, chain, time, transfer, signature, key, exhibit, opening, proof, head, token, item, manifest.
    """

    kind: str
    path: str
    what: str


@dataclass(frozen=True)
class Trust:
    """What the person who checks relies on.

    Attributes:
        keys: public keys by name.
        roots: PEM roots of time-stamp authorities by name; those in the package when empty.
        policy: logs, witnesses and quorum; None when the keys are enough.
        dated: whether every head must carry tokens of two authorities.
    """

    keys: Mapping[str, Verifier]
    roots: Mapping[str, bytes]
    policy: Policy | None = None
    dated: bool = True


@dataclass(frozen=True)
class Placed:
    """Where an event stands: the log, the index, and the size of the head that proves it."""

    link: Link
    path: str
    origin: str
    index: int


@dataclass(frozen=True)
class Dated:
    """A head of a log and when an authority first saw it."""

    origin: str
    size: int
    time: datetime


@dataclass(frozen=True)
class Heads:
    """The heads of all logs in a package that hold, and those of them that are dated."""

    held: frozenset[Checkpoint]
    dated: tuple[Dated, ...]


def judge(folder: Path, trust: Trust) -> list[Fault]:
    """Return every fault of a package; empty when all holds."""
    faults: list[Fault] = []
    heads = _judge_heads(folder, trust, faults)
    for exhibit in sorted((folder / "record").iterdir()) if (folder / "record").is_dir() else []:
        record = _read(exhibit, faults)
        where = f"record/{exhibit.name}"
        faults += [
            Fault(fault.kind, f"{where}/{fault.number:06d}.note", fault.what)
            for fault in check_record(record, trust.keys.values())
        ]
        placed = [place for link in record for place in _judge_link(exhibit, link, trust, heads, faults)]
        faults += _judge_times(placed, heads.dated, trust)
        faults += _judge_items(folder, record)
    return faults


def _read(exhibit: Path, faults: list[Fault]) -> list[Link]:
    record: list[Link] = []
    for path in sorted(exhibit.glob("*.note")):
        name = f"record/{exhibit.name}/{path.name}"
        try:
            link = Link.parse(path.read_bytes())
        except ConsilienceError as error:
            faults.append(Fault("note", name, str(error)))
            continue
        if link.exhibit != exhibit.name:
            faults.append(Fault("exhibit", name, f"The note belongs to exhibit {link.exhibit}"))
        record.append(link)
    if not record:
        faults.append(Fault("sequence", f"record/{exhibit.name}", "The record is empty"))
    return record


def _judge_link(exhibit: Path, link: Link, trust: Trust, heads: Heads, faults: list[Fault]) -> Iterator[Placed]:
    """Check opening and proof of one event, and give its place in its log."""
    stem = exhibit / f"{link.number:06d}"
    name = f"record/{exhibit.name}/{link.number:06d}"
    try:
        opening = Opening.from_bytes(stem.with_suffix(".opening").read_bytes())
    except (ConsilienceError, OSError):
        faults.append(Fault("opening", f"{name}.opening", f"The opening of event {link.number} is missing or changed"))
        return
    if opening.event != ledger_event(link):
        faults.append(
            Fault("opening", f"{name}.opening", f"The opening is not that of event {link.number} as it stands")
        )
        return
    try:
        proof = TlogProof.parse(stem.with_suffix(".tlog-proof").read_text(encoding="utf-8"))
        head = proof.verify(opening.entry, verifiers=trust.keys.values(), policy=trust.policy)
    except (ConsilienceError, OSError, UnicodeDecodeError) as error:
        what = str(error) if isinstance(error, ConsilienceError) else "The proof is missing"
        faults.append(Fault("proof", f"{name}.tlog-proof", f"Event {link.number} is not proved to be logged: {what}"))
        return
    if head not in heads.held:
        what = f"Event {link.number} is proved under a head that is not among those of the log"
        faults.append(Fault("proof", f"{name}.tlog-proof", what))
    if head.origin not in {signature.name for signature in link.note.signatures}:
        faults.append(Fault("proof", f"{name}.tlog-proof", f"Event {link.number} was not logged by who signed it"))
    yield Placed(link, f"{name}.note", head.origin, proof.index)


def _judge_times(placed: list[Placed], dated: Iterable[Dated], trust: Trust) -> list[Fault]:
    """Hold the times that events claim against the order of the log and the dates of its heads."""
    faults = [
        Fault("sequence", later.path, f"Event {later.link.number} was logged before the event it follows")
        for earlier, later in itertools.pairwise(placed)
        if later.origin == earlier.origin and later.index <= earlier.index
    ]
    heads = list(dated)
    for place in placed:
        own = [head for head in heads if head.origin == place.origin]
        absent = [head.time for head in own if head.size <= place.index]
        covering = [head.time for head in own if head.size > place.index]
        if trust.dated and not covering:
            what = f"A token is missing: no dated head holds event {place.link.number}"
            faults.append(Fault("token", place.path, what))
        # A transfer may be days on the way; its time is vouched for by two signatures.
        elif place.link.event.act != "transfer":
            faults += _judge_time(place, absent, covering)
    return faults


def _judge_time(place: Placed, absent: list[datetime], covering: list[datetime]) -> list[Fault]:
    """Hold one event's time against the dates of the heads without it, and of those with it."""
    claimed, number = place.link.event.time, place.link.number
    if absent and claimed + TOLERANCE < max(absent):
        what = f"Event {number} is dated back: it was not in the log when a later head was dated"
        return [Fault("time", place.path, what)]
    if covering and claimed > min(covering) + TOLERANCE:
        return [Fault("time", place.path, f"Event {number} is dated after the head that holds it")]
    return []


def _judge_heads(folder: Path, trust: Trust, faults: list[Fault]) -> Heads:
    """Check signatures, growth and tokens of every head."""
    held: list[Checkpoint] = []
    dated: list[Dated] = []
    places: dict[str, str] = {}
    logs = folder / "logs"
    for log in sorted(logs.iterdir()) if logs.is_dir() else []:
        before: Checkpoint | None = None
        for path, signed in read_heads(log):
            name = f"logs/{log.name}/{path.name}"
            try:
                head = Checkpoint.open(signed, trust.keys.values())
            except ConsilienceError as error:
                faults.append(Fault("head", f"{name}/checkpoint", str(error)))
                continue
            faults += _judge_growth(log, before, head)
            if places.setdefault(head.origin, log.name) != log.name:
                faults.append(Fault("head", f"{name}/checkpoint", "Heads of one log lie in two folders"))
            held.append(head)
            dated += _judge_tokens(path, signed, head, trust, faults)
            before = head
    if not held:
        faults.append(Fault("head", "logs", "There is no head of any log"))
    return Heads(frozenset(held), tuple(dated))


def _judge_growth(log: Path, before: Checkpoint | None, head: Checkpoint) -> list[Fault]:
    if before is None:
        return []
    if before.origin != head.origin:
        return [Fault("head", f"logs/{log.name}", "Heads of different logs lie in one folder")]
    name = f"{before.size}-{head.size}"
    try:
        lines = (log / "consistency" / name).read_text(encoding="ascii").split()
        proof = [base64text.decode(line, "proof hash", length=HASH_BYTES) for line in lines]
        verify_consistency(before.size, head.size, before.root, head.root, proof)
    except (ConsilienceError, OSError, UnicodeDecodeError):
        what = f"The log is not proved to have only grown from {before.size} to {head.size} entries"
        return [Fault("head", f"logs/{log.name}/consistency/{name}", what)]
    return []


def _judge_tokens(folder: Path, signed: bytes, head: Checkpoint, trust: Trust, faults: list[Fault]) -> Iterator[Dated]:
    times: list[datetime] = []
    name = f"logs/{folder.parent.name}/{folder.name}"
    for path in sorted(folder.glob("*.tsr")):
        try:
            roots = trust.roots[path.stem] if trust.roots else path.with_suffix(".pem").read_bytes()
            times.append(check_stamp(path.read_bytes(), signed, roots).time)
        except (ConsilienceError, KeyError, OSError, ValueError) as error:
            what = (
                str(error) if isinstance(error, ConsilienceError) else "The authority's root certificate is not at hand"
            )
            faults.append(Fault("token", f"{name}/{path.name}", what))
    if trust.dated and 0 < len(list(folder.glob("*.tsr"))) < TOKENS_NEEDED:
        what = f"A token is missing: the head of {head.size} entries needs those of {TOKENS_NEEDED} authorities"
        faults.append(Fault("token", name, what))
    if times:
        yield Dated(head.origin, head.size, min(times))


def _judge_items(folder: Path, record: list[Link]) -> list[Fault]:
    faults: list[Fault] = []
    for item in present_items(record):
        name = f"items/{item.address}.age"
        path = folder / name
        if not path.is_file():
            faults.append(Fault("item", name, f"The {item.role} of exhibit {record[0].exhibit} is missing"))
        elif digest_file(path) != item.address:
            what = f"The {item.role} of exhibit {record[0].exhibit} is not the one that was acquired"
            faults.append(Fault("item", name, what))
    return faults
