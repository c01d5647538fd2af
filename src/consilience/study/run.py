"""Running a study: import, harmonise, count, assess, describe, sign. The one place that chains the packages.

`run_study` is the whole chain; `compute` is its middle, from a snapshot to figures, which recomputation shares.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consilience.engine.duck import DuckEngine
from consilience.formats.snapshot import Snapshot
from consilience.harmonise.load import Source, import_sources
from consilience.publishing.logged import Seal
from consilience.publishing.release import dump_json
from consilience.quality.report import assess
from consilience.standards.registry import Registry
from consilience.standards.registry import load as load_registry
from consilience.study.check import refuse_faults
from consilience.study.disclose import protect
from consilience.study.inputs import study_digest
from consilience.study.observe import chosen_indicators, observe, observe_people
from consilience.study.people import link_people, register_people
from consilience.study.plan import Study
from consilience.study.publish import Figures, publish
from consilience.study.unseen import chosen_for_estimation, estimate_unseen

Progress = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class StudyResult:
    """What a run made.

    Attributes:
        release: folder of the release.
        snapshot: folder of the snapshot; it stays in the house.
        sources: per source `rows`, `accepted`, `rejected`.
        observations: number of rows in data/observations.csv.
        unplaced: the sum of counts that no cell could take.
        digests: SHA-256 of `release`, `snapshot` and `study`.
    """

    release: Path
    snapshot: Path
    sources: Mapping[str, Mapping[str, int]]
    observations: int
    unplaced: int
    digests: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain values; the keys are documented in docs/reference/study.md."""
        return {
            "release": str(self.release),
            "snapshot": str(self.snapshot),
            "sources": {name: dict(counts) for name, counts in self.sources.items()},
            "observations": self.observations,
            "unplaced": self.unplaced,
            "digests": dict(self.digests),
        }


def run_study(
    study: Study,
    given: Mapping[str, Path],
    *,
    out: Path,
    private: Path,
    seal: Seal,
    progress: Progress | None = None,
) -> StudyResult:
    """Run a study from its sources to a signed release.

    Args:
        study: the study.
        given: files by source name; the study's own paths fill the gaps.
        out: folder of the release.
        private: folder for what must not leave the house (snapshot, rejected rows, quality report with records).
        seal: the key that signs the release, and the ledger it is entered in.
        progress: called with a subject and a few words at each step.

    Raises:
        InputError: a study, mapping, standard or source is at fault; nothing is written to `out`.
    """
    paths = study.source_paths(given)
    registry = load_registry(study.standards_folder)
    sources = [Source(name, paths[name], mapping) for name, mapping in study.mappings()]
    refuse_faults(study, registry)
    private.mkdir(mode=0o700, parents=True, exist_ok=True)
    snapshot = import_sources(sources, private / "snapshot", registry, progress=progress)
    figures = compute(study, snapshot, registry, progress)
    (private / "quality.json").write_text(dump_json(figures.quality.to_json()), encoding="utf-8")
    _say(progress, "release", "writing and signing")
    digest = publish(study, snapshot, registry, figures, out, seal)
    return StudyResult(
        out,
        private / "snapshot",
        {e.name: {"rows": e.rows, "accepted": e.accepted, "rejected": e.rejected} for e in snapshot.sources},
        figures.observed.observations.num_rows,
        figures.observed.unplaced_total,
        {"release": digest, "snapshot": snapshot.digest, "study": study_digest(study)},
    )


def compute(study: Study, snapshot: Snapshot, registry: Registry, progress: Progress | None = None) -> Figures:
    """Compute every figure of a study from a snapshot."""
    names = [entry.name for entry in snapshot.sources]
    indicators = tuple(chosen_indicators(study.form.count, registry))
    estimates = None
    with DuckEngine() as engine:
        snapshot.register(engine)
        _say(progress, "indicators", "counting")
        observed = observe(engine, study.form.count, registry, names)
        _say(progress, "quality", "examining every list")
        coverage = {entry.name: entry.coverage for entry in snapshot.sources}
        quality = assess(engine, names, registry, as_of=study.head.as_of, coverage=coverage)
        _say(progress, "linkage", "finding the same person on several lists")
        people = link_people(study, snapshot)
        if people is not None:
            register_people(engine, people)
        if study.form.count.overlap == "linked":
            observed = observe_people(engine, study.form.count, registry, observed)
        if study.form.estimation is not None:
            _say(progress, "estimation", "how many nobody recorded")
            wanted = chosen_for_estimation(study.form, registry)
            estimates = estimate_unseen(engine, study.form.estimation, wanted, registry, study.head.seed)
    _say(progress, "disclosure", "protecting")
    safe = protect(study, observed, registry)
    said = people.said if people is not None else None
    return Figures(safe.observed, safe.disclosure, quality, indicators, said, estimates)


def _say(progress: Progress | None, subject: str, step: str) -> None:
    if progress is not None:
        progress(subject, step)
