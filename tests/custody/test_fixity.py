import json

import pytest

from consilience.custody.fixity import Pace, check_fixity
from consilience.custody.record import check_record
from consilience.custody.store import object_path


class Time:
    """Seconds that pass only by waiting."""

    def __init__(self):
        self.now = 0.0
        self.waited = 0.0

    def __call__(self):
        return self.now

    def wait(self, seconds):
        self.now += seconds
        self.waited += seconds


@pytest.fixture
def pace():
    time = Time()
    return Pace(0, time, time.wait)


@pytest.fixture
def filled(register, acquisition):
    for exhibit in ("E-1", "E-2", "E-3"):
        register.record(exhibit, acquisition(register, f"content of {exhibit}".encode()))
    return register


def test_a_sound_store_is_read_whole_and_each_result_recorded(filled, pace, archive):
    report = check_fixity(filled, by="custodian-1", pace=pace)
    assert report.sound
    assert (report.exhibits, report.unchanged) == (3, 9)
    assert report.read_bytes == sum(item.sealed_bytes for name in filled.exhibits() for item in filled.items(name))
    for exhibit in filled.exhibits():
        record = filled.record_of(exhibit)
        assert (record[-1].event.act, record[-1].event.unchanged) == ("fixity", 3)
        assert check_record(record, [archive.verifier()]) == []
    runs = (filled.root / "fixity/runs.jsonl").read_text().splitlines()
    assert json.loads(runs[0])["unchanged"] == 9


def test_what_changed_and_what_vanished_is_raised_and_recorded(filled, pace):
    changed, gone = filled.items("E-2")[0].address, filled.items("E-3")[1].address
    path = object_path(filled.objects, changed)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    object_path(filled.objects, gone).unlink()
    report = check_fixity(filled, by="custodian-1", pace=pace)
    assert not report.sound
    assert (report.changed, report.missing) == ((changed,), (gone,))
    assert filled.record_of("E-2")[-1].event.changed == (changed,)
    assert filled.record_of("E-3")[-1].event.missing == (gone,)


def test_a_run_goes_on_where_the_last_one_stopped(filled, pace):
    assert check_fixity(filled, by="c", pace=pace, budget=1).exhibits == 1
    assert check_fixity(filled, by="c", pace=Pace(0, Time(), lambda _: None), budget=1).exhibits == 1
    acts = {name: [link.event.act for link in filled.record_of(name)] for name in filled.exhibits()}
    assert [name for name, done in acts.items() if "fixity" in done] == ["E-1", "E-2"]
    check_fixity(filled, by="c", pace=Pace(0, Time(), lambda _: None), budget=1)
    assert filled.record_of("E-3")[-1].event.act == "fixity"


def test_reading_keeps_to_its_rate(filled):
    time = Time()
    report = check_fixity(filled, by="c", pace=Pace(1_000, time, time.wait))
    assert time.waited == pytest.approx(report.read_bytes / 1_000)


def test_exhibits_that_are_gone_are_passed_over_and_archived_ones_read(filled, pace):
    filled.dispose("E-1", by="c", outcome="destroyed", authority="schedule 4", reason="period ended")
    filled.dispose("E-2", by="c", outcome="archived", authority="statute 3", reason="permanent value")
    report = check_fixity(filled, by="c", pace=pace)
    assert report.sound
    assert report.exhibits == 2


def test_an_empty_store_is_sound(register, pace):
    assert check_fixity(register, by="c", pace=pace).sound
