"""Patterns: real co-occurrence is found, chance is not, and nobody's name travels."""

import xml.etree.ElementTree as ET

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import false_discovery_control

from consilience.linkage.patterns import Edge, Node, co_occurrences, false_discovery_rates, graphml
from consilience.model.schema import Release


def table(rows):
    return pa.table({name: [row[at] for row in rows] for at, name in enumerate(("act_id", "kind", "name"))})


def at_random(seed, acts=400):
    rng = np.random.default_rng(seed)
    units, areas = rng.integers(0, 12, acts), rng.integers(0, 12, acts)
    return [(f"a{n}", "unit", f"U{units[n]}") for n in range(acts)] + [
        (f"a{n}", "area", f"X{areas[n]}") for n in range(acts)
    ]


def test_chance_alone_is_seldom_told():
    told = [bool(co_occurrences(table(at_random(seed)))) for seed in range(20)]
    assert sum(told) <= 4


def test_a_unit_that_works_in_one_area_is_found():
    rows = at_random(1) + [row for n in range(30) for row in ((f"b{n}", "unit", "U3"), (f"b{n}", "area", "X7"))]
    best = co_occurrences(table(rows))[0]
    assert (best.left, best.right) == (Node("area", "X7"), Node("unit", "U3"))
    assert best.acts > 3 * best.expected
    assert best.q < 0.001


def test_the_rates_are_those_of_benjamini_and_hochberg():
    chance = np.array([0.001, 0.04, 0.03, 0.5])
    assert false_discovery_rates(chance, tests=4) == pytest.approx(false_discovery_control(chance))
    assert (false_discovery_rates(chance, tests=100) >= false_discovery_rates(chance, tests=4)).all()


def test_an_edge_is_as_narrow_as_its_narrower_end():
    person, area, month = Node("perpetrator", "s:1"), Node("area", "XA"), Node("month", "2021-01")
    assert Edge(area, person, 5, 1.0, 0.001, 0.01).release is Release.NODE
    assert Edge(area, month, 5, 1.0, 0.001, 0.01).release is Release.AGGREGATE
    assert Node("something new", "x").release is Release.NODE


def test_what_is_too_narrow_is_not_in_the_graph():
    person, area, month = Node("perpetrator", "s:1"), Node("area", "XA"), Node("month", "2021-01")
    edges = [Edge(area, person, 5, 1.0, 0.001, 0.01), Edge(area, month, 6, 1.0, 0.001, 0.01)]
    assert "s:1" in graphml(edges)
    public = graphml(edges, widest=Release.AGGREGATE)
    assert "s:1" not in public
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    root = ET.fromstring(public)
    assert len(root.findall(".//g:node", space)) == 2
    assert [data.text for data in root.findall(".//g:edge/g:data[@key='edge_acts']", space)] == ["6"]


def test_no_acts_give_no_edges():
    assert co_occurrences(table([("a", "unit", "U1")])) == []
