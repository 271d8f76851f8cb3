"""Ledgers that are imported again: a later file of the same source replaces what it covers."""

from collections.abc import Sequence

from duckdb import DuckDBPyConnection

from data.build.conflict_resolution import LATEST_FIRST, all_rows
from data.build.coverage_table import BatchPart
from data.ledger_matching import create_pairs
from data.ledger_source import SOURCE_COLUMNS, LedgerSource, replaced_rows
from data.schema.catalogue import Dataset
from data.schema.id_matching import folded_sql

_ROWS = "costs_in_archive"
_KEY = folded_sql("cost_id")
_NOT_IN_A_LEDGER = (
    "cost_type",
    "category",
    "ordered_by",
    "e_service_id",
)  # what a table of one's own may add to a posting


def ledger_rows(connection: DuckDBPyConnection, dataset: Dataset, parts: Sequence[BatchPart]) -> str:
    """SQL for the archived costs that no later file of their source replaces.

    Makes the tables `ledger_sources`, and `renamed_costs` of the ids that postings have in their file but not here.
    """
    rows = f"SELECT *, false AS _replaced, cost_id AS _own_id FROM ({all_rows(dataset, parts)})"
    connection.execute(f"CREATE TEMP TABLE {_ROWS} AS {rows}")
    connection.execute(f"CREATE TABLE ledger_sources ({SOURCE_COLUMNS})")
    for batch, source in _sources(parts).items():
        _replace(connection, batch, source)
        connection.execute("INSERT INTO ledger_sources VALUES (?, ?, ?)", [batch, source.kind, list(source.names)])
    connection.execute(
        f"CREATE TEMP TABLE renamed_costs AS SELECT _own_id AS alias, arg_max(cost_id, batch) AS cost_id FROM {_ROWS}"
        f" WHERE NOT _replaced AND _own_id <> cost_id AND _own_id NOT IN (SELECT cost_id FROM {_ROWS} WHERE NOT _replaced)"
        " GROUP BY ALL"
    )
    return f"SELECT * EXCLUDE (_replaced, _own_id) FROM {_ROWS} WHERE NOT _replaced"


def booked_costs() -> str:
    """SQL for the postings and öre of each batch of costs, and how much of them a later file or row replaces.

    Counted on the archived rows, independently of `resolved_rows`: the costs page reconciles the two.
    """
    later = f"row_number() OVER (PARTITION BY _replaced, {_KEY} ORDER BY {LATEST_FIRST}) > 1"
    return (
        "SELECT batch, count(*) AS postings, sum(ore)::BIGINT AS ore, count(*) FILTER (replaced) AS replaced_postings,"
        " coalesce(sum(ore) FILTER (replaced), 0)::BIGINT AS replaced_ore"
        f" FROM (SELECT batch, (amount * 100)::BIGINT AS ore, _replaced OR {later} AS replaced FROM {_ROWS}) GROUP BY batch"
    )


def _sources(parts: Sequence[BatchPart]) -> dict[int, LedgerSource]:
    """The source of each batch that is a ledger, in order."""
    sources: dict[int, LedgerSource] = {}
    for part in sorted(parts, key=lambda part: part.batch):
        if part.ledger:
            before = sources.get(part.batch)
            sources[part.batch] = before.union(part.ledger) if before else part.ledger
    return sources


def _replace(connection: DuckDBPyConnection, batch: int, source: LedgerSource) -> None:
    """Mark the earlier rows that a batch replaces, and let the postings that are the same keep their ids."""
    live = f"SELECT rowid AS _id, * FROM {_ROWS} WHERE batch < {batch} AND NOT _replaced"
    # the last row of each id: the sheets of a file may repeat one another
    incoming = (
        f"SELECT rowid AS _id, * FROM {_ROWS} WHERE batch = {batch}"
        f" QUALIFY row_number() OVER (PARTITION BY {_KEY} ORDER BY {LATEST_FIRST}) = 1"
    )
    replaced = replaced_rows(source, live, "FROM ledger_sources", incoming)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE replaced_now AS FROM ({live}) WHERE _id IN ({replaced})")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE incoming_now AS {incoming}")
    create_pairs(connection, "ledger_pairs", "replaced_now", "incoming_now")
    _keep_ids(connection, batch)
    connection.execute(
        f"UPDATE {_ROWS} SET _replaced = true WHERE rowid IN (SELECT _id FROM replaced_now) OR (batch < {batch}"
        f" AND batch NOT IN (SELECT batch FROM ledger_sources) AND {_KEY} IN (SELECT {_KEY} FROM replaced_now))"
    )


def _keep_ids(connection: DuckDBPyConnection, batch: int) -> None:
    """Give the batch's postings the ids of those that they were paired with, and what a table of one's own said of these.

    Another posting gets an id of its own where its file's is taken.
    """
    stated = ", ".join(f'arg_max("{name}", batch) AS "{name}"' for name in _NOT_IN_A_LEDGER)
    columns = ", ".join(f'"{name}" = coalesce({_ROWS}."{name}", kept."{name}")' for name in _NOT_IN_A_LEDGER)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE kept_ids AS WITH stated AS (SELECT {_KEY} AS key, {stated} FROM {_ROWS}"
        f" WHERE batch < {batch} AND batch NOT IN (SELECT batch FROM ledger_sources) GROUP BY ALL)"
        " SELECT i._own_id, r.cost_id, stated.* EXCLUDE (key) FROM ledger_pairs JOIN incoming_now i ON i._id = after_id"
        f" JOIN replaced_now r ON r._id = before_id LEFT JOIN stated ON stated.key = {folded_sql('r.cost_id')}"
    )
    connection.execute(
        f"UPDATE {_ROWS} SET cost_id = kept.cost_id, {columns} FROM kept_ids kept"
        f" WHERE batch = {batch} AND {_ROWS}._own_id = kept._own_id"
    )
    ids_in_use = (
        f"SELECT {_KEY} FROM {_ROWS} WHERE batch < {batch} AND NOT _replaced AND rowid NOT IN (SELECT _id FROM replaced_now)"
        " AND batch IN (SELECT batch FROM ledger_sources) UNION ALL"
        f" SELECT {_KEY} FROM kept_ids"
    )
    connection.execute(
        f"UPDATE {_ROWS} SET cost_id = cost_id || '#' || batch WHERE batch = {batch} AND {_KEY} IN ({ids_in_use})"
        " AND _own_id NOT IN (SELECT _own_id FROM kept_ids)"
    )
