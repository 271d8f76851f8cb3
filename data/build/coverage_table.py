"""The tables `covers` and `refusals`: where a missing row means 0, and where a row was refused and nothing is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from duckdb import DuckDBPyConnection

from data.archive.state import BatchTable
from data.base.atomic_files import sql_path
from data.coverage import Coverage, month_of, spans_sql
from data.ledger_source import LedgerSource
from data.schema.catalogue import Dataset
from data.schema.id_matching import folded_sql


@dataclass(frozen=True)
class BatchPart:
    """The rows that one batch brought to one table: a Parquet file, what it covers, and how it replaces earlier rows."""

    dataset: str
    batch: int
    path: Path
    last_month: date  # that can be covered: the month of the import
    coverage: Coverage | None = None
    gaps: Path | None = None  # Parquet file with the refused rows' service, channel and month
    known_columns: tuple[str, ...] | None = None
    keep_higher: bool = False
    ledger: LedgerSource | None = None


def batch_part(batch: int, folder: Path, table: BatchTable, on: date) -> BatchPart:
    """The part of a batch that was written to `folder`; `on` is the day of the import."""
    gaps = folder / table.gaps if table.gaps else None
    known = table.known_columns
    last = month_of(on)
    return BatchPart(
        table.dataset, batch, folder / table.file, last, table.coverage, gaps, known, table.keep_higher, table.ledger
    )


def insert_coverage(connection: DuckDBPyConnection, dataset: Dataset, parts: Sequence[BatchPart]) -> None:
    """Insert what one batch's parts of one table cover into `covers`, and what it had refused rows of into `refusals`."""
    for part in parts:
        if part.coverage:
            rows = f"FROM read_parquet({sql_path(part.path)})"
            spans = spans_sql(dataset, rows, part.coverage, part.last_month)
            ids = "service_id, e_service_id, channel, month_from, month_to"
            connection.execute(
                f"INSERT INTO covers SELECT {part.batch}, '{dataset.code}', {ids} FROM ({spans}) ORDER BY ALL"
            )
    gaps = [part.gaps for part in parts if part.gaps]
    if gaps:
        connection.execute(f"INSERT INTO refusals {_refusals(parts[0].batch, dataset, gaps)}")


def _refusals(batch: int, dataset: Dataset, gaps: Sequence[Path]) -> str:
    """SQL with the columns of `refusals`: where the refused rows of a batch lie, its coverage being in `covers`.

    Where a row's channel or month could not be read, it may be any that the file covers for the service; where its
    service could not be read, it may be any service that the file covers.
    """
    same = " OR ".join(
        f"coalesce({folded_sql(f'g.{c}')} = {folded_sql(f'o.{c}')}, false)" for c in ("service_id", "e_service_id")
    )
    return f"""
        WITH gaps AS (
            SELECT DISTINCT service_id, e_service_id, channel, month, coalesce(service_id, e_service_id) IS NULL AS anyones
            FROM read_parquet([{", ".join(map(sql_path, gaps))}])
        ), own AS (
            SELECT service_id, e_service_id, coalesce(service_id, e_service_id) IS NULL AS everyones,
                   list(DISTINCT channel) AS channels, min(month_from) AS first, max(month_to) AS last
            FROM covers WHERE batch = {batch} AND dataset = '{dataset.code}' GROUP BY ALL
        ), whole AS (
            SELECT list(DISTINCT channel) AS channels, min(month_from) AS first, max(month_to) AS last
            FROM covers WHERE batch = {batch} AND dataset = '{dataset.code}'
        ), placed AS (
            SELECT if(g.anyones, o.service_id, g.service_id) AS service_id,
                   if(g.anyones, o.e_service_id, g.e_service_id) AS e_service_id,
                   g.channel, g.month, o.channels, o.first, o.last
            FROM gaps g JOIN own o ON g.anyones OR o.everyones OR {same}
            UNION ALL
            SELECT g.service_id, g.e_service_id, g.channel, g.month, w.channels, w.first, w.last
            FROM gaps g, whole w
            WHERE NOT g.anyones AND NOT EXISTS (FROM own o WHERE o.everyones OR {same})
        )
        SELECT DISTINCT {batch} AS batch, '{dataset.code}' AS dataset, service_id, e_service_id,
               unnest(if(channel IS NULL, channels, [channel])) AS channel,
               coalesce(month, first) AS month_from, coalesce(month, last) AS month_to
        FROM placed WHERE coalesce(month, first) IS NOT NULL ORDER BY ALL"""
