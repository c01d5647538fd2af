"""Dates of a mapping as SQL expressions: what was said, EDTF, earliest and latest day, precision.

Whole ISO dates are read by the engine; everything else ("March 2019", 03/04/2021, "2019 or 2020") is read once for
each different text by `model.period`.
"""

from dataclasses import dataclass

from consilience.errors import ValueFormError
from consilience.harmonise.expression import NOTHING, Translator
from consilience.harmonise.mapping import PeriodForm, Value
from consilience.harmonise.recode import Recoder
from consilience.harmonise.residue import residue
from consilience.model.period import Period

_BETWEEN = "\x1f"
_DAY = "CAST(NULL AS DATE)"


@dataclass(frozen=True, slots=True)
class DateSql:
    """The five expressions of a date."""

    said: str
    edtf: str
    earliest: str
    latest: str
    precision: str

    def columns(self, prefix: str) -> dict[str, str]:
        """Return them by the shared columns' names."""
        parts = ("said", "edtf", "earliest", "latest", "precision")
        return {f"{prefix}_{part}": getattr(self, part) for part in parts}


NO_DATE = DateSql(NOTHING, NOTHING, _DAY, _DAY, NOTHING)


def date(recode: Recoder, form: PeriodForm | None, when: str, n: str = "") -> DateSql:
    """Return the expressions of a date; what cannot be understood rejects the row."""
    if form is None:
        return NO_DATE
    of = recode.of
    texts = [of.text(value, n) for value in form.period] if form.period else [_assembled(of, form, n)]
    source = of.columns.mapping.source
    day_first = form.day_first if form.day_first is not None else source.day_first
    read = _Reader(day_first, source.year, form.either_order)
    origin = form.period or tuple(value for value in (form.year, form.month, form.day) if value)
    found = _one(of, origin, texts[0], read, when, n) if len(texts) == 1 else _two(of, origin, texts, read, when, n)
    of.require(origin, found.said, when, n, required=form.required)
    if form.precision is None:
        return found
    return _with_precision(found, recode.code(form.precision, "DATE_PRECISION", n), widen=len(texts) == 1)


def _assembled(of: Translator, form: PeriodForm, n: str) -> str:
    """Return year, month and day as the beginning of an ISO date; a missing month cuts off the day too."""
    year, month, day = (of.text(part, n) for part in (form.year, form.month, form.day))
    padded = [f"CASE WHEN length({part}) = 1 THEN '0' || {part} ELSE {part} END" for part in (month, day)]
    return f"{year} || coalesce('-' || {padded[0]} || coalesce('-' || {padded[1]}, ''), '')"


def _iso(of: Translator, text: str) -> str:
    """Return the day of a whole ISO date, NULL for everything else.

    The first test is cheap and spares the engine most casts that fail, which are dear. The second makes sure.
    """
    likely = f"length({text}) = 10 AND substr({text}, 5, 1) = '-' AND substr({text}, 8, 1) = '-'"
    day = of.derive(f"CASE WHEN {likely} THEN TRY_CAST({text} AS DATE) END")
    return of.derive(f"CASE WHEN CAST({day} AS VARCHAR) = {text} THEN {day} END")


def _one(of: Translator, values: tuple[Value, ...], text: str, read: "_Reader", when: str, n: str) -> DateSql:
    day = _iso(of, text)
    exact = f"CASE WHEN {day} IS NOT NULL THEN "
    parts = residue(of, text, f"{text} IS NOT NULL AND {day} IS NULL", read.one, 4)
    if parts is None:
        return DateSql(text, f"{exact}{text} END", day, day, f"{exact}'DAY' END")
    edtf, earliest, latest, precision = parts
    of.refuse(f"{when} AND {text} IS NOT NULL AND {day} IS NULL AND {precision} IS NULL", values, _EXPECTED, text, n)
    return DateSql(
        text,
        f"{exact}{text} ELSE {edtf} END",
        f"coalesce({day}, CAST({earliest} AS DATE))",
        f"coalesce({day}, CAST({latest} AS DATE))",
        f"{exact}'DAY' ELSE {precision} END",
    )


def _two(of: Translator, values: tuple[Value, ...], texts: list[str], read: "_Reader", when: str, n: str) -> DateSql:
    start, end = of.stage.together(*texts)
    days = [_iso(of, text) for text in (start, end)]
    first = of.derive(f"CASE WHEN {start} IS NULL THEN {days[1]} ELSE {days[0]} END")
    last = of.derive(f"CASE WHEN {end} IS NULL THEN {days[0]} ELSE {days[1]} END")
    if read.either_order:
        first, last = (
            of.derive(f"CASE WHEN {first} IS NOT NULL AND {last} IS NOT NULL THEN {pick}({first}, {last}) END")
            for pick in ("least", "greatest")
        )
    straight = f"CASE WHEN {first} <= {last} THEN "
    said = f"CASE WHEN {start} = {end} THEN {start} ELSE nullif(concat_ws(' / ', {start}, {end}), '') END"
    interval = (
        f"CASE WHEN {first} = {last} THEN CAST({first} AS VARCHAR) "
        f"ELSE CAST({first} AS VARCHAR) || '/' || CAST({last} AS VARCHAR) END"
    )
    kind = f"CASE WHEN {first} = {last} THEN 'DAY' ELSE 'RANGE' END"
    key = of.derive(f"coalesce({start}, '') || '{_BETWEEN}' || coalesce({end}, '')")
    left = f"coalesce({start}, {end}) IS NOT NULL AND coalesce({first} <= {last}, FALSE) = FALSE"
    parts = residue(of, key, left, read.two, 4)
    if parts is None:
        return DateSql(
            said,
            f"{straight}{interval} END",
            f"{straight}{first} END",
            f"{straight}{last} END",
            f"{straight}{kind} END",
        )
    edtf, earliest, latest, precision = parts
    shown = f"concat_ws(' / ', {start}, {end})"
    of.refuse(f"{when} AND {left} AND {precision} IS NULL", values, f"{_EXPECTED}; the earlier first", shown, n)
    return DateSql(
        said,
        f"{straight}{interval} ELSE {edtf} END",
        f"{straight}{first} ELSE CAST({earliest} AS DATE) END",
        f"{straight}{last} ELSE CAST({latest} AS DATE) END",
        f"{straight}{kind} ELSE {precision} END",
    )


_EXPECTED = (
    "a date, such as 2021-04-03, April 2021 or about 2019; 03/04/2021 only where day_first is declared, "
    "12 May only where source.year is"
)


def _with_precision(found: DateSql, stated: str, *, widen: bool) -> DateSql:
    """Return the date with the precision the source states; a lone day is widened to its week, month or year."""
    precision = f"CASE WHEN {found.earliest} IS NOT NULL THEN coalesce({stated}, {found.precision}) END"
    if not widen:
        return DateSql(found.said, found.edtf, found.earliest, found.latest, precision)
    day = f"({found.precision}) = 'DAY' AND {stated}"
    first, last = (_widened(day, bound, at) for at, bound in ((0, found.earliest), (1, found.latest)))
    edtf = (
        f"CASE WHEN {day} = 'MONTH' THEN substr({found.edtf}, 1, 7) "
        f"WHEN {day} = 'YEAR' THEN substr({found.edtf}, 1, 4) "
        f"WHEN {day} = 'WEEK' THEN CAST({first} AS VARCHAR) || '/' || CAST({last} AS VARCHAR) ELSE {found.edtf} END"
    )
    return DateSql(found.said, edtf, first, last, precision)


def _widened(day: str, bound: str, at: int) -> str:
    week = "- 3" if at == 0 else "+ 3"
    month, year = (f"CAST(date_trunc('{unit}', {bound}) AS DATE)" for unit in ("month", "year"))
    if at:
        month = f"last_day({bound})"
        year = f"CAST(date_trunc('year', {bound}) + INTERVAL 1 YEAR - INTERVAL 1 DAY AS DATE)"
    return (
        f"CASE WHEN {day} = 'WEEK' THEN {bound} {week} WHEN {day} = 'MONTH' THEN {month} "
        f"WHEN {day} = 'YEAR' THEN {year} ELSE {bound} END"
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one text, or a start and an end, with the model."""

    day_first: bool | None
    year: int | None
    either_order: bool

    def _period(self, text: str) -> Period:
        return Period.parse(text, reference_year=self.year, day_first=self.day_first)

    def one(self, text: str) -> tuple[str | None, ...] | None:
        try:
            return _parts(self._period(text))
        except ValueFormError:
            return None

    def two(self, key: str) -> tuple[str | None, ...] | None:
        start, _, end = key.partition(_BETWEEN)
        if not (start and end) or start == end:
            return self.one(start or end)
        try:
            first, last = (self._period(text) for text in (start, end))
            if self.either_order and first.earliest and last.earliest and last.earliest < first.earliest:
                first, last = last, first
            return _parts(Period.between(first.earliest, last.latest))
        except ValueFormError:
            return None


def _parts(period: Period) -> tuple[str | None, ...]:
    days = (day.isoformat() if day else None for day in (period.earliest, period.latest))
    return (period.edtf, *days, period.precision.value)
