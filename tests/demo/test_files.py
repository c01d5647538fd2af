"""Writers hold to the habit of each organisation."""

import csv
import datetime as dt

import pyarrow as pa
import python_calamine

from consilience.demo import files
from consilience.demo.files import open_list
from consilience.demo.organisations import ORGANISATIONS

BY_ID = {each.id: each for each in ORGANISATIONS}
SOUND = pa.array([False, False])


def columns_of(organisation, **given):
    blank = pa.array([None, None], pa.string())
    return {header: pa.array(given[header]) if header in given else blank for header in organisation.headers}


def test_a_cell_with_the_delimiter_is_quoted(tmp_path):
    organisation = BY_ID["tallow_bridge"]
    writer = open_list(tmp_path, organisation)
    writer.write(columns_of(organisation, Дело=["a,b", "c"]), SOUND)
    writer.close()
    rows = list(csv.reader(writer.path.read_text("windows-1251").splitlines()))
    assert rows[1][0] == "a,b"
    assert {len(row) for row in rows} == {len(organisation.columns)}


def test_the_arabic_list_ends_its_lines_as_windows_does(tmp_path):
    organisation = BY_ID["reed_circle"]
    writer = open_list(tmp_path, organisation)
    writer.write(columns_of(organisation), SOUND)
    writer.close()
    assert writer.path.read_bytes().count(b"\r\n") == writer.path.read_bytes().count(b"\n") == 3


def test_a_sheet_holds_dates_as_dates_and_an_impossible_one_as_text(tmp_path):
    organisation = BY_ID["wicker_gate"]
    writer = open_list(tmp_path, organisation)
    writer.write(columns_of(organisation, **{"First day": ["2023-11-30", "2023-11-31"]}), SOUND)
    writer.close()
    cells = python_calamine.CalamineWorkbook.from_path(str(writer.path)).get_sheet_by_index(0).to_python()
    assert [row[4] for row in cells[1:]] == [dt.date(2023, 11, 30), "2023-11-31"]


def test_a_sheet_that_grows_too_long_becomes_csv(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "SHEET_LIMIT", 3)
    organisation = BY_ID["wicker_gate"]
    writer = open_list(tmp_path, organisation)
    for start in (0, 2, 4):
        numbers = [f"WG-{start}", f"WG-{start + 1}"]
        writer.write(columns_of(organisation, **{"Patient file": numbers}), SOUND)
    writer.close()
    assert [path.name for path in tmp_path.iterdir()] == ["wicker_gate.csv"]
    rows = list(csv.reader(writer.path.read_text("utf-8").splitlines()))
    assert [row[0] for row in rows[1:]] == [f"WG-{number}" for number in range(6)]
