import doctest
import itertools
from datetime import timedelta

import pytest

from consilience.custody import events
from consilience.custody.events import read_event, write_event
from consilience.custody.record import FIRST, Link, check_record, draft, next_link
from consilience.errors import CustodyError
from consilience.ledger.note import Signer

DIGEST = "ab" * 32


@pytest.fixture
def record(register, acquisition):
    """An exhibit with four events."""
    register.record("E-1", acquisition(register))
    for reason in ("verification", "second view"):
        register.record("E-1", {"act": "view", "by": "analyst-3", "reason": reason})
    fact = {"act": "analysis", "by": "analyst-3", "kind": "technical", "method": "metadata read"}
    register.record("E-1", fact | {"result": "camera named", "limits": "clock of the camera unknown"})
    return register.record_of("E-1")


def kinds(record, *keys):
    return [(fault.number, fault.kind) for fault in check_record(record, [key.verifier() for key in keys])]


def test_the_example_in_the_docstring_runs():
    assert doctest.testmod(events).failed == 0


def test_a_record_is_a_chain_of_notes_that_holds(record, archive):
    assert [link.number for link in record] == [0, 1, 2, 3]
    assert record[0].previous == FIRST
    assert all(later.previous == earlier.digest for earlier, later in itertools.pairwise(record))
    assert check_record(record, [archive.verifier()]) == []


def test_a_note_reads_without_a_program(record):
    lines = record[1].data.decode().split("\n")
    assert lines[:3] == ["consilience.org/custody@v1", "E-1", "1"]
    assert '"act":"view"' in lines[4]
    assert lines[6].startswith("— archive.example/custody ")


def test_every_note_round_trips(record):
    assert [Link.parse(link.data) for link in record] == record


def test_a_dropped_event_is_found_and_named(record, archive):
    assert (1, "sequence") in kinds([record[0], *record[2:]], archive)
    assert (0, "sequence") in kinds(record[1:], archive)


def test_reordered_events_are_found(record, archive):
    found = kinds([record[0], record[2], record[1], record[3]], archive)
    assert (1, "sequence") in found
    assert any(kind == "time" for _, kind in found)


def test_one_changed_byte_in_any_note_is_found(record, archive):
    for number, link in enumerate(record):
        for place in range(0, len(link.data), 7):
            data = bytearray(link.data)
            data[place] ^= 1
            try:
                changed = Link.parse(bytes(data))
            except CustodyError:
                continue
            assert kinds([*record[:number], changed, *record[number + 1 :]], archive), (number, place)


def test_an_event_that_the_key_holder_dates_back_is_found(record, archive):
    early = record[1].event.model_copy(update={"time": record[0].event.time - timedelta(days=1)})
    note = draft("E-1", 4, record[-1].digest, early).sign(archive)
    assert kinds([*record, Link("E-1", 4, record[-1].digest, early, note)], archive) == [(4, "time")]


def test_an_event_rewritten_by_the_key_holder_breaks_the_chain_after_it(record, archive):
    other = record[1].event.model_copy(update={"reason": "another reason"})
    rewritten = Link("E-1", 1, record[0].digest, other, draft("E-1", 1, record[0].digest, other).sign(archive))
    assert kinds([record[0], rewritten, *record[2:]], archive) == [(2, "chain")]


def test_a_foreign_key_is_found(record, court):
    assert {kind for _, kind in kinds(record, court)} == {"key"}
    imposter = Signer.from_seed("archive.example/custody", bytes(32))
    assert {kind for _, kind in kinds(record, imposter)} == {"signature"}


def test_an_event_of_another_exhibit_is_found(record, archive):
    moved = draft("E-2", 4, record[-1].digest, record[-1].event).sign(archive)
    link = Link("E-2", 4, record[-1].digest, record[-1].event, moved)
    assert kinds([*record, link], archive) == [(4, "exhibit")]


def transfer(record, *signers, sender="archive.example/custody", after=DIGEST):
    event = read_event(
        {
            "act": "transfer",
            "time": record[-1].event.time.isoformat(),
            "by": "custodian-1",
            "sender": sender,
            "receiver": "court.example/custody",
            "authority": "order 7/2026",
            "received_by": "registrar-1",
            "digest_before": DIGEST,
            "digest_after": after,
            "copies": [],
        }
    )
    return next_link(record, "E-1", event, *signers)


def test_a_transfer_signed_by_both_holds_and_makes_the_receiver_custodian(record, archive, court):
    handed = [*record, transfer(record, archive, court)]
    assert kinds(handed, archive, court) == []
    later = record[1].event.model_copy(update={"time": handed[-1].event.time})
    assert kinds([*handed, next_link(handed, "E-1", later, court)], archive, court) == []
    assert kinds([*handed, next_link(handed, "E-1", later, archive)], archive, court) == [(5, "signature")]


def test_a_transfer_signed_by_one_side_is_found(record, archive, court):
    for signer in (archive, court):
        assert kinds([*record, transfer(record, signer)], archive, court) == [(4, "transfer")]


def test_a_transfer_from_somebody_else_or_with_changed_content_is_found(record, archive, court):
    wrong = transfer(record, court, sender="court.example/custody")
    assert (4, "transfer") in kinds([*record, wrong], archive, court)
    changed = transfer(record, archive, court, after="cd" * 32)
    assert kinds([*record, changed], archive, court) == [(4, "transfer")]


def test_events_out_of_order_are_not_recorded_in_the_first_place(register, record, acquisition):
    view = record[1].event
    early = view.model_copy(update={"time": view.time - timedelta(days=1)})
    with pytest.raises(CustodyError, match="before the one it follows"):
        next_link(record, "E-1", early, register.signer)
    with pytest.raises(CustodyError, match="acquired once"):
        register.record("E-1", acquisition(register))
    with pytest.raises(CustodyError, match="no acquisition yet"):
        register.record("E-9", {"act": "view", "by": "analyst-3", "reason": "x"})


@pytest.mark.parametrize(
    "missing",
    ["origin", "collector", "tool", "acquired", "reason", "legal_basis", "items", "not_collected", "by"],
)
def test_an_acquisition_without_one_of_its_points_is_refused_and_nothing_of_it_repeated(register, acquisition, missing):
    event = {key: value for key, value in acquisition(register).items() if key != missing}
    with pytest.raises(CustodyError, match=missing) as caught:
        register.record("E-1", event)
    assert "videos.example" not in str(caught.value)
    assert register.record_of("E-1") == []


def test_unknown_fields_and_times_without_zone_are_refused(register, acquisition):
    for wrong in ({"note": "x"}, {"acquired": "2026-03-01T09:55:00"}, {"act": "gift"}, {"tool": {"name": "x"}}):
        with pytest.raises(CustodyError):
            register.record("E-1", acquisition(register, **wrong))


def test_an_event_is_written_as_it_was_read(register, acquisition):
    values = acquisition(register) | {"time": "2026-03-01T10:00:00Z"}
    assert read_event(write_event(read_event(values))) == read_event(values)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a note",
        "consilience.org/custody@v2\nE-1\n0\n00\n{}\n\n— k AAAAAAAA\n".encode(),
        "consilience.org/custody@v1\nE-1\n0\n00\nnot json\n\n— k AAAAAAAA\n".encode(),
        "consilience.org/custody@v1\nE-1\n0\n00\n{}\n\n— k AAAAAAAA\n".encode(),
        "consilience.org/custody@v1\nE-1\n\n— k AAAAAAAA\n".encode(),
        f"consilience.org/custody@v1\nE-1\n0\n00\n{'[' * 100_000}\n\n— k AAAAAAAA\n".encode(),
    ],
)
def test_what_is_not_a_custody_note_is_refused(data):
    with pytest.raises(CustodyError):
        Link.parse(data)


def test_a_note_in_a_second_spelling_is_refused(record, archive):
    spelt = record[1].note.text.replace('{"act"', '{ "act"')
    with pytest.raises(CustodyError, match="canonical"):
        Link.parse(type(record[1].note)(spelt).sign(archive).encode())
