"""Verifying a court bundle: needs the folder only; with the key and the roots one trusts, nothing in it is believed.

verdict = verify_bundle(folder)
for fault in verdict.faults: print(fault.kind, fault.path, fault.what)
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from consilience.custody.bundle import fingerprint
from consilience.custody.judge import Fault, Trust, judge
from consilience.custody.manifest import check_manifest
from consilience.custody.package import present_items, read_keys
from consilience.custody.record import Link
from consilience.custody.register import read_record, sealed_of
from consilience.custody.seal import opened
from consilience.errors import ConsilienceError, CustodyError, UsageError
from consilience.ledger.note import Verifier
from consilience.ledger.policy import Policy


@dataclass(frozen=True)
class Verdict:
    """What was found.

    Attributes:
        faults: every defect; empty when all holds.
        exhibits: how many exhibits were checked.
        events: how many events.
        opened: how many items were decrypted and held against their digests.
        keys: name to fingerprint of the keys that were relied on.
        own_keys: whether these keys came from the bundle itself and are still to be compared.
    """

    faults: tuple[Fault, ...]
    exhibits: int
    events: int
    opened: int
    keys: Mapping[str, str]
    own_keys: bool


def verify_bundle(
    folder: Path,
    *,
    keys: Sequence[Verifier] = (),
    roots: Mapping[str, bytes] | None = None,
    policy: Policy | None = None,
    dated: bool = True,
    identity: str | None = None,
) -> Verdict:
    """Check a bundle from its manifest to its tokens.

    Args:
        folder: the bundle.
        keys: keys one trusts; those in the bundle when none are given.
        roots: roots of the time-stamp authorities one trusts, by name; those in the bundle when None.
        policy: one's own trust policy; without it the keys given, else the bundle's own policy.
        dated: whether tokens of two authorities are demanded.
        identity: text of an age identity, to open the items as well.

    Raises:
        UsageError: the folder is not a bundle.
    """
    if not (folder / "record").is_dir():
        raise UsageError("This folder is not a court bundle", expected="folders record, items, logs and keys")
    faults: list[Fault] = []
    known = {key.name: key for key in keys} or _keys(folder, faults)
    rules = policy or (None if keys else _policy(folder, faults))
    faults += check_manifest(folder, known.values())
    faults += judge(folder, Trust(known, roots or {}, rules, dated))
    count = _open_items(folder, identity, faults) if identity else 0
    records = list((folder / "record").iterdir())
    return Verdict(
        tuple(dict.fromkeys(faults)),
        len(records),
        sum(len(list(record.glob("*.note"))) for record in records),
        count,
        {name: fingerprint(key) for name, key in known.items()},
        not keys,
    )


def _keys(folder: Path, faults: list[Fault]) -> dict[str, Verifier]:
    try:
        return read_keys(folder)
    except ConsilienceError as error:
        faults.append(Fault("key", "keys", str(error)))
        return {}


def _policy(folder: Path, faults: list[Fault]) -> Policy | None:
    try:
        return Policy.parse((folder / "policy").read_text(encoding="utf-8"))
    except (ConsilienceError, OSError, UnicodeDecodeError):
        faults.append(Fault("manifest", "policy", "The trust policy is missing or malformed"))
        return None


def _open_items(folder: Path, identity: str, faults: list[Fault]) -> int:
    """Decrypt every item with one identity and hold the content against the record."""
    count = 0
    with tempfile.TemporaryDirectory() as name:
        objects = Path(name)
        for record in sorted((folder / "record").iterdir()):
            for item in present_items(_readable(record)):
                source = folder / "items" / f"{item.address}.age"
                target = objects / item.address[:2] / source.name
                target.parent.mkdir(exist_ok=True)
                target.unlink(missing_ok=True)
                target.symlink_to(source.resolve())
                try:
                    with opened(sealed_of(item), objects, identity, folder=objects):
                        count += 1
                except CustodyError as error:
                    faults.append(Fault("item", f"items/{source.name}", str(error)))
    return count


def _readable(record: Path) -> list[Link]:
    try:
        return read_record(record)
    except ConsilienceError:
        return []
