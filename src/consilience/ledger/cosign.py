"""Publishing with witnesses: ask before signing, sign, and gather cosignatures until the policy's quorum is met."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass

from consilience.errors import ConsilienceError, StateError
from consilience.ledger.log import Log
from consilience.ledger.note import Verifier
from consilience.ledger.policy import NO_QUORUM, Policy
from consilience.ledger.witness import Ask, request_cosignature, submit


@dataclass(frozen=True)
class Published:
    """The new head with its cosignatures, who gave them, and who did not and why."""

    signed: bytes
    cosigned_by: tuple[str, ...]
    missing: Mapping[str, str]


def publish_with_witnesses(log: Log, witnesses: Mapping[str, tuple[Verifier, Ask]], policy: Policy | None) -> Published:
    """Publish what waits, and have it co-signed.

    The witnesses are asked for the current head first: one that holds a newer head stops the log before it signs.

    Args:
        log: the open log.
        witnesses: name to key and way.
        policy: whose quorum must be met; None when any number will do.

    Raises:
        LedgerError: a witness holds a newer or another head, or the quorum was not met. In the second case the head
            is published, and the call can be repeated.
    """
    for name, (_, ask) in witnesses.items():
        _guard(log, name, ask)
    log.publish()
    reader = log.read()
    found, missing = [], {}
    for name, (verifier, ask) in witnesses.items():
        try:
            found.append((name, request_cosignature(ask, reader.signed, reader.consistency, verifier)))
        except ConsilienceError as error:
            missing[name] = str(error)
    signed = log.add_cosignatures([signature for _, signature in found])
    if policy is not None and policy.quorum != NO_QUORUM:
        policy.check(signed, extra_logs=[log.signer.verifier()])
    return Published(signed, tuple(name for name, _ in found), missing)


def _guard(log: Log, name: str, ask: Ask) -> None:
    """Stop when a witness holds a head that ours does not lead to; a witness out of reach stops nothing."""
    reader = log.read()
    with contextlib.suppress(StateError):
        submit(ask, reader.signed, reader.consistency, name)
