"""The court bundle: a folder that a third party checks on a clean machine, with this program or with stock tools.

make_bundle(register, ["E-2026-017"], folder, authorities=..., by="custodian-1", reason="order 7/2026")
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from consilience.custody.authority import Authority, date_log
from consilience.custody.manifest import write_manifest
from consilience.custody.package import copy_item, new_folder, present_items, put, read_keys, slug, write_package
from consilience.custody.pages import Row, guide_html, index_csv, index_html
from consilience.custody.record import custodian_of
from consilience.custody.register import Register
from consilience.custody.transfer import reseal
from consilience.errors import UsageError
from consilience.ledger.note import Verifier

NOT_REDACTED = "not redacted"


@dataclass(frozen=True)
class BundleOrder:
    """What a bundle is for.

    Attributes:
        by: who makes it, a reference to the person.
        reason: why it leaves, such as the order of a court.
        recipients: age recipients to seal the items to; the items go as they are stored when empty.
        redaction: status of redaction by exhibit; "not redacted" where nothing is said.
        policy: text of a trust policy; one that trusts the keys of the bundle when empty.
    """

    by: str
    reason: str
    recipients: tuple[str, ...] = ()
    redaction: Mapping[str, str] | None = None
    policy: str = ""


def fingerprint(key: Verifier) -> str:
    """Return the SHA-256 of a public key in groups of four digits, to read out over the telephone."""
    digest = hashlib.sha256(key.vkey.encode()).hexdigest()
    return " ".join(digest[place : place + 4] for place in range(0, 64, 4))


def make_bundle(
    register: Register,
    exhibits: Sequence[str],
    target: Path,
    order: BundleOrder,
    *,
    authorities: Mapping[str, Authority],
) -> None:
    """Record the export, have the log dated, and write the folder.

    Args:
        register: the open store.
        exhibits: numbers of the exhibits.
        target: a folder that does not exist yet.
        order: who, why, for whom.
        authorities: at least two time-stamp authorities; none makes a bundle that says it is not dated.

    Raises:
        UsageError: the folder exists, or no exhibit was named.
        CustodyError: a record does not hold, an object is missing or an authority did not answer.
    """
    if target.exists() or not exhibits:
        raise UsageError("A bundle needs exhibits and a new folder", remedy="Choose a folder that does not exist yet.")
    with new_folder(target):
        for exhibit in exhibits:
            _export(register, exhibit, target, order)
        date_log(register, authorities)
        write_package(register, exhibits, target, [])
        _write_pages(register, exhibits, target, order)
        write_manifest(target, register.signer, register.now())


def _export(register: Register, exhibit: str, target: Path, order: BundleOrder) -> None:
    """Record that an exhibit leaves, and put its items into the bundle."""
    record = register.record_of(exhibit)
    items = present_items(record)
    if record and not items:
        return  # Disposed of: the tombstone is shown, nothing leaves.
    event = {"act": "export", "by": order.by, "reason": order.reason}
    if order.recipients:
        copies = reseal(register, items, order.recipients, target / "items")
        register.record(exhibit, event | {"copies": [copy.model_dump() for copy in copies]})
        return
    originals = register.items(exhibit)
    for item in originals:
        copy_item(register, item, target / "items")
    copies_back = [{"digest": i.digest, "address": i.address, "sealed_bytes": i.sealed_bytes} for i in originals]
    register.record(exhibit, event | {"copies": copies_back})


def _write_pages(register: Register, exhibits: Sequence[str], target: Path, order: BundleOrder) -> None:
    rows = [row for exhibit in exhibits for row in _rows(register, exhibit, order)]
    made = register.now().isoformat()
    key = register.signer.verifier()
    put(target / "index.csv", index_csv(rows).encode())
    put(target / "index.html", index_html(rows, made=made, by=order.by).encode())
    key_file = f"keys/{slug(key.name)}.vkey"
    put(target / "GUIDE.html", guide_html(made=made, key_file=key_file, fingerprint=fingerprint(key)).encode())
    default = "".join(f"log {held.vkey}\n" for held in read_keys(target).values()) + "quorum none\n"
    put(target / "policy", (order.policy or default).encode())


def _rows(register: Register, exhibit: str, order: BundleOrder) -> list[Row]:
    record = register.record_of(exhibit)
    redaction = (order.redaction or {}).get(exhibit, NOT_REDACTED)
    return [
        Row(
            exhibit,
            item.role,
            item.name or "",
            item.media_type,
            item.plain_bytes,
            item.digest,
            f"items/{item.address}.age",
            redaction,
            len(record),
            custodian_of(record),
        )
        for item in present_items(record)
    ]
