"""The 18 points of the Berkeley Protocol table in docs/reference/custody.md, one test each, in its order."""

import io
import pkgutil
import re
from pathlib import Path

import pytest

from consilience.custody.fixity import Pace, check_fixity
from consilience.custody.record import check_record, items_of
from consilience.custody.store import digest_file, object_path
from consilience.errors import CustodyError
from consilience.ledger.fsck import check_log
from consilience.ledger.log import public_folder

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def exhibit(register, acquisition):
    """An assessed and acquired exhibit; its acquisition."""
    assessment = {
        "act": "assessment",
        "by": "lead-1",
        "relevance": "shows the incident I-12",
        "reliability": "account known since 2019",
        "removal_risk": "high: videos of this channel vanish",
        "safety": "no face of a bystander is shown in public copies",
        "duty_of_care": "two viewers in turn, support offered",
    }
    register.record("E-1", assessment)
    event = acquisition(register)
    for role in ("embedded-media", "metadata", "context"):
        sealed = register.seal(io.BytesIO(role.encode()))
        part = {"role": role, "address": sealed.address, "digest": sealed.digest, "media_type": "text/plain"}
        event["items"].append(part | {"plain_bytes": sealed.plain_bytes, "sealed_bytes": sealed.sealed_bytes})
    return register.record("E-1", event).event


def roles(event):
    return [item.role for item in event.items]


def test_point_01_the_exact_origin_is_recorded(exhibit):
    assert exhibit.origin == "https://videos.example/watch?v=1"


def test_point_02_the_page_source_is_an_item_of_its_own(exhibit):
    assert "page-source" in roles(exhibit)


def test_point_03_the_full_page_capture_is_an_item_of_its_own_with_its_time(exhibit):
    assert "capture" in roles(exhibit)
    assert exhibit.acquired.isoformat() == "2026-03-01T09:55:00+00:00"


def test_point_04_embedded_media_are_items_of_their_own(exhibit):
    assert "embedded-media" in roles(exhibit)


def test_point_05_metadata_and_context_are_kept_sealed(exhibit, register):
    assert {"metadata", "context"} <= set(roles(exhibit))
    assert all(object_path(register.objects, item.address).exists() for item in exhibit.items)


def test_point_06_collection_data_are_complete(exhibit):
    values = [exhibit.collector, exhibit.tool.name, exhibit.tool.version, exhibit.machine, exhibit.virtual_identity]
    assert all([*values, exhibit.reason, exhibit.legal_basis, exhibit.time])


def test_point_07_the_digest_is_taken_at_collection_names_its_algorithm_and_lies_apart(exhibit, register):
    item = exhibit.items[0]
    assert item.algorithm == "sha-256"
    assert digest_file(object_path(register.objects, item.address)) == item.address != item.digest
    stored = object_path(register.objects, item.address).read_bytes()
    assert item.digest.encode() not in stored


def test_point_08_a_conversion_names_its_source_tool_and_alteration(exhibit, register):
    sealed = register.seal(io.BytesIO(b"converted"))
    result = exhibit.items[0].model_dump() | {"role": "derivative", "address": sealed.address, "digest": sealed.digest}
    event = {"act": "conversion", "by": "analyst-3", "source": exhibit.items[0].digest, "result": result}
    link = register.record("E-1", event | {"tool": {"name": "t", "version": "1"}, "altered": "container changed"})
    assert items_of(register.record_of("E-1"))[-1] == link.event.result
    with pytest.raises(CustodyError, match="altered"):
        register.record("E-1", event | {"tool": {"name": "t", "version": "1"}})


def test_point_09_the_chain_of_custody_is_ordered_signed_and_logged(exhibit, register, archive):
    register.record("E-1", {"act": "view", "by": "analyst-3", "reason": "verification"})
    register.publish()
    record = register.record_of("E-1")
    assert check_record(record, [archive.verifier()]) == []
    assert [register.index_of(link) for link in record] == [0, 1, 2]
    assert check_log(public_folder(register.root / "ledger"), [archive.verifier()]).faults == ()


def test_point_10_the_original_is_write_once_and_a_working_copy_is_recorded(exhibit, register):
    assert object_path(register.objects, exhibit.items[0].address).stat().st_mode & 0o222 == 0
    event = {
        "act": "copy",
        "by": "analyst-3",
        "reason": "editing",
        "digest": exhibit.items[0].digest,
        "place": "desk-4",
    }
    assert register.record("E-1", event).event.place == "desk-4"


def test_point_11_every_item_has_one_identity_and_can_be_rendered(exhibit, register, tmp_path):
    assert len({item.address for item in exhibit.items}) == len(exhibit.items)
    register.open_item("E-1", exhibit.items[0], tmp_path / "copy", by="analyst-3", reason="rendering test")
    assert exhibit.items[0].media_type == "video/mp4"
    assert (tmp_path / "copy").read_bytes() == b"a video"


def test_point_12_fixity_is_checked_recorded_and_raised(exhibit, register):
    assert check_fixity(register, by="c", pace=Pace(0, lambda: 0.0, lambda _: None)).sound
    object_path(register.objects, exhibit.items[0].address).unlink()
    report = check_fixity(register, by="c", pace=Pace(0, lambda: 0.0, lambda _: None))
    assert report.missing == (exhibit.items[0].address,)
    assert register.record_of("E-1")[-1].event.missing == report.missing


@pytest.mark.parametrize("act", ["view", "download", "export", "search"])
def test_point_13_every_access_is_recorded(exhibit, register, act):
    link = register.record("E-1", {"act": act, "by": "analyst-3", "reason": "verification"})
    assert register.log.opening(register.index_of(link)).event["note"] == link.digest


def test_point_14_a_transfer_needs_both_parties_authority_and_digests(exhibit, register):
    with pytest.raises(CustodyError) as caught:
        register.record("E-1", {"act": "transfer", "by": "custodian-1"})
    for field in ("authority", "digest_after", "digest_before", "receiver", "received_by", "sender"):
        assert field in str(caught.value)


@pytest.mark.parametrize("kind", ["source", "technical", "content"])
def test_point_15_verification_work_is_recorded_with_method_result_and_limits(exhibit, register, kind):
    event = {"act": "analysis", "by": "analyst-3", "kind": kind, "method": "m", "result": "r"}
    assert register.record("E-1", event | {"limits": "l"}).event.limits == "l"
    with pytest.raises(CustodyError, match="limits"):
        register.record("E-1", event)


def test_point_16_the_preliminary_assessment_comes_first(exhibit, register):
    assert [link.event.act for link in register.record_of("E-1")] == ["assessment", "acquisition"]
    assert register.record_of("E-1")[0].event.duty_of_care


def test_point_17_a_disposition_leaves_a_tombstone_with_digest_and_authority(exhibit, register):
    link = register.dispose("E-1", by="c", outcome="destroyed", authority="schedule 4", reason="period ended")
    assert link.event.authority == "schedule 4"
    assert exhibit.items[0].digest in link.event.tombstone
    assert not object_path(register.objects, exhibit.items[0].address).exists()


def test_point_18_what_was_searched_and_not_collected_is_recorded(exhibit):
    left = exhibit.not_collected[0]
    assert (left.searched, left.terms, left.left_out) == ("the channel", ("market",), "12 videos")


def test_the_page_names_a_function_that_exists_and_a_test_that_exists_for_each_point():
    text = (ROOT / "docs/reference/custody.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| .*? \| (.*?) \| `(test_point_\d\d)` \|$", text, re.MULTILINE)
    assert [int(number) for number, _, _ in rows] == list(range(1, 19))
    for number, functions, test in rows:
        assert test == f"test_point_{int(number):02}"
        assert any(name.startswith(test) for name in globals())
        named = re.findall(r"`(custody\.[a-z.]+\.\w+)`", functions)
        assert named
        assert all(pkgutil.resolve_name(f"consilience.{name}") for name in named)
