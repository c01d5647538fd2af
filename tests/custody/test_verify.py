import random
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyrage
import pytest

from consilience.custody.authority import stamp_head
from consilience.custody.bundle import BundleOrder, make_bundle
from consilience.custody.manifest import write_manifest
from consilience.custody.package import write_package
from consilience.custody.register import Register
from consilience.custody.transfer import accept, complete, offer
from consilience.custody.verify import verify_bundle
from consilience.errors import CustodyError, UsageError
from consilience.ledger.log import Log
from consilience.ledger.note import Signer
from consilience.ledger.opening import Opening
from consilience.ledger.policy import Policy
from consilience.ledger.witness import cosignature_verifier

ORDER = BundleOrder(by="custodian-1", reason="order 7/2026")


@pytest.fixture
def copy(bundle, tmp_path):
    shutil.copytree(bundle, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.fixture
def found(copy, archive):
    """Spoil a copy and return what is found as (kind, path). With `resign` the maker of the bundle is the forger."""

    def judge(spoil, *, resign=False, **options):
        spoil(copy)
        if resign:
            write_manifest(copy, archive, datetime.now(UTC))
        return {(fault.kind, fault.path) for fault in verify_bundle(copy, **options).faults}

    return judge


def flip(path, place=-3):
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(bytes(data))


def first(folder, pattern):
    return min(folder.glob(pattern))


def test_a_sound_bundle_holds_with_its_own_keys_and_with_mine(bundle, archive, authorities, node_key):
    verdict = verify_bundle(bundle)
    assert verdict.faults == ()
    assert (verdict.exhibits, verdict.events, verdict.opened, verdict.own_keys) == (2, 7, 0, True)
    roots = {name: authority.roots for name, authority in authorities.items()}
    policy = Policy.parse(f"log {archive.verifier().vkey}\nquorum none\n")
    mine = verify_bundle(bundle, keys=[archive.verifier()], roots=roots, policy=policy, identity=str(node_key))
    assert (mine.faults, mine.opened, mine.own_keys) == ((), 6, False)
    assert list(mine.keys) == [archive.name]


def test_a_bundle_holds_what_the_guide_promises(bundle):
    names = {path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()}
    assert {"index.html", "index.csv", "GUIDE.html", "policy", "manifest.sha256", "manifest.note"} <= names
    assert {"keys/archive.example_custody.vkey", "record/E-1/000004.note", "record/E-1/000004.opening"} <= names
    assert sum(name.startswith("items/") for name in names) == 6
    rows = (bundle / "index.csv").read_text().splitlines()
    assert "names blacked out" in rows[4]
    assert "not redacted" in rows[1]
    assert "clip.mp4" in (bundle / "index.html").read_text()


@pytest.mark.parametrize(
    "pattern",
    [
        "record/E-1/000001.note",
        "record/E-1/000001.opening",
        "record/E-1/000001.tlog-proof",
        "items/*.age",
        "logs/*/*/checkpoint",
        "logs/*/*/*.tsr",
        "logs/*/*/*.pem",
        "logs/*/consistency/*",
        "keys/*.vkey",
        "policy",
        "index.csv",
        "index.html",
        "GUIDE.html",
        "manifest.sha256",
        "manifest.note",
    ],
)
def test_one_flipped_bit_is_found_and_its_file_named(found, copy, pattern):
    path = first(copy, pattern)
    name = path.relative_to(copy).as_posix()
    named = {place for _, place in found(lambda _: flip(path))}
    assert name in named or (pattern.startswith("keys") and named)


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [
        ("record/E-1/000001.note", {"note", "signature", "chain"}),
        ("record/E-1/000001.opening", {"opening"}),
        ("record/E-1/000001.tlog-proof", {"proof"}),
        ("items/*.age", {"item"}),
        ("logs/*/*/checkpoint", {"head"}),
        ("logs/*/*/*.tsr", {"token"}),
        ("logs/*/consistency/*", {"head"}),
    ],
)
def test_one_flipped_bit_is_found_even_when_the_maker_signs_the_list_anew(found, copy, pattern, kind):
    path = first(copy, pattern)
    kinds = {kind for kind, _ in found(lambda _: flip(path), resign=True)}
    assert kinds & kind


def damage_all(folder, key, seed):
    """Flip, cut, empty or lengthen every file in turn; and flip it with the list signed anew: never a crash."""
    chance = random.Random(seed)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        before = path.read_bytes()
        place = chance.randrange(len(before))
        flipped = before[:place] + bytes([before[place] ^ chance.randrange(1, 256)]) + before[place + 1 :]
        path.write_bytes(chance.choice([flipped, before[:place], b"", before + b"!"]))
        assert verify_bundle(folder).faults, path
        if path.parent != folder and chance.random() < 0.3:
            path.write_bytes(flipped)
            write_manifest(folder, key, datetime.now(UTC))
            verify_bundle(folder)
            path.write_bytes(before)
            write_manifest(folder, key, datetime.now(UTC))
        path.write_bytes(before)
    assert verify_bundle(folder).faults == ()


def test_any_damage_to_any_file_is_found_and_never_a_crash(copy, archive):
    damage_all(copy, archive, 0)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 21))
def test_twenty_rounds_of_damage_are_found_and_never_a_crash(copy, archive, seed):
    damage_all(copy, archive, seed)


def drop(folder, number, exhibit="E-1"):
    for path in (folder / "record" / exhibit).glob(f"{number:06d}.*"):
        path.unlink()


def test_a_dropped_event_is_found_and_named(found):
    assert ("manifest", "record/E-1/000002.note") in found(lambda folder: drop(folder, 2))


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_dropped_event_is_found_when_the_list_is_signed_anew(found, number):
    found_here = found(lambda folder: drop(folder, number), resign=True)
    assert ("sequence", f"record/E-1/{number:06d}.note") in found_here


def swap(folder):
    record = folder / "record/E-1"
    for ending in ("note", "opening", "tlog-proof"):
        one, two = record / f"000001.{ending}", record / f"000002.{ending}"
        data = one.read_bytes()
        one.write_bytes(two.read_bytes())
        two.write_bytes(data)


def test_reordered_events_are_found(found):
    assert ("manifest", "record/E-1/000001.note") in found(swap)


def test_reordered_events_are_found_when_the_list_is_signed_anew(found):
    assert ("sequence", "record/E-1/000001.note") in found(swap, resign=True)


def test_an_added_file_is_found(found):
    assert found(lambda folder: (folder / "extra").write_text("x")) == {("manifest", "extra")}


def test_a_swapped_exhibit_is_found_and_named(found, copy):
    one, two = sorted(copy.glob("items/*.age"))[:2]
    assert ("item", f"items/{one.name}") in found(lambda _: shutil.copy(two, one), resign=True)


def test_a_missing_exhibit_is_found_and_named(found, copy):
    one = first(copy, "items/*.age")
    assert ("item", f"items/{one.name}") in found(lambda _: one.unlink(), resign=True)


@pytest.mark.parametrize("resign", [True, False])
def test_a_missing_token_is_found_and_named(found, copy, resign):
    token = first(copy, "logs/*/*/second.tsr")
    name = token.parent.relative_to(copy).as_posix()
    assert ("token", name) in found(lambda _: token.unlink(), resign=resign)


def test_a_token_of_an_unknown_authority_is_found(bundle, make_authority):
    verdict = verify_bundle(bundle, roots={"first": make_authority("stranger").roots})
    assert {fault.kind for fault in verdict.faults} == {"token"}


def test_a_foreign_key_is_found(bundle, found, copy):
    stranger = Signer.from_seed("archive.example/custody", bytes(32))
    kinds = {fault.kind for fault in verify_bundle(bundle, keys=[stranger.verifier()]).faults}
    assert {"key", "signature", "head", "proof"} <= kinds
    assert ("key", "manifest.note") in found(lambda folder: write_manifest(folder, stranger, datetime.now(UTC)))


def test_keys_swapped_inside_the_bundle_are_found(found, copy):
    stranger = Signer.from_seed("archive.example/custody", bytes(32))
    path = first(copy, "keys/*.vkey")
    kinds = {kind for kind, _ in found(lambda _: path.write_text(stranger.verifier().vkey + "\n"))}
    assert {"key", "signature"} <= kinds


def test_a_log_whose_growth_is_not_proved_is_found(found, copy):
    path = first(copy, "logs/*/consistency/*")
    assert ("head", path.relative_to(copy).as_posix()) in found(lambda _: path.unlink(), resign=True)


def test_a_quorum_that_is_not_met_is_found(bundle, archive):
    witness = Signer.from_seed("w.example", bytes(32))
    policy = Policy.parse(
        f"log {archive.verifier().vkey}\nwitness W {cosignature_verifier(witness).vkey}\nquorum W\n",
    )
    assert {fault.kind for fault in verify_bundle(bundle, policy=policy).faults} == {"proof"}


def test_an_event_that_the_key_holder_dates_back_is_found_and_named(
    tmp_path, recovery_key, node_key, archive, acquisition, authorities
):
    """Times and chain agree; only the dated head shows that the event was not there yet."""
    root, now = tmp_path / "s", datetime.now(UTC)
    Register.create(root, archive, recovery=str(recovery_key.to_public()), identity=str(node_key))
    with Register.open(root, clock=lambda: now - timedelta(days=1)) as register:
        register.record("E-1", acquisition(register))
        stamp_head(register, authorities)
    with Register.open(root, clock=lambda: now - timedelta(hours=1)) as register:
        register.record("E-1", {"act": "view", "by": "analyst-3", "reason": "said to be an hour ago"})
    with Register.open(root, clock=lambda: datetime.now(UTC)) as register:
        make_bundle(register, ["E-1"], tmp_path / "b", ORDER, authorities=authorities)
    faults = [(fault.kind, fault.path) for fault in verify_bundle(tmp_path / "b").faults]
    assert faults == [("time", "record/E-1/000001.note")]


def test_an_event_dated_after_its_head_is_found(tmp_path, recovery_key, node_key, archive, acquisition, authorities):
    root = tmp_path / "s"
    Register.create(root, archive, recovery=str(recovery_key.to_public()), identity=str(node_key))
    with Register.open(root, clock=lambda: datetime.now(UTC) + timedelta(days=1)) as register:
        register.record("E-1", acquisition(register))
        make_bundle(register, ["E-1"], tmp_path / "b", ORDER, authorities=authorities)
    assert {fault.kind for fault in verify_bundle(tmp_path / "b").faults} == {"time"}


def test_a_transfer_that_only_one_side_signed_is_found_and_named(
    tmp_path, make_store, acquisition, court, authorities, real_clock, recipients
):
    with Register.open(make_store(), clock=real_clock) as register:
        register.record("E-1", acquisition(register))
        terms = {"by": "custodian-1", "authority": "none", "received_by": "registrar-1"}
        half = offer(register, "E-1", court.verifier(), recipients, tmp_path / "offer", authorities={}, **terms)
        register.keep(half)
        stamp_head(register, authorities)
        write_package(register, ["E-1"], tmp_path / "b", [court.verifier()])
        shutil.copytree(tmp_path / "offer/items", tmp_path / "b/items")
        write_manifest(tmp_path / "b", register.signer, datetime.now(UTC))
        keys = [register.signer.verifier(), court.verifier()]
    faults = [(fault.kind, fault.path) for fault in verify_bundle(tmp_path / "b", keys=keys).faults]
    assert faults == [("transfer", "record/E-1/000001.note")]


def test_a_bundle_of_an_exhibit_that_was_handed_over_holds_with_both_keys(
    tmp_path, make_store, acquisition, archive, court, authorities, real_clock
):
    other = make_store("court", signer=court, identity=pyrage.x25519.Identity.generate())
    with Register.open(make_store(), clock=real_clock) as sender, Register.open(other, clock=real_clock) as receiver:
        sender.record("E-1", acquisition(sender))
        stamp_head(sender, authorities)
        terms = {"by": "custodian-1", "authority": "order 7", "received_by": "registrar-1"}
        offer(sender, "E-1", court.verifier(), receiver.recipients, tmp_path / "offer", authorities={}, **terms)
        accept(receiver, tmp_path / "offer", archive.verifier())
        make_bundle(receiver, ["E-1"], tmp_path / "b", ORDER, authorities=authorities)
    assert verify_bundle(tmp_path / "b").faults == ()
    kinds = {fault.kind for fault in verify_bundle(tmp_path / "b", keys=[court.verifier()]).faults}
    assert "key" in kinds


def test_items_sealed_for_the_court_open_with_its_key_only(
    tmp_path, make_store, acquisition, authorities, real_clock, recovery_key, node_key
):
    key = pyrage.x25519.Identity.generate()
    order = BundleOrder("custodian-1", "order 7", (str(key.to_public()), str(recovery_key.to_public())))
    with Register.open(make_store(), clock=real_clock) as register:
        register.record("E-1", acquisition(register))
        make_bundle(register, ["E-1"], tmp_path / "b", order, authorities=authorities)
        assert len(list(register.objects.rglob("*.age"))) == 3
        make_bundle(register, ["E-1"], tmp_path / "again", ORDER, authorities=authorities)
    assert verify_bundle(tmp_path / "b", identity=str(key)).opened == 3
    kinds = {fault.kind for fault in verify_bundle(tmp_path / "b", identity=str(node_key)).faults}
    assert kinds == {"item"}
    assert verify_bundle(tmp_path / "again", identity=str(node_key)).faults == ()


def test_a_disposed_exhibit_shows_its_tombstone(tmp_path, make_store, acquisition, authorities, real_clock):
    with Register.open(make_store(), clock=real_clock) as register:
        register.record("E-1", acquisition(register))
        register.dispose("E-1", by="c", outcome="destroyed", authority="schedule 4", reason="period ended")
        make_bundle(register, ["E-1"], tmp_path / "b", ORDER, authorities=authorities)
    assert verify_bundle(tmp_path / "b").faults == ()
    assert "tombstone" in (tmp_path / "b/record/E-1/000001.note").read_text()


def test_an_undated_bundle_says_so(tmp_path, make_store, acquisition, real_clock):
    with Register.open(make_store(), clock=real_clock) as register:
        register.record("E-1", acquisition(register))
        make_bundle(register, ["E-1"], tmp_path / "b", ORDER, authorities={})
    assert {fault.kind for fault in verify_bundle(tmp_path / "b").faults} == {"token"}
    assert verify_bundle(tmp_path / "b", dated=False).faults == ()


def test_a_record_in_another_exhibits_folder_is_found(found):
    def spoil(folder):
        (folder / "record/E-1").rename(folder / "record/E-3")

    assert ("exhibit", "record/E-3/000000.note") in found(spoil, resign=True)


def test_an_opening_of_another_event_is_found(found):
    def spoil(folder):
        shutil.copy(folder / "record/E-1/000002.opening", folder / "record/E-1/000001.opening")

    assert ("opening", "record/E-1/000001.opening") in found(spoil, resign=True)


def test_a_bundle_without_heads_and_without_records_is_found(found):
    def spoil(folder):
        shutil.rmtree(folder / "logs")
        for path in (folder / "record/E-2").iterdir():
            path.unlink()

    assert {("head", "logs"), ("sequence", "record/E-2")} <= found(spoil, resign=True)


def test_malformed_keys_and_an_unreadable_record_are_found_not_fatal(found, copy, node_key):
    def spoil(folder):
        first(folder, "keys/*.vkey").write_text("nonsense")
        (folder / "record/E-1/000000.note").write_bytes(b"nonsense")

    assert {"key", "note"} <= {kind for kind, _ in found(spoil, resign=True, identity=str(node_key))}


def test_all_tokens_of_the_newest_head_missing_leaves_its_events_undated(found, copy):
    newest = max(copy.glob("logs/*/*/checkpoint")).parent

    def spoil(_):
        for path in newest.glob("*.tsr"):
            path.unlink()

    assert ("token", "record/E-1/000004.note") in found(spoil, resign=True)


def test_an_event_proved_under_a_head_of_a_second_history_is_found(found, copy, archive, tmp_path):
    """The key holder logs a forged event in a fork; the dated heads are those of the true log."""
    opening = Opening.from_bytes((copy / "record/E-1/000001.opening").read_bytes())
    Log.create(tmp_path / "fork", archive)
    with Log.open(tmp_path / "fork") as fork:
        fork.append([b"something else", opening.entry])
        fork.publish()
        text = fork.read().prove(1).text
    proof = "record/E-1/000001.tlog-proof"
    assert ("proof", proof) in found(lambda folder: (folder / proof).write_text(text), resign=True)


def test_heads_of_one_log_in_two_folders_are_found(found):
    def spoil(folder):
        shutil.copytree(first(folder, "logs/*"), folder / "logs/other")

    assert any(kind == "head" and path.startswith("logs/other") for kind, path in found(spoil, resign=True))


def test_an_exhibit_handed_over_twice_between_the_same_two_still_verifies(
    tmp_path, make_store, acquisition, archive, court, authorities, real_clock
):
    other = make_store("court", signer=court, identity=pyrage.x25519.Identity.generate())
    with Register.open(make_store(), clock=real_clock) as sender, Register.open(other, clock=real_clock) as receiver:
        for number, exhibit in enumerate(("E-1", "E-2")):
            sender.record(exhibit, acquisition(sender))
            stamp_head(sender, authorities)
            sender.record(exhibit, {"act": "view", "by": "analyst-3", "reason": "last look"})
            terms = {"by": "custodian-1", "authority": "order 7", "received_by": "registrar-1"}
            offer(
                sender,
                exhibit,
                court.verifier(),
                receiver.recipients,
                tmp_path / f"offer{number}",
                authorities=authorities,
                **terms,
            )
            complete(sender, accept(receiver, tmp_path / f"offer{number}", archive.verifier()), court.verifier())
        make_bundle(receiver, ["E-1", "E-2"], tmp_path / "b", ORDER, authorities=authorities)
    assert verify_bundle(tmp_path / "b").faults == ()


def test_an_event_handed_over_undated_is_named(
    tmp_path, make_store, acquisition, archive, court, authorities, real_clock
):
    other = make_store("court", signer=court, identity=pyrage.x25519.Identity.generate())
    with Register.open(make_store(), clock=real_clock) as sender, Register.open(other, clock=real_clock) as receiver:
        sender.record("E-1", acquisition(sender))
        terms = {"by": "custodian-1", "authority": "order 7", "received_by": "registrar-1"}
        offer(sender, "E-1", court.verifier(), receiver.recipients, tmp_path / "offer", authorities={}, **terms)
        accept(receiver, tmp_path / "offer", archive.verifier())
        make_bundle(receiver, ["E-1"], tmp_path / "b", ORDER, authorities=authorities)
    faults = [(fault.kind, fault.path) for fault in verify_bundle(tmp_path / "b").faults]
    assert faults == [("token", "record/E-1/000000.note")]


def test_an_authority_that_does_not_answer_stops_the_bundle(tmp_path, make_store, acquisition, authorities, real_clock):
    def silent(_):
        raise CustodyError("The authority is silent")

    broken = authorities | {"second": replace(authorities["second"], ask=silent)}
    with Register.open(make_store(), clock=real_clock) as register:
        register.record("E-1", acquisition(register))
        with pytest.raises(CustodyError, match="silent"):
            make_bundle(register, ["E-1"], tmp_path / "b", ORDER, authorities=broken)
        assert not (tmp_path / "b").exists()
        with pytest.raises(UsageError, match="two authorities"):
            stamp_head(register, {"first": authorities["first"]})
        assert stamp_head(register, authorities).dated_by == ("first", "second")


def test_a_folder_that_is_no_bundle_and_a_target_that_exists_are_misuse(tmp_path, register):
    with pytest.raises(UsageError, match="not a court bundle"):
        verify_bundle(tmp_path)
    with pytest.raises(UsageError, match="new folder"):
        make_bundle(register, ["E-1"], tmp_path, ORDER, authorities={})
