"""What a power cut leaves of a custody store: every acknowledged act, and no record without its content."""

import importlib.util
import io
import os
import shutil
from pathlib import Path

import pytest

from consilience.custody.record import check_record, items_of
from consilience.custody.register import Register, read_record, sealed_of
from consilience.custody.seal import check_object
from consilience.ledger import durable


def load_disk():
    """The model of the worst disk, shared with the ledger's tests."""
    path = Path(__file__).parents[1] / "ledger" / "test_power_cut.py"
    spec = importlib.util.spec_from_file_location("ledger_power_cut", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Disk


@pytest.fixture
def disk(tmp_path, monkeypatch):
    made = load_disk()(tmp_path / "disk")
    made.root.mkdir()
    states = []
    made.acknowledged = 0
    real = {"fsync": os.fsync, "fdatasync": os.fdatasync}

    def watched(name):
        def sync(handle):
            real[name](handle)
            made.sync_path(Path(f"/proc/self/fd/{handle}"))
            target = tmp_path / f"state{len(states)}"
            made.after_power_cut(target)
            states.append((target, made.acknowledged))

        return sync

    for name in real:
        monkeypatch.setattr(os, name, watched(name))
    monkeypatch.setattr(durable, "_MANY", 1_000)
    made.states = states
    return made


def test_a_power_cut_after_any_sync_keeps_every_acknowledged_act(
    disk, monkeypatch, archive, node_key, recovery_key, acquisition, clock
):
    root = disk.root / "store"
    Register.create(root, archive, recovery=str(recovery_key.to_public()), identity=str(node_key))
    with Register.open(root, clock=clock) as register:
        register.record("E-1", acquisition(register))
        disk.acknowledged = 1
        for number in range(2, 5):
            register.record("E-1", {"act": "view", "by": "analyst-3", "reason": f"view {number}"})
            disk.acknowledged = number
            register.publish()
        register.seal(io.BytesIO(b"more"))
    monkeypatch.undo()
    assert len(disk.states) > 40
    for state, acknowledged in disk.states:
        record = read_record(state / "store/exhibits/E-1")
        assert len(record) >= acknowledged
        if record:
            assert check_record(record, [archive.verifier()]) == []
            for item in items_of(record):
                check_object(state / "store/objects", sealed_of(item))
            with Register.open(state / "store", clock=clock) as register:
                assert all(register.index_of(link) is not None for link in register.record_of("E-1"))
        shutil.rmtree(state)
