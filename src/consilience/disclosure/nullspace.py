"""Which suppressed cells can move at all, and which can be published again: exact linear algebra.

A set of suppressed cells hides a cell only if some change of the hidden values keeps every published sum. Those
changes are the null space of the sums restricted to the set. A cell whose row in a basis of the null space is zero is
computed by elimination. Two cells whose rows are parallel are *in series*: publishing one reveals the other.

Arithmetic is modulo the prime 2^31 - 1, so nothing is rounded (Dumas and Villard 2002 on rank modulo a prime). Linear
algebra knows nothing of counts being whole and at least zero: it says what is surely disclosed, a witness
(`witness`) says what surely is not.

>>> from scipy import sparse
>>> sums = sparse.csr_matrix([[1.0, -1.0, -1.0, 0.0], [0.0, 0.0, 1.0, -1.0]])
>>> basis = null_basis(sums)
>>> basis.shape, movable(basis).tolist()
((4, 2), [True, True, True, True])
"""

import numba
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

PRIME = 2147483647

Basis = NDArray[np.int64]


@numba.njit(cache=True)
def _inverse(value: int) -> int:
    result, base, power = 1, value % PRIME, PRIME - 2
    while power:
        if power & 1:
            result = result * base % PRIME
        base = base * base % PRIME
        power >>= 1
    return result


@numba.njit(cache=True)
def _sweep(matrix: Basis, row: int, column: int) -> None:
    """Clear `column` from every row but `row`, whose entry there is one."""
    support = np.flatnonzero(matrix[row])
    for other in range(matrix.shape[0]):
        factor = matrix[other, column]
        if other != row and factor:
            for k in support:
                matrix[other, k] = (matrix[other, k] - factor * matrix[row, k]) % PRIME


@numba.njit(cache=True)
def _reduce(matrix: Basis) -> NDArray[np.int64]:
    """Bring the matrix into reduced echelon form in place; return the pivot column of each row, or -1."""
    rows = len(matrix)
    pivots = np.full(rows, -1, np.int64)
    weight = (matrix != 0).sum(axis=0)
    for row in range(rows):
        support = np.flatnonzero(matrix[row])
        if len(support):
            best = support[np.argmin(weight[support])]
            scale = _inverse(matrix[row, best])
            for column in support:
                matrix[row, column] = matrix[row, column] * scale % PRIME
            _sweep(matrix, row, best)
            pivots[row] = best
    return pivots


def null_basis(sums: sparse.csr_matrix) -> Basis:
    """Return a basis of the changes that keep every sum.

    Args:
        sums: the sums restricted to the suppressed cells, shape (sums, cells).

    Returns:
        Whole numbers modulo `PRIME`, shape (cells, directions).
    """
    used = sums[np.flatnonzero(np.diff(sums.tocsr().indptr))]
    matrix = np.asarray(used.toarray(), np.int64) % PRIME
    pivots = _reduce(matrix)
    kept = pivots >= 0
    free = np.setdiff1d(np.arange(matrix.shape[1]), pivots[kept])
    basis = np.zeros((matrix.shape[1], len(free)), np.int64)
    basis[pivots[kept]] = -matrix[kept][:, free] % PRIME
    basis[free, np.arange(len(free))] = 1
    return basis


def movable(basis: Basis) -> NDArray[np.bool_]:
    """Return for each suppressed cell whether elimination leaves it undetermined."""
    return np.asarray(basis.any(axis=1))


@numba.njit(cache=True)
def _series(basis: Basis, cell: int, column: int) -> NDArray[np.bool_]:
    """Return which cells have a row parallel to that of `cell` (its entry at `column` is not zero)."""
    inverse = _inverse(basis[cell, column])
    parallel = np.zeros(len(basis), np.bool_)
    for other in range(len(basis)):
        factor = basis[other, column] * inverse % PRIME
        if not factor:
            continue
        parallel[other] = True
        for k in range(basis.shape[1]):
            if basis[other, k] != factor * basis[cell, k] % PRIME:
                parallel[other] = False
                break
    return parallel


@numba.njit(cache=True)
def _publish(basis: Basis, cell: int, column: int) -> None:
    """Keep only the changes that leave `cell` alone; `column` of the basis is spent."""
    inverse = _inverse(basis[cell, column])
    support = np.flatnonzero(basis[cell])
    for other in range(len(basis)):
        factor = basis[other, column] * inverse % PRIME
        if factor and other != cell:
            for k in support:
                if k != column:
                    basis[other, k] = (basis[other, k] - factor * basis[cell, k]) % PRIME
    basis[cell] = 0
    basis[:, column] = 0


def pivot(basis: Basis, cell: int) -> int:
    """Return a direction that moves the cell; -1 where none does."""
    directions = np.flatnonzero(basis[cell])
    return int(directions[0]) if len(directions) else -1


def reveals(basis: Basis, cell: int, needed: NDArray[np.bool_]) -> bool:
    """Return whether publishing a cell would let elimination compute a needed one."""
    column = pivot(basis, cell)
    return column >= 0 and bool((_series(basis, cell, column) & needed).any())


def publish(basis: Basis, cell: int) -> None:
    """Remove the changes that move a cell from the basis, in place."""
    column = pivot(basis, cell)
    if column >= 0:
        _publish(basis, cell, column)
