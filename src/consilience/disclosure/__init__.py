"""Disclosure control: publish without giving anybody away.

Rules say which cells are too small (`primary`), a circulation says which further cells must go so that the first
cannot be computed (`secondary`), and an attacker written apart from both tries to compute them all the same
(`attack`). What fails the attack is not published.
"""
