"""Consilience: the agreement of evidence from independent sources.

Software for people who cooperate to protect human rights across borders. It turns what many independent
organisations have each documented into findings that are comparable, deduplicated, statistically sound,
safe to publish and impossible to alter unnoticed.

>>> import consilience
>>> consilience.__version__.count(".")
2
"""

__version__ = "0.1.0"
