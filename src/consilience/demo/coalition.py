"""The coalition: five organisations' files with known truth, of any size, the same bytes for the same seed.

    coalition = make_coalition(Path("demo"), records=5000)
    coalition.sources["lanternhouse"]     demo/sources/lanternhouse.csv
    coalition.truth / "labels.parquet"    who each row is about, what is wrong with it
    coalition.study                       demo/study.toml, ready to run

Rows are made slice by slice of the calendar, so memory does not grow with the number of records.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from consilience.demo.capture import Captured, Documented, document
from consilience.demo.faults import BAD, Fault, bad_rows, places_of_bad_rows, spoil
from consilience.demo.files import ListWriter, open_list
from consilience.demo.habits import write_columns
from consilience.demo.kit import write_kit
from consilience.demo.names import People, people_of_the_country
from consilience.demo.organisations import ORGANISATIONS, Organisation
from consilience.demo.rows import Rows
from consilience.demo.slices import Slice, cut_calendar
from consilience.demo.truth import DAYS, Ints, draw_persons
from consilience.demo.truthbook import LabelRows, Totals, TruthBook
from consilience.errors import UsageError

FEWEST_RECORDS, MOST_RECORDS = 1_000, 10_000_000

_LEAST_PEOPLE_PER_ROW = 1.35
_EXTRA_PEOPLE = 200
_LAST_REPORT = DAYS + 180

Progress = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Coalition:
    """What was made.

    Attributes:
        folder: the folder everything lies in.
        sources: organisation to its file.
        truth: the folder of what really happened; `truth.json` is its summary.
        study: a study file that is ready to run on the files.
        totals: how many rows, faults, duplicates and people there are.
    """

    folder: Path
    sources: dict[str, Path]
    truth: Path
    study: Path
    totals: Totals


def make_coalition(
    out: Path, *, records: int = 5_000, seed: int = 20260101, progress: Progress | None = None
) -> Coalition:
    """Write the five lists, the truth about them and a study ready to run.

    Args:
        out: the folder to write to; it is made where absent, files of an earlier run are written over.
        records: the rows of the five lists together, bad rows and duplicates included; 1,000 to 10,000,000.
        seed: the same seed and size give the same bytes.
        progress: told "coalition" and a few words after each slice.

    Raises:
        UsageError: `records` is outside its limits.
    """
    if not FEWEST_RECORDS <= records <= MOST_RECORDS:
        raise UsageError(
            "The demo cannot be made in this size",
            found=f"{records} records",
            expected=f"{FEWEST_RECORDS} to {MOST_RECORDS}",
            remedy="Choose a size between them.",
        )
    sources, truth = out / "sources", out / "truth"
    for folder in (sources, truth):
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
    press = _Press(sources, TruthBook(truth), people_of_the_country(), seed)
    slices = cut_calendar(records, len(ORGANISATIONS) * len(BAD) * bad_rows(records))
    for piece in slices:
        press.print_slice(piece)
        if progress:
            progress("coalition", f"slice {piece.number + 1} of {len(slices)} written")
    paths = press.close()
    totals = press.book.close(records, seed, paths)
    return Coalition(out, paths, truth, write_kit(out, paths), totals)


class _Press:
    """Writes slices to the five lists and to the truth, with the running numbers that go on from slice to slice."""

    def __init__(self, folder: Path, book: TruthBook, names: People, seed: int) -> None:
        self.book = book
        self._names = names
        self._seed = seed
        self._lists: list[ListWriter] = [open_list(folder, organisation) for organisation in ORGANISATIONS]
        self._rows = [0] * len(ORGANISATIONS)

    def print_slice(self, piece: Slice) -> None:
        """Draw one slice of truth, write what the lists hold of it, and the truth itself."""
        rng = np.random.default_rng([self._seed, piece.number])
        wanted = int(piece.rows * _LEAST_PEOPLE_PER_ROW) + _EXTRA_PEOPLE
        documented = document(rng, draw_persons(rng, wanted, piece.days, self._names), piece.rows)
        for number, organisation in enumerate(ORGANISATIONS):
            own = np.random.default_rng([self._seed, piece.number, number])
            self._print_list(number, organisation, documented, piece, own)
        self.book.add_slice(documented, self._names)

    def _print_list(
        self, number: int, organisation: Organisation, documented: Documented, piece: Slice, rng: np.random.Generator
    ) -> None:
        captured, faults = _with_bad_rows(rng, documented.rows[number], piece.bad_rows)
        persons = documented.persons
        reported = np.minimum(
            persons.day[captured.person] + rng.exponential(organisation.delay_days, len(faults)).astype(np.int64) + 1,
            _LAST_REPORT,
        )
        order = np.argsort(reported, kind="stable")
        person, act, faults = captured.person[order], captured.act[order], faults[order]
        rows = Rows(
            organisation=organisation,
            persons=persons.take(person),
            violation=np.where(act == 0, persons.violation[person], persons.second[person]),
            event=persons.event[person] + self.book.events,
            reported=reported[order],
            number=self._rows[number] + 1 + np.arange(len(order)),
            names=self._names,
            rng=rng,
        )
        columns = write_columns(rows)
        spoil(columns, faults, organisation)
        self._lists[number].write(columns, pa.array(faults == Fault.WRONG_COLUMNS))
        header_lines = 0 if organisation.file.format == "jsonl" else 1
        self.book.add_labels(
            LabelRows(
                source=organisation.id,
                record_id=columns[organisation.columns[0].header],
                line=rows.number + header_lines,
                person=person,
                act=act,
                violation=rows.violation,
                duplicate=captured.duplicate[order],
                fault=faults,
            )
        )
        self._rows[number] += len(order)

    def close(self) -> dict[str, Path]:
        """Finish the lists and return their paths."""
        for each in self._lists:
            each.close()
        return {organisation.id: each.path for organisation, each in zip(ORGANISATIONS, self._lists, strict=True)}


def _with_bad_rows(rng: np.random.Generator, captured: Captured, each: int) -> tuple[Captured, Ints]:
    """Add `each` bad rows of every kind, each about an act that a sound row tells as well."""
    chosen, kinds = places_of_bad_rows(rng, len(captured.person), each)
    together = Captured(
        np.concatenate([captured.person, captured.person[chosen]]),
        np.concatenate([captured.act, captured.act[chosen]]),
        np.concatenate([captured.duplicate, np.zeros(len(chosen), dtype=bool)]),
    )
    return together, np.concatenate([np.zeros(len(captured.person), dtype=np.int64), kinds])
