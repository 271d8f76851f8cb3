"""Ledgers that are imported again: a later file of the same source replaces what it covers."""

from collections.abc import Sequence

from duckdb import DuckDBPyConnection

from data.build.conflict_resolution import LATEST_FIRST, all_rows
from data.build.coverage_table import BatchPart
from data.ledger_source import SOURCE_COLUMNS, LedgerSource, replaced_rows
from data.schema import id_matching
from data.schema.catalogue import Dataset

_ROWS = "costs_in_archive"


def ledger_rows(connection: DuckDBPyConnection, dataset: Dataset, parts: Sequence[BatchPart]) -> str:
    """SQL for the archived costs that no later file of their source replaces; makes the table `ledger_sources`."""
    connection.execute(f"CREATE TEMP TABLE {_ROWS} AS SELECT *, false AS _replaced FROM ({all_rows(dataset, parts)})")
    connection.execute(f"CREATE TABLE ledger_sources ({SOURCE_COLUMNS})")
    for batch, source in _sources(parts).items():
        _replace(connection, dataset, batch, source)
        connection.execute(
            "INSERT INTO ledger_sources VALUES (?, ?, ?, ?, ?, ?)",
            [batch, source.kind, list(source.names), source.first, source.last, source.scope],
        )
    _number_repeated_ids(connection, dataset)
    return f"SELECT * EXCLUDE (_replaced) FROM {_ROWS} WHERE NOT _replaced"


def booked_costs(dataset: Dataset) -> str:
    """SQL for the postings and öre of each batch of costs, and how much of them a later file or row replaces.

    Counted on the archived rows, independently of `resolved_rows`: the costs page reconciles the two.
    """
    later = f"row_number() OVER (PARTITION BY _replaced, {id_matching.key_sql(dataset)} ORDER BY {LATEST_FIRST}) > 1"
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


def _replace(connection: DuckDBPyConnection, dataset: Dataset, batch: int, source: LedgerSource) -> None:
    """Mark the earlier rows that a batch replaces, and corrections of these by their id."""
    live = f"SELECT rowid AS _id, * FROM {_ROWS} WHERE batch < {batch} AND NOT _replaced"
    incoming = f"FROM {_ROWS} WHERE batch = {batch}"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE replaced_now AS {replaced_rows(source, live, 'FROM ledger_sources', incoming)}"
    )
    key = id_matching.key_sql(dataset)
    connection.execute(
        f"UPDATE {_ROWS} SET _replaced = true WHERE rowid IN (FROM replaced_now) OR (batch < {batch}"
        f" AND batch NOT IN (SELECT batch FROM ledger_sources)"
        f" AND {key} IN (SELECT {key} FROM {_ROWS} WHERE rowid IN (FROM replaced_now)))"
    )


def _number_repeated_ids(connection: DuckDBPyConnection, dataset: Dataset) -> None:
    """Tell postings of different ledger files with the same id apart: none of them replaces another."""
    key = id_matching.key_sql(dataset)
    connection.execute(
        f"UPDATE {_ROWS} SET cost_id = cost_id || '#' || batch FROM (SELECT rowid AS _id, dense_rank() OVER"
        f" (PARTITION BY {key} ORDER BY batch) AS _number FROM {_ROWS}"
        f" WHERE NOT _replaced AND batch IN (SELECT batch FROM ledger_sources)) repeated"
        f" WHERE {_ROWS}.rowid = repeated._id AND _number > 1"
    )
