"""The imported files that a number is counted from, table by table."""

from dataclasses import dataclass
from datetime import datetime

from duckdb import DuckDBPyConnection

from analytics.metrics.served import read_once


@dataclass(frozen=True)
class TableSource:
    """The files whose rows are in a table, the latest first, and when the latest was imported."""

    table: str
    files: tuple[str, ...]
    imported_at: datetime


def sources(cursor: DuckDBPyConnection, tables: tuple[str, ...]) -> tuple[TableSource, ...]:
    """The sources of the tables, in their order; a table without imported rows is left out."""
    return tuple(source for table in tables if (source := _source(cursor, table)))


@read_once
def _source(cursor: DuckDBPyConnection, table: str) -> TableSource | None:
    rows = cursor.execute(
        f"""SELECT file, max(imported_at) FROM batches WHERE batch IN (SELECT batch FROM {table}) AND imported_at IS NOT NULL
        GROUP BY file ORDER BY 2 DESC, 1"""
    ).fetchall()
    return TableSource(table, tuple(file for file, _at in rows), rows[0][1]) if rows else None
