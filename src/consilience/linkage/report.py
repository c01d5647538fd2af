"""The linkage report: what was compared, learnt, found and decided, as numbers and as words."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from consilience.linkage.overlap import overlap_table
from consilience.linkage.result import LinkageResult

_BANDS = (0.0, 0.01, 0.1, 0.5, 0.9, 0.99, 1.0)


def summary(result: LinkageResult) -> dict[str, Any]:
    """Return the keys that `consilience link --json` prints: records, entities, pairs, threshold, metrics."""
    return {
        "records": len(result.records),
        "entities": result.entities,
        "pairs": result.linked_pairs,
        "threshold": round(result.threshold, 6),
        "metrics": None if result.measured is None else result.measured.to_json(),
    }


def report(result: LinkageResult) -> dict[str, Any]:
    """Return the whole report as plain values."""
    return {
        **summary(result),
        "threshold_by_labels": None if result.advised is None else round(result.advised, 6),
        "sources": _sources(result),
        "columns": {source: dict(columns) for source, columns in result.columns.items()},
        "blocking": [
            {
                "rule": each.name,
                "pairs": each.pairs,
                "new_pairs": each.added,
                "records_left_out": each.left_out,
                "used": each.used,
            }
            for each in result.blocked
        ],
        "weights": _weights(result),
        "expected_share_of_same_people": {} if result.model is None else dict(result.model.priors),
        "compared_pairs_by_probability": _bands(result),
        "expected": _expected(result),
        "cluster_sizes": _sizes(result),
        "overlap": overlap_table(result.clusters).to_pylist(),
        "decisions": {
            "same": len(result.always),
            "different": len(result.never),
            "contradicted": len(result.contradicted),
        },
        "notes": list(result.notes),
    }


def _sources(result: LinkageResult) -> dict[str, dict[str, int]]:
    source = np.array(result.records["source"].to_pylist(), dtype=object)
    found = {}
    for name in sorted(set(source.tolist())):
        mine = source == name
        records, people = int(mine.sum()), len(np.unique(result.label[mine]))
        found[name] = {"records": records, "entities": people, "duplicates": records - people}
    return found


def _weights(result: LinkageResult) -> list[dict[str, Any]]:
    if result.model is None:
        return []
    found = []
    for each in result.comparisons:
        m, u = result.model.weights[each.name]
        levels = [
            {
                "level": level.words,
                "same": round(m[at], 6),
                "different": round(u[at], 8),
                "bits": round(float(np.log2(m[at] / u[at])), 2),
            }
            for at, level in enumerate(each.levels)
        ]
        found.append({"comparison": each.name, "levels": levels})
    return found


def _bands(result: LinkageResult) -> list[dict[str, Any]]:
    counts, _ = np.histogram(result.probabilities, bins=np.array(_BANDS))
    linked, _ = np.histogram(result.probabilities[result.linked], bins=np.array(_BANDS))
    return [
        {"from": low, "to": high, "pairs": int(count), "linked": int(among)}
        for (low, high), count, among in zip(pairwise(_BANDS), counts, linked, strict=True)
    ]


def _expected(result: LinkageResult) -> Mapping[str, float | None]:
    """Return precision and recall as the model itself expects them, before labels; blocking's misses are not in it."""
    chance, linked = result.probabilities, result.linked
    right, taken, whole = float(chance[linked].sum()), int(linked.sum()), float(chance.sum())
    precision = right / taken if taken else None
    recall = right / whole if whole else None
    return {"precision": precision and round(precision, 4), "recall": recall and round(recall, 4)}


def _sizes(result: LinkageResult) -> dict[str, int]:
    if not len(result.label):
        return {}
    sizes, counts = np.unique(np.bincount(result.label)[np.unique(result.label)], return_counts=True)
    return {str(size): int(count) for size, count in zip(sizes, counts, strict=True)}
