"""Trusted time: RFC 3161 tokens over signed checkpoints, kept raw, checked at their own time.

One token over a checkpoint dates every event below it. A token is judged as of the time inside it, so it still
holds when the authority's certificate has long expired. The strict parser is tried first; a token that it cannot
parse (some authorities order certificates against DER) goes to `openssl ts -verify`, the second verifier.

Revocation lists are not consulted: a verifier offline cannot; the second authority guards against one key's loss.

Source: RFC 3161 (time-stamp protocol), RFC 5816.
"""

import hashlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from consilience.errors import CustodyError, StateError

Ask = Callable[[bytes], bytes]
"""Sends a time-stamp query (DER) to one authority and returns its answer (DER)."""

_TIME = re.compile(r"^Time stamp: (\w{3} [ \d]\d \d\d:\d\d:\d\d)(?:\.\d+)? (\d{4}) GMT$", re.MULTILINE)
# What certificates inside a hostile token can make the X.509 library raise, beside ValueError.
_MALFORMED = (VerificationError, ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)
_TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Stamp:
    """A token that holds: the authority's time, and which of the two verifiers judged it."""

    time: datetime
    judged_by: str


def request_stamp(message: bytes, ask: Ask, roots: bytes) -> bytes:
    """Have `message` dated and return the raw answer, after checking it and its nonce.

    Args:
        message: the bytes to date, here a signed checkpoint.
        ask: the way to the authority.
        roots: PEM of the authority's root certificates, obtained beforehand.

    Raises:
        CustodyError: the answer does not hold.
        StateError: the authority cannot be reached.
    """
    request = TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256).build()
    answer = ask(request.as_bytes())
    parsed = _parse(answer)
    if parsed is not None and parsed.tst_info.nonce != request.nonce:
        raise CustodyError("The authority answered another query", expected="the nonce that was sent")
    check_stamp(answer, message, roots)
    return answer


def check_stamp(token: bytes, message: bytes, roots: bytes) -> Stamp:
    """Check a raw answer of an authority against the message it should date.

    Raises:
        CustodyError: signature, certificate, message or time does not hold, in both verifiers' rules.
        StateError: only `openssl` could judge this token, and it is not installed.
    """
    parsed = _parse(token)
    if parsed is None:
        return _check_with_openssl(token, message, roots)
    try:
        verifier = VerifierBuilder(roots=x509.load_pem_x509_certificates(roots)).build()
        verifier.verify(parsed, hashlib.sha256(message).digest())
    except _MALFORMED as error:
        raise _refused() from error
    return Stamp(parsed.tst_info.gen_time.astimezone(UTC), "rfc3161-client")


def _parse(token: bytes) -> TimeStampResponse | None:
    """Return the parsed answer; None when the strict parser refuses its form."""
    try:
        parsed = decode_timestamp_response(token)
        _ = parsed.tst_info
    except ValueError:
        return None
    return parsed


def _refused() -> CustodyError:
    return CustodyError(
        "A time-stamp token does not hold",
        expected="a signature of a known authority over this very checkpoint",
        remedy="Keep the token as evidence and ask for a new one.",
    )


def _check_with_openssl(token: bytes, message: bytes, roots: bytes) -> Stamp:
    openssl = shutil.which("openssl")
    if openssl is None:
        raise StateError("This token can only be judged by openssl, which is not installed", remedy="Install openssl.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, data in (("token", token), ("message", message), ("roots", roots)):
            (folder / file).write_bytes(data)
        shown = _run(openssl, "-reply", "-in", "token", "-text", folder=folder)
        found = _TIME.search(shown or "")
        if not found:
            raise _refused()
        time = datetime.strptime(f"{found[1]} {found[2]}", "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)
        moment = ["-attime", str(int(time.timestamp()))]
        judged = _run(
            openssl, "-verify", "-data", "message", "-in", "token", "-CAfile", "roots", *moment, folder=folder
        )
    if judged is None:
        raise _refused()
    return Stamp(time, "openssl")


def _run(openssl: str, *arguments: str, folder: Path) -> str | None:
    """Run `openssl ts` and return what it prints; None when it fails."""
    done = subprocess.run(  # noqa: S603 - a fixed program with fixed options on our own files
        [openssl, "ts", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_SECONDS,
        check=False,
        env={"LC_ALL": "C", "PATH": ""},
    )
    return done.stdout if done.returncode == 0 else None
