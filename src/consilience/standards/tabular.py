"""Codelists as CSV: `code, parent, valid_from, valid_to, low, high, label_<language>..., definition_<language>...`.

Reading reports every fault with its line. Writing puts an apostrophe before a text that a spreadsheet would run as a
formula; reading takes it off again.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date

from consilience.standards.check import check_codelist
from consilience.standards.codelist import Code, Codelist
from consilience.standards.faults import Fault, FaultyFileError, raise_if_any

_FIXED = ("code", "parent", "valid_from", "valid_to", "low", "high")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def codelist_to_csv(codelist: Codelist) -> str:
    """Return the list as CSV text (RFC 4180, UTF-8, header line)."""
    labels = sorted({language for code in codelist for language in code.labels})
    definitions = sorted({language for code in codelist for language in code.definition})
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*_FIXED, *(f"label_{each}" for each in labels), *(f"definition_{each}" for each in definitions)])
    for code in codelist:
        fixed = (code.id, code.parent, code.valid_from, code.valid_to, code.low, code.high)
        texts = [*(code.labels.get(each) for each in labels), *(code.definition.get(each) for each in definitions)]
        writer.writerow([_shielded(value) for value in (*fixed, *texts)])
    return out.getvalue()


def codelist_from_csv(text: str, *, id: str, version: str, names: Mapping[str, str], file: str = "CSV") -> Codelist:  # noqa: A002
    """Return the list that a CSV text holds.

    Args:
        text: the CSV, with a header line.
        id: the id the list gets.
        version: its version.
        names: language to name of the list.
        file: what to call the text in faults.

    Raises:
        FaultyFileError: with every fault, each with its line.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    faults: list[Fault] = []
    try:
        raise_if_any(_header_faults(list(reader.fieldnames or []), file))
        codes = [_code(row, f"line {reader.line_num}", file, faults) for row in reader]
    except csv.Error as error:
        raise FaultyFileError([Fault(file, f"line {reader.line_num + 1}", str(error), "CSV")]) from error
    raise_if_any(faults)
    codelist = Codelist(id, version, names, tuple(codes))
    raise_if_any(check_codelist(codelist, file))
    return codelist


def _header_faults(columns: list[str], file: str) -> Iterator[Fault]:
    known = set(_FIXED)
    for column in columns:
        if column not in known and not column.startswith(("label_", "definition_")):
            expected = ", ".join((*_FIXED, "label_<language>", "definition_<language>"))
            yield Fault(file, "header", column or "an empty name", expected)
    if "code" not in columns:
        yield Fault(file, "header", ", ".join(columns) or "nothing", "a column named code")


def _code(row: Mapping[str, str | None], line: str, file: str, faults: list[Fault]) -> Code:
    values = {name: _unshielded(value) for name, value in row.items() if name and value}
    if not values.get("code"):
        faults.append(Fault(file, line, "no code", "a code"))
    if None in row:
        faults.append(Fault(file, line, "more fields than the header names", "one field a column"))
    days = {name: _day(values, name, line, file, faults) for name in ("valid_from", "valid_to")}
    numbers = {name: _number(values, name, line, file, faults) for name in ("low", "high")}
    labels = _texts(values, "label_")
    return Code(
        values.get("code", ""),
        labels,
        values.get("parent"),
        _texts(values, "definition_"),
        days["valid_from"],
        days["valid_to"],
        numbers["low"],
        numbers["high"],
    )


def _texts(values: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): text for name, text in values.items() if name.startswith(prefix)}


def _day(values: Mapping[str, str], name: str, line: str, file: str, faults: list[Fault]) -> date | None:
    if name not in values:
        return None
    try:
        return date.fromisoformat(values[name])
    except ValueError:
        faults.append(Fault(file, f"{line}, {name}", values[name], "a day such as 2019-03-15"))
        return None


def _number(values: Mapping[str, str], name: str, line: str, file: str, faults: list[Fault]) -> float | None:
    if name not in values:
        return None
    try:
        return float(values[name])
    except ValueError:
        faults.append(Fault(file, f"{line}, {name}", values[name], "a number"))
        return None


def _shielded(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) and not isinstance(value, float) else text


def _unshielded(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
