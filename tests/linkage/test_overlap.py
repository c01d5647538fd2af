"""The overlap table counts each person once, in the pattern of lists that hold them."""

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from consilience.linkage.overlap import overlap_table


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 6)), min_size=1))
def test_patterns_add_up_to_the_people(rows):
    clusters = pa.table({"source": [row[0] for row in rows], "entity_id": [f"e{row[1]}" for row in rows]})
    table = overlap_table(clusters).to_pylist()
    assert sum(row["count"] for row in table) == len({row[1] for row in rows})
    for name in {row[0] for row in rows}:
        assert sum(row["count"] for row in table if row[name]) == len({row[1] for row in rows if row[0] == name})


def test_names_of_sources_are_only_names():
    clusters = pa.table({"source": ["a'b", 'c"d'], "entity_id": ["e", "e"]})
    assert overlap_table(clusters).to_pylist() == [{"a'b": 1, 'c"d': 1, "count": 1}]
