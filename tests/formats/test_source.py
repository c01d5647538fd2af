"""Every kind of file arrives as text columns with the lines they stand on in the file."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consilience.engine.duck import DuckEngine
from consilience.errors import FormatError
from consilience.formats.reading import Layout
from consilience.formats.source import kind_of, read_source


@pytest.fixture(scope="module")
def engine():
    with DuckEngine(threads=2) as engine:
        yield engine


def read(engine, path: Path, **layout):
    reading = read_source(engine, path, "stage", Layout(**layout), path.parent)
    return reading, engine.fetch("SELECT * FROM stage ORDER BY line").to_pylist()


def write(folder: Path, data: bytes | str, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_lines_hold_after_quoted_line_breaks_blank_lines_and_malformed_rows(engine, tmp_path):
    text = 'a,b\n1,x\n2,"two\nlines"\n\n3\n4,y,z\n5,"open\n6,"q"q\n7,end\n'
    reading, rows = read(engine, write(tmp_path, text))
    assert [(row["line"], row["c0"]) for row in rows] == [(2, "1"), (3, "2"), (10, "7")]
    assert rows[1]["c1"] == "two\nlines"
    bad = engine.fetch("SELECT line, found, raw FROM stage_malformed ORDER BY line").to_pylist()
    assert [(row["line"], row["found"], row["raw"]) for row in bad] == [
        (6, "1 columns", "3"),
        (7, "too many columns", "4,y,z"),
        (8, "a quotation mark that does not close", '5,"open'),
        (9, "a quotation mark that does not close", '6,"q"q'),
    ]
    assert (reading.rows, reading.malformed) == (7, 4)


CELL = st.text(alphabet='ab,;"\n é', max_size=6)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8), newline=st.sampled_from(["\n", "\r\n"]))
def test_every_cell_that_is_written_is_read_at_its_line(engine, tmp_path_factory, cells, newline):
    def quoted(cell):
        return '"' + cell.replace('"', '""') + '"'

    path = tmp_path_factory.mktemp("csv") / "list.csv"
    lines = ["a,b", *(f"{quoted('x' + a)},{quoted('y' + b)}" for a, b in cells)]
    path.write_bytes(newline.join(lines).encode())
    at, expected = 2, []
    for a, b in cells:
        expected.append((at, "x" + a, "y" + b))
        at += 1 + a.count("\n") + b.count("\n")
    _, rows = read(engine, path)
    assert [tuple(row.values()) for row in rows] == expected


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_detected_and_stated(engine, tmp_path, delimiter):
    reading, rows = read(engine, write(tmp_path, f"id{delimiter}what\n1{delimiter}x y, z\n".replace(", z", "")))
    assert reading.delimiter == delimiter
    assert rows == [{"line": 2, "c0": "1", "c1": "x y"}]


WORDS = "Ñandú,Peñaloza,Chillán,José Muñoz,Concepción,Más allá"


@pytest.mark.parametrize(
    ("encoding", "newline", "name"),
    [
        ("utf-8", "\n", "utf-8"),
        ("utf-8-sig", "\r\n", "utf-8-sig"),
        ("utf-16", "\n", "utf-16"),
        ("utf-16-le", "\n", "utf-16-le"),
        ("cp1252", "\r\n", "cp1252"),
        ("mac-roman", "\r", "mac_roman"),
    ],
)
def test_the_encoding_is_detected_and_stated(engine, tmp_path, encoding, newline, name):
    text = newline.join(["who,where", *(f"{word},x" for word in WORDS.split(","))] * 1)
    reading, rows = read(engine, write(tmp_path, text.encode(encoding)))
    assert reading.encoding == name
    assert reading.columns == ("who", "where")
    assert [row["c0"] for row in rows] == WORDS.split(",")
    assert [row["line"] for row in rows] == list(range(2, 8))


def test_cyrillic_and_arabic_code_pages_are_told_from_latin_ones(engine, tmp_path):
    text = "имя,место\n" + "Иванов Сергей Петрович,город Грозный\n" * 20
    reading, rows = read(engine, write(tmp_path, text.encode("cp1251")))
    assert reading.encoding == "cp1251"
    assert rows[0]["c0"] == "Иванов Сергей Петрович"


def test_a_declared_encoding_wins(engine, tmp_path):
    reading, rows = read(engine, write(tmp_path, "a\né\n".encode("cp850")), encoding="cp850")
    assert (reading.encoding, rows[0]["c0"]) == ("cp850", "é")


def test_stray_bytes_in_utf8_reject_their_rows_only(engine, tmp_path):
    _, rows = read(
        engine, write(tmp_path, "a,b\né,ü\n".encode() * 1 + "ñ,ç\n".encode() + b"\xff,x\n" + "ö,ä\n".encode())
    )
    assert [row["line"] for row in rows] == [2, 3, 5]
    assert engine.fetch("SELECT line, found FROM stage_malformed").to_pylist() == [
        {"line": 4, "found": "bytes that are not UTF-8"}
    ]


def test_nul_bytes_in_a_cell_are_read(engine, tmp_path):
    _, rows = read(engine, write(tmp_path, b"a,b\n1,x\x00y\n"))
    assert rows == [{"line": 2, "c0": "1", "c1": "x\x00y"}]


def test_mixed_line_ends_are_read(engine, tmp_path):
    _, rows = read(engine, write(tmp_path, b"a,b\r\n1,2\n3,4\r\n"))
    assert [row["c1"] for row in rows] == ["2", "4"]


def test_a_header_may_stand_further_down(engine, tmp_path):
    reading, rows = read(engine, write(tmp_path, "Report of 2021\n\na,b\n1,2\n"), header_row=3)
    assert (reading.columns, rows) == (("a", "b"), [{"line": 4, "c0": "1", "c1": "2"}])


def test_a_spreadsheet_is_read_with_its_row_numbers(engine, tmp_path):
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate([["id", "n", "when"], [1, 2.5, "x"], [], ["=cmd()", True, "2021-04-03"]]):
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    sheet.write_string(row, column, cell)
                else:
                    sheet.write(row, column, cell)
    reading, rows = read(engine, path)
    assert (reading.format, reading.rows) == ("xlsx", 2)
    assert rows == [
        {"line": 2, "c0": "1", "c1": "2.5", "c2": "x"},
        {"line": 4, "c0": "=cmd()", "c1": "true", "c2": "2021-04-03"},
    ]


def test_a_spreadsheet_under_a_wrong_name_is_read_as_what_it_is(engine, tmp_path):
    path = tmp_path / "list.csv"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_column(0, 0, ["a", "b"])
    assert read(engine, path)[0].format == "xlsx"


def test_json_lines_are_read_with_their_lines_and_all_keys(engine, tmp_path):
    text = '{"a": 1, "b": {"x": 1}}\n\nnot json\n{"c": "é", "a": null}\n'
    reading, rows = read(engine, write(tmp_path, text, "list.jsonl"))
    assert reading.columns == ("a", "b", "c")
    assert rows == [
        {"line": 1, "c0": "1", "c1": '{"x":1}', "c2": None},
        {"line": 4, "c0": None, "c1": None, "c2": "é"},
    ]
    assert engine.fetch("SELECT line, raw FROM stage_malformed").to_pylist() == [{"line": 3, "raw": "not json"}]


def test_a_json_array_in_one_line_is_read(engine, tmp_path):
    objects = [{"a": str(n), "b": "x" * 300} for n in range(10_000)]
    reading, rows = read(engine, write(tmp_path, json.dumps(objects), "list.json"))
    assert (reading.rows, rows[9_999]["line"], rows[9_999]["c0"]) == (10_000, 10_000, "9999")


def test_parquet_is_read_as_text_with_row_numbers(engine, tmp_path):
    path = tmp_path / "list.parquet"
    pq.write_table(pa.table({"n": [1, 2], "d": pa.array(["2021-01-01", None]).cast(pa.date32())}), path)
    reading, rows = read(engine, path)
    assert reading.columns == ("n", "d")
    assert rows == [{"line": 1, "c0": "1", "c1": "2021-01-01"}, {"line": 2, "c0": "2", "c1": None}]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("list.csv", b"", "is empty"),
        ("list.csv", b"a,b\n", "holds no row"),
        ("list.csv", b"\n\n", "has no header"),
        ("list.csv", b"a,b,A\n1,2,3\n", "two columns of the same name"),
        ("list.csv", bytes(range(256)) * 40, "is not text"),
        ("list.csv", b"%PDF-1.7 and so on", "is no list"),
        ("list.xlsx", b"PK\x03\x04 but no workbook", "cannot be read as a spreadsheet"),
        ("list.json", b"{ not json\n", "cannot be read as JSON"),
        ("list.json", b"[1, 2]", "cannot be read as JSON"),
        ("list.parquet", b"PAR1 cut short", "no whole Parquet file"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(engine, tmp_path, name, data, says):
    with pytest.raises(FormatError) as caught:
        read(engine, write(tmp_path, data, name))
    assert says in str(caught.value)
    assert caught.value.remedy.endswith(".")


def test_a_truncated_parquet_file_is_refused(engine, tmp_path):
    path = tmp_path / "list.parquet"
    pq.write_table(pa.table({"n": list(range(1000))}), path)
    path.write_bytes(path.read_bytes()[:-200] + b"PAR1")
    with pytest.raises(FormatError, match="no whole Parquet file"):
        read(engine, path)


def test_a_folder_and_a_missing_file_are_refused(engine, tmp_path):
    with pytest.raises(FormatError, match="is a folder"):
        kind_of(tmp_path)
    with pytest.raises(FormatError, match="There is no file"):
        kind_of(tmp_path / "nothing.csv")


def test_a_line_without_an_end_is_refused_before_it_is_read(engine, tmp_path):
    path = tmp_path / "list.csv"
    with path.open("wb") as stream:
        stream.write(b"a,b\n1,2\n")
        stream.truncate(300_000_000)
    with pytest.raises(FormatError, match="line without an end") as caught:
        read(engine, path)
    assert "after line 2" in str(caught.value)


def test_an_encoding_that_does_not_exist_is_refused(engine, tmp_path):
    with pytest.raises(FormatError, match="does not exist"):
        read(engine, write(tmp_path, "a\n1\n"), encoding="klingon")


def test_real_files_are_read_whole(engine, real_data, tmp_path):
    found = {
        path: read_source(engine, real_data / path, "stage", Layout(), tmp_path)
        for path in ("events/ucdp_candidate_2023_10.csv", "followup/upr_info/upr-info_sessions_14-17.csv")
    }
    ucdp, upr = found.values()
    assert (ucdp.rows, ucdp.malformed) == (2391, 0)
    assert (upr.rows, upr.encoding, upr.newline) == (9598, "mac_roman", "CR")
    assert engine.fetch("SELECT c7 AS answer, count(*) AS n FROM stage GROUP BY c7 ORDER BY n")["n"].to_pylist() == [
        2493,
        7105,
    ]
