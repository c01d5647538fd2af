import doctest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consilience.errors import LedgerError, UsageError
from consilience.ledger import merkle
from consilience.ledger.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    perfect_subtrees,
    reader,
    root_hash,
    verify_consistency,
    verify_inclusion,
)

# The reference vectors of the Certificate Transparency code (RFC 6962), used by every implementation since.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(bytes.fromhex(text)) for text in INPUTS]
READ = reader(LEAVES)
MANY = [leaf_hash(number.to_bytes(2, "big")) for number in range(300)]
READ_MANY = reader(MANY)


def slow_root(leaves):
    """MTH word for word from RFC 6962 section 2.1."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    cut = 1
    while cut * 2 < len(leaves):
        cut *= 2
    return node_hash(slow_root(leaves[:cut]), slow_root(leaves[cut:]))


def slow_path(index, leaves):
    """PATH word for word from RFC 6962 section 2.1.1."""
    if len(leaves) == 1:
        return []
    cut = 1
    while cut * 2 < len(leaves):
        cut *= 2
    if index < cut:
        return [*slow_path(index, leaves[:cut]), slow_root(leaves[cut:])]
    return [*slow_path(index - cut, leaves[cut:]), slow_root(leaves[:cut])]


def slow_subproof(old, leaves, whole):
    """SUBPROOF word for word from RFC 6962 section 2.1.2."""
    if old == len(leaves):
        return [] if whole else [slow_root(leaves)]
    cut = 1
    while cut * 2 < len(leaves):
        cut *= 2
    if old <= cut:
        return [*slow_subproof(old, leaves[:cut], whole), slow_root(leaves[cut:])]
    return [*slow_subproof(old - cut, leaves[cut:], whole=False), slow_root(leaves[:cut])]


def test_the_example_in_the_docstring_runs():
    assert doctest.testmod(merkle).failed == 0


def test_the_empty_tree_has_the_hash_of_nothing():
    assert root_hash(0, READ).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_equal_the_published_vectors(size):
    assert root_hash(size, READ).hex() == ROOTS[size - 1]


def test_inclusion_and_consistency_proofs_equal_the_published_vectors():
    assert [part.hex() for part in inclusion_proof(5, 8, READ)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [part.hex() for part in consistency_proof(2, 5, READ)] == [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]


@settings(deadline=None)
@given(st.integers(0, 300))
def test_the_root_is_the_one_the_standard_defines_recursively(size):
    assert root_hash(size, READ_MANY) == slow_root(MANY[:size])


@settings(deadline=None)
@given(st.integers(1, 300), st.data())
def test_inclusion_proofs_are_those_of_the_standard_and_verify(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, READ_MANY)
    assert proof == slow_path(index, MANY[:size])
    verify_inclusion(index, size, MANY[index], proof, root_hash(size, READ_MANY))


@settings(deadline=None)
@given(st.integers(1, 300), st.data())
def test_consistency_proofs_are_those_of_the_standard_and_verify(new, data):
    old = data.draw(st.integers(1, new))
    proof = consistency_proof(old, new, READ_MANY)
    assert proof == slow_subproof(old, MANY[:new], whole=True)
    verify_consistency(old, new, root_hash(old, READ_MANY), root_hash(new, READ_MANY), proof)


@settings(deadline=None)
@given(st.integers(1, 300), st.data())
def test_a_wrong_leaf_index_size_root_or_path_is_refused(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof, root = inclusion_proof(index, size, READ_MANY), root_hash(size, READ_MANY)
    wrong = bytes(32)
    spoilt = [(index, size, wrong, proof, root), (index, size, MANY[index], proof, wrong)]
    spoilt += [(size, size, MANY[index], proof, root), (-1, size, MANY[index], proof, root)]
    spoilt += [(index, size, MANY[index], [*proof, wrong], root), (index, size, MANY[index], [wrong] * 64, root)]
    if proof:
        spoilt += [(index, size, MANY[index], proof[:-1], root), (index ^ 1, size, MANY[index], proof, root)]
        place = data.draw(st.integers(0, len(proof) - 1))
        spoilt.append((index, size, MANY[index], [*proof[:place], wrong, *proof[place + 1 :]], root))
    for case in spoilt:
        with pytest.raises(LedgerError, match="inclusion proof"):
            verify_inclusion(*case)


@settings(deadline=None)
@given(st.integers(2, 300), st.data())
def test_a_wrong_old_root_new_root_size_or_path_is_refused(new, data):
    old = data.draw(st.integers(1, new - 1))
    proof = consistency_proof(old, new, READ_MANY)
    first, second, wrong = root_hash(old, READ_MANY), root_hash(new, READ_MANY), bytes(32)
    place = data.draw(st.integers(0, len(proof) - 1))
    spoilt = [(old, new, wrong, second, proof), (old, new, first, wrong, proof), (new, old, first, second, proof)]
    spoilt += [(old, new, first, second, proof[:-1]), (old, new, first, second, [*proof, wrong])]
    spoilt += [(old, new, first, second, [*proof[:place], wrong, *proof[place + 1 :]]), (old, new, first, second, [])]
    spoilt.append((old, old, first, second, []))
    for case in spoilt:
        with pytest.raises(LedgerError, match="consistency proof"):
            verify_consistency(*case)


def test_consistency_with_the_empty_tree_and_with_itself_needs_no_proof():
    root = root_hash(7, READ)
    verify_consistency(0, 7, EMPTY_ROOT, root, [])
    verify_consistency(7, 7, root, root, [])
    with pytest.raises(LedgerError):
        verify_consistency(0, 7, EMPTY_ROOT, root, [root])
    with pytest.raises(LedgerError):
        verify_consistency(0, 7, root, root, [])
    with pytest.raises(LedgerError):
        verify_consistency(7, 7, EMPTY_ROOT, root, [])


def test_proofs_of_what_is_not_there_are_misuse():
    with pytest.raises(UsageError, match="no such entry"):
        inclusion_proof(8, 8, READ)
    with pytest.raises(UsageError, match="never shrinks"):
        consistency_proof(5, 4, READ)


def test_ranges_are_covered_by_complete_subtrees():
    assert perfect_subtrees(0, 7) == [(2, 0), (1, 2), (0, 6)]
    assert perfect_subtrees(4, 7) == [(1, 2), (0, 6)]
