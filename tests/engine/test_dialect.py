import pytest

from consilience.engine.dialect import transpile
from consilience.errors import UsageError


def test_a_cast_is_said_in_sparks_words():
    assert transpile("SELECT x::DOUBLE AS y FROM t", "spark") == "SELECT CAST(x AS DOUBLE) AS y FROM t"


def test_a_cast_is_said_in_postgresqls_words():
    assert transpile("SELECT x::DOUBLE AS y FROM t", "postgres") == "SELECT CAST(x AS DOUBLE PRECISION) AS y FROM t"


def test_what_is_not_sql_is_refused():
    with pytest.raises(UsageError, match="cannot be said in spark"):
        transpile("SELECT FROM WHERE (", "spark")


def test_two_statements_are_refused():
    with pytest.raises(UsageError, match="One statement at a time"):
        transpile("SELECT 1; SELECT 2", "postgres")
