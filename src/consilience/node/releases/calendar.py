"""Periods in order, without holes, so that a month in which nobody recorded anything still has its place.

>>> span("2019-11", "2020-02")
('2019-11', '2019-12', '2020-01', '2020-02')
>>> span("2019", "2021")
('2019', '2020', '2021')
"""

import datetime as dt
import re
from collections.abc import Sequence

from consilience.indicators.periods import Frequency

_FORMS = (
    (Frequency.YEAR, re.compile(r"(\d{4})")),
    (Frequency.MONTH, re.compile(r"(\d{4})-(\d\d)")),
    (Frequency.QUARTER, re.compile(r"(\d{4})-Q([1-4])")),
    (Frequency.WEEK, re.compile(r"(\d{4})-W(\d\d)")),
)


def numbered(code: str) -> tuple[Frequency, int] | None:
    """Return the frequency and number of a period; None where the code is no period."""
    for frequency, form in _FORMS:
        match = form.fullmatch(code)
        if match:
            day = _day(frequency, [int(part) for part in match.groups()])
            return (frequency, frequency.number(day)) if day else None
    return None


def _day(frequency: Frequency, parts: Sequence[int]) -> dt.date | None:
    year, part = parts[0], parts[1] if len(parts) > 1 else 1
    try:
        if frequency is Frequency.WEEK:
            return dt.date.fromisocalendar(year, part, 1)
        return dt.date(year, part * 3 - 2 if frequency is Frequency.QUARTER else part, 1)
    except ValueError:
        return None


def span(first: str, last: str) -> tuple[str, ...]:
    """Return every period from `first` to `last`; just the two where they are not of one frequency."""
    start, end = numbered(first), numbered(last)
    if start is None or end is None or start[0] is not end[0] or end[1] - start[1] > 5000:
        return tuple(dict.fromkeys((first, last)))
    return tuple(start[0].label(number) for number in range(start[1], end[1] + 1))
