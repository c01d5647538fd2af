"""Overlap: clusters become capture histories, the table that estimation reads.

>>> clusters = pa.table({"source": ["a", "b", "b"], "entity_id": ["e-1", "e-1", "e-2"]})
>>> overlap_table(clusters).to_pylist()
[{'a': 0, 'b': 1, 'count': 1}, {'a': 1, 'b': 1, 'count': 1}]
"""

import pyarrow as pa
import pyarrow.compute as pc

from consilience.engine.base import quote_identifier
from consilience.engine.duck import DuckEngine


def overlap_table(clusters: pa.Table, *, count: str = "count") -> pa.Table:
    """Count people by the lists they are on.

    Args:
        clusters: `source` and `entity_id`, one row per record.
        count: the name of the column of counts.

    Returns:
        One row per capture pattern: a column of 0 and 1 for every source, by name, and how many people have it.
    """
    sources = sorted(pc.unique(clusters["source"]).to_pylist())
    flags = ", ".join(
        f"CAST(max(CAST(source = '{name.replace(chr(39), chr(39) * 2)}' AS INT)) AS BIGINT) AS {quote_identifier(name)}"
        for name in sources
    )
    named = ", ".join(quote_identifier(name) for name in sources)
    with DuckEngine() as engine:
        engine.register_arrow("clusters", clusters.select(["source", "entity_id"]))
        return engine.fetch(
            f"SELECT {named}, count(*) AS {quote_identifier(count)} FROM "
            f"(SELECT {flags} FROM clusters GROUP BY entity_id) GROUP BY {named} ORDER BY {named}"
        )
