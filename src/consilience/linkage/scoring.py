"""Scoring: Splink weighs the pairs that blocking found.

Splink holds the comparisons, their weights and the adjustment for rare values, and runs them in DuckDB. Pairs are
handed to it in pieces, so that memory does not grow with their number.
"""

import logging
from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa
from splink import DuckDBAPI, Linker, SettingsCreator

from consilience.linkage.comparisons import Comparison

Weights = Mapping[str, tuple[list[float], list[float]]]
"""Comparison to its m and u probabilities, from the first level down."""

PIECE = 1_000_000

# Splink tells of every step; what matters of it stands in our report.
logging.getLogger("splink").setLevel(logging.ERROR)
logging.getLogger("splink.internals").setLevel(logging.ERROR)


class Scorer:
    """A Splink model over the table `records` of a connection.

    Args:
        connection: DuckDB with the table `records`.
        comparisons: what is compared.
        weights: trained weights; the expected ones where None.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, comparisons: Sequence[Comparison], weights: Weights | None = None
    ) -> None:
        chosen = weights or {}
        self._connection = connection
        self._comparisons = comparisons
        self._api = DuckDBAPI(connection)
        settings = SettingsCreator(
            link_type="dedupe_only",
            comparisons=[each.as_splink(*chosen.get(each.name, (None, None))) for each in comparisons],
            blocking_rules_to_generate_predictions=[],
            retain_matching_columns=True,
            retain_intermediate_calculation_columns=True,
            unique_id_column_name="rid",
        )
        records = self._api.register("records", dataset_display_name="records")
        self._linker = Linker(records, settings, validate_settings=False)

    def gammas(self, pairs_sql: str) -> pa.Table:
        """Return `rid_l`, `rid_r` and the level of each comparison (`g0`, `g1`, ...; -1 where missing)."""
        columns = ", ".join(f"gamma_{_plain(each)} AS g{at}" for at, each in enumerate(self._comparisons))
        return self._predict(pairs_sql, f"rid_l, rid_r, {columns}", None)

    def scores(self, pairs_sql: str, least: float | None) -> pa.Table:
        """Return `rid_l`, `rid_r`, `weight` (log2 of the Bayes factor) and each comparison's level and share of it.

        Args:
            pairs_sql: a query giving `rid_l` and `rid_r`.
            least: weights below it are left out; all are kept where None.
        """
        parts = []
        for at, each in enumerate(self._comparisons):
            adjusted = f" + coalesce(mw_tf_adj_{_plain(each)}, 0)" if _adjusts(each) else ""
            parts.append(f"gamma_{_plain(each)}::TINYINT AS g{at}, (mw_{_plain(each)}{adjusted})::FLOAT AS w{at}")
        total = " + ".join(f"w{at}" for at in range(len(parts)))
        return self._predict(pairs_sql, f"rid_l, rid_r, {', '.join(parts)}, {total} AS weight", least)

    def _predict(self, pairs_sql: str, columns: str, least: float | None) -> pa.Table:
        self._connection.execute(
            "CREATE OR REPLACE TEMP TABLE given_pairs AS "
            f"SELECT rid_l AS join_key_l, rid_r AS join_key_r, '0' AS match_key FROM ({pairs_sql})"
        )
        given = self._api.register("given_pairs")
        self._linker.table_management.register_blocked_pairs_for_predict(given)
        found = self._linker.inference.predict(warning_mode="never")
        where = "" if least is None else f" WHERE weight >= {least}"
        table = self._connection.sql(f"SELECT {columns} FROM {found.physical_name}{where}").to_arrow_table()
        found.drop_table_from_database_and_remove_from_cache()
        return table


def _plain(comparison: Comparison) -> str:
    return comparison.name.replace(":", "_").replace(" ", "_")


def _adjusts(comparison: Comparison) -> bool:
    return any(level.frequency for level in comparison.levels)
