"""Writers of the organisations' files: delimited text in any encoding, JSON Lines, spreadsheets.

Rows arrive as Arrow columns and leave as one block of bytes, so the cost is that of copying text. A broken row stands
in the file as its organisation would have broken it: two cells too many in CSV, a line of JSON cut short, a number
typed into the wrong cell of a sheet.

A spreadsheet of more than `SHEET_LIMIT` rows is written as CSV instead, as people do whose sheets have grown too long.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol, Self

import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter

from consilience.demo.organisations import FileHabit, Organisation

SHEET_LIMIT = 200_000
"""Rows beyond which an organisation gives up its spreadsheet for CSV."""

_SURPLUS = ("see sheet 2", "checked")
_MADE_ON = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)

Columns = Mapping[str, pa.Array]


class ListWriter(Protocol):
    """Takes the rows of one list, piece by piece."""

    path: Path

    def write(self, columns: Columns, broken: pa.Array) -> None:
        """Add rows; `broken` tells which of them get the wrong number of columns."""

    def close(self) -> None:
        """Finish the file."""


def open_list(folder: Path, organisation: Organisation) -> ListWriter:
    """Open the file of one organisation's list in `folder`."""
    if organisation.file.format == "jsonl":
        return _TextWriter(folder / f"{organisation.id}.jsonl", organisation.file, "", _json_lines)
    if organisation.file.format == "xlsx":
        return _SheetWriter(folder / f"{organisation.id}.xlsx", organisation)
    return _delimited(folder, organisation)


def _delimited(folder: Path, organisation: Organisation) -> "_TextWriter":
    habit = organisation.file
    header = habit.delimiter.join(organisation.headers) + habit.newline
    return _TextWriter(
        folder / f"{organisation.id}.csv",
        habit,
        header,
        lambda columns, broken: _delimited_lines(columns, broken, habit),
    )


class _Lines(Protocol):
    def __call__(self, columns: Columns, broken: pa.Array, /) -> pa.Array: ...


class _TextWriter:
    """Writes lines of text in the habit's encoding."""

    def __init__(self, path: Path, habit: FileHabit, header: str, lines: _Lines) -> None:
        self.path = path
        self._habit = habit
        self._lines = lines
        self._file: BinaryIO = path.open("wb")
        self._file.write(header.encode(habit.encoding))

    def write(self, columns: Columns, broken: pa.Array) -> None:
        text = _joined(pc.binary_join_element_wise(self._lines(columns, broken), self._habit.newline, ""))
        # UTF-8 needs no second pass.
        utf8 = self._habit.encoding == "utf-8"
        self._file.write(text if utf8 else str(text, "utf-8").encode(self._habit.encoding))

    def close(self) -> None:
        self._file.close()


def _joined(texts: pa.Array) -> memoryview:
    """Return the texts of an array, without gaps, as they lie in its buffer."""
    whole = pa.concat_arrays([texts.cast(pa.large_string())])
    offsets = memoryview(whole.buffers()[1]).cast("q")
    return memoryview(whole.buffers()[2])[offsets[whole.offset] : offsets[whole.offset + len(whole)]]


def _delimited_lines(columns: Columns, broken: pa.Array, habit: FileHabit) -> pa.Array:
    cells = [_quoted(texts, habit.delimiter) for texts in columns.values()]
    lines = pc.binary_join_element_wise(*cells, habit.delimiter, null_handling="replace", null_replacement="")
    surplus = habit.delimiter + habit.delimiter.join(_SURPLUS)
    return pc.if_else(broken, pc.binary_join_element_wise(lines, surplus, ""), lines)


def _quoted(texts: pa.Array, delimiter: str) -> pa.Array:
    needs = pc.fill_null(pc.match_substring(texts, delimiter), fill_value=False)
    return pc.if_else(needs, pc.binary_join_element_wise('"', texts, '"', ""), texts)


def _json_lines(columns: Columns, broken: pa.Array) -> pa.Array:
    # Every text here is made of letters, digits and plain signs, so none needs escaping.
    members = [
        pc.coalesce(pc.binary_join_element_wise(f'"{name}": "', texts, '"', ""), f'"{name}": null')
        for name, texts in columns.items()
    ]
    inside = pc.binary_join_element_wise(*members, ", ")
    lines = pc.binary_join_element_wise("{", inside, "}", "")
    return pc.if_else(broken, pc.utf8_slice_codeunits(lines, 0, 40), lines)


class _SheetWriter:
    """Keeps rows until the end and writes a workbook; beyond the limit, passes everything on to CSV."""

    def __init__(self, path: Path, organisation: Organisation) -> None:
        self.path = path
        self._organisation = organisation
        self._kept: list[tuple[Columns, pa.Array]] = []
        self._rows = 0
        self._text: _TextWriter | None = None

    def write(self, columns: Columns, broken: pa.Array) -> None:
        self._kept.append((columns, broken))
        self._rows += len(broken)
        if self._rows > SHEET_LIMIT:
            self._pass_on()

    def _pass_on(self) -> None:
        if self._text is None:
            self._text = _delimited(self.path.parent, self._organisation)
            self.path = self._text.path
        for columns, broken in self._kept:
            self._text.write(columns, broken)
        self._kept.clear()

    def close(self) -> None:
        if self._text is not None:
            self._text.close()
        else:
            self._write_workbook()

    def _write_workbook(self) -> None:
        with _Workbook(self.path) as book:
            sheet = book.add_worksheet("Register")
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            broken = pa.concat_arrays([broken for _, broken in self._kept])
            for number, column in enumerate(self._organisation.columns):
                texts = pa.concat_arrays([columns[column.header] for columns, _ in self._kept])
                sheet.write(0, number, column.header)
                if column.says == "record_id":
                    # A row broken in a sheet: its number was typed beyond the last column.
                    astray = pc.if_else(broken, texts, None)
                    sheet.write_column(1, len(self._organisation.columns), astray.to_pylist())
                    texts = pc.if_else(broken, None, texts)
                if column.says in {"date_from", "date_to", "reported"}:
                    sheet.write_column(1, number, _as_dates(texts), day)
                else:
                    sheet.write_column(1, number, texts.to_pylist())


def _as_dates(texts: pa.Array) -> Sequence[dt.date | str | None]:
    """Turn ISO dates into dates for the cells of a sheet; an impossible one stays the text it is."""
    days = pc.strptime(texts, format="%Y-%m-%d", unit="s", error_is_null=True)
    # strptime lets 31 November pass as 1 December; only a date that reads the same again is one.
    real = pc.equal(pc.strftime(days, format="%Y-%m-%d"), texts)
    dates: list[dt.date | str | None] = pc.if_else(real, days, None).cast(pa.date32()).to_pylist()
    for number in pc.indices_nonzero(pc.fill_null(pc.invert(real), fill_value=False)).to_pylist():
        dates[number] = texts[number].as_py()
    return dates


class _Workbook(xlsxwriter.Workbook):  # type: ignore[misc]  # the library is untyped
    """A workbook that holds no moment of its making and turns no text into a formula, number or link."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            str(path),
            {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False},
        )
        self.set_properties({"created": _MADE_ON})

    def __enter__(self) -> Self:
        return self
