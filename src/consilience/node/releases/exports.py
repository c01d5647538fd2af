"""What a page shows, as a file: the same cells, in the release's own columns."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from consilience.node.releases.observations import COLUMNS

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(table: pa.Table) -> str:
    """Return a small table as CSV (RFC 4180); a text that a spreadsheet would run as a formula gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_harmless(value) for value in row.values()] for row in table.select(list(COLUMNS)).to_pylist())
    return out.getvalue()


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def as_json(table: pa.Table, about: Mapping[str, Any]) -> str:
    """Return a small table as JSON, after what is to be known about it."""
    rows = table.select(list(COLUMNS)).to_pylist()
    return json.dumps({**about, "observations": rows}, ensure_ascii=False, indent=1) + "\n"
