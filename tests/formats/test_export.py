import doctest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consilience.engine.duck import DuckEngine
from consilience.formats import export, source
from consilience.formats.export import neutral, original, write_csv, write_jsonl, write_parquet, write_xlsx
from consilience.formats.reading import Layout
from consilience.formats.source import read_source

ROWS = "SELECT * FROM (VALUES ('=cmd()', -3.5), ('+1 x', 2.0), ('@a', 0.0), ('plain', 1.0), ('-7', 1.0)) t(cell, n)"
SAFE = ["'=cmd()", "'+1 x", "'@a", "plain", "-7"]


@pytest.fixture(scope="module")
def engine():
    with DuckEngine() as engine:
        yield engine


@pytest.mark.parametrize("module", [export, source])
def test_the_examples_run(module):
    assert doctest.testmod(module).failed == 0


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(alphabet="'=+-@\t\ra1", max_size=5), min_size=1, max_size=20))
def test_taking_the_apostrophe_away_gives_every_cell_back(engine, cells):
    table = engine.fetch(
        f"SELECT c, {neutral('c')} AS safe, {original(neutral('c'))} AS back FROM (SELECT unnest(?) AS c)", [cells]
    ).to_pylist()
    assert [row["back"] for row in table] == cells
    assert not [row for row in table if row["safe"][:1] in {"=", "@", "\t", "\r"}]


@pytest.mark.parametrize(("writer", "name"), [(write_csv, "out.csv"), (write_xlsx, "out.xlsx")])
def test_exports_hold_no_formula_and_numbers_stay_numbers(engine, tmp_path, writer, name):
    writer(engine, ROWS, tmp_path / name)
    read_source(engine, tmp_path / name, "back", Layout(), tmp_path)
    rows = engine.fetch(f"SELECT c0, c1, {original('c0')} AS cell FROM back ORDER BY line").to_pylist()
    assert [row["c0"] for row in rows] == SAFE
    assert [row["cell"] for row in rows] == ["=cmd()", "+1 x", "@a", "plain", "-7"]
    assert float(rows[0]["c1"]) == -3.5


@pytest.mark.parametrize(("writer", "name"), [(write_parquet, "out.parquet"), (write_jsonl, "out.jsonl")])
def test_other_exports_are_read_back_as_they_were(engine, tmp_path, writer, name):
    writer(engine, ROWS, tmp_path / name)
    read_source(engine, tmp_path / name, "back", Layout(), tmp_path)
    assert engine.fetch("SELECT c0 FROM back ORDER BY line")["c0"][0].as_py() == "=cmd()"
