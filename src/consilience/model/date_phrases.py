"""From what was said about a date to EDTF: the small grammar of phrases.

Nothing is guessed. A date without a year takes the reference year, or is refused; 12/05/2019 takes the declared order
of day and month, or is refused.

>>> to_edtf("between 3 and 9 April 2020")
'[2020-04-03..2020-04-09]'
>>> to_edtf("before 12 May", reference_year=2019)
'[..2019-05-11]'
"""

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from consilience.errors import ValueFormError
from consilience.model import edtf
from consilience.model.date_words import is_number, keywords

_UNKNOWN = "XXXX-XX-XX"
_BOUNDS = {"before", "after", "since", "until"}
_PART = {"early": 0, "mid": 1, "late": 2}
_SEASON = {"spring": 21, "summer": 22, "autumn": 23, "winter": 24, "q1": 33, "q2": 34, "q3": 35, "q4": 36}
_HEMISPHERE = {"north": 4, "south": 8}
_NUMERIC = re.compile("[-/.]")
_COMPACT_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)")


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a phrase says of one date; None where it is silent. `season` is a code of EDTF for a part of the year."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    season: int | None = None
    decade: bool = False


@dataclass(frozen=True, slots=True)
class _Phrase:
    """The words of one date, the whole phrase it stands in, and what the caller declared."""

    said: str
    reference_year: int | None
    day_first: bool | None


def to_edtf(said: str, *, reference_year: int | None = None, day_first: bool | None = None) -> str:
    """Return what was said about a date as EDTF.

    Args:
        said: words, in one of the languages of `date_words`, or a numeric date.
        reference_year: the year of a date that names none.
        day_first: whether 12/05/2019 is 12 May (True) or 5 December (False); None where nobody has declared it.

    Raises:
        ValueFormError: the words are not understood, or say less than a date needs.
    """
    tokens = keywords(said)
    if tokens == ["unknown"]:
        return _UNKNOWN
    phrase = _Phrase(said, reference_year, day_first)
    if "between" in tokens and ("and" in tokens or "to" in tokens):
        tokens = [word for word in tokens if word != "between"]
        first, last = _pair(_split_once(tokens, "and" if "and" in tokens else "to"), phrase)
        return _ordered(f"[{first}..{last}]")
    if "or" in tokens:
        return f"[{','.join(_shared(_split(tokens, 'or'), phrase))}]"
    return _one_or_span(tokens, phrase)


def _one_or_span(tokens: list[str], phrase: _Phrase) -> str:
    tokens = _without_hyphen(tokens)
    if "to" in tokens:
        first, last = _pair(_split_once([token for token in tokens if token not in {"from", "since"}], "to"), phrase)
        return _ordered(f"{first}/{last}")
    tokens = ["since" if word == "from" else word for word in tokens]
    bound = _BOUNDS.intersection(tokens)
    if len(bound) == 1:
        return _bounded(bound.pop(), tokens, phrase)
    return _qualified(tokens, phrase)


def _without_hyphen(tokens: list[str]) -> list[str]:
    """Take off the hyphen of "mid-June" and "mi-juin", which joins and does not span."""
    pairs = zip(["", *tokens], tokens, strict=False)
    return [word for before, word in pairs if word != "to" or before not in _PART]


def _bounded(bound: str, tokens: list[str], phrase: _Phrase) -> str:
    reading = edtf.read(_qualified([token for token in tokens if token != bound], phrase))
    if reading.earliest is None or reading.latest is None:
        raise _not_understood(phrase)
    if bound in {"before", "until"}:
        day = _shifted(reading.earliest, -1, phrase) if bound == "before" else reading.latest
        return f"[..{day.isoformat()}]"
    day = _shifted(reading.latest, 1, phrase) if bound == "after" else reading.earliest
    return f"[{day.isoformat()}..]"


def _shifted(day: date, days: int, phrase: _Phrase) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise _not_understood(phrase) from None


def _qualified(tokens: list[str], phrase: _Phrase) -> str:
    plain, mark = _mark(tokens)
    return _render(_completed(_parts(plain, phrase), phrase), plain, phrase) + mark


def _mark(tokens: list[str]) -> tuple[list[str], str]:
    about, doubt = "about" in tokens, "doubt" in tokens
    plain = [token for token in tokens if token not in {"about", "doubt"}]
    return plain, {(False, False): "", (True, False): "~", (False, True): "?", (True, True): "%"}[about, doubt]


def _pair(halves: list[list[str]], phrase: _Phrase) -> list[str]:
    if len(halves) != 2 or not all(halves):
        raise _not_understood(phrase)
    return _shared(halves, phrase)


def _shared(groups: list[list[str]], phrase: _Phrase) -> list[str]:
    """Return several dates as EDTF; a date takes the year (and a bare day the month) that the others name."""
    marked = [_mark(group) for group in groups]
    parts = [_parts(plain, phrase) for plain, _ in marked]
    years, months = ({getattr(part, name) for part in parts} - {None} for name in ("year", "month"))
    shared = [
        replace(
            part,
            year=part.year or (years.copy().pop() if len(years) == 1 else None),
            month=part.month or (months.copy().pop() if len(months) == 1 and part.day else None),
        )
        for part in parts
    ]
    return [
        _render(_completed(part, phrase), plain, phrase) + mark
        for part, (plain, mark) in zip(shared, marked, strict=True)
    ]


def _parts(tokens: list[str], phrase: _Phrase) -> _Parts:
    """Return the parts of one date; its words may come in any order."""
    parts = _Parts(decade="decade" in tokens)
    south_or_north = sum(_HEMISPHERE.get(token, 0) for token in tokens)
    for token in tokens:
        if is_number(token):
            parts = _with_number(parts, token, phrase)
        elif token in _SEASON and parts.season is None:
            season = _SEASON[token]
            parts = replace(parts, season=season + south_or_north if season <= 24 else season)
        elif token[0] == "m" and token[1:].isdigit() and parts.month is None:
            parts = replace(parts, month=_checked_month(int(token[1:]), phrase))
        elif token not in _PART and token not in _HEMISPHERE and token not in {"decade", "week"}:
            raise _not_understood(phrase)
    return parts


def _with_number(parts: _Parts, token: str, phrase: _Phrase) -> _Parts:
    """Add a year, a day or a whole numeric date; refuse what is already there."""
    if compact := _COMPACT_DAY.fullmatch(token):
        year, month, day = map(int, compact.groups())
        found = {"year": year, "month": month, "day": day}
    elif not token.isdigit():
        found = _numeric(token, phrase)
    else:
        found = {"year" if len(token) == 4 else "day": int(token)}
    if len(token) == 3 or any(getattr(parts, name) is not None for name in found):
        raise _not_understood(phrase)
    return replace(parts, **found)  # type: ignore[arg-type]


def _numeric(token: str, phrase: _Phrase) -> dict[str, int]:
    pieces = _NUMERIC.split(token)
    numbers = [int(piece) for piece in pieces]
    if len(pieces[0]) == 4:
        found = dict(zip(("year", "month", "day"), numbers, strict=False))
    elif len(numbers) == 2:
        found = {"month": numbers[0], "year": numbers[1]}
    else:
        found = {**_day_and_month(numbers[0], numbers[1], phrase), "year": numbers[2]}
    _checked_month(found["month"], phrase)
    return found


def _checked_month(month: int, phrase: _Phrase) -> int:
    """Among words, 24 is never a season of EDTF: 24/2019 is a mistake, not the winter of 2019."""
    if not 1 <= month <= 12:
        raise ValueFormError("There is no such month in the calendar", found=phrase.said, expected="01 to 12")
    return month


def _day_and_month(first: int, second: int, phrase: _Phrase) -> dict[str, int]:
    day_first = phrase.day_first
    if day_first is None and (first == second or max(first, second) > 12):
        day_first = first >= second
    if day_first is None:
        raise ValueFormError(
            "The order of day and month is not declared",
            found=phrase.said,
            expected="a date that can be read in one way only",
            remedy="Declare whether the day or the month comes first.",
        )
    return {"day": first, "month": second} if day_first else {"day": second, "month": first}


def _completed(parts: _Parts, phrase: _Phrase) -> _Parts:
    if parts.year is None and (parts.month is not None or parts.season is not None):
        if phrase.reference_year is None:
            raise ValueFormError(
                "The date names no year",
                found=phrase.said,
                expected="a year, such as in 12 May 2019",
                remedy="Write the year, or declare the year the source speaks of.",
            )
        parts = replace(parts, year=phrase.reference_year)
    if parts.year is None or (parts.day is not None and parts.month is None):
        raise _not_understood(phrase)
    _refuse_hijri(parts.year, phrase)
    return parts


def _refuse_hijri(year: int, phrase: _Phrase) -> None:
    """A year such as 1398 or 1440 in a text of the region may be solar or lunar Hijri: never guessed."""
    if 1300 <= year < 1500 and not phrase.said.isascii():
        raise ValueFormError(
            "The year may be one of another calendar",
            found=phrase.said,
            expected="a year of the Gregorian calendar",
            remedy="Convert the date before it is read.",
        )


def _render(parts: _Parts, tokens: list[str], phrase: _Phrase) -> str:
    third = next((_PART[token] for token in tokens if token in _PART), None)
    if third is not None:
        return _third(parts, third, phrase)
    if "week" in tokens:
        return _week(parts, phrase)
    return _unit(parts)


def _unit(parts: _Parts) -> str:
    year = f"{parts.year:04}"
    if parts.decade:
        return f"{year[:3]}X"
    if parts.season is not None:
        return f"{year}-{parts.season}"
    text = year if parts.month is None else f"{year}-{parts.month:02}"
    return text if parts.day is None else f"{text}-{parts.day:02}"


def _third(parts: _Parts, third: int, phrase: _Phrase) -> str:
    """Return the early, middle or late part: ten days of a month, four months of a year, years of a decade."""
    if parts.year is None or parts.day is not None or parts.season is not None:
        raise _not_understood(phrase)
    if parts.decade:
        first, last = ((0, 3), (4, 6), (7, 9))[third]
        decade = parts.year // 10 * 10
        return f"[{decade + first:04}..{decade + last:04}]"
    if parts.month is None:
        return f"[{parts.year:04}-{4 * third + 1:02}..{parts.year:04}-{4 * third + 4:02}]"
    edtf.read(_unit(parts))
    length = calendar.monthrange(parts.year, parts.month)[1]
    first, last = ((1, 10), (11, 20), (21, length))[third]
    return f"[{_unit(replace(parts, day=first))}..{_unit(replace(parts, day=last))}]"


def _week(parts: _Parts, phrase: _Phrase) -> str:
    """Return the week, Monday to Sunday, that holds the day."""
    day = edtf.read(_unit(parts)).earliest
    if day is None or parts.day is None:
        raise _not_understood(phrase)
    monday = _shifted(day, -day.weekday(), phrase)
    return f"[{monday.isoformat()}..{_shifted(monday, 6, phrase).isoformat()}]"


def _split(tokens: list[str], at: str) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for token in tokens:
        if token == at:
            groups.append([])
        else:
            groups[-1].append(token)
    return groups


def _split_once(tokens: list[str], at: str) -> list[list[str]]:
    where = tokens.index(at)
    return [tokens[:where], tokens[where + 1 :]]


def _ordered(text: str) -> str:
    edtf.read(text)
    return text


def _not_understood(phrase: _Phrase) -> ValueFormError:
    return ValueFormError(
        "The date is not understood",
        found=phrase.said,
        expected='a date such as 2019-03-15, 15 March 2019, "about March 2019", "2019 or 2020", "before 12 May 2019", '
        '"early June 2021", "between 3 and 9 April 2020"',
    )
