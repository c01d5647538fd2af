"""Rejected rows: what was wrong with each, and the rows themselves, to mend and send in again.

Nothing is lost: a row is accepted or rejected, and a rejected one stands word for word in `<source>.rows.csv`, while
`<source>.csv` tells line, column, what was expected and what was found. What was found in a column that identifies
somebody is withheld there.
"""

from dataclasses import replace
from pathlib import Path

from consilience.engine.base import quote_literal
from consilience.formats.export import neutral
from consilience.harmonise.expression import Check
from consilience.harmonise.stage import Stage

_WITHHELD = "'(withheld)'"
_SPECIAL = '[",;\\t\\r\\n|]'


def find_faults(stage: Stage, checks: list[Check], record_id: str) -> tuple[int, int]:
    """Judge every row; set the bad ones aside.

    Returns:
        The number of rejected rows and of faults, malformed rows included.
    """
    engine = stage.engine
    engine.execute(
        'CREATE OR REPLACE TABLE faults (row BIGINT, line BIGINT, "column" VARCHAR, expected VARCHAR, found VARCHAR)'
    )
    tests = ((check, stage.condition(check.condition)) for check in dict.fromkeys(checks))
    unique = [replace(check, condition=condition) for check, condition in tests if condition is not None]
    stage.show()
    if unique:
        _suspects(stage, unique)
    _repeated(stage, record_id)
    engine.execute(
        "INSERT INTO faults SELECT NULL, line, '(the whole row)', expected, found FROM stage_malformed ORDER BY line"
    )
    counts = engine.fetch(
        "SELECT count(DISTINCT line) AS rows, count(*) AS faults, count(row) AS in_rows FROM faults"
    ).to_pylist()[0]
    if counts["in_rows"]:
        stage.set_aside("SELECT row FROM faults WHERE row IS NOT NULL")
    return counts["rows"], counts["faults"]


def _suspects(stage: Stage, checks: list[Check]) -> None:
    """Find the rows at fault in one pass, then tell their faults apart; what two tables read alike is told once.

    The pass stores its verdicts before they are used, for the reason that `Translator.words` gives.
    """
    some = " OR ".join(f"({check.condition})" for check in checks)
    stage.engine.execute(f"CREATE OR REPLACE TABLE verdicts AS SELECT row, {some} AS bad FROM clean")
    if not stage.engine.fetch("SELECT count(*) AS n FROM verdicts WHERE bad")["n"][0].as_py():
        return
    bad = stage.only("SELECT row FROM verdicts WHERE bad")
    stage.engine.execute(f"CREATE OR REPLACE TABLE suspects AS {bad}")
    for check in checks:
        found = f"CAST({check.found} AS VARCHAR)" if check.found is not None else _WITHHELD
        stage.engine.execute(
            f"INSERT INTO faults SELECT row, line, {quote_literal(check.column)}, {quote_literal(check.expected)}, "
            f"{found} FROM suspects WHERE {check.condition} EXCEPT SELECT * FROM faults"
        )


def _repeated(stage: Stage, record_id: str) -> None:
    """Reject records whose identifier an earlier good record has.

    Equal identifiers have equal hashes, so only few identifiers are compared as text.
    """
    engine = stage.engine
    good = "FROM clean WHERE row NOT IN (SELECT row FROM faults WHERE row IS NOT NULL)"
    engine.execute(
        f"CREATE OR REPLACE TABLE repeated AS SELECT hash({record_id}) AS h FROM clean GROUP BY h HAVING count(*) > 1"
    )
    if not engine.fetch("SELECT count(*) AS n FROM repeated")["n"][0].as_py():
        return
    columns = ", ".join(dict.fromkeys(name for value in _id_values(stage) for name in value)) or "(line)"
    engine.execute(
        f"INSERT INTO faults SELECT row, line, {quote_literal(columns)}, 'an identifier of its own', "
        "'the same as on line ' || first_line FROM (SELECT row, line, min(line) OVER (PARTITION BY id) AS first_line "
        f"FROM (SELECT row, line, {record_id} AS id {good} AND hash({record_id}) IN (SELECT h FROM repeated))) "
        "WHERE line > first_line"
    )


def _id_values(stage: Stage) -> list[list[str]]:
    value = stage.columns.mapping.record.id
    return [list(value.columns())] if value is not None else []


def write_rejected(stage: Stage, faults: Path, rows: Path, delimiter: str) -> None:
    """Write the two files of rejected rows."""
    engine = stage.engine
    engine.execute(
        f'COPY (SELECT line, "column", expected, {neutral("found")} AS found FROM faults ORDER BY line, "column", '
        f"expected, found) TO {quote_literal(str(faults))} (FORMAT csv, HEADER)"
    )
    mark = quote_literal(delimiter)
    cells = f" || {mark} || ".join(_cell(f"w{at}") for at in range(len(stage.columns.names)))
    header = f" || {mark} || ".join(_cell(quote_literal(name)) for name in stage.columns.names)
    engine.execute(
        f"COPY (SELECT raw FROM (SELECT 0 AS line, {header} AS raw "
        f"UNION ALL SELECT line, {cells} FROM clean WHERE row IN (SELECT row FROM faults WHERE row IS NOT NULL) "
        f"UNION ALL SELECT line, raw FROM stage_malformed) ORDER BY line) "
        f"TO {quote_literal(str(rows))} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01')"
    )


def _cell(sql: str) -> str:
    quoted = f"'\"' || replace({sql}, '\"', '\"\"') || '\"'"
    return f"CASE WHEN regexp_matches({sql}, '{_SPECIAL}') THEN {quoted} ELSE coalesce({sql}, '') END"
