"""Strict Base64 (RFC 4648, section 4): one spelling per value, so that one flipped character never goes unseen.

>>> decode(encode(b"seal"), "seal")
b'seal'
"""

import base64
import binascii

from consilience.errors import LedgerError


def encode(data: bytes) -> str:
    """Return the Base64 spelling of `data`."""
    return base64.b64encode(data).decode("ascii")


def decode(text: str, what: str, *, length: int | None = None) -> bytes:
    """Return the bytes spelt by `text`.

    Args:
        text: standard Base64 with padding.
        what: name of the value, for the message.
        length: number of bytes that must come out; any number when None.

    Raises:
        LedgerError: `text` is not the one canonical spelling, or has another length.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise LedgerError(f"The {what} is not Base64", expected="RFC 4648 section 4, with padding") from error
    if encode(data) != text:
        raise LedgerError(f"The {what} is spelt in a second way", expected="Base64 with zero trailing bits")
    if length is not None and len(data) != length:
        raise LedgerError(f"The {what} has the wrong length", found=f"{len(data)} bytes", expected=f"{length} bytes")
    return data
