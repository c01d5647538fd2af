"""Writing a linkage: the files of `consilience link --out`.

clusters.parquet, clusters.csv   source, record_id, entity_id
pairs.parquet                    the pairs above a hundredth, with probability, weights and whether they are linked
pairs.csv                        the same for the most telling pairs, each with its explanation in words
review.jsonl                     the pairs that matter most, to be judged and given back with --decisions
to_label.jsonl                   a sample whose labels would measure the error
overlap.csv                      capture histories for `consilience estimate`
overlap_draws.csv                the same for each drawn clustering, where draws are asked for
model.json                       the trained weights
report.json                      everything that was compared, learnt and found
"""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from consilience.linkage.draws import draw_overlaps
from consilience.linkage.overlap import overlap_table
from consilience.linkage.report import report
from consilience.linkage.result import LinkageResult
from consilience.linkage.review import explanation, most_telling, review_line, sample

_EXPLAINED = 5_000


def write_result(result: LinkageResult, out: Path, *, seed: int) -> None:
    """Write all files into a folder, which is made where absent; files of an earlier run are written over."""
    out.mkdir(parents=True, exist_ok=True)
    clusters = result.clusters
    pq.write_table(clusters, out / "clusters.parquet")
    pyarrow.csv.write_csv(clusters, out / "clusters.csv")
    pq.write_table(pairs_table(result), out / "pairs.parquet")
    _write_explained(result, out / "pairs.csv")
    _write_lines(out / "review.jsonl", [review_line(result, int(place)) for place in most_telling(result)])
    _write_lines(out / "to_label.jsonl", sample(result, each=40, rng=np.random.default_rng(seed)))
    pyarrow.csv.write_csv(overlap_table(clusters), out / "overlap.csv")
    if result.model is not None:
        (out / "model.json").write_text(result.model.to_json(), encoding="utf-8")
    text = json.dumps(report(result), ensure_ascii=False, indent=1)
    (out / "report.json").write_text(text + "\n", encoding="utf-8")


def write_draws(result: LinkageResult, out: Path, *, draws: int, seed: int) -> None:
    """Write the capture histories of `draws` drawn clusterings: `overlap_draws.csv`, the number of the draw first."""
    tables = draw_overlaps(result, draws=draws, seed=seed)
    numbered = [
        table.add_column(0, "draw", pa.array([number] * len(table), pa.int64()))
        for number, table in enumerate(tables, 1)
    ]
    pyarrow.csv.write_csv(pa.concat_tables(numbered), out / "overlap_draws.csv")


def pairs_table(result: LinkageResult, least: float = 0.01) -> pa.Table:
    """Return the pairs above a probability, and the linked ones: records, probability, weights by comparison."""
    chosen = pa.array(np.flatnonzero((result.probabilities >= least) | result.linked))
    left, right = (pa.array(end).take(chosen) for end in (result.pairs.left, result.pairs.right))
    columns: dict[str, pa.Array | pa.ChunkedArray] = {}
    for side, end in (("l", left), ("r", right)):
        columns |= {f"{name}_{side}": result.records[name].take(end) for name in ("source", "record_id")}
    columns["probability"] = pa.array(result.probabilities).take(chosen)
    columns["linked"] = pa.array(result.linked).take(chosen)
    columns["prior"] = result.scores["prior"].take(chosen) if len(chosen) else pa.array([], pa.float64())
    for at, each in enumerate(result.comparisons):
        if len(chosen):
            columns[f"bits_{each.name}"] = result.scores[f"w{at}"].take(chosen)
    return pa.table(columns)


def _write_explained(result: LinkageResult, path: Path) -> None:
    """Write pairs with explanations: the linked ones and the near misses, the least sure first."""
    chosen = np.flatnonzero((result.probabilities >= 0.01) | result.linked)
    order = chosen[np.argsort(np.abs(result.pairs.weight[chosen]), kind="stable")][:_EXPLAINED]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["source_l", "record_id_l", "source_r", "record_id_r", "probability", "linked", "explanation"])
        for place in order.tolist():
            line = review_line(result, place)
            ends = [line[side][name] for side in ("left", "right") for name in ("source", "record_id")]
            writer.writerow([*ends, line["probability"], line["linked"], explanation(result, place)])


def _write_lines(path: Path, lines: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
