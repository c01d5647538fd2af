"""Line numbers for records that do not each fill one line.

The file is read as bare lines. Lines with an odd number of quotation marks open or close a quoted line break; an
opening line whose next odd line does not look like a closing one is broken, and stands alone. Every record is then
written to a new file, its line number in front.
"""

from pathlib import Path

from consilience.engine.base import Engine, quote_literal
from consilience.errors import FormatError

_RARE = ("\x01", "\x02", "\x03", "\x04", "\x05")


def number_records(engine: Engine, name: str, path: Path, delimiter: str, header_end: int, target: Path) -> None:
    """Write `path` to `target` with each record's first line number in front, and keep the raw records.

    Makes the table `<name>_records`: `line`, `raw` and `broken`, one row a record, blank lines and the header left out.
    Broken records are only in the table.
    """
    _read_lines(engine, name, path, header_end)
    mark = quote_literal(delimiter)
    engine.execute(_PAIRS.format(name=name, delimiter=mark))
    engine.execute(_RECORDS.format(name=name))
    engine.execute(
        f"COPY (SELECT line || {mark} || raw AS t FROM {name}_records WHERE NOT broken ORDER BY line) "
        f"TO {quote_literal(str(target))} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01')"
    )


def _read_lines(engine: Engine, name: str, path: Path, header_end: int) -> None:
    for rare in _RARE:
        try:
            engine.execute(
                f"CREATE OR REPLACE TABLE {name}_lines AS SELECT row_number() OVER () AS line, t FROM read_csv("
                f"{quote_literal(str(path))}, auto_detect = false, header = false, delim = '{rare}', quote = '', "
                f"escape = '', columns = {{'t': 'VARCHAR'}}, strict_mode = true)"
            )
        except FormatError:
            continue
        engine.execute(f"DELETE FROM {name}_lines WHERE line <= {header_end}")
        return
    raise FormatError("The file's lines cannot be told apart")


# A line with an odd number of quotation marks, doubled ones left out, opens a field with its last mark, or closes one
# with its first.
_PAIRS = """
CREATE OR REPLACE TABLE {name}_pairs AS
WITH odd AS (
    SELECT line, replace(rtrim(t, chr(13)), '""', '') AS bare FROM {name}_lines
    WHERE (length(t) - length(replace(t, '"', ''))) % 2 = 1
), placed AS (
    SELECT line, bare, length(bare) - instr(reverse(bare), '"') AS before, instr(bare, '"') AS front FROM odd
), modes AS (
    SELECT line, (before = 0 OR substr(bare, before, 1) = {delimiter}) AS opens,
        (front = length(bare) OR substr(bare, front + 1, 1) = {delimiter}) AS closes
    FROM placed
), turns AS (
    SELECT line, opens, lead(line) OVER (ORDER BY line) AS next_line,
        lead(closes) OVER (ORDER BY line) AS next_closes
    FROM modes
)
SELECT line AS opened, CASE WHEN next_closes THEN next_line END AS closed, opens FROM turns
"""

_RECORDS = """
CREATE OR REPLACE TABLE {name}_records AS
WITH paired AS (
    SELECT opened, closed FROM (
        SELECT opened, closed, opens, lag(CASE WHEN opens THEN closed END) OVER (ORDER BY opened) AS before
        FROM {name}_pairs
    ) WHERE opens AND closed IS NOT NULL AND before IS DISTINCT FROM opened
), placed AS (
    SELECT l.line, l.t, p.opened, coalesce(p.closed >= l.line, FALSE) AS inside
    FROM {name}_lines l ASOF LEFT JOIN paired p ON l.line >= p.opened
), kept AS (
    SELECT line, t, CASE WHEN inside THEN opened ELSE line END AS start,
        NOT inside AND (length(t) - length(replace(t, '"', ''))) % 2 = 1 AS broken
    FROM placed WHERE inside OR trim(t, ' ' || chr(13)) <> ''
)
SELECT start AS line, string_agg(coalesce(t, ''), chr(10) ORDER BY line) AS raw,
    bool_or(coalesce(broken, FALSE)) AS broken
FROM kept GROUP BY start ORDER BY start
"""
