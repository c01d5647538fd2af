"""Periods: when something happened, as exactly as is known and no more exactly (requirement DO2).

A `Period` keeps what was said, the same in EDTF (ISO 8601-2), the earliest and the latest day it can mean, and a code
of precision. It is read from text in the six languages of the United Nations, or made from two days.

>>> period = Period.parse("about March 2019")
>>> period.edtf, period.precision.value
('2019-03~', 'ABOUT')
>>> Period.parse("early June 2021").latest
datetime.date(2021, 6, 10)
>>> Period.parse("2019 or 2020").contains(Period.parse("2020-02-29"))
True
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from consilience.errors import ValueFormError
from consilience.model import edtf as edtf_dates
from consilience.model.date_phrases import to_edtf
from consilience.model.precision import DatePrecision


@dataclass(frozen=True, slots=True)
class Period:
    """When something happened or was so.

    Attributes:
        said: what the source said, word for word; may be empty.
        edtf: the same as EDTF.
        earliest: the earliest day it can mean; None where open or unknown.
        latest: the latest day it can mean; None where open or unknown.
        precision: a code of DATE_PRECISION.
    """

    said: str
    edtf: str
    earliest: date | None
    latest: date | None
    precision: DatePrecision

    @classmethod
    def parse(cls, text: str, *, reference_year: int | None = None, day_first: bool | None = None) -> "Period":
        """Return what a text says about a date. Pure: the same arguments give the same period.

        Args:
            text: words or EDTF.
            reference_year: the year of a date that names none, such as "before 12 May".
            day_first: the order of day and month in dates such as 12/05/2019; None where it is not declared.

        Raises:
            ValueFormError: the text is not understood or is ambiguous. Its `found` is the text; a caller that reads
                a protected column must not pass it on.
        """
        plain = text.strip()
        if edtf_dates.looks_like_edtf(plain):
            reading = edtf_dates.read(plain)
        else:
            reading = edtf_dates.read(to_edtf(plain, reference_year=reference_year, day_first=day_first))
        return cls(text, reading.edtf, reading.earliest, reading.latest, reading.precision)

    @classmethod
    def between(cls, first: date | None, last: date | None, said: str = "") -> "Period":
        """Return the period from one day to another, both included; None is an open end.

        Raises:
            ValueFormError: the last day lies before the first.
        """
        if first == last:
            text = "XXXX-XX-XX" if first is None else first.isoformat()
        elif first is None or last is None:
            text = f"[..{last.isoformat()}]" if last else f"[{first.isoformat() if first else ''}..]"
        else:
            text = f"{first.isoformat()}/{last.isoformat()}"
        return replace(cls.parse(text), said=said)

    @classmethod
    def unknown(cls, said: str = "") -> "Period":
        """Return the period of which nothing is known."""
        return cls.between(None, None, said)

    @property
    def days(self) -> int | None:
        """Its length in days, both ends included; None where an end is open."""
        if self.earliest is None or self.latest is None:
            return None
        return (self.latest - self.earliest).days + 1

    @property
    def midpoint(self) -> date | None:
        """The day in the middle (the earlier of two); None where an end is open."""
        if self.earliest is None or self.latest is None:
            return None
        return self.earliest + timedelta(days=(self.latest - self.earliest).days // 2)

    def overlaps(self, other: "Period") -> bool:
        """Whether some day can belong to both."""
        return _not_after(self.earliest, other.latest) and _not_after(other.earliest, self.latest)

    def contains(self, other: "Period") -> bool:
        """Whether every day the other can mean lies in this one."""
        return _at_or_after(other.earliest, self.earliest) and _at_or_before(other.latest, self.latest)

    def columns(self, name: str) -> dict[str, str | date | None]:
        """Return the five columns of a shared table that hold it, such as `date_said` for the name `date`."""
        return {
            f"{name}_said": self.said,
            f"{name}_edtf": self.edtf,
            f"{name}_earliest": self.earliest,
            f"{name}_latest": self.latest,
            f"{name}_precision": self.precision.value,
        }

    def __post_init__(self) -> None:
        if self.earliest and self.latest and self.latest < self.earliest:
            raise ValueFormError("A period ends before it begins", found=self.edtf, expected="the earlier day first")


def _not_after(first: date | None, last: date | None) -> bool:
    return first is None or last is None or first <= last


def _at_or_after(inner: date | None, outer: date | None) -> bool:
    return outer is None or (inner is not None and inner >= outer)


def _at_or_before(inner: date | None, outer: date | None) -> bool:
    return outer is None or (inner is not None and inner <= outer)
