"""A release in the ledger: what is logged of it, and the proof that travels with it.

The event names the release, its method and its snapshot by digest. `release.opening` (salt and event) and
`release.tlog-proof` (C2SP tlog-proof) stand in the release's folder beside the signed note, so that a stranger can
see that the publisher's log holds this release, and cannot later hold another in its place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consilience.errors import LedgerError
from consilience.ledger.log import Log, public_folder
from consilience.ledger.note import Signer, Verifier
from consilience.ledger.opening import Opening
from consilience.ledger.policy import Policy
from consilience.ledger.proof import verify_tlog_proof

OPENING = "release.opening"
PROOF = "release.tlog-proof"


@dataclass(frozen=True, slots=True)
class Seal:
    """Who signs a release, and the ledger it is entered in."""

    signer: Signer
    ledger: Path


def release_event(head: Mapping[str, Any], digest: str) -> dict[str, Any]:
    """Return what the ledger keeps of a release."""
    return {"act": "release", "release": head["id"], "digest": digest, "digests": dict(head.get("digests", {}))}


def log_release(ledger: Path, signer: Signer, head: Mapping[str, Any], digest: str) -> dict[str, bytes]:
    """Append a release to the ledger (made when there is none), publish it, and return opening and proof by file name.

    Raises:
        LedgerError, StateError: the ledger is damaged, rolled back, of another key, or being written to.
    """
    if not (public_folder(ledger) / "checkpoint").exists():
        Log.create(ledger, signer)
    with Log.open(ledger, signer) as log:
        entry = log.append_event(release_event(head, digest))
        log.publish()
        proof = log.read().prove(entry.index).text
    return {OPENING: entry.opening.to_bytes(), PROOF: proof.encode()}


def check_logged(
    folder: Path, head: Mapping[str, Any], digest: str, verifiers: Sequence[Verifier], policy: Policy | None = None
) -> str:
    """Check that the ledger the release names holds it, and return a sentence that says so.

    Raises:
        LedgerError: opening or proof is missing, speaks of another release, or does not verify.
    """
    try:
        opening = Opening.from_bytes((folder / OPENING).read_bytes())
        text = (folder / PROOF).read_text(encoding="utf-8")
    except FileNotFoundError as fault:
        raise LedgerError(
            "The proof of inclusion in the ledger is missing", expected=f"{OPENING} and {PROOF}"
        ) from fault
    except UnicodeDecodeError as fault:
        raise LedgerError("The proof of inclusion in the ledger is not text") from fault
    if opening.event != release_event(head, digest):
        raise LedgerError("The ledger entry speaks of another release", remedy="Ask the publisher for the right proof.")
    origin = str(head["ledger"])
    checkpoint = verify_tlog_proof(text, opening.entry, verifiers=verifiers, policy=policy, origin=origin)
    return f"In the ledger {origin}, which held {checkpoint.size} entries when the proof was made."
