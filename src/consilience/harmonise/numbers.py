"""Numbers, ages and days as SQL expressions. What cannot be read rejects the row."""

from consilience.engine.base import quote_literal
from consilience.errors import ValueFormError
from consilience.harmonise.expression import Translator
from consilience.harmonise.mapping import AgeForm, Value
from consilience.harmonise.residue import residue
from consilience.model.age import Age

INTEGER = "CAST(NULL AS BIGINT)"
NUMBER = "CAST(NULL AS DOUBLE)"


def count(of: Translator, value: Value | None, when: str, n: str = "") -> str:
    """Return a whole number that is not negative."""
    if value is None:
        return INTEGER
    text = _plain_digits(of, value, n)
    digits = of.derive(f"TRY_CAST({text} AS BIGINT)")
    sql = of.derive(
        f"CASE WHEN CAST({digits} AS VARCHAR) = {text} THEN {digits} "
        f"WHEN regexp_matches({text}, '^[0-9]{{1,15}}([.]0*)?$') THEN CAST(TRY_CAST({text} AS DOUBLE) AS BIGINT) END"
    )
    bad = f"{when} AND {text} IS NOT NULL AND ({sql} IS NULL OR {sql} < 0)"
    of.refuse(bad, (value,), "a whole number, not negative", text, n)
    of.require((value,), text, when, n)
    return sql


def degrees(of: Translator, value: Value | None, limit: int, when: str, n: str = "") -> str:
    """Return degrees of latitude (limit 90) or longitude (limit 180)."""
    if value is None:
        return NUMBER
    text = _plain_digits(of, value, n)
    sql = of.derive(f"TRY_CAST({text} AS DOUBLE)")
    bad = f"{when} AND {text} IS NOT NULL AND coalesce({sql} NOT BETWEEN -{limit} AND {limit}, TRUE)"
    of.refuse(bad, (value,), f"degrees from -{limit} to {limit}", text, n)
    of.require((value,), text, when, n)
    return sql


def _plain_digits(of: Translator, value: Value, n: str) -> str:
    text = of.text(value, n)
    if value.thousands:
        text = f"replace({text}, {quote_literal(value.thousands)}, '')"
    return text if value.decimal == "." else f"replace({text}, {quote_literal(value.decimal)}, '.')"


def age(of: Translator, form: AgeForm | None, when: str, n: str = "") -> dict[str, str]:
    """Return `age_said`, `age_low` and `age_high`; whole years are read by the engine, words by `model.age`."""
    if form is None:
        return {"age_said": "CAST(NULL AS VARCHAR)", "age_low": NUMBER, "age_high": NUMBER}
    texts = [of.text(value, n) for value in form.age]
    lows, highs = zip(
        *(_bounds(of, value, text, when, n) for value, text in zip(form.age, texts, strict=True)), strict=True
    )
    of.require(form.age, f"coalesce({', '.join(texts)}, NULL)", when, n, required=form.required)
    if len(texts) == 1:
        return {"age_said": texts[0], "age_low": lows[0], "age_high": highs[0]}
    low, high = f"coalesce({lows[0]}, {lows[1]})", f"coalesce({highs[1]}, {highs[0]})"
    of.refuse(
        f"{when} AND {low} > {high}", form.age, "the younger age first", f"concat_ws(' to ', {', '.join(texts)})", n
    )
    return {"age_said": f"nullif(concat_ws(' to ', {', '.join(texts)}), '')", "age_low": low, "age_high": high}


def _bounds(of: Translator, value: Value, text: str, when: str, n: str) -> tuple[str, str]:
    years = of.derive(f"CASE WHEN length({text}) <= 3 THEN TRY_CAST({text} AS UTINYINT) END")
    whole = of.derive(
        f"CASE WHEN CAST({years} AS VARCHAR) = {text} AND {years} <= 130 THEN CAST({years} AS DOUBLE) END"
    )
    words = residue(of, text, f"{text} IS NOT NULL AND {whole} IS NULL", _parts_of_age, 3)
    if words is None:
        return whole, whole
    low, high, understood = words
    bad = f"{when} AND {text} IS NOT NULL AND {whole} IS NULL AND {understood} IS NULL"
    of.refuse(bad, (value,), "an age, such as 25, 25-30, under 18 or about 40", text, n)
    return f"coalesce({whole}, TRY_CAST({low} AS DOUBLE))", f"coalesce({whole}, TRY_CAST({high} AS DOUBLE))"


def _parts_of_age(text: str) -> tuple[str | None, ...] | None:
    try:
        parsed = Age.parse(text)
    except ValueFormError:
        return None
    bounds = tuple(None if bound is None else str(bound) for bound in (parsed.low, parsed.high))
    return (*bounds, parsed.precision.value)
