"""The queries of the shared tables stay within what other engines can say."""

import pytest
import sqlglot

from consilience.engine.dialect import transpile
from consilience.harmonise.columns import Columns
from consilience.harmonise.mapping import load_mapping
from consilience.harmonise.stage import Stage
from consilience.harmonise.steps import plan_tables
from consilience.harmonise.tables import sql


@pytest.mark.parametrize("name", ["ucdp_ged", "chile_truth_commission"])
@pytest.mark.parametrize("dialect", ["spark", "postgres"])
def test_every_query_of_a_mapping_can_be_said_in_another_dialect(engine, registry, name, dialect):
    mapping = load_mapping(name)
    names = Columns((), mapping).needed
    engine.execute(f"CREATE TABLE stage_rows ({', '.join(f'c{at} VARCHAR' for at in range(len(names)))})")
    stage = Stage.open(engine, "rowid + 2", Columns(names, mapping))
    plan = plan_tables(stage, "s", registry)
    queries = [sql(stage, table, rows) for table, rows in plan.rows.items() if rows]
    assert len(queries) >= 5
    for query in [*queries, stage.word_for_word(plan.record_id, sealed=False), stage.only("SELECT 1")]:
        assert sqlglot.parse_one(transpile(query, dialect), read=dialect).find(sqlglot.exp.Select)
