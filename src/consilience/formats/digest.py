"""Digests: what names a snapshot, a study and a release.

Everything is named by SHA-256 (FIPS 180-4) in lower-case hexadecimal. JSON is digested in its canonical form
(RFC 8785), so that the same content has the same name whatever wrote it.

>>> sha256_bytes(b"")[:8]
'e3b0c442'
>>> canonical_json({"b": 1, "a": 2})
b'{"a":2,"b":1}'
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import rfc8785


def sha256_bytes(data: bytes) -> str:
    """Return the SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def sha256_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal, read in constant memory."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def canonical_json(value: Mapping[str, Any] | Sequence[Any]) -> bytes:
    """Return `value` as canonical JSON (RFC 8785), UTF-8."""
    return rfc8785.dumps(value)


def sha256_json(value: Mapping[str, Any] | Sequence[Any]) -> str:
    """Return the SHA-256 of the canonical JSON of `value`."""
    return sha256_bytes(canonical_json(value))
