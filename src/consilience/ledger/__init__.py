"""The ledger: an append-only Merkle log in the open C2SP formats, checkable by tools we did not write."""
