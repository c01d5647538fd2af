import doctest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consilience.errors import LedgerError
from consilience.ledger import tiles
from consilience.ledger.tiles import (
    join_entries,
    read_bundle,
    read_tile,
    split_entries,
    tile_path,
    tile_width,
    tiles_of,
)


def test_the_examples_in_the_docstring_run():
    assert doctest.testmod(tiles).failed == 0


def test_a_tree_of_70_000_has_the_tiles_the_specification_names():
    found = list(tiles_of(70_000))
    widths = {level: [width for tile_level, _, width in found if tile_level == level] for level in range(3)}
    assert widths[0] == [256] * 273 + [112]
    assert widths[1] == [256, 17]
    assert widths[2] == [1]
    assert len(found) == 277


def test_a_tree_of_256_has_a_full_tile_and_a_partial_one_above():
    assert list(tiles_of(256)) == [(0, 0, 256), (1, 0, 1)]
    assert list(tiles_of(0)) == []


def test_no_width_is_negative_beyond_the_tree():
    assert tile_width(0, 5, 256) == 0


@settings(deadline=None)
@given(st.lists(st.binary(max_size=300)))
def test_entry_bundles_round_trip(entries):
    assert split_entries(join_entries(entries)) == entries


def test_a_bundle_that_ends_inside_an_entry_is_refused():
    for cut in (b"\x00", b"\x00\x03ab", join_entries([b"one", b"two"])[:-1]):
        with pytest.raises(LedgerError, match="ends inside"):
            split_entries(cut)


def test_missing_and_cut_files_are_named(tmp_path):
    with pytest.raises(LedgerError, match=r"tile/0/000\.p/3"):
        read_tile(tmp_path, 0, 0, 3)
    path = tmp_path / tile_path(0, 0, 3)
    path.parent.mkdir(parents=True)
    path.write_bytes(bytes(95))
    with pytest.raises(LedgerError, match="is cut"):
        read_tile(tmp_path, 0, 0, 3)
    bundle = tmp_path / "tile/entries/000.p/3"
    bundle.parent.mkdir(parents=True)
    bundle.write_bytes(join_entries([b"a", b"b"]))
    with pytest.raises(LedgerError, match="2 entries"):
        read_bundle(tmp_path, 0, 3)
