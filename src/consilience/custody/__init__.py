"""Custody: sealed exhibits, signed records of who did what with them, trusted time, and the bundle for a court."""
