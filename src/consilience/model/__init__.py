"""Frozen types for what is documented, and the shared tables a snapshot holds."""
