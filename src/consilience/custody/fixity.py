"""Fixity: re-reading every object of a store at a set rate, recording each result, and raising what changed.

The pass goes by address and remembers where it stopped, so that it can be run a little every night.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from consilience.custody.package import present_items
from consilience.custody.record import custodian_of, items_of
from consilience.custody.register import Register
from consilience.custody.store import CHUNK_BYTES, object_path
from consilience.ledger.durable import append_file, make_folder, write_files


@dataclass(frozen=True)
class FixityReport:
    """Result of one run: exhibits whose items were read, objects unchanged, changed, missing, and bytes read."""

    exhibits: int
    unchanged: int
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    read_bytes: int

    @property
    def sound(self) -> bool:
        """Whether nothing changed or vanished."""
        return not (self.changed or self.missing)


class Pace:
    """Holds reading to a rate, by waiting.

    Args:
        rate: bytes per second; 0 for as fast as it goes.
        clock: gives seconds.
        wait: waits for seconds.
    """

    def __init__(self, rate: int, clock: Callable[[], float], wait: Callable[[float], None]) -> None:
        self.rate = rate
        self._clock, self._wait = clock, wait
        self._start = clock()
        self.read = 0

    def take(self, count: int) -> None:
        """Count bytes as read, and wait when they came too fast."""
        self.read += count
        ahead = self.read / self.rate - (self._clock() - self._start) if self.rate else 0
        if ahead > 0:
            self._wait(ahead)


def check_fixity(register: Register, *, by: str, pace: Pace, budget: int = 0) -> FixityReport:
    """Re-read exhibits after the one where the last run stopped, and record a result on each.

    Args:
        register: the open store.
        by: who answers for the run.
        pace: how fast to read.
        budget: stop after the exhibit in which so many bytes were reached; 0 reads everything.

    Returns:
        What was found. Each exhibit that was read has a fixity event in its record (unless it is in other hands),
        and the run a line in `fixity/runs.jsonl`.
    """
    states: dict[str, str] = {}
    exhibits = 0
    for exhibit in _order(register):
        found = _check_exhibit(register, exhibit, by, pace)
        states.update(found)
        exhibits += bool(found)
        _remember(register, exhibit)
        if budget and pace.read >= budget:
            break
    report = FixityReport(exhibits, *_sorted_out(states), pace.read)
    _write_run(register, report)
    return report


def _check_exhibit(register: Register, exhibit: str, by: str, pace: Pace) -> dict[str, str]:
    """Re-read the items of one exhibit and record the result; nothing where it was disposed of or handed over."""
    record = register.record_of(exhibit)
    if not present_items(record) or custodian_of(record) != register.signer.name:
        return {}
    states = {item.address: _judge(register.objects, item.address, pace) for item in items_of(record)}
    unchanged, changed, missing = _sorted_out(states)
    event = {"act": "fixity", "by": by, "unchanged": unchanged, "changed": changed, "missing": missing}
    register.record(exhibit, event)
    return states


def _sorted_out(states: dict[str, str]) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    """Return how many are unchanged, and the addresses of those changed and of those missing."""
    named = {state: tuple(address for address, found in states.items() if found == state) for state in states.values()}
    return len(named.get("unchanged", ())), named.get("changed", ()), named.get("missing", ())


def _order(register: Register) -> list[str]:
    """Return the exhibits, beginning after the one that was read last."""
    exhibits = register.exhibits()
    place = register.root / "fixity" / "last"
    last = place.read_text(encoding="utf-8").strip() if place.exists() else ""
    return [name for name in exhibits if name > last] + [name for name in exhibits if name <= last]


def _judge(objects: Path, address: str, pace: Pace) -> str:
    path = object_path(objects, address)
    if not path.is_file():
        return "missing"
    digest = sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
            pace.take(len(chunk))
    return "unchanged" if digest.hexdigest() == address else "changed"


def _remember(register: Register, exhibit: str) -> None:
    folder = register.root / "fixity"
    make_folder(folder)
    write_files(folder, {"last": f"{exhibit}\n".encode()}, scratch=register.scratch, mode=0o600)


def _write_run(register: Register, report: FixityReport) -> None:
    line = {
        "time": register.now().isoformat(),
        "exhibits": report.exhibits,
        "unchanged": report.unchanged,
        "changed": list(report.changed),
        "missing": list(report.missing),
        "read_bytes": report.read_bytes,
    }
    append_file(register.root / "fixity" / "runs.jsonl", (json.dumps(line) + "\n").encode(), mode=0o600)
