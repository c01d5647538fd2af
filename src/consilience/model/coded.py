"""A code of a shared list beside the source's own words, which are never dropped.

>>> Coded("TORTURE", "tortura").columns("violation")
{'violation': 'TORTURE', 'violation_local': 'tortura'}
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coded:
    """A value in the shared vocabulary and in the source's own.

    Attributes:
        code: the shared code; None where no crosswalk gives one.
        local: the source's own code or words; None where it was silent.
    """

    code: str | None = None
    local: str | None = None

    def columns(self, name: str) -> dict[str, str | None]:
        """Return the two columns of a shared table that hold it."""
        return {name: self.code, f"{name}_local": self.local}


NOTHING = Coded()
"""What a source does not say."""
