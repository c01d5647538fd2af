"""How the frozen types of this package read their data files: unknown keys are faults, not noise.

>>> CLOSED["extra"]
'forbid'
"""

from pydantic import ConfigDict

CLOSED = ConfigDict(extra="forbid")
