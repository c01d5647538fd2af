import shutil

import pyrage
import pytest

from consilience.custody.judge import Trust, judge
from consilience.custody.package import copy_item, present_items, write_package
from consilience.custody.record import Link, check_record
from consilience.custody.register import Register
from consilience.custody.transfer import OFFER, accept, complete, offer
from consilience.errors import CustodyError

TERMS = {"authorities": {}, "by": "custodian-1", "authority": "order 7/2026", "received_by": "registrar-1"}


@pytest.fixture
def court_store(make_store, court, clock):
    root = make_store("court", signer=court, identity=pyrage.x25519.Identity.generate())
    with Register.open(root, clock=clock) as opened:
        yield opened


@pytest.fixture
def offered(register, court_store, court, acquisition, tmp_path):
    """An exhibit with two equal items, offered to the court."""
    event = acquisition(register, b"a video")
    event["items"].append({**event["items"][0], "role": "embedded-media"})
    register.record("E-1", event)
    register.record("E-1", {"act": "view", "by": "analyst-3", "reason": "verification"})
    link = offer(register, "E-1", court.verifier(), court_store.recipients, tmp_path / "offer", **TERMS)
    return tmp_path / "offer", link


def test_both_records_end_with_the_same_note_signed_by_both(register, court_store, archive, court, offered):
    folder, _ = offered
    receipt = accept(court_store, folder, archive.verifier())
    complete(register, receipt, court.verifier())
    here, there = register.record_of("E-1"), court_store.record_of("E-1")
    assert [link.data for link in here] == [link.data for link in there]
    assert here[-1].event.digest_before == here[-1].event.digest_after
    assert sorted(here[-1].note.verify([archive.verifier(), court.verifier()])) == [archive.name, court.name]
    assert check_record(there, [archive.verifier(), court.verifier()]) == []
    assert register.index_of(here[-1]) == 2
    assert court_store.index_of(there[-1]) == 0


def test_the_receiver_opens_the_content_with_its_own_key_and_goes_on_with_the_record(
    register, court_store, archive, court, offered, tmp_path
):
    complete(register, accept(court_store, offered[0], archive.verifier()), court.verifier())
    item = court_store.items("E-1")[0]
    court_store.open_item("E-1", item, tmp_path / "copy", by="judge-1", reason="hearing")
    assert (tmp_path / "copy").read_bytes() == b"a video"
    assert check_record(court_store.record_of("E-1"), [archive.verifier(), court.verifier()]) == []
    with pytest.raises(CustodyError, match="in other hands"):
        register.record("E-1", {"act": "view", "by": "analyst-3", "reason": "late look"})


def test_what_the_receiver_holds_can_be_judged_by_a_third_party(court_store, archive, court, offered, tmp_path):
    accept(court_store, offered[0], archive.verifier())
    write_package(court_store, ["E-1"], tmp_path / "third", [])
    for item in present_items(court_store.record_of("E-1")):
        copy_item(court_store, item, tmp_path / "third" / "items")
    keys = {key.name: key.verifier() for key in (archive, court)}
    assert judge(tmp_path / "third", Trust(keys, {}, dated=False)) == []


def test_nothing_that_travels_can_be_read_on_the_way(offered, archive):
    assert not any(b"a video" in path.read_bytes() for path in offered[0].rglob("*") if path.is_file())


def test_the_store_keeps_no_copy_sealed_for_somebody_else(register, offered):
    held = {path.stem for path in register.objects.rglob("*.age")}
    assert held == {item.address for item in register.items("E-1")}


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda folder: next((folder / "items").iterdir()).write_bytes(b"other"), "missing or changed"),
        (lambda folder: next((folder / "items").iterdir()).unlink(), "missing or changed"),
        (lambda folder: (folder / "record/E-1/000001.note").unlink(), "does not continue"),
        (lambda folder: (folder / "record/E-1/000000.note").unlink(), "does not hold"),
        (lambda folder: (folder / "record/E-1/000001.tlog-proof").unlink(), "does not hold"),
        (lambda folder: (folder / OFFER).unlink(), "no offer"),
        (lambda folder: shutil.copy(folder / "record/E-1/000000.note", folder / OFFER), "not a transfer"),
    ],
)
def test_an_offer_that_does_not_hold_is_not_signed_and_leaves_nothing(court_store, archive, offered, spoil, reason):
    spoil(offered[0])
    with pytest.raises(CustodyError, match=reason):
        accept(court_store, offered[0], archive.verifier())
    assert court_store.record_of("E-1") == []
    assert list(court_store.objects.rglob("*.age")) == []
    assert court_store.log.size == 0


def test_an_offer_to_somebody_else_or_from_somebody_else_is_not_signed(court_store, archive, court, offered, register):
    with pytest.raises(CustodyError, match="between these two"):
        accept(register, offered[0], court.verifier())
    with pytest.raises(CustodyError, match="between these two"):
        accept(court_store, offered[0], court.verifier())


def test_an_offer_whose_signature_was_removed_is_not_signed(court_store, archive, court, offered):
    folder, link = offered
    (folder / OFFER).write_bytes(type(link.note)(link.note.text).sign(court).encode())
    with pytest.raises(CustodyError, match=r"not signed by archive\.example"):
        accept(court_store, folder, archive.verifier())


def test_a_receipt_without_the_receivers_signature_is_refused(register, court, offered):
    with pytest.raises(CustodyError, match=r"not signed by court\.example"):
        complete(register, offered[1].data, court.verifier())
    assert len(register.record_of("E-1")) == 2


def test_a_receipt_for_a_record_that_went_on_is_refused(register, court_store, archive, court, offered):
    receipt = accept(court_store, offered[0], archive.verifier())
    register.record("E-1", {"act": "view", "by": "analyst-3", "reason": "one more"})
    with pytest.raises(CustodyError, match="does not continue"):
        complete(register, receipt, court.verifier())


def test_the_half_signed_offer_is_not_in_the_record(register, offered):
    assert [link.event.act for link in register.record_of("E-1")] == ["acquisition", "view"]
    assert isinstance(offered[1], Link)
