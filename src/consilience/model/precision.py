"""How exactly a date, an age or a place is known; the codes are those of the codelists of the same names.

>>> DatePrecision("MONTH") is DatePrecision.MONTH
True
"""

from enum import StrEnum


class DatePrecision(StrEnum):
    """The codes of DATE_PRECISION."""

    DAY = "DAY"
    DAYS = "DAYS"
    WEEK = "WEEK"
    MONTH = "MONTH"
    SEASON = "SEASON"
    YEAR = "YEAR"
    YEARS = "YEARS"
    RANGE = "RANGE"
    EITHER = "EITHER"
    ABOUT = "ABOUT"
    DOUBTFUL = "DOUBTFUL"
    BEFORE = "BEFORE"
    AFTER = "AFTER"
    UNKNOWN = "UNKNOWN"


class PlacePrecision(StrEnum):
    """The codes of PLACE_PRECISION."""

    EXACT = "EXACT"
    NEAR = "NEAR"
    ADM2 = "ADM2"
    ADM1 = "ADM1"
    FEATURE = "FEATURE"
    COUNTRY = "COUNTRY"
    INTERNATIONAL = "INTERNATIONAL"
    UNKNOWN = "UNKNOWN"


class AgePrecision(StrEnum):
    """How an age was said."""

    EXACT = "EXACT"
    ABOUT = "ABOUT"
    RANGE = "RANGE"
    AT_LEAST = "AT_LEAST"
    AT_MOST = "AT_MOST"
    GROUP = "GROUP"
    UNKNOWN = "UNKNOWN"
