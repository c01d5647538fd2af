"""Patterns: who, where and when occur together more often than chance would have it (requirement LI3).

Every act belongs to nodes: the perpetrators named in it, their units (affiliation), the kind of perpetrator, the area
and the month. Two nodes are joined where they share more acts than independence allows: Fisher's exact test on one side
(the hypergeometric distribution), with the false discoveries among all pairs of nodes that could have met held below a
rate (Benjamini and Hochberg 1995). Shared perpetrators, chains of command and places that belong together show as such
edges; nothing of it proves that anybody did anything.

Nodes and edges carry a release class (`model.schema.Release`): a named actor never leaves the node, and an edge is as
narrow as the narrower of its ends.

>>> import pyarrow as pa
>>> table = pa.table({"act_id": [f"a{n}" for n in range(40)] * 2, "kind": ["unit"] * 40 + ["area"] * 40,
...     "name": ["U1"] * 10 + ["U2"] * 30 + ["XA"] * 10 + ["XB"] * 30})
>>> [(edge.left.name, edge.right.name, edge.acts) for edge in co_occurrences(table)]
[('XA', 'U1', 10), ('XB', 'U2', 30)]
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.stats import hypergeom

from consilience.engine.duck import DuckEngine
from consilience.formats.snapshot import Snapshot
from consilience.model.schema import Release

_WIDTHS = list(Release)
_KINDS = {
    "perpetrator": Release.NODE,
    "unit": Release.AGREEMENT,
    "perpetrator_type": Release.AGGREGATE,
    "area": Release.AGGREGATE,
    "month": Release.AGGREGATE,
}

_MEMBERSHIPS = """
SELECT DISTINCT act_id, kind, name FROM (
  SELECT act_id, 'perpetrator' AS kind, actor_id AS name FROM involvements
  UNION ALL SELECT act_id, 'unit', affiliation FROM involvements JOIN actors USING (actor_id)
  UNION ALL SELECT act_id, 'perpetrator_type', perpetrator_type FROM involvements
  UNION ALL SELECT act_id, 'area', area FROM acts
  UNION ALL SELECT act_id, 'month', strftime(date_earliest, '%Y-%m') FROM acts
    WHERE date_trunc('month', date_earliest) = date_trunc('month', date_latest)
) WHERE name IS NOT NULL AND name <> ''
"""


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """Something acts have in common."""

    kind: str
    name: str

    @property
    def release(self) -> Release:
        """How far it may travel; what is of no known kind stays at the node."""
        return _KINDS.get(self.kind, Release.NODE)


@dataclass(frozen=True, slots=True)
class Edge:
    """Two nodes that share more acts than chance allows.

    Attributes:
        left, right: the nodes, in their order.
        acts: acts they share.
        expected: acts they would share if they had nothing to do with each other.
        p: probability of as many or more by chance.
        q: the false-discovery rate at which the edge would just be told.
    """

    left: Node
    right: Node
    acts: int
    expected: float
    p: float
    q: float

    @property
    def release(self) -> Release:
        """The narrower class of the two ends."""
        return min(self.left.release, self.right.release, key=_WIDTHS.index)


def memberships(snapshot: Snapshot) -> pa.Table:
    """Return `act_id`, `kind` and `name` of everything the acts of a snapshot belong to."""
    with DuckEngine() as engine:
        snapshot.register(engine)
        return engine.fetch(_MEMBERSHIPS)


def co_occurrences(table: pa.Table, *, least: int = 3, rate: float = 0.05) -> list[Edge]:
    """Find pairs of nodes that occur together beyond expectation.

    Args:
        table: `act_id`, `kind`, `name`, see `memberships`.
        least: acts a node must have, and a pair must share.
        rate: false discoveries allowed among what is told.

    Returns:
        Edges, the surest first. Two nodes of one kind are compared only where an act can have several of it.
    """
    with DuckEngine() as engine:
        engine.register_arrow("given", table)
        engine.execute("CREATE TABLE held AS SELECT DISTINCT act_id, kind, name FROM given")
        nodes = engine.fetch(
            f"SELECT kind, name, count(*) AS acts FROM held GROUP BY ALL HAVING count(*) >= {least} ORDER BY kind, name"
        ).to_pylist()
        shared = engine.fetch(
            "SELECT a.kind AS kind_l, a.name AS name_l, b.kind AS kind_r, b.name AS name_r, count(*) AS acts "
            "FROM held a JOIN held b USING (act_id) WHERE (a.kind, a.name) < (b.kind, b.name) "
            f"GROUP BY ALL HAVING count(*) >= {least} ORDER BY ALL"
        ).to_pylist()
        [whole] = engine.fetch("SELECT count(DISTINCT act_id) AS n FROM held").to_pylist()
    size = {Node(row["kind"], row["name"]): int(row["acts"]) for row in nodes}
    pairs = [
        (Node(row["kind_l"], row["name_l"]), Node(row["kind_r"], row["name_r"]), int(row["acts"])) for row in shared
    ]
    return _told(pairs, size, int(whole["n"]), rate)


def _told(pairs: Sequence[tuple[Node, Node, int]], size: dict[Node, int], acts: int, rate: float) -> list[Edge]:
    if not pairs:
        return []
    left, right = np.array([size[pair[0]] for pair in pairs]), np.array([size[pair[1]] for pair in pairs])
    together = np.array([pair[2] for pair in pairs])
    chance = np.asarray(hypergeom.sf(together - 1, acts, left, right))
    q = false_discovery_rates(chance, tests=len(size) * (len(size) - 1) // 2)
    found = [
        Edge(one, other, count, float(left[at] * right[at] / acts), float(chance[at]), float(q[at]))
        for at, (one, other, count) in enumerate(pairs)
        if q[at] <= rate
    ]
    return sorted(found, key=lambda edge: (edge.q, edge.p, edge.left, edge.right))


def false_discovery_rates(chance: NDArray[np.float64], *, tests: int) -> NDArray[np.float64]:
    """Return Benjamini and Hochberg's adjusted values.

    Args:
        chance: p-values of the tests that were worth computing.
        tests: how many tests there were in all; the others count with a p-value of 1.
    """
    order = np.argsort(chance)
    scaled = chance[order] * max(tests, len(chance)) / np.arange(1, len(chance) + 1)
    adjusted = np.minimum.accumulate(scaled[::-1])[::-1]
    back = np.empty_like(adjusted)
    back[order] = np.minimum(adjusted, 1.0)
    return back


def graphml(edges: Iterable[Edge], *, widest: Release = Release.NODE) -> str:
    """Return a graph as GraphML, for Gephi, Cytoscape, NetworkX and the like.

    Args:
        edges: what was found.
        widest: who will see it: edges of a narrower class than this are left out.
    """
    told = [edge for edge in edges if _WIDTHS.index(edge.release) >= _WIDTHS.index(widest)]
    root = ET.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    for name, target, kind in _ATTRIBUTES:
        ET.SubElement(root, "key", {"id": f"{target}_{name}", "for": target, "attr.name": name, "attr.type": kind})
    graph = ET.SubElement(root, "graph", edgedefault="undirected")
    ends = sorted({node for edge in told for node in (edge.left, edge.right)})
    number = {node: f"n{at}" for at, node in enumerate(ends)}
    for node in ends:
        element = ET.SubElement(graph, "node", id=number[node])
        _data(element, "node", {"kind": node.kind, "name": node.name, "release": node.release.value})
    for edge in told:
        element = ET.SubElement(graph, "edge", source=number[edge.left], target=number[edge.right])
        values = {"acts": edge.acts, "expected": round(edge.expected, 3), "q": edge.q, "release": edge.release.value}
        _data(element, "edge", values)
    return ET.tostring(root, encoding="unicode", xml_declaration=True)


_ATTRIBUTES = (
    ("kind", "node", "string"),
    ("name", "node", "string"),
    ("release", "node", "string"),
    ("acts", "edge", "int"),
    ("expected", "edge", "double"),
    ("q", "edge", "double"),
    ("release", "edge", "string"),
)


def _data(element: ET.Element, target: str, values: dict[str, str | int | float]) -> None:
    for name, value in values.items():
        ET.SubElement(element, "data", key=f"{target}_{name}").text = str(value)
