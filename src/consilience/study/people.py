"""The linkage stage: the same person on several lists becomes one victim before anything is counted.

Records are linked as `consilience link` does it; the act's victim and the actor take the entity's identifier. What was
linked with what stays in the house: a release says how many records became how many people, and nothing of who.
"""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from consilience.engine.base import Engine
from consilience.errors import StudyError
from consilience.formats.snapshot import Snapshot
from consilience.linkage.read import read_snapshot
from consilience.linkage.report import summary
from consilience.linkage.run import link
from consilience.linkage.spec import LinkageSpec, parse_spec
from consilience.study.plan import Study

# Rows of a view that point at one record take the identifier of the person the record is about.
_RENAMED = """
CREATE OR REPLACE TEMP TABLE linked_{table} AS
SELECT t.* REPLACE (coalesce(p.entity_id, t.{column}) AS {column})
FROM {table} AS t LEFT JOIN people AS p ON p.source = t.source AND p.record_id = t.record_id
"""


@dataclass(frozen=True, slots=True)
class People:
    """Who is one person.

    Attributes:
        clusters: `source`, `record_id`, `entity_id`, one row a record. Never published.
        said: numbers and sentences that may be: records, people, pairs, threshold.
    """

    clusters: pa.Table
    said: dict[str, Any]


def linkage_spec(study: Study) -> LinkageSpec | None:
    """Return how the study links people; None where it does not.

    Raises:
        StudyError: the study needs linked records without saying how, or the specification is at fault.
    """
    if study.form.linkage is not None:
        return parse_spec({"seed": study.head.seed, **study.form.linkage})
    if study.form.count.overlap == "linked" or study.form.estimation is not None:
        raise StudyError(
            "The study needs linked records, but does not say how they are linked",
            expected="a table [linkage]; it may be empty",
            remedy="Add [linkage], or leave out count.overlap = linked and [estimation].",
        )
    return None


def link_people(study: Study, snapshot: Snapshot) -> People | None:
    """Link the people of a snapshot as the study's `[linkage]` table says; None where it has none.

    Raises:
        MappingError: the snapshot holds nobody.
    """
    spec = linkage_spec(study)
    if spec is None:
        return None
    result = link(read_snapshot(snapshot.path), spec)
    said = {key: value for key, value in summary(result).items() if key != "metrics"}
    return People(result.clusters.select(["source", "record_id", "entity_id"]), said)


def register_people(engine: Engine, people: People) -> None:
    """Let `acts` and `actors` speak of people instead of records in `engine`, in place of what stood there."""
    engine.register_arrow("people", people.clusters)
    for table, column in (("acts", "victim_id"), ("actors", "actor_id")):
        engine.execute(_RENAMED.format(table=table, column=column))
        engine.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS SELECT * FROM linked_{table}")
