"""False alarms and power of the tests of change and of heaping, on worlds drawn for this run only.

    python benchmarks/quality_rates.py --round N [--worlds 400] [--coalitions 20] [--only PART]

A round is a family of seeds. Once a figure of a round has been looked at, and code was changed in the light of it, the
round is spent: measure the changed code on another one. `docs/reference/quality.md` says which rounds are spent.
"""

import argparse
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from consilience.demo.coalition import make_coalition
from consilience.demo.planted import HEAPING, MISCODING, PRACTICE
from consilience.engine.duck import DuckEngine
from consilience.harmonise.load import Source, import_sources
from consilience.quality.changes import level_changes
from consilience.quality.finding import Finding
from consilience.quality.heaping import share_ratio, whipple
from consilience.quality.mix import find_exchanges, find_practice_changes, undo
from consilience.quality.report import assess
from consilience.quality.series import Mix
from consilience.quality.shifts import changes
from consilience.standards.registry import load
from consilience.study.plan import load_study

EXCHANGED = ("KILLING", "ARBITRARY_DETENTION")
Rng = np.random.Generator
Matrix = npt.NDArray[np.float64]
Counts = dict[str, Matrix]
Trial = Callable[[Rng], bool]

SHARES = np.array([0.30, 0.25, 0.15, 0.12, 0.10, 0.08])
MONTHS = 48


def smooth_world(rng: Rng, size: int, sources: int) -> Counts:
    """Lists that see the same slowly swinging world through habits of their own; Poisson counts."""
    world = SHARES * np.exp(0.3 * np.sin(np.arange(MONTHS)[:, None] / 6 + np.arange(6)))
    return _lists(rng, world, size, sources, 1.0)


def rough_world(rng: Rng, size: int, sources: int) -> Counts:
    """A world whose mix wanders at random, seen in counts of twice the variance of Poisson's."""
    steps = rng.normal(0, 0.12, (MONTHS, 6)).cumsum(axis=0)
    return _lists(rng, SHARES * np.exp(steps), size, sources, 2.0)


def _lists(rng: Rng, world: Matrix, size: int, sources: int, dispersion: float) -> Counts:
    counts = {}
    for number in range(sources):
        mean = world * np.exp(rng.normal(0, 0.3, 6))
        mean = size * mean / mean.sum(axis=1, keepdims=True)
        drawn = rng.poisson(mean) if dispersion == 1 else _overdispersed(rng, mean, dispersion)
        counts[f"list_{number}"] = drawn.astype(np.float64)
    return counts


def _overdispersed(rng: Rng, mean: Matrix, dispersion: float) -> Matrix:
    return np.asarray(rng.negative_binomial(mean / (dispersion - 1), 1 / dispersion), dtype=np.float64)


def _mix(counts: Counts) -> Mix:
    codes = next(iter(counts.values())).shape[1]
    months = tuple(f"{2020 + n // 12}-{n % 12 + 1:02d}" for n in range(MONTHS))
    return Mix(months, tuple(f"C{code}" for code in range(codes)), counts)


# Worlds without a fault: a trial is true where something was found.


def clean_volume(months: int, mean: float, dispersion: float) -> Trial:
    def trial(rng: Rng) -> bool:
        means = np.full(months, mean)
        return bool(level_changes(rng.poisson(means) if dispersion == 1 else _overdispersed(rng, means, dispersion)))

    return trial


def shared_rise(months: int, factor: float) -> Trial:
    """Five lists of different size and delay see the same rise; true where it is put down to one of them."""

    def trial(rng: Rng) -> bool:
        counts = {}
        for number, size in enumerate((20, 30, 40, 60, 90)):
            level = np.full(MONTHS, float(size))
            level[30 : 30 + months] *= factor * rng.uniform(0.7, 1.3)
            counts[f"list_{number}"] = rng.poisson(level).astype(np.float64)[:, None]
        return any(found.rule == "volume.change" for found in changes(_mix(counts)))

    return trial


def clean_ages(people: int, scale: float) -> Trial:
    ages = np.arange(121)
    shape = np.exp(-ages / scale) * (ages > 10)

    def trial(rng: Rng) -> bool:
        return whipple(np.bincount(rng.choice(ages, people, p=shape / shape.sum()), minlength=121)).low > 125

    return trial


def clean_days(dates: int) -> Trial:
    def trial(rng: Rng) -> bool:
        return share_ratio(int(rng.binomial(dates, 12 / 365.25)), dates, 12 / 365.25).low > 150

    return trial


def clean_mix(world: Callable[[Rng, int, int], Counts], size: int, sources: int) -> Trial:
    def trial(rng: Rng) -> bool:
        counts = world(rng, size, sources)
        exchanges = find_exchanges(counts)
        return bool(exchanges) or bool(find_practice_changes(undo(counts, exchanges)))

    return trial


def shared_spike(rng: Rng) -> bool:
    """Counts multiplied: within the spike the variance is four times the mean."""
    counts = smooth_world(rng, 60, 5)
    for matrix in counts.values():
        matrix[20:22, [1, 3]] *= 4
    return bool(find_practice_changes(counts)) or bool(find_exchanges(counts))


def drawn_spike(rng: Rng) -> bool:
    """Counts added at random, three times what there was: as many events as a real spike has."""
    counts = smooth_world(rng, 60, 5)
    for matrix in counts.values():
        matrix[20:22, [1, 3]] += rng.poisson(3 * matrix[:, [1, 3]].mean(axis=0), (2, 2))
    return bool(find_practice_changes(counts)) or bool(find_exchanges(counts))


# Planted faults: a trial is true where the fault was found, rightly named and dated, and nothing else with it.


def doubled_level(rng: Rng) -> bool:
    series = np.concatenate([rng.poisson(30, 30), rng.poisson(60, 30)])
    found = level_changes(series)
    return len(found) == 1 and abs(found[0].position - 30) <= 2


def rounded_ages(rng: Rng) -> bool:
    years = rng.integers(15, 70, 400)
    rounded = np.where(rng.random(400) < 1 / 3, (years + 2) // 5 * 5, years)
    return whipple(np.bincount(rounded, minlength=121)).low > 125


def new_practice(rng: Rng) -> bool:
    counts = smooth_world(rng, 60, 5)
    counts["list_2"][20:, 3] += rng.poisson(15, MONTHS - 20)
    exchanges = find_exchanges(counts)
    found = find_practice_changes(undo(counts, exchanges))
    return not exchanges and [(c.source, c.code) for c in found] == [("list_2", 3)] and abs(found[0].position - 20) <= 2


def exchange(size: int, codes: tuple[int, int], *, nothing_else: bool = True) -> Trial:
    def trial(rng: Rng) -> bool:
        counts = smooth_world(rng, size, 5)
        counts["list_1"][30:36, list(codes)] = counts["list_1"][30:36, list(codes[::-1])]
        found = find_exchanges(counts)
        named = [(e.source, e.codes) for e in found] == [("list_1", codes)]
        dated = named and abs(found[0].first - 30) <= 1 and abs(found[0].last - 35) <= 1
        return dated and not (nothing_else and find_practice_changes(undo(counts, found)))

    return trial


CLEAN: dict[str, Trial] = {
    "volume, 24 months of 20": clean_volume(24, 20, 1),
    "volume, 60 months of 5": clean_volume(60, 5, 1),
    "volume, 60 months of 100, variance x 3": clean_volume(60, 100, 3),
    "volume, 120 months of 40, variance x 2": clean_volume(120, 40, 2),
    "volume, a rise of 2 months that five lists see": shared_rise(2, 3.0),
    "volume, a rise of 4 months that five lists see": shared_rise(4, 2.0),
    "ages, 200 people, steep": clean_ages(200, 20),
    "ages, 2,000 people, flat": clean_ages(2000, 60),
    "first of month, 200 dates": clean_days(200),
    "mix, 3 lists of 15 a month": clean_mix(smooth_world, 15, 3),
    "mix, 5 lists of 60 a month": clean_mix(smooth_world, 60, 5),
    "mix, 5 lists of 200 a month": clean_mix(smooth_world, 200, 5),
    "mix, rough world, 5 lists of 60 a month": clean_mix(rough_world, 60, 5),
    "mix, a spike that every list sees": shared_spike,
    "mix, a spike that every list sees, drawn": drawn_spike,
}
PLANTED: dict[str, Trial] = {
    "volume doubles": doubled_level,
    "a third of 400 ages rounded": rounded_ages,
    "a code used more from a month on, 60 a month": new_practice,
    "0.30 against 0.08 exchanged, 200 a month": exchange(200, (0, 5)),
    "0.30 against 0.12 exchanged, 200 a month": exchange(200, (0, 3)),
    "0.30 against 0.12 exchanged, 60 a month": exchange(60, (0, 3)),
}


def generators(number: int, name: str, worlds: int) -> Iterator[Rng]:
    root = np.random.SeedSequence([20_261_121, number, zlib.crc32(name.encode())])
    return (np.random.default_rng(child) for child in root.spawn(worlds))


def measure(trials: dict[str, Trial], number: int, worlds: int) -> None:
    for name, trial in trials.items():
        hits = sum(trial(rng) for rng in generators(number, name, worlds))
        share = share_ratio(hits, worlds, 1.0)
        print(f"| {name} | {share.index:.1f}% | {share.low:.1f} to {share.high:.1f} | {worlds} |", flush=True)


# The invented coalition.


def coalition_findings(folder: Path, seed: int, records: int) -> tuple[Finding, ...]:
    study = load_study(make_coalition(folder / "files", records=records, seed=seed).study)
    paths = study.source_paths({})
    registry = load(study.standards_folder)
    sources = [Source(name, paths[name], mapping) for name, mapping in study.mappings()]
    snapshot = import_sources(sources, folder / "snapshot", registry)
    coverage = {source.name: source.coverage for source in snapshot.sources}
    with DuckEngine(threads=2) as engine:
        snapshot.register(engine)
        return assess(engine, list(coverage), registry, as_of=study.head.as_of, coverage=coverage).findings


def judge(findings: tuple[Finding, ...]) -> Counter[str]:
    """Count what is right, and what is said of a list that did nothing, in one coalition."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    months = (f"{MISCODING.first:%Y-%m}", f"{MISCODING.last:%Y-%m}")
    right = {
        "heaping.ages": lambda f: f.source == HEAPING.organisation,
        "practice.change": lambda f: (
            f.source == PRACTICE.organisation
            and f.subject == "ENFORCED_DISAPPEARANCE"
            and f.parameters["since"] == f"{PRACTICE.since:%Y-%m}"
        ),
        "miscoding.exchanged": lambda f: (
            f.source == MISCODING.organisation and (f.parameters["first"], f.parameters["last"]) == months
        ),
        "volume.change": lambda f: f.source == PRACTICE.organisation,
    }
    judged: Counter[str] = Counter()
    for rule, of_planted in right.items():
        judged[f"{rule} found"] += any(of_planted(f) for f in by_rule.get(rule, []))
        wrong = [f for f in by_rule.get(rule, []) if not of_planted(f)]
        if rule == "practice.change":
            told = [f for f in wrong if f.source == MISCODING.organisation and f.subject in EXCHANGED]
            judged["exchanged codes told as a change of practice"] += bool(told)
            wrong = [f for f in wrong if f not in told]
        judged[f"{rule} said of another list, code or month"] += bool(wrong)
        for f in wrong:
            print("  wrong:", rule, f.source, f.subject, dict(f.parameters), flush=True)
    return judged


def measure_coalitions(number: int, coalitions: int, records: int) -> None:
    judged: Counter[str] = Counter()
    for each in range(coalitions):
        seed = 700_000_000 + 10_000 * number + each
        with tempfile.TemporaryDirectory() as folder:
            judged.update(judge(coalition_findings(Path(folder), seed, records)))
    for name, count in sorted(judged.items()):
        print(f"| {name} | {count} of {coalitions} |")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--round", type=int, required=True)
    parser.add_argument("--worlds", type=int, default=400)
    parser.add_argument("--coalitions", type=int, default=20)
    parser.add_argument("--records", type=int, default=5_000)
    parser.add_argument("--only", choices=("clean", "planted", "coalitions"))
    given = parser.parse_args()
    if given.only in {None, "clean"}:
        measure(CLEAN, given.round, given.worlds)
    if given.only in {None, "planted"}:
        measure(PLANTED, given.round, given.worlds)
    if given.only in {None, "coalitions"}:
        measure_coalitions(given.round, given.coalitions, given.records)


if __name__ == "__main__":
    main()
