"""One dialect is written, others are derived: DuckDB's SQL turned into Spark's or PostgreSQL's.

>>> transpile("SELECT sum(x)::BIGINT AS n FROM t", "spark")
'SELECT CAST(SUM(x) AS BIGINT) AS n FROM t'
"""

from typing import Literal

import sqlglot
from sqlglot.errors import SqlglotError

from consilience.errors import UsageError


def transpile(sql: str, to: Literal["spark", "postgres", "duckdb"]) -> str:
    """Return one statement of DuckDB's dialect in another.

    Raises:
        UsageError: the statement is not DuckDB's SQL, or the other dialect cannot say it.
    """
    try:
        statements = sqlglot.transpile(sql, read="duckdb", write=to, unsupported_level=sqlglot.ErrorLevel.RAISE)
    except SqlglotError as fault:
        raise UsageError(f"This statement cannot be said in {to}", found=str(fault).splitlines()[0]) from None
    if len(statements) != 1:
        raise UsageError("One statement at a time", found=f"{len(statements)} statements", expected="one")
    return statements[0]
