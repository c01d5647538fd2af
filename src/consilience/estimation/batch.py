"""Many strata: on several processes, with memory that does not grow, resumable after an interruption.

Each finished stratum is a line of JSON in the journal. Run again with the same journal, and strata whose table,
settings and seed are the same are read back instead of being computed. A stratum's seed comes from the run's seed and
the stratum's name, so neither order nor number of processes changes any figure.
"""

import hashlib
import json
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from consilience.errors import StateError
from consilience.estimation.latent.engine import Effort
from consilience.estimation.methods import Settings
from consilience.estimation.pooling import thin
from consilience.estimation.read import Stratum
from consilience.estimation.run import estimate
from consilience.estimation.total import StratumResult

MANY = 100
SUMMED_DRAWS = 400
LIGHT_EFFORT = Effort(particles=40, warm_up=150, draws=600, most_draws=9600)

_WAITING_EACH = 4


def settings_for(settings: Settings, strata: int) -> Settings:
    """Return lighter settings where there are more than a hundred strata: less work each, and no checks."""
    if strata <= MANY:
        return settings
    return replace(settings, effort=LIGHT_EFFORT, resamples=min(settings.resamples, 25), checks=False)


def estimate_strata(
    strata: Sequence[Stratum],
    settings: Settings,
    *,
    processes: int = 2,
    journal: Path | None = None,
    finished: Callable[[int, int], None] | None = None,
) -> list[StratumResult]:
    """Estimate every stratum; results come back in the order of `strata`.

    Args:
        strata: names and tables.
        settings: for each stratum; its seed is derived from the run's.
        processes: how many strata at a time.
        journal: JSON Lines of finished strata, read and appended to.
        finished: called with how many are done and how many there are.

    Raises:
        StateError: the journal cannot be read as one.
    """
    known = _read_journal(journal) if journal is not None else {}
    jobs = [_Job(one, _own(settings, one.name)) for one in strata]
    done = {job.key: known[job.key] for job in jobs if job.key in known}
    waiting = [job for job in jobs if job.key not in done]
    for key, result in _compute(waiting, processes):
        done[key] = result
        if journal is not None:
            _append(journal, key, result)
        if finished is not None:
            finished(len(done), len(jobs))
    return [done[job.key] for job in jobs]


@dataclass(frozen=True, slots=True)
class _Job:
    stratum: Stratum
    settings: Settings

    @property
    def key(self) -> str:
        text = f"{self.stratum.name}\n{self.stratum.table.digest()}\n{replace(self.settings, workers=1)!r}"
        return hashlib.sha256(text.encode()).hexdigest()


def _own(settings: Settings, name: str) -> Settings:
    digest = hashlib.sha256(f"{settings.seed}\n{name}".encode()).digest()
    return replace(settings, seed=int.from_bytes(digest[:4], "big"), workers=1)


def _compute(jobs: Sequence[_Job], processes: int) -> Iterator[tuple[str, StratumResult]]:
    if processes <= 1 or len(jobs) < 2:
        yield from ((job.key, _work(job)) for job in jobs)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        yield from _windowed(pool, jobs, processes * _WAITING_EACH)


def _windowed(pool: ProcessPoolExecutor, jobs: Sequence[_Job], window: int) -> Iterator[tuple[str, StratumResult]]:
    """Keep a few jobs waiting at a time, so that neither tables nor results pile up."""
    source = iter(jobs)
    running: dict[Future[StratumResult], str] = {pool.submit(_work, job): job.key for job in islice(source, window)}
    while running:
        ready, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in ready:
            yield running.pop(future), future.result()
        for job in islice(source, len(ready)):
            running[pool.submit(_work, job)] = job.key


def _work(job: _Job) -> StratumResult:
    report = estimate(job.stratum.table, job.settings, name=job.stratum.name, empty_lists=job.stratum.empty_lists)
    draws = {
        name: thin(result.draws, SUMMED_DRAWS)[None, :] for name, result in report.methods.items() if result.draws.size
    }
    return StratumResult(job.stratum.name, report.to_json(), draws if report.recommended else {})


def _append(journal: Path, key: str, result: StratumResult) -> None:
    draws = {name: values.tolist() for name, values in result.draws.items()}
    line = {"key": key, "stratum": result.name, "report": dict(result.report), "draws": draws}
    with journal.open("a", encoding="utf-8") as out:
        out.write(json.dumps(line, separators=(",", ":")) + "\n")


def _read_journal(journal: Path) -> dict[str, StratumResult]:
    """Read finished strata; a last line cut off by an interruption is left out and computed again."""
    if not journal.exists():
        return {}
    lines = journal.read_text(encoding="utf-8").split("\n")
    complete, rest = lines[:-1], lines[-1]
    if rest:
        journal.write_text("".join(f"{line}\n" for line in complete), encoding="utf-8")
    try:
        return dict(_entry(json.loads(line)) for line in complete)
    except (json.JSONDecodeError, KeyError, TypeError):
        raise StateError(
            f"{journal.name} is not a journal of an estimation",
            expected="one JSON object per line, as an earlier run wrote it",
            remedy="Name another file, or delete it to begin anew.",
        ) from None


def _entry(line: dict[str, Any]) -> tuple[str, StratumResult]:
    draws = {name: np.array(values) for name, values in line["draws"].items()}
    return str(line["key"]), StratumResult(str(line["stratum"]), line["report"], draws)
