"""Cell keys: the same small noise for the same cell, in every table and every release.

Every record (a person, an event) has a key made of a secret and its identifier. The keys of a cell's records are
added modulo `MODULUS`; the sum picks the noise from a table of probabilities. The same records give the same sum,
whatever table asks, so repeating a question teaches nothing (Fraser and Wooton 2005; Marley and Leaver 2011;
Thompson, Broadfoot and Elazar 2013). The price: totals need not add up, and `LABEL` must stand beside every table.

Noise is drawn from the distribution of largest entropy that is unbiased, has the stated variance and never makes a
count negative, or publishes a count of 1 or 2 where `small` says so. A zero stays a zero.

>>> ptable = PerturbationTable.make(spread=3, variance=2.0)
>>> ptable.change(np.array([0, 7, 7]), np.array([19, 3, 250])).tolist()
[0, 2, 0]
>>> record_keys(b"0123456789abcdef", ["event-1", "event-2"]).tolist() == record_keys(
...     b"0123456789abcdef", ["event-1", "event-2"]).tolist()
True
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from consilience.disclosure.hierarchy import Ints
from consilience.errors import UsageError

MODULUS = 2**20
LEAST_SECRET = 16
LABEL = (
    "Counts are protected by random noise (cell keys). The same cell has the same noise everywhere. "
    "Totals may not be the sum of their parts, and a part may be larger than its total."
)


def record_keys(secret: bytes, identifiers: Iterable[str]) -> Ints:
    """Return the key of each record: HMAC-SHA-256 of its identifier, modulo `MODULUS`.

    Raises:
        UsageError: the secret is shorter than 16 bytes.
    """
    if len(secret) < LEAST_SECRET:
        raise UsageError(
            "The secret of the cell keys is too short",
            found=f"{len(secret)} bytes",
            expected=f"{LEAST_SECRET} or more",
            remedy="Make one with: head -c 32 /dev/urandom > FILE",
        )
    digests = (hmac.digest(secret, text.encode(), sha256) for text in identifiers)
    return np.array([int.from_bytes(digest[:8], "big") % MODULUS for digest in digests], np.int64)


def sql_of_key(column: str, placeholder: str = "?") -> str:
    """Return the SQL (DuckDB) of a record's key inside an aggregate query; the secret is bound, never written.

    `sum(...)` of it beside `count(*)` in the query of the cube gives each cell its key. DuckDB has no HMAC; the key is
    SHA-256 over the secret, the identifier and the secret again, which a reader without the secret cannot foresee.
    """
    digest = f"sha256({placeholder} || CAST({column} AS VARCHAR) || {placeholder})"
    return f"CAST('0x' || substr({digest}, 1, 5) AS BIGINT)"


def cheap_sql_of_key(column: str, placeholder: str = "?") -> str:
    """Return the SQL of a faster key: DuckDB's own 64-bit hash of the secret and the identifier.

    Not a cryptographic hash: use it where readers see perturbed cells only, never keys.
    """
    return f"CAST(hash({placeholder}, {column}) & {MODULUS - 1} AS BIGINT)"


@dataclass(frozen=True)
class PerturbationTable:
    """The probabilities of each change, for counts from 0 to `spread` + `small` and above.

    Attributes:
        spread: the largest change either way.
        probabilities: shape (rows, 2 * spread + 1); the last row serves all larger counts.
    """

    spread: int
    probabilities: NDArray[np.float64] = field(repr=False)

    @classmethod
    def make(cls, *, spread: int = 3, variance: float = 2.0, small: int = 0) -> "PerturbationTable":
        """Make the table of largest entropy for a spread and a variance.

        Args:
            spread: the largest change either way.
            variance: of the noise of counts above the spread; smaller counts get less where they must.
            small: counts from 1 to this are never published.

        Raises:
            UsageError: no such table exists.
        """
        if spread < 1 or not 0 < variance < spread**2:
            raise UsageError(
                "No noise has this spread and variance",
                found=f"spread {spread}, variance {variance:g}",
                expected="a spread of 1 or more and a variance below its square",
            )
        changes = np.arange(-spread, spread + 1)
        rows = [(changes == 0).astype(float)]
        for count in range(1, spread + small + 2):
            result = count + changes
            allowed = (result >= 0) & ~((result > 0) & (result <= small))
            rows.append(_largest_entropy(changes, allowed, variance))
        return cls(spread, np.array(rows))

    def change(self, counts: Ints, keys: Ints) -> Ints:
        """Return the change of each count for its cell key (the sum of its records' keys)."""
        row = np.minimum(counts, len(self.probabilities) - 1)
        edges = np.cumsum(self.probabilities, axis=1)
        position = ((_mixed(keys) % MODULUS) + 0.5) / MODULUS
        return np.asarray((position[:, None] > edges[row]).sum(axis=1) - self.spread, np.int64)

    def describe(self) -> str:
        """Say what may be said in public: the spread and the variance, never the key."""
        changes = np.arange(-self.spread, self.spread + 1)
        variance = float(self.probabilities[-1] @ changes**2)
        return f"Noise of at most {self.spread} either way, variance {variance:.2f}; zero stays zero. {LABEL}"


def _mixed(keys: Ints) -> Ints:
    """Scatter sums of keys evenly: a multiplication by an odd constant (Fibonacci hashing), modulo 2^20."""
    return np.asarray((keys % MODULUS) * 648055 % MODULUS)


def _largest_entropy(changes: Ints, allowed: NDArray[np.bool_], variance: float) -> NDArray[np.float64]:
    """Return p with sum 1, mean 0 and the variance where it can be had (Marley and Leaver 2011, section 3)."""
    reach = changes[allowed]
    if reach.min() >= 0 or reach.max() <= 0:
        return np.asarray((allowed & (np.abs(changes) == np.abs(reach).min())).astype(float))
    moments = np.stack([reach, reach**2], axis=1).astype(float)
    low, high = float(-reach.min() * reach.max()), variance
    goal = np.array([0.0, min(high, 0.9 * low) if low < variance * 1.1 else variance])

    def potential(tilt: NDArray[np.float64]) -> float:
        return float(np.log(np.exp((moments - goal) @ tilt).sum()))

    tilt = optimize.minimize(potential, np.zeros(2), method="BFGS", options={"gtol": 1e-10}).x
    weight = np.exp((moments - goal) @ tilt)
    result = np.zeros(len(changes))
    result[allowed] = weight / weight.sum()
    return result


def perturb(counts: Ints, keys: Ints, ptable: PerturbationTable) -> Ints:
    """Return the counts with their noise; never below zero."""
    return np.asarray(np.maximum(counts + ptable.change(counts, keys), 0))
