"""The disclosure stage, between counting and writing: once a rule is declared, nothing leaves without it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from consilience.disclosure.hierarchy import Hierarchy
from consilience.disclosure.observations import protect_observations
from consilience.disclosure.rules import DisclosureRules
from consilience.errors import StudyError
from consilience.standards.codelist import Codelist
from consilience.standards.registry import Registry
from consilience.study.observe import Observed
from consilience.study.plan import Study

_NONE = {"method": "none", "statement": "No disclosure rule was declared: every count is published as it is."}


@dataclass(frozen=True, slots=True)
class Protected:
    """Figures as they may be published, and what may be said of how they were protected."""

    observed: Observed
    disclosure: dict[str, Any]


def check_disclosure(study: Study) -> None:
    """Refuse rules that cannot be kept: several lists that overlap to an unknown degree. Raises StudyError."""
    several = len(study.form.sources) > 1 and study.form.count.overlap != "none"
    if study.form.disclosure is not None and several:
        raise StudyError(
            "disclosure cannot be kept where several lists overlap to an unknown degree",
            found=f"{len(study.form.sources)} sources and count.overlap = {study.form.count.overlap}",
            expected="one list, or lists that cannot hold the same act",
            remedy="Make a study for each list.",
        )


def protect(study: Study, observed: Observed, registry: Registry) -> Protected:
    """Protect the figures by the study's `[disclosure]` rules; without any they stay as they are.

    With rules, the tables list by list are not published, since their small counts would undo the protection, and
    of the counts that no cell could take only those at or above the threshold are.

    Raises:
        DisclosureRefused: the attack on the protected table succeeded.
    """
    if study.form.disclosure is None:
        return Protected(observed, dict(_NONE))
    check_disclosure(study)
    rules = DisclosureRules.parse(study.form.disclosure)
    result = protect_observations(
        observed.observations, rules, hierarchies=[_areas(observed.observations, registry.codelist("AREA"))]
    ).checked()
    small = pc.less(observed.unplaced["OBS_VALUE"], rules.threshold)
    kept = replace(
        observed,
        observations=result.table,
        by_source=observed.by_source.slice(0, 0),
        unplaced=observed.unplaced.filter(pc.invert(small)),
    )
    public = {key: result.counts[key] for key in ("cells", "primary", "secondary")}
    said = {"method": str(rules.method), "statement": result.statement, "attack": result.attack.public()}
    return Protected(kept, {**said, "suppressed": public["primary"] + public["secondary"], "cells": public["cells"]})


def _areas(observations: pa.Table, areas: Codelist) -> Hierarchy:
    """Return the tree of the areas that occur, each under the nearest area above it that occurs too."""
    present = set(pc.unique(observations["REF_AREA"]).to_pylist())
    return Hierarchy.over("REF_AREA", ((code, _above(code, present, areas)) for code in sorted(present)))


def _above(code: str, present: Iterable[str], areas: Codelist) -> str:
    if code not in areas:
        return ""
    return next((above for above in areas.ancestors(code) if above in present), "")
