"""Linkage from records to people: `link` does the whole of it.

>>> from consilience.linkage.read import Records
>>> table = pa.table({
...     "source": ["a", "a", "b"], "record_id": ["1", "2", "9"], "line": [2, 3, 2],
...     "name": ["Mira Dlovan", "Tarek Osh", "DLOVAN, Mira"], "birth": ["1990-04-05", "1971-01-30", "5 April 1990"]})
>>> result = link(Records(table, {}), LinkageSpec())
>>> result.entities, result.entity_ids[0] == result.entity_ids[2]
(2, True)

The same records, specification and decisions give the same result, whatever the order of the sources.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from consilience.linkage.blocking import Blocked, block, rules_for
from consilience.linkage.clustering import LARGEST, Pairs, cluster, components, pairs_within
from consilience.linkage.comparisons import Comparison, comparisons_for
from consilience.linkage.decisions import Decision, as_pairs, contradictions
from consilience.linkage.entities import Ref, entity_ids
from consilience.linkage.evaluate import Measured, measure
from consilience.linkage.read import Records
from consilience.linkage.result import LinkageResult
from consilience.linkage.scoring import PIECE, Scorer
from consilience.linkage.spec import LinkageSpec
from consilience.linkage.standardise import standardise
from consilience.linkage.threshold import bits, choose_threshold, probability
from consilience.linkage.training import Model, chances, level_shares, random_pairs, train

Ints = NDArray[np.int64]
Progress = Callable[[str], None]

_OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
_LEAST_KEPT = -10.0
_RANDOM_PAIRS = 100_000
_FEW_PAIRS = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class _Kinds:
    """Which two sources a pair comes from, numbered, and how many pairs of each there could be."""

    code: Ints
    number: Ints
    possible: Mapping[str, float]

    @classmethod
    def of(cls, source: pa.Array) -> "_Kinds":
        encoded = source.dictionary_encode()
        names = encoded.dictionary.to_pylist()
        # Sources are numbered by name, so that their order in the table changes nothing.
        rank = np.argsort(np.argsort(np.array(names, dtype=object)))
        code = rank[encoded.indices.to_numpy(zero_copy_only=False)].astype(np.int64)
        ordered, sizes = sorted(names), np.bincount(code, minlength=len(names)).astype(float)
        number = np.zeros((len(names), len(names)), dtype=np.int64)
        possible: dict[str, float] = {}
        for one in range(len(names)):
            for other in range(one, len(names)):
                number[one, other] = number[other, one] = len(possible)
                pairs = sizes[one] * (sizes[one] - 1) / 2 if one == other else sizes[one] * sizes[other]
                possible[f"{ordered[one]} + {ordered[other]}"] = float(pairs)
        return cls(code, number, possible)

    def of_pairs(self, left: Ints, right: Ints) -> Ints:
        return np.asarray(self.number[self.code[left], self.code[right]])


def link(
    records: Records,
    spec: LinkageSpec,
    *,
    decisions: Sequence[Decision] = (),
    labels: Mapping[Ref, str] | None = None,
    previous: Mapping[Ref, str] | None = None,
    model: Model | None = None,
    progress: Progress | None = None,
) -> LinkageResult:
    """Find who is one person.

    Args:
        records: what was read, see `read`.
        spec: the specification.
        decisions: made by people, in their order.
        labels: (source, record_id) to the true person, for measuring only.
        previous: (source, record_id) to the entity of an earlier run, whose names are kept.
        model: weights trained earlier; they are learnt anew where None.
        progress: told a word at each step.
    """
    tell = progress or _silent
    order = _canonical(records.table)
    table = records.table.take(order)
    tell("standardising")
    standard = standardise(table, records.kinds)
    refs = list(zip(table["source"].to_pylist(), table["record_id"].to_pylist(), strict=True))
    places = {ref: place for place, ref in enumerate(refs)}
    always, never, absent = as_pairs(decisions, places)
    weighed = _weigh(standard, records.kinds, spec, model, tell)
    advised = _by_labels(refs, weighed.pairs, labels, spec)
    threshold = _chosen(weighed.pairs, spec, advised)
    tell("clustering")
    label = cluster(len(table), weighed.pairs, threshold=threshold, always=always, never=never)
    return LinkageResult(
        records=table.select(["source", "record_id", "line"]),
        label=label,
        entity_ids=entity_ids(refs, label, previous),
        pairs=weighed.pairs,
        scores=weighed.scores,
        comparisons=weighed.comparisons,
        blocked=weighed.blocked,
        model=weighed.model,
        threshold=float(probability(np.array([threshold]))[0]),
        measured=_measured(refs, label, labels, spec.seed),
        advised=None if advised is None else float(probability(np.array([advised]))[0]),
        always=always,
        never=never,
        contradicted=contradictions(always, never, label),
        columns=records.columns,
        notes=_notes(weighed, absent, calibrated=spec.calibrate and advised is not None),
    )


def _silent(_: str) -> None:
    return


def _canonical(table: pa.Table) -> pa.Array:
    """Return an order of the records that does not depend on how they came: by source and identifier."""
    return pc.sort_indices(table, sort_keys=[("source", "ascending"), ("record_id", "ascending")])


@dataclass(frozen=True, eq=False)
class _Weighed:
    pairs: Pairs
    scores: pa.Table
    comparisons: tuple[Comparison, ...]
    blocked: tuple[Blocked, ...]
    model: Model | None


def _weigh(
    standard: pa.Table, kinds: Mapping[str, str], spec: LinkageSpec, model: Model | None, tell: Progress
) -> _Weighed:
    names = set(standard.column_names)
    comparisons = comparisons_for(names, kinds)
    with duckdb.connect(":memory:", config=_OFFLINE) as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.register("standard", standard)
        connection.execute("CREATE TABLE records AS SELECT * FROM standard")
        tell("blocking")
        most = min(spec.pairs_per_record * len(standard) + 10_000, _FEW_PAIRS + 4.0 * len(standard))
        blocked = tuple(block(connection, rules_for(names, kinds), limit=spec.block_limit, most_pairs=most))
        total = sum(each.added for each in blocked)
        if not total or not comparisons:
            return _Weighed(_no_pairs(), _no_scores(), comparisons, blocked, None)
        sources = _Kinds.of(standard["source"].combine_chunks())
        tell(f"training on {min(total, spec.training_pairs):,} of {total:,} pairs")
        trained = model or _train(connection, comparisons, sources, total, spec)
        tell("scoring")
        scores = _score(connection, comparisons, trained, sources, total, spec)
    pairs = Pairs(scores["rid_l"].to_numpy(), scores["rid_r"].to_numpy(), scores["weight"].to_numpy())
    return _Weighed(pairs, scores, comparisons, blocked, trained)


def _no_pairs() -> Pairs:
    nobody = np.empty(0, dtype=np.int64)
    return Pairs(nobody, nobody, np.empty(0))


def _no_scores() -> pa.Table:
    return pa.table(
        {"rid_l": pa.array([], pa.int64()), "rid_r": pa.array([], pa.int64()), "weight": pa.array([], pa.float64())}
    )


def _levels(table: pa.Table, comparisons: Sequence[Comparison]) -> NDArray[np.int8]:
    return np.column_stack([table[f"g{at}"].to_numpy() for at in range(len(comparisons))]).astype(np.int8)


def _groups(table: pa.Table, sources: _Kinds) -> Ints:
    return sources.of_pairs(table["rid_l"].to_numpy(), table["rid_r"].to_numpy())


def _train(
    connection: duckdb.DuckDBPyConnection,
    comparisons: tuple[Comparison, ...],
    sources: _Kinds,
    total: int,
    spec: LinkageSpec,
) -> Model:
    scorer = Scorer(connection, comparisons)
    rows = len(sources.code)
    drawn = random_pairs(rows, min(_RANDOM_PAIRS, spec.training_pairs), np.random.default_rng(spec.seed))
    connection.register("random_pairs", pa.table({"rid_l": drawn[:, 0], "rid_r": drawn[:, 1]}))
    at_random = scorer.gammas("SELECT * FROM random_pairs")
    random_levels, random_groups = _levels(at_random, comparisons), _groups(at_random, sources)
    every = max(1, -(-total // spec.training_pairs))
    chosen = f"hash(rid_l * 1000003 + rid_r + {spec.seed}) % {every} = 0"
    table = scorer.gammas(f"SELECT rid_l, rid_r FROM blocked_pairs WHERE {chosen}")
    groups = _groups(table, sources)
    weight = total / max(len(table), 1)
    learn = partial(
        train, _levels(table, comparisons), groups, sources.possible, comparisons, weight=weight, records=rows
    )
    found = learn(level_shares(random_levels, comparisons))
    # In short lists the random pairs hold many that are one person: once these are known, u is learnt without them.
    different = 1 - chances(random_levels, random_groups, found, comparisons)
    return learn(level_shares(random_levels, comparisons, different))


def _score(
    connection: duckdb.DuckDBPyConnection,
    comparisons: tuple[Comparison, ...],
    model: Model,
    sources: _Kinds,
    total: int,
    spec: LinkageSpec,
) -> pa.Table:
    """Weigh the blocked pairs piece by piece, then every other pair of the components they make."""
    scorer = Scorer(connection, comparisons, model.weights)
    prior = np.array([bits(model.priors.get(kind, 1e-9)) for kind in sources.possible])
    prior = prior - 10.0 * _deduplicated(sources, spec)
    least = _LEAST_KEPT - float(prior.max())
    every = -(-total // PIECE)
    found = [
        _with_prior(
            scorer.scores(f"SELECT rid_l, rid_r FROM blocked_pairs WHERE hash(rid_l) % {every} = {at}", least),
            prior,
            sources,
        )
        for at in range(every)
    ]
    table = pa.concat_tables(found)
    weight = table["weight"].to_numpy()
    kept = Pairs(table["rid_l"].to_numpy(), table["rid_r"].to_numpy(), weight)
    within = pairs_within(components(len(sources.code), kept, 0.0), largest=min(LARGEST, 60))
    connection.register("within", pa.table({"rid_l": within[:, 0], "rid_r": within[:, 1]}))
    connection.register("kept", table.select(["rid_l", "rid_r"]))
    missing = "SELECT rid_l, rid_r FROM within ANTI JOIN kept USING (rid_l, rid_r)"
    whole = pa.concat_tables([table, _with_prior(scorer.scores(missing, None), prior, sources)])
    # The engine gives pairs in any order; the result has one.
    return whole.sort_by([("rid_l", "ascending"), ("rid_r", "ascending")]).combine_chunks()


def _deduplicated(sources: _Kinds, spec: LinkageSpec) -> NDArray[np.float64]:
    """Return 1 for each kind of pair within a source that holds nobody twice by its own account."""
    alone = {f"{name} + {name}" for name, source in spec.sources.items() if source.deduplicated}
    return np.array([float(kind in alone) for kind in sources.possible])


def _with_prior(scores: pa.Table, prior: NDArray[np.float64], sources: _Kinds) -> pa.Table:
    kind = _groups(scores, sources)
    weight = scores["weight"].to_numpy().astype(float) + prior[kind]
    whole = scores.set_column(scores.column_names.index("weight"), "weight", pa.array(weight))
    return whole.append_column("prior", pa.array(prior[kind]))


def _chosen(pairs: Pairs, spec: LinkageSpec, advised: float | None) -> float:
    """Return the threshold in bits: fixed by hand, by labels where that is wanted, or by the pairs' own chances."""
    if spec.threshold is not None:
        return bits(spec.threshold)
    if spec.calibrate and advised is not None:
        return advised
    return choose_threshold(pairs.weight, aim=spec.aim, target=spec.target)


def _by_labels(refs: Sequence[Ref], pairs: Pairs, labels: Mapping[Ref, str] | None, spec: LinkageSpec) -> float | None:
    """Return the threshold that the labelled pairs advise; None where none of the compared pairs has labels."""
    if not labels:
        return None
    people: dict[str, int] = {}
    person = np.array([people.setdefault(labels[ref], len(people)) if ref in labels else -1 for ref in refs])
    known = (person[pairs.left] >= 0) & (person[pairs.right] >= 0)
    if not known.any():
        return None
    told = pairs.take(known)
    truth = person[told.left] == person[told.right]
    return choose_threshold(told.weight, aim=spec.aim, target=spec.target, truth=truth) if truth.any() else None


def _measured(refs: Sequence[Ref], label: Ints, labels: Mapping[Ref, str] | None, seed: int) -> Measured | None:
    if not labels:
        return None
    known = [(place, labels[ref]) for place, ref in enumerate(refs) if ref in labels]
    if not known:
        return None
    people = {name: number for number, name in enumerate(sorted({name for _, name in known}))}
    truth = np.array([people[name] for _, name in known])
    return measure(label[[place for place, _ in known]], truth, seed=seed)


def _notes(weighed: _Weighed, absent: int, *, calibrated: bool) -> tuple[str, ...]:
    notes = []
    if calibrated:
        notes.append(
            "The threshold was chosen on the labels that also measure the error; new labels would tell a little less."
        )
    common = [each for each in weighed.blocked if each.left_out]
    if common:
        most = max(each.left_out for each in common)
        notes.append(
            f"Up to {most:,} records share a value so common (such as one name) that it alone was no reason "
            "to compare them."
        )
    if weighed.model is None:
        notes.append("No two records had enough in common to be compared; every record is a person of its own.")
    if absent:
        notes.append(f"{absent:,} decisions speak of records that are not in these lists; they were left aside.")
    return tuple(notes)
