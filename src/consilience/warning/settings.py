"""How a baseline is laid and a bound is drawn: the settings of Farrington 1996 and Noufaily 2013, by name.

>>> NOUFAILY.blocks, NOUFAILY.left_out, NOUFAILY.bound.value
(10, 26, 'nbPlugin')
>>> FARRINGTON.with_(alpha=0.1).alpha
0.1
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from consilience.errors import UsageError


class Bound(StrEnum):
    """How the upper bound is drawn from the fitted mean, its standard error and the dispersion.

    DELTA: normal on the scale of the 2/3 power (Farrington 1996). NB_PLUGIN: negative binomial quantile at the fitted
    mean (Noufaily 2013). MUAN: the same at the mean's own upper quantile.
    """

    DELTA = "delta"
    NB_PLUGIN = "nbPlugin"
    MUAN = "muan"


@dataclass(frozen=True, slots=True)
class Settings:
    """One configuration of the regression baseline.

    Attributes:
        name: what results call the method.
        years: earlier years used (b), where the series has as many.
        half_window: periods on either side of the same position of an earlier year (w).
        blocks: seasonal levels (p); 1 uses the windows only.
        left_out: latest periods that are no part of the baseline, so that an emerging crisis does not become normal.
        outlier: standardised Anscombe residuals above it are down-weighted.
        trend_level: a trend stays where its t test is below it; 1 keeps every trend that does not extrapolate.
        bound: how the upper bound is drawn.
        alpha: one-sided level of the bound.
        least_count: counts that the last `recent` periods must hold for an alarm.
        recent: see `least_count`.
        compat: reproduce R's package `surveillance`, with its known defects (see docs/reference/warning.md).
    """

    name: str
    years: int = 5
    half_window: int = 3
    blocks: int = 10
    left_out: int = 26
    outlier: float = 2.58
    trend_level: float = 1.0
    bound: Bound = Bound.NB_PLUGIN
    alpha: float = 0.01
    least_count: float = 5.0
    recent: int = 4
    compat: bool = False

    def __post_init__(self) -> None:
        whole = {"years": (self.years, 1), "half_window": (self.half_window, 0), "blocks": (self.blocks, 1)}
        for name, (value, least) in whole.items():
            if value < least:
                raise UsageError(f"The setting {name} is too small", found=str(value), expected=f"{least} or more")
        if not 0 < self.alpha < 0.5:
            raise UsageError("The level alpha is no small chance", found=str(self.alpha), expected="between 0 and 0.5")
        if self.left_out < 0 or self.recent < 1 or self.outlier <= 0 or not 0 < self.trend_level <= 1:
            raise UsageError(
                "The settings of the baseline are out of range",
                expected="left_out 0 or more, recent 1 or more, outlier above 0, trend_level above 0 and at most 1",
            )

    def with_(self, **changes: Any) -> Self:
        """Return the settings with some of them changed.

        Raises:
            UsageError: a value is out of its range.
        """
        return replace(self, **changes)

    def scaled(self, per_year: float) -> Self:
        """Return the settings, written for weeks, for periods of another length.

        Half a year of latest periods stays left out and the windows stay about seven weeks wide; the compatibility
        mode changes nothing.
        """
        if self.compat:
            return self
        share = per_year / _WEEKS
        window = max(round(self.half_window * share), 1 if per_year >= 12 and self.half_window else 0)
        return replace(self, half_window=window, left_out=int(self.left_out * share))


_WEEKS = 365.2425 / 7


FARRINGTON = Settings("farrington", blocks=1, left_out=3, outlier=1.0, trend_level=0.05, bound=Bound.DELTA)
NOUFAILY = Settings("noufaily")
