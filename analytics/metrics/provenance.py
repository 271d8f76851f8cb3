"""Which files a number comes from: those in force with rows that count, table by table."""

from dataclasses import dataclass
from datetime import datetime

from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class TableSource:
    """The files whose rows stand in a table, the latest first, and when that was imported."""

    table: str
    files: tuple[str, ...]
    imported_at: datetime


def sources(cursor: DuckDBPyConnection, tables: tuple[str, ...]) -> tuple[TableSource, ...]:
    """What the tables are made of, in their order; one without rows, or with example rows, has no source."""
    found = []
    for table in tables:
        rows = cursor.execute(
            f"""SELECT file, max(imported_at) FROM batches WHERE batch IN (SELECT batch FROM {table}) AND imported_at IS NOT NULL
            GROUP BY file ORDER BY 2 DESC, 1"""
        ).fetchall()
        if rows:
            found.append(TableSource(table, tuple(file for file, _at in rows), rows[0][1]))
    return tuple(found)
