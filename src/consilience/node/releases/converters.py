"""Codes in addresses."""


class CodeConverter:
    """A release's or an indicator's identifier: letters, digits, full stops, hyphens, underscores."""

    regex = "[A-Za-z0-9_][A-Za-z0-9._-]*"

    def to_python(self, value: str) -> str:
        """Return the code as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """Return the code as it stands."""
        return value
