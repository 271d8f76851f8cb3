"""The table `covers`: for which service, channel and months a missing row means 0."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from duckdb import DuckDBPyConnection

from data.archive.state import BatchTable
from data.base.atomic_files import sql_path
from data.coverage import Coverage, date_column, month_of, reported_condition
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
    """Insert into `covers` what one batch's parts of one table cover, less the months in which a row was refused."""
    gaps = [p.gaps for p in parts if p.gaps]
    for part in parts:
        if part.coverage:
            spans = _spans(dataset, part, part.coverage)
            parameters = {"channels": list(part.coverage.channels)}
            if part.coverage.services == "named":
                parameters["e_services"] = list(part.coverage.e_services)
            connection.execute(f"INSERT INTO covers {_without_gaps(spans, gaps) if gaps else spans}", parameters)


def _spans(dataset: Dataset, part: BatchPart, coverage: Coverage) -> str:
    """SQL with the columns of `covers`: one row per service (or one for all) and channel.

    Nothing is covered after the month of the import: what had not happened could not be reported.
    """
    columns = {name for name, _ in dataset.stored}
    ids = ", ".join(c if c in columns else f"NULL::VARCHAR AS {c}" for c in ("service_id", "e_service_id"))
    first, last = f"DATE '{coverage.month_from}'", f"DATE '{min(coverage.month_to, part.last_month)}'"
    rows = f"read_parquet({sql_path(part.path)}) WHERE {reported_condition(dataset)}"
    if coverage.services == "own":
        month = f"date_trunc('month', {date_column(dataset)})::DATE"
        spans = (
            f"SELECT {ids}, channel, min({month}) AS month_from, max({month}) AS month_to FROM {rows}"
            f" AND {month} BETWEEN {first} AND {last} AND list_contains($channels::VARCHAR[], channel) GROUP BY ALL"
        )
    else:
        services = f"SELECT DISTINCT {ids} FROM {rows}"
        if coverage.services == "all":
            services = "SELECT NULL::VARCHAR AS service_id, NULL::VARCHAR AS e_service_id"
        elif coverage.services == "named":
            services = "SELECT NULL::VARCHAR AS service_id, unnest($e_services::VARCHAR[]) AS e_service_id"
        spans = (
            f"SELECT service_id, e_service_id, channel, {first} AS month_from, {last} AS month_to FROM ({services}),"
            f" (SELECT unnest($channels::VARCHAR[]) AS channel) WHERE {first} <= {last}"
        )
    return (
        f"SELECT {part.batch} AS batch, '{dataset.code}' AS dataset, service_id, e_service_id, channel, month_from, month_to"
        f" FROM ({spans}) ORDER BY ALL"
    )


def _without_gaps(spans: str, gaps: Sequence[Path]) -> str:
    """SQL for the spans less the months for which a row was refused; in a refused row, NULL stands for any value."""
    files = ", ".join(map(sql_path, gaps))
    return f"""
        WITH span_months AS (
            SELECT * EXCLUDE (month_from, month_to),
                   unnest(generate_series(month_from, month_to, INTERVAL 1 MONTH))::DATE AS month
            FROM ({spans})
        ), covered_months AS (
            SELECT *, date_diff('month', DATE '1900-01-01', month)
                      - row_number() OVER (PARTITION BY service_id, e_service_id, channel ORDER BY month) AS run
            FROM span_months m
            WHERE NOT EXISTS (
                FROM read_parquet([{files}]) g
                WHERE coalesce(g.channel = m.channel, true) AND coalesce(g.month = m.month, true)
                  AND (coalesce(g.service_id, g.e_service_id) IS NULL
                       OR coalesce(m.service_id, m.e_service_id) IS NULL
                       OR coalesce({folded_sql("g.service_id")} = {folded_sql("m.service_id")}, false)
                       OR coalesce({folded_sql("g.e_service_id")} = {folded_sql("m.e_service_id")}, false))
            )
        )
        SELECT batch, dataset, service_id, e_service_id, channel, min(month), max(month)
        FROM covered_months GROUP BY batch, dataset, service_id, e_service_id, channel, run ORDER BY ALL"""
