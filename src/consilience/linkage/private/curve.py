"""Blinding: a key becomes a point of the curve Curve25519, multiplied by a secret number.

Two partners blind each other's keys in turn; multiplication commutes, so equal keys end as equal points, and nobody who
lacks both secrets can compute the point of a name (Diffie-Hellman set intersection: Meadows 1986; Huberman, Franklin,
Hogg 1999). X25519 of `cryptography` does the arithmetic (RFC 7748). A key is hashed to the u-coordinate of a point on
the curve itself or its twist; whoever hashes tries counters until the point lies on the curve, since X25519 takes both
and clears the small factor.

>>> one, other = Secret(b"1" * 32), Secret(b"2" * 32)
>>> point = point_of("some key", session=b"s")
>>> other.blind([one.blind([point])[0]]) == one.blind([other.blind([point])[0]])
True
"""

import hashlib
import hmac
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from consilience.errors import UsageError

POINT_BYTES = 32
_PRIME = 2**255 - 19
_A = 486662


class Secret:
    """A secret multiplier of one partner for one session. It is never written, printed or used twice.

    Args:
        seed: 32 random bytes.
    """

    def __init__(self, seed: bytes) -> None:
        if len(seed) != POINT_BYTES:
            raise UsageError("A secret has the wrong length", found=f"{len(seed)} bytes", expected="32 random bytes")
        self._key = X25519PrivateKey.from_private_bytes(seed)

    def __repr__(self) -> str:
        return "Secret(...)"

    def blind(self, points: Sequence[bytes]) -> list[bytes]:
        """Multiply points by the secret.

        Raises:
            UsageError: a point is malformed or of small order, which only a partner outside the protocol sends.
        """
        try:
            return [self._key.exchange(X25519PublicKey.from_public_bytes(point)) for point in points]
        except ValueError:
            raise UsageError("A partner sent what is no point of the curve", remedy="End the session.") from None


def point_of(key: str, *, session: bytes) -> bytes:
    """Return the point of a key: the first hash that is the coordinate of a point on the curve.

    Args:
        key: the composite key.
        session: both partners' session name, so that points of two sessions cannot be compared.
    """
    text = key.encode()
    for counter in range(256):
        digest = hmac.new(session, bytes([counter]) + text, hashlib.sha256).digest()
        candidate = int.from_bytes(digest, "little") & ((1 << 255) - 1)
        if 1 < candidate < _PRIME - 1 and _on_curve(candidate):
            return candidate.to_bytes(POINT_BYTES, "little")
    raise UsageError("A key has no point; this cannot happen with SHA-256", found="256 hashes off the curve")


def _on_curve(u: int) -> bool:
    """Return whether u (u^2 + A u + 1) is a square, by Euler's criterion."""
    right = u * (u * u + _A * u + 1) % _PRIME
    return pow(right, (_PRIME - 1) // 2, _PRIME) == 1
