import doctest
import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.engine import base, dialect, duck
from consilience.engine.base import Engine, quote_identifier, quote_literal
from consilience.engine.duck import DuckEngine
from consilience.errors import StateError, UsageError


@pytest.fixture
def engine():
    with DuckEngine(threads=2) as engine:
        yield engine


@pytest.mark.parametrize("module", [base, duck, dialect])
def test_the_examples_run(module):
    assert doctest.testmod(module).failed == 0


def test_it_is_an_engine(engine):
    assert isinstance(engine, Engine)


def test_it_fetches_and_loads_no_extension_by_itself(engine):
    rows = engine.fetch(
        "SELECT name, value FROM duckdb_settings() WHERE name LIKE 'auto%known%' OR name = 'allow_community_extensions'"
    ).to_pylist()
    assert {row["value"] for row in rows} == {"false"}
    assert len(rows) == 3


def test_days_begin_at_midnight_utc_and_text_is_ordered_by_code_point(engine):
    assert engine.fetch("SELECT current_setting('TimeZone') AS z").to_pylist() == [{"z": "UTC"}]
    words = engine.fetch("SELECT w FROM (VALUES ('é'), ('z'), ('A'), ('a')) t(w) ORDER BY w")["w"].to_pylist()
    assert words == ["A", "a", "z", "é"]


def test_parameters_are_bound(engine):
    assert engine.fetch("SELECT ? AS x", ["'; DROP TABLE y"]).to_pylist() == [{"x": "'; DROP TABLE y"}]


def test_arrow_and_parquet_tables_are_readable_under_a_name(engine, tmp_path: Path):
    engine.register_arrow("given", pa.table({"x": [1, 2]}))
    engine.write_parquet("SELECT x * 10 AS x FROM given", tmp_path / "it's.parquet")
    engine.register_parquet("two files", [tmp_path / "it's.parquet", tmp_path / "it's.parquet"])
    assert engine.fetch('SELECT x FROM "two files"')["x"].to_pylist() == [10, 20, 10, 20]


def test_a_recoding_is_a_function(engine):
    engine.register_recoding("sexes", {"male": "M", "female": "F", "none of these": None})
    table = engine.fetch("SELECT sexes(v) AS s FROM (VALUES ('female'), ('x'), (NULL), ('none of these')) t(v)")
    assert table["s"].to_pylist() == ["F", None, None, None]


def test_a_recoding_may_be_given_again_and_may_be_empty(engine):
    engine.register_recoding("r", {"a": "1"})
    engine.register_recoding("r", {"a": "2"})
    assert engine.fetch("SELECT r('a') AS x").to_pylist() == [{"x": "2"}]
    engine.register_recoding("r", {})
    assert engine.fetch("SELECT r('a') AS x").to_pylist() == [{"x": None}]


def test_the_same_rows_give_the_same_bytes_whatever_the_number_of_threads(tmp_path: Path):
    digests = set()
    for turn, threads in enumerate([1, 2, 2, 3, 4]):
        with DuckEngine(threads=threads) as engine:
            engine.execute("CREATE TABLE t AS SELECT i, hash(i) % 1000 || 'x' AS w FROM range(400000) r(i)")
            engine.register_recoding("w", {f"{n}x": str(n % 7) for n in range(1000)})
            path = tmp_path / f"{turn}.parquet"
            engine.write_parquet("SELECT i, w, w(w) AS v FROM t WHERE i % 11 <> 0", path)
            assert pq.read_table(path)["i"].to_pylist() == [i for i in range(400000) if i % 11]
            digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1


@given(st.text(alphabet=st.characters(blacklist_characters="\0", codec="utf-8"), min_size=1))
def test_every_text_survives_quoting(text):
    with DuckEngine() as engine:
        assert engine.fetch(f"SELECT {quote_literal(text)} AS {quote_identifier('x')}").to_pylist() == [{"x": text}]


@pytest.mark.parametrize("quote", [quote_identifier, quote_literal])
def test_nul_cannot_be_quoted(quote):
    with pytest.raises(ValueError, match="NUL"):
        quote("a\0b")


def test_a_wrong_memory_limit_is_a_sentence():
    with pytest.raises(UsageError, match="cannot be set up"):
        DuckEngine(memory_limit="much")


def test_running_out_of_memory_is_a_sentence():
    with DuckEngine(memory_limit="20MB") as engine, pytest.raises(StateError, match="ran out of memory"):
        engine.execute("CREATE TABLE t AS SELECT hash(i) || 'some long text' AS x FROM range(10000000) r(i)")
