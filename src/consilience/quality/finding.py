"""Findings: what a rule of quality says about one source, with the figure, its threshold, and what to do.

>>> finding = Finding("heaping.ages", "a", Dimension.ACCURACY, Severity.WARNING, "age", 310.0, 125.0, (290.0, 330.0))
>>> finding.to_json()["interval"]
[290.0, 330.0]
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

Parameter = str | int | float


class Dimension(StrEnum):
    """The dimension of quality a rule speaks to (ESS quality framework; UN NQAF 2019, principles 14 to 19)."""

    RELEVANCE = "relevance"
    ACCURACY = "accuracy"
    TIMELINESS = "timeliness"
    COHERENCE = "coherence"
    ACCESSIBILITY = "accessibility"


class Severity(StrEnum):
    """How much a finding weighs: worth knowing; mend or explain it; figures mislead until it is mended."""

    INFO = "info"
    WARNING = "warning"
    SERIOUS = "serious"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a rule found in one source.

    Attributes:
        rule: the rule's permanent identifier; also the identifier of its sentence.
        source: whose list.
        dimension: the dimension of quality.
        severity: see `Severity`.
        subject: the column, code or pair of codes it is about.
        value: the measured figure.
        threshold: what the figure was held against.
        interval: a 95% interval of the figure, where it is an estimate.
        parameters: what the sentence needs beside these.
        sample: identifiers of records to look at, at most five; nothing else of them.
    """

    rule: str
    source: str
    dimension: Dimension
    severity: Severity
    subject: str
    value: float
    threshold: float
    interval: tuple[float, float] | None = None
    parameters: Mapping[str, Parameter] = field(default_factory=lambda: MappingProxyType({}))
    sample: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the finding with the keys that docs/reference/quality.md documents."""
        return {
            "rule": self.rule,
            "source": self.source,
            "dimension": self.dimension.value,
            "severity": self.severity.value,
            "subject": self.subject,
            "value": self.value,
            "threshold": self.threshold,
            "interval": list(self.interval) if self.interval else None,
            "parameters": dict(self.parameters),
            "sample": list(self.sample),
        }
