"""Import of a HURIDOCS micro-thesaurus from an OpenEvSys database dump (SQL), which the caller brings along.

None of the thesauri's text is part of this package. A term's code has 14 digits: two for each of six levels, then
two for the number of the list. The parent of a term follows from its code. Which columns hold the labels is declared
by the caller, counted from 1, since dumps differ.

>>> dump = "INSERT INTO mt VALUES ('01000000000004','Top','Haut'),('01020000000004','It''s below','Dessous');"
>>> terms = codelist_from_dump(dump, 4, labels={"en": 2, "fr": 3}, id="TERMS", version="1")
>>> [(code.id, code.parent, code.label()) for code in terms]
[('010000000000', None, 'Top'), ('010200000000', '010000000000', "It's below")]
"""

import re
from collections.abc import Iterator, Mapping

from consilience.errors import StandardError
from consilience.standards.check import check_codelist
from consilience.standards.codelist import Code, Codelist
from consilience.standards.faults import raise_if_any

_INSERT = re.compile(r"\bINSERT\s+INTO\b[^;']*?\bVALUES\b", re.IGNORECASE)
_VALUE = re.compile(r"\s*(?:'((?:[^'\\]|''|\\.)*)'|([^,()'\s]+))\s*([,)])", re.DOTALL)
_TERM = re.compile(r"\d{12}(\d{2})")
_ESCAPE = re.compile(r"''|\\(.)", re.DOTALL)


def codelist_from_dump(text: str, list_number: int, *, labels: Mapping[str, int], id: str, version: str) -> Codelist:  # noqa: A002
    """Return one micro-thesaurus of a dump.

    Args:
        text: the SQL.
        list_number: 1 to 99, such as 4 for types of acts.
        labels: language to number of the column that holds its label, counted from 1.
        id: the id the list gets.
        version: its version.

    Raises:
        StandardError: the dump holds no term of that list, or its terms have faults.
    """
    codes = []
    for row in _rows(text):
        term = next(
            (value for value in row if (match := _TERM.fullmatch(value)) and int(match[1]) == list_number), None
        )
        if term is not None:
            codes.append(Code(term[:12], _labels(row, labels), None))
    if not codes:
        raise StandardError(
            f"The dump holds no term of list {list_number}",
            expected="INSERT statements with codes of 14 digits that end in the number of the list",
        )
    known = {code.id for code in codes}
    placed = tuple(Code(code.id, code.labels, _parent(code.id, known)) for code in codes)
    codelist = Codelist(id, version, {"en": f"HURIDOCS micro-thesaurus {list_number}"}, placed)
    raise_if_any(check_codelist(codelist, "dump"))
    return codelist


def _parent(code: str, known: set[str]) -> str | None:
    """Return the nearest code above that the list has: the last level that is not 00 is set to 00."""
    levels = [code[at : at + 2] for at in range(0, 12, 2)]
    for at in range(5, 0, -1):
        levels[at] = "00"
        above = "".join(levels)
        if above != code and above in known:
            return above
    return None


def _labels(row: list[str], columns: Mapping[str, int]) -> dict[str, str]:
    return {language: row[at - 1].strip() for language, at in columns.items() if at <= len(row) and row[at - 1].strip()}


def _rows(text: str) -> Iterator[list[str]]:
    for statement in _INSERT.finditer(text):
        at = statement.end()
        while (opening := re.compile(r"\s*,?\s*\(").match(text, at)) is not None:
            row, at = _row(text, opening.end())
            yield row


def _row(text: str, at: int) -> tuple[list[str], int]:
    """Return the values of one row and where it ends; quotes are unescaped, NULL is empty."""
    row = []
    while (value := _VALUE.match(text, at)) is not None:
        quoted, bare, closing = value.groups()
        plain = _ESCAPE.sub(lambda match: match[1] or "'", quoted) if quoted is not None else bare
        row.append("" if quoted is None and bare.upper() == "NULL" else plain)
        at = value.end()
        if closing == ")":
            return row, at
    raise StandardError("The dump breaks off inside a row", expected="quoted or plain values in parentheses")
