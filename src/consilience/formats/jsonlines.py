"""JSON: one object a line (JSON Lines), or one array of objects. Read as text columns.

Columns are the keys of all objects, in the order in which they first appear. A value that is itself an object or a
list arrives as its JSON. In an array the line is the object's place in it, from 1.
"""

import json
from pathlib import Path

from consilience.engine.base import Engine, quote_identifier, quote_literal
from consilience.errors import FormatError
from consilience.formats.digest import sha256_file
from consilience.formats.encoding import detect, transcode
from consilience.formats.reading import Layout, Reading, checked_names, publish
from consilience.formats.survey import LONGEST_LINE, open_check, survey


def read_json(engine: Engine, path: Path, name: str, layout: Layout, workdir: Path) -> Reading:
    """Read JSON Lines or a JSON array into the tables of `formats.reading`.

    Raises:
        FormatError: it is neither, or holds no object.
    """
    open_check(path)
    encoding = "utf-8"
    if _is_array(path):
        scan = "SELECT row_number() OVER () AS line, json AS t FROM read_json_objects({}, format = 'array')"
        readable = path
    else:
        encoding, readable = _as_utf8(path, name, layout, workdir)
        scan = (
            "SELECT row_number() OVER () AS line, t FROM read_csv({}, auto_detect = false, header = false, "
            "delim = '\x01', quote = '', escape = '', columns = {{'t': 'VARCHAR'}}, "
            f"max_line_size = {LONGEST_LINE})"
        )
    try:
        engine.execute(f"CREATE OR REPLACE TABLE {name}_objects AS {scan.format(quote_literal(str(readable)))}")
    except FormatError:
        raise _not_json(path, "text that is not JSON") from None
    return _columns(engine, path, name, encoding)


def _columns(engine: Engine, path: Path, name: str, encoding: str) -> Reading:
    engine.execute(f"DELETE FROM {name}_objects WHERE t IS NULL OR trim(t, ' ' || chr(13)) = ''")
    good = "CASE WHEN json_valid(t) THEN json_type(t) = 'OBJECT' ELSE FALSE END"
    keys = engine.fetch(
        "SELECT key FROM (SELECT line, unnest(keys) AS key, generate_subscripts(keys, 1) AS place FROM "
        f"(SELECT line, json_keys(t) AS keys FROM {name}_objects WHERE {good})) "
        "GROUP BY key ORDER BY min((line, place))"
    )["key"].to_pylist()
    if not keys:
        raise _not_json(path, "no object")
    names = checked_names(keys, path)
    shape = quote_literal(json.dumps(dict.fromkeys(keys, "VARCHAR")))
    picked = ", ".join(f"s.{quote_identifier(key)} AS c{at}" for at, key in enumerate(keys))
    engine.execute(
        f"CREATE OR REPLACE TABLE {name}_rows AS SELECT line, {picked} FROM (SELECT line, "
        f"from_json(t, {shape}) AS s FROM {name}_objects WHERE {good} ORDER BY line)"
    )
    publish(engine, name)
    engine.execute(
        f"INSERT INTO {name}_malformed SELECT line, 'one JSON object', "
        f"'something else', CAST(t AS VARCHAR) FROM {name}_objects WHERE NOT ({good}) ORDER BY line"
    )
    counts = engine.fetch(f"SELECT (SELECT count(*) FROM {name}) AS a, (SELECT count(*) FROM {name}_malformed) AS b")
    accepted, malformed = counts.to_pylist()[0].values()
    size = path.stat().st_size
    return Reading("jsonl", names, accepted + malformed, malformed, sha256_file(path), size, encoding)


def _is_array(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")


def _as_utf8(path: Path, name: str, layout: Layout, workdir: Path) -> tuple[str, Path]:
    found = survey(path)
    encoding = detect(found, declared=layout.encoding, name=path.name)
    if encoding.name in {"utf-8", "ascii"} and not encoding.damaged and found.newline in {"LF", "CRLF"}:
        return encoding.name, path
    readable = workdir / f"{name}.utf8"
    transcode(path, readable, encoding)
    return encoding.name, readable


def _not_json(path: Path, found: str) -> FormatError:
    return FormatError(
        f"{path.name} cannot be read as JSON",
        found=found,
        expected="one object a line, or one array of objects",
        remedy="Export it again as JSON Lines.",
    )
