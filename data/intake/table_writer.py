"""Writes the good rows of a draft's tables as Parquet, as they lie in the archive."""

from collections.abc import Sequence
from pathlib import Path

from duckdb import DuckDBPyConnection

from data.archive.state import BatchTable
from data.base.atomic_files import sql_path
from data.checks.changes import keyed_rows
from data.coverage import Coverage, date_column
from data.intake.draft import TableDraft


def write_tables(
    folder: Path,
    connection: DuckDBPyConnection,
    tables: Sequence[tuple[TableDraft, Coverage | None]],
    number: int,
    accept_lower: bool = False,
) -> tuple[BatchTable, ...]:
    """Write the good rows of a file's tables as Parquet, as batch `number`; returns what was written."""
    written = []
    for part, (table, coverage) in enumerate(tables, 1):
        stem = f"{number:06}-{part:02}-{table.dataset.code}"
        _copy(connection, _good_rows(table, number, part), folder / f"{stem}.parquet")
        gaps = f"{stem}.gaps.parquet" if table.refuses_places and table.good < table.rows else None
        if gaps:
            _copy(connection, _gaps(table), folder / gaps)
        keep_higher = table.from_source and table.dataset.code == "case_counts" and not accept_lower
        known = None if table.known_columns is None else tuple(sorted(table.known_columns))
        files = (f"{stem}.parquet", gaps)
        counts = (_imported(connection, table), table.rows - table.good)
        written.append(
            BatchTable(table.dataset.code, table.sheet, *counts, coverage, *files, known, keep_higher, table.ledger)
        )
    return tuple(written)


def _imported(connection: DuckDBPyConnection, table: TableDraft) -> int:
    """How many good rows are not left out."""
    if not table.left_out:
        return table.good
    return int(connection.execute(f"SELECT count(*) FROM ({_kept(table)})").fetchall()[0][0])


def _kept(table: TableDraft) -> str:
    """SQL for the good rows less those that are left out, each with all rows of its key: an earlier one would count instead."""
    good = f"SELECT * FROM {table.relation} WHERE _ok"
    if not table.left_out:
        return good
    left = f"FROM {table.relation} WHERE _row IN ({', '.join(map(str, sorted(table.left_out)))})"
    return (
        f"SELECT g.* EXCLUDE _key FROM ({keyed_rows(table.dataset, good)}) g"
        f" ANTI JOIN ({keyed_rows(table.dataset, left)}) l ON g._key IS NOT DISTINCT FROM l._key"
    )


def _good_rows(table: TableDraft, number: int, part: int) -> str:
    names = ", ".join(f'"{name}"' for name, _ in table.dataset.stored)
    extra = f"{number}::INTEGER AS batch, {part}::INTEGER AS _part, _row"
    return f"SELECT {names}, {extra} FROM ({_rows(table)}) ORDER BY _row"


def _rows(table: TableDraft) -> str:
    """SQL for the good rows; and, of a table whose values can be "not reported", the refused ones whose key can be read."""
    good = _kept(table)
    states = [c.code for c in table.dataset.columns if any(v.code == "not_reported" for v in c.values)]
    if not states:
        return good
    key = ", ".join(f'"{code}"' for code in table.dataset.key)
    unread = f"[{', '.join(repr(code) for code in table.dataset.key)}]"
    unknown = ", ".join(f"'not_reported' AS {code}" for code in states)
    return (
        f"{good} UNION ALL BY NAME SELECT {key}, {unknown}, _row FROM {table.relation}"
        f" WHERE NOT _ok AND NOT list_has_any(_unread, {unread})"
    )


def _copy(connection: DuckDBPyConnection, query: str, path: Path) -> None:
    connection.execute(f"COPY ({query}) TO {sql_path(path)} (FORMAT parquet, COMPRESSION zstd)")


def _gaps(table: TableDraft) -> str:
    """SQL for the service, channel and month of each refused row, as far as they can be read; NULL stands for any.

    So that a corrected row is known to be it, `assisted` of a count and the digest of a case's id come with them.
    """
    columns = {name for name, _ in table.dataset.stored}
    day = date_column(table.dataset)
    ids = [_if_read(c) if c in columns else "NULL::VARCHAR" for c in ("service_id", "e_service_id")]
    places = [*ids, _if_read("channel"), f"date_trunc('month', {_if_read(day)})::DATE"]
    named = zip(places, ("service_id", "e_service_id", "channel", "month"), strict=True)
    listed = ", ".join(f"{place} AS {name}" for place, name in named)
    if "case_id" in columns:
        listed += f", md5({_if_read('case_id')}) AS case_digest"
    elif "assisted" in columns:
        listed += f", {_if_read('assisted')} AS assisted"
    return f"SELECT DISTINCT {listed} FROM {table.relation} WHERE NOT _ok"


def _if_read(column: str) -> str:
    return f"CASE WHEN NOT list_contains(_unread, '{column}') THEN {column} END"
