import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consilience.errors import StateError
from consilience.ledger.journal import Journal, continues_beyond, scan


def written(tmp_path, first, entries):
    journal = Journal.open(tmp_path / "journal")
    journal.append(first, entries)
    journal.close()
    return (tmp_path / "journal").read_bytes()


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=40), max_size=6), st.data())
def test_a_journal_cut_anywhere_gives_a_prefix_of_its_entries(tmp_path, entries, data):
    whole = written(Path(tempfile.mkdtemp(dir=tmp_path)), 10, entries)
    cut = data.draw(st.integers(0, len(whole)))
    found, end = scan(whole[:cut], 10)
    assert found == entries[: len(found)]
    assert end <= cut
    assert len(found) == len(entries) or cut < len(whole)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=6), st.data())
def test_a_changed_byte_never_gives_a_changed_entry(tmp_path, entries, data):
    whole = bytearray(written(Path(tempfile.mkdtemp(dir=tmp_path)), 10, entries))
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    found, _ = scan(bytes(whole), 10)
    assert found == entries[: len(found)]
    assert len(found) < len(entries)


def test_recovery_cuts_the_torn_tail_so_that_nothing_behind_it_can_come_back(tmp_path):
    whole = written(tmp_path, 0, [b"one", b"two", b"three"])
    (tmp_path / "journal").write_bytes(whole[:20] + b"\xff" + whole[21:])
    journal = Journal.open(tmp_path / "journal")
    assert journal.recover(0) == [b"one"]
    journal.append(1, [b"TWO"])
    assert journal.recover(0) == [b"one", b"TWO"]
    journal.close()


def test_a_gap_between_log_and_journal_is_not_bridged(tmp_path):
    assert scan(written(tmp_path, 5, [b"five"]), 3) == ([], 0)


def test_a_journal_that_continues_a_longer_log_is_refused_and_kept(tmp_path):
    whole = written(tmp_path, 5, [b"five", b"six"])
    journal = Journal.open(tmp_path / "journal")
    with pytest.raises(StateError, match="longer log"):
        journal.recover(3)
    journal.close()
    assert (tmp_path / "journal").read_bytes() == whole
    assert continues_beyond(whole, 3)
    assert not continues_beyond(whole, 5)
    assert not continues_beyond(whole, 9)
    assert not continues_beyond(whole[:10], 3)
    assert not continues_beyond(b"", 0)


def test_a_large_journal_shrinks_when_it_starts_anew(tmp_path):
    journal = Journal.open(tmp_path / "journal")
    journal.append(0, [bytes(60_000)] * 20)
    journal.restart()
    journal.append(20, [b"x"])
    assert (tmp_path / "journal").stat().st_size < 100
    journal.close()
