import doctest
import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
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


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.characters(blacklist_characters="\0", codec="utf-8"), min_size=1))
def test_every_text_survives_quoting(engine, text):
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


@pytest.mark.parametrize("count", [1, 254, 255, 256, 65536])
def test_words_are_codes_with_a_position(engine, count):
    words = [f"{n:05}" for n in range(count)]
    engine.register_words("w", pa.array(words))
    table = engine.fetch(f"SELECT w_at(CAST('{words[-1]}' AS w)) AS last, w_at(NULL) AS none")
    assert table.to_pylist() == [{"last": count + 1, "none": 1}]
    engine.register_recoding("r", dict.fromkeys(words, "x") | {words[-1]: "y"})
    assert engine.fetch(f"SELECT r('{words[-1]}') AS y").to_pylist() == [{"y": "y"}]


@pytest.mark.parametrize("values", [["b", None, "b"], [None, 2.5, 1.0], [None, None], [True, False]])
def test_a_lookup_gives_the_value_at_a_position(engine, values):
    engine.register_lookup("f", pa.array(values, pa.string() if values == [None, None] else None))
    places = ", ".join(f"f({at})" for at in range(1, len(values) + 1))
    assert list(engine.fetch(f"SELECT {places}").to_pylist()[0].values()) == values


def test_codes_are_written_as_text(engine, tmp_path: Path):
    engine.register_lookup("f", pa.array(["b", None, "ä"]))
    engine.write_parquet("SELECT f(i) AS x FROM range(1, 4) r(i)", tmp_path / "x.parquet")
    table = pq.read_table(tmp_path / "x.parquet")
    assert (table["x"].to_pylist(), table.schema.field("x").type) == (["b", None, "ä"], pa.string())
