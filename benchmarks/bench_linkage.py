"""Linkage against plain Splink 5 with the same pairs, and private overlap against its bare multiplications.

    python benchmarks/bench_linkage.py [RECORDS] [KEYS]

Both linkages read the same synthetic people (several records each, typing slips, missing values, one script) and run
in processes of their own, so that peak memory is theirs alone. Plain Splink is trained in the ordinary way (u from ten
million random pairs, expectation and maximisation under two blocking rules) and gets the pairs that our blocking chose.
Prints time, F1 and peak memory, and the ratios ours / plain.
"""

import multiprocessing
import random
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from consilience.linkage.evaluate import measure
from consilience.linkage.private.curve import Secret, point_of
from consilience.linkage.private.pair import Party, overlap
from consilience.linkage.read import Records
from consilience.linkage.run import link
from consilience.linkage.spec import LinkageSpec

SYLLABLES = [
    first + vowel
    for first in ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "sh", "ch", "br", "tr")
    for vowel in "aeiou"
]


def names(count: int, parts: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, len(SYLLABLES), (count, parts))
    return np.array(["".join(SYLLABLES[at] for at in row) for row in drawn])


def slip(values: np.ndarray, rng: np.random.Generator, share: float) -> np.ndarray:
    out = values.copy()
    for at in np.flatnonzero(rng.random(len(values)) < share):
        word = out[at]
        place = int(rng.integers(0, len(word)))
        out[at] = [
            word[:place] + word[place + 1 :],
            word[:place] + "e" + word[place:],
            word[:place] + "x" + word[place + 1 :],
        ][int(rng.integers(0, 3))]
    return out


def people(records: int, seed: int = 1) -> tuple[pa.Table, np.ndarray]:
    """Return records of 0.625 times as many people, and the person of each."""
    rng = np.random.default_rng(seed)
    persons = int(records * 0.625)
    person = np.concatenate([np.arange(persons), rng.integers(0, persons, records - persons)])
    first, last, town = names(2_000, 3, 2), names(30_000, 4, 3), names(800, 3, 4)
    birth = np.datetime64("1940-01-01") + rng.integers(0, 24_000, persons)
    # Names are as uneven as real ones: a few are common, most are rare.
    given = first[(rng.pareto(1.1, persons) * 40).astype(int) % len(first)]
    family = last[(rng.pareto(1.0, persons) * 300).astype(int) % len(last)]
    columns = {
        "given_name": slip(given[person], rng, 0.12),
        "family_name": slip(family[person], rng, 0.12),
        "birth": slip(birth.astype(str)[person], rng, 0.06),
        "city": slip(town[rng.integers(0, len(town), persons)][person], rng, 0.08),
    }
    missing = {"given_name": 0.03, "family_name": 0.03, "birth": 0.1, "city": 0.3}
    made = {
        name: pa.array(values.tolist(), mask=rng.random(records) < missing[name]) for name, values in columns.items()
    }
    fixed = {
        "source": pa.array(["list"] * records),
        "record_id": pa.array([f"{at:08d}" for at in range(records)]),
        "line": pa.array(range(records)),
    }
    return pa.table({**fixed, **made}), person


def ours(records: int) -> dict[str, Any]:
    table, person = people(records)
    start = time.perf_counter()
    steps: list[tuple[str, float]] = []
    result = link(
        Records(table, {"city": "text"}),
        LinkageSpec(),
        progress=lambda word: steps.append((word, time.perf_counter() - start)),
    )
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "f1": measure(result.label, person, seed=1).pairs["f1"].value,
        "pairs": sum(each.added for each in result.blocked),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "steps": steps,
    }


def plain(records: int) -> dict[str, Any]:
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    from consilience.linkage.blocking import block, rules_for
    from consilience.linkage.standardise import standardise

    table, person = people(records)
    start = time.perf_counter()
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    spec = LinkageSpec()
    standard = standardise(table, {"city": "text"})
    connection.register("standard", standard)
    connection.execute("CREATE TABLE records AS SELECT * FROM standard")
    most = min(spec.pairs_per_record * records + 10_000, 1_000_000 + 4.0 * records)
    block(connection, rules_for(set(standard.column_names), {"city": "text"}), limit=spec.block_limit, most_pairs=most)
    plain_table = table.select(["given_name", "family_name", "birth", "city"]).append_column(
        "rid", pa.array(range(records))
    )
    connection.register("plain_arrow", plain_table)
    connection.execute("CREATE TABLE plain AS SELECT * FROM plain_arrow")
    api = DuckDBAPI(connection)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("given_name", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("family_name", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("birth", [1, 2]),
            cl.JaroWinklerAtThresholds("city", [0.92]).configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[block_on("birth")],
        unique_id_column_name="rid",
    )
    linker = Linker(api.register("plain", dataset_display_name="people"), settings)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("given_name", "family_name", "birth")], recall=0.6
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("birth"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("given_name", "family_name"))
    connection.execute(
        "CREATE TABLE given AS SELECT rid_l AS join_key_l, rid_r AS join_key_r, '0' AS match_key FROM blocked_pairs"
    )
    linker.table_management.register_blocked_pairs_for_predict(api.register("given"))
    predicted = linker.inference.predict(threshold_match_probability=0.01, warning_mode="never")
    best, seconds = 0.0, 0.0
    for threshold in (0.5, 0.9, 0.99):
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
            predicted, threshold_match_probability=threshold
        )
        seconds = seconds or time.perf_counter() - start
        found = connection.sql(f"SELECT rid, cluster_id FROM {clusters.physical_name} ORDER BY rid").to_arrow_table()
        best = max(best, measure(found["cluster_id"].to_numpy(), person, seed=1).pairs["f1"].value)
    return {"seconds": seconds, "f1": best, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def private(keys: int) -> dict[str, float]:
    """Time of a two-party overlap per key against the four multiplications that each pair of keys needs."""
    sets = [[[f"key {at + shift}"] for at in range(keys)] for shift in (0, keys // 2)]
    start = time.perf_counter()
    parties = [
        Party(str(at), each, session=b"bench", rng=random.Random(at), secret=Secret(bytes([at + 1]) * 32))
        for at, each in enumerate(sets)
    ]
    assert overlap(*parties) == keys - keys // 2
    whole = time.perf_counter() - start
    points = [point_of(str(at), session=b"bench") for at in range(1_000)]
    start = time.perf_counter()
    Secret(b"7" * 32).blind(points)
    bare = (time.perf_counter() - start) / len(points)
    return {
        "microseconds_per_key": 1e6 * whole / (2 * keys),
        "bare_microseconds_per_key": 2e6 * bare,
        "ratio": whole / (4 * keys * bare),
    }


def main() -> None:
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    keys = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), max_tasks_per_child=1) as pool:
        mine, theirs = pool.submit(ours, records).result(), pool.submit(plain, records).result()
    print(f"{records:,} records, {mine['pairs']:,} pairs")
    for name, each in (("consilience", mine), ("plain Splink 5", theirs)):
        print(f"  {name:<15} {each['seconds']:7.1f} s   F1 {each['f1']:.4f}   peak {each['peak_mib']:,.0f} MiB")
    ratios = [mine[key] / theirs[key] for key in ("seconds", "peak_mib")]
    print(f"  ours / plain    {ratios[0]:7.2f}      {mine['f1'] - theirs['f1']:+.4f}      {ratios[1]:.2f}")
    print("  our steps: " + ", ".join(f"{word} at {seconds:.1f} s" for word, seconds in mine["steps"]))
    found = private(keys)
    each = f"{found['microseconds_per_key']:.0f} us a key"
    print(f"overlap of {keys:,} x {keys:,} keys: {each}, {found['ratio']:.2f} times the bare multiplications")


if __name__ == "__main__":
    main()
