"""The book of truth: what really happened and which row speaks of it, written as Parquet beside the lists.

people.parquet    one row a person: event, day, area, violation, sex, birth, name, which lists hold the person
events.parquet    one row an event
acts.parquet      one row an act
labels.parquet    one row a row of a list: source, record_id, line, person_id, act_id, event_id, duplicate, fault
strata.parquet    province x violation x year: how many people there were, how many nobody documented
truth.json        counts per list, what was planted where and how strongly
"""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from consilience.demo.capture import SHARED_INFORMANTS, Documented
from consilience.demo.country import COUNTRY, COUNTRY_NAME, DISTRICTS, PROVINCES, VILLAGES
from consilience.demo.faults import Fault
from consilience.demo.names import People, Script
from consilience.demo.organisations import ORGANISATIONS
from consilience.demo.planted import HEAPING, MISCODING, PRACTICE, SPIKE
from consilience.demo.truth import FIRST_DAY, LAST_DAY, PERPETRATORS, SEXES, VIOLATIONS, Bools, Ints, Persons

_YEARS = LAST_DAY.year - FIRST_DAY.year + 1
_STRATA = (len(PROVINCES), len(VIOLATIONS), _YEARS)


@dataclass(frozen=True, slots=True)
class ListTotals:
    """One list, counted: rows = sound + bad; duplicates are among the sound rows."""

    rows: int
    sound: int
    bad: dict[str, int]
    duplicates: int
    file: str


@dataclass(frozen=True, slots=True)
class Totals:
    """The whole coalition, counted. People are victims; `undocumented` are those that no list holds."""

    records: int
    people: int
    undocumented: int
    acts: int
    events: int
    lists: dict[str, ListTotals]


@dataclass(frozen=True, slots=True)
class LabelRows:
    """What is known of the rows of one list in one slice; `person` is the number within the slice."""

    source: str
    record_id: pa.Array
    line: Ints
    person: Ints
    act: Ints
    violation: Ints
    duplicate: Bools
    fault: Ints


class TruthBook:
    """Collects the truth slice by slice."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._tally = {each.id: _Tally() for each in ORGANISATIONS}
        self._labels: list[LabelRows] = []
        self._all = np.zeros(_STRATA, dtype=np.int64)
        self._hidden = np.zeros(_STRATA, dtype=np.int64)
        self.people = self.events = self.acts = 0

    def add_labels(self, labels: LabelRows) -> None:
        """Note the rows of one list; they are written with their slice."""
        self._labels.append(labels)
        tally = self._tally[labels.source]
        tally.faults += np.bincount(labels.fault, minlength=len(Fault))
        tally.duplicates += int(labels.duplicate.sum())

    def add_slice(self, documented: Documented, names: People) -> None:
        """Write the people, events, acts and labels of one slice and count its strata."""
        persons = documented.persons
        self._write("people", self._people_table(documented, names))
        self._write("events", self._event_table(persons))
        self._write("acts", self._act_table(persons))
        for labels in self._labels:
            self._write("labels", self._label_table(labels, persons))
        self._labels.clear()
        hidden = np.asarray(~documented.caught.any(axis=1))
        self._all += _strata(persons)
        self._hidden += _strata(persons, hidden)
        self.people += len(persons)
        self.events += int(persons.event.max(initial=-1)) + 1
        self.acts += len(persons) + int((persons.second >= 0).sum())

    def close(self, records: int, seed: int, paths: dict[str, Path]) -> Totals:
        """Finish the files and return the counts."""
        self._write("strata", self._strata_table())
        for writer in self._writers.values():
            writer.close()
        lists = {name: tally.totals(paths[name].name) for name, tally in self._tally.items()}
        totals = Totals(records, self.people, int(self._hidden.sum()), self.acts, self.events, lists)
        summary = {"seed": seed, **dataclasses.asdict(totals), **_what_was_planted()}
        text = json.dumps(summary, indent=2, ensure_ascii=False, default=str) + "\n"
        (self._folder / "truth.json").write_text(text, encoding="utf-8")
        return totals

    def _write(self, name: str, table: pa.Table) -> None:
        if name not in self._writers:
            self._writers[name] = pq.ParquetWriter(self._folder / f"{name}.parquet", table.schema, compression="zstd")
        self._writers[name].write_table(table)

    def _people_table(self, documented: Documented, names: People) -> pa.Table:
        persons = documented.persons
        plain = np.zeros(len(persons), dtype=np.int64)
        caught = {f"on_{each.id}": documented.caught[:, n] for n, each in enumerate(ORGANISATIONS)}
        return pa.table(
            {
                "person_id": _ids("p", np.arange(len(persons)) + self.people),
                "event_id": _ids("e", persons.event + self.events),
                "date": _dates(persons.day),
                "area": _label([spot.code for spot in DISTRICTS], persons.district),
                "urban": persons.urban,
                "violation": _label(list(VIOLATIONS), persons.violation),
                "sex": _label(list(SEXES), persons.female.astype(np.int64)),
                "birth": _dates(persons.birth),
                "given_name": names.given.take(persons.given, Script.LATIN, plain),
                "patronymic": names.patronymic.take(persons.father, Script.LATIN, plain),
                "family_name": names.family.take(persons.family, Script.LATIN, plain),
                **caught,
                "lists": documented.caught.sum(axis=1),
            }
        )

    def _event_table(self, persons: Persons) -> pa.Table:
        events, first = np.unique(persons.event, return_index=True)
        one = persons.take(first)
        return pa.table(
            {
                "event_id": _ids("e", events + self.events),
                "date": _dates(one.day),
                "area": _label([spot.code for spot in DISTRICTS], one.district),
                "village": _label([spot.name for spot in VILLAGES], one.village),
                "violation": _label(list(VIOLATIONS), one.violation),
                "perpetrator": _label(list(PERPETRATORS), one.perpetrator),
                "victims": np.bincount(persons.event)[events],
            }
        )

    def _act_table(self, persons: Persons) -> pa.Table:
        first = np.arange(len(persons))
        second = np.flatnonzero(persons.second >= 0)
        who = np.concatenate([first, second])
        order = np.concatenate([np.zeros(len(first), dtype=np.int64), np.ones(len(second), dtype=np.int64)])
        what = np.concatenate([persons.violation, persons.second[second]])
        return pa.table(
            {
                "act_id": self._act_ids(who, order),
                "person_id": _ids("p", who + self.people),
                "event_id": _ids("e", persons.event[who] + self.events),
                "date": _dates(persons.day[who]),
                "area": _label([spot.code for spot in DISTRICTS], persons.district[who]),
                "violation": _label(list(VIOLATIONS), what),
            }
        )

    def _label_table(self, labels: LabelRows, persons: Persons) -> pa.Table:
        return pa.table(
            {
                "source": _label([labels.source], np.zeros(len(labels.person), dtype=np.int64)),
                "record_id": labels.record_id,
                "line": labels.line,
                "person_id": _ids("p", labels.person + self.people),
                "act_id": self._act_ids(labels.person, labels.act),
                "event_id": _ids("e", persons.event[labels.person] + self.events),
                "violation": _label(list(VIOLATIONS), labels.violation),
                "duplicate": labels.duplicate,
                "fault": _label([fault.name.lower() for fault in Fault], labels.fault),
            }
        )

    def _act_ids(self, person: Ints, act: Ints) -> pa.Array:
        return pc.binary_join_element_wise(_ids("a", person + self.people), _label(["1", "2"], act), "-")

    def _strata_table(self) -> pa.Table:
        province, violation, year = (axis.ravel() for axis in np.indices(_STRATA))
        return pa.table(
            {
                "area": _label([spot.code for spot in PROVINCES], province),
                "violation": _label(list(VIOLATIONS), violation),
                "year": year + FIRST_DAY.year,
                "people": self._all.ravel(),
                "undocumented": self._hidden.ravel(),
            }
        )


@dataclass(slots=True)
class _Tally:
    """Running counts of one list."""

    faults: Ints = dataclasses.field(default_factory=lambda: np.zeros(len(Fault), dtype=np.int64))
    duplicates: int = 0

    def totals(self, file: str) -> ListTotals:
        bad = {fault.name.lower(): int(self.faults[fault]) for fault in Fault if fault}
        return ListTotals(int(self.faults.sum()), int(self.faults[Fault.SOUND]), bad, self.duplicates, file)


def _strata(persons: Persons, among: Bools | None = None) -> Ints:
    province = np.array([district.province for district in DISTRICTS])[persons.district]
    year = _calendar_year(persons.day)
    place = np.ravel_multi_index((province, persons.violation, year), _STRATA)
    chosen = place if among is None else place[among]
    return np.bincount(chosen, minlength=int(np.prod(_STRATA))).reshape(_STRATA)


def _calendar_year(day: Ints) -> Ints:
    starts = [(FIRST_DAY.replace(year=FIRST_DAY.year + number) - FIRST_DAY).days for number in range(1, _YEARS)]
    return np.searchsorted(np.array(starts), day, side="right")


def _ids(prefix: str, numbers: Ints) -> pa.Array:
    return pc.binary_join_element_wise(prefix, pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 8, "0"), "")


def _dates(day: Ints) -> pa.Array:
    return pa.array(np.datetime64(FIRST_DAY, "D") + day.astype("timedelta64[D]"))


def _label(labels: list[str], numbers: Ints) -> pa.Array:
    return pa.array(labels).take(pa.array(numbers))


def _what_was_planted() -> dict[str, Any]:
    return {
        "country": {"code": COUNTRY, "name": COUNTRY_NAME, "first_day": FIRST_DAY, "last_day": LAST_DAY},
        "planted": {
            "spike": dataclasses.asdict(SPIKE),
            "practice": dataclasses.asdict(PRACTICE),
            "heaping": dataclasses.asdict(HEAPING),
            "miscoding": dataclasses.asdict(MISCODING),
        },
        "dependence": {"organisations": ["lanternhouse", "reed_circle"], "share_seen": SHARED_INFORMANTS},
        "habits": {each.id: {"duplicates": each.duplicates, "licence": each.licence} for each in ORGANISATIONS},
    }
