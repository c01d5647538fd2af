"""Openings: what an entry means, kept apart from the log so that it can be destroyed.

An entry is SHA-256(salt || canonical event): 32 random bytes of salt and the event as canonical JSON. Who holds the
opening can show what was logged; when the opening is destroyed the entry says nothing, and the log still verifies.

>>> opening = Opening(bytes(32), {"act": "view", "exhibit": "E-1"})
>>> Opening.from_bytes(opening.to_bytes()) == opening
True

Source: RFC 8785 (canonical JSON).
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Self

import rfc8785

from consilience.errors import FormatError, LedgerError

SALT_BYTES = 32


def canonical(event: dict[str, Any]) -> bytes:
    """Return the one byte form of an event (RFC 8785).

    Raises:
        FormatError: the event holds something JSON cannot carry exactly.
    """
    try:
        return rfc8785.dumps(event)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise FormatError(
            "An event cannot be written as canonical JSON",
            expected="text, true, false, null, lists, objects, finite numbers and integers below 2**53",
        ) from error


@dataclass(frozen=True)
class Opening:
    """Salt and event of one entry."""

    salt: bytes
    event: dict[str, Any]

    @property
    def entry(self) -> bytes:
        """The 32 bytes that stand in the log."""
        return hashlib.sha256(self.to_bytes()).digest()

    def to_bytes(self) -> bytes:
        """Return salt and canonical event; `sha256sum` over these bytes gives the entry in hexadecimal."""
        return self.salt + canonical(self.event)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what `to_bytes` wrote.

        Raises:
            LedgerError: the bytes are not an opening in its canonical form.
        """
        try:
            event = json.loads(data[SALT_BYTES:])
        except (ValueError, RecursionError) as error:
            raise LedgerError("An opening is not readable", expected="32 bytes of salt, then canonical JSON") from error
        if not isinstance(event, dict):
            raise LedgerError("An opening holds no event", expected="a JSON object after the salt")
        opening = cls(data[:SALT_BYTES], event)
        if opening.to_bytes() != data:
            raise LedgerError("An opening is not in canonical form", expected="RFC 8785")
        return opening
