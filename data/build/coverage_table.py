"""The table `covers`: for which service, channel and months a missing row means 0."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from duckdb import DuckDBPyConnection

from data.archive.state import BatchTable
from data.base.atomic_files import sql_path
from data.coverage import Coverage, date_column, month_of, reported_condition
from data.schema.catalogue import Dataset
from data.schema.id_matching import folded_sql


@dataclass(frozen=True)
class BatchPart:
    """The rows that one batch brought to one table: Parquet files and what they cover."""

    dataset: str
    batch: int
    path: Path
    last_month: date  # the month of the import
    coverage: Coverage | None = None
    gaps: Path | None = None
    known_columns: tuple[str, ...] | None = None
    keep_higher: bool = False


def batch_part(batch: int, folder: Path, table: BatchTable, on: date) -> BatchPart:
    """Where a batch's table lies in the folder it was written to; `on` is the day of the import."""
    gaps = folder / table.gaps if table.gaps else None
    return BatchPart(
        table.dataset,
        batch,
        folder / table.file,
        month_of(on),
        table.coverage,
        gaps,
        table.known_columns,
        table.keep_higher,
    )


def insert_coverage(connection: DuckDBPyConnection, dataset: Dataset, parts: Sequence[BatchPart]) -> None:
    """Add what one batch's parts of one table cover, less the months in which a row was refused."""
    gaps = [p.gaps for p in parts if p.gaps]
    for one in parts:
        if one.coverage:
            spans = _spans(dataset, one, one.coverage)
            told = {"channels": list(one.coverage.channels)}
            if one.coverage.services == "named":
                told["names"] = list(one.coverage.e_services)
            connection.execute(f"INSERT INTO covers {_without(spans, gaps) if gaps else spans}", told)


def _spans(dataset: Dataset, one: BatchPart, cover: Coverage) -> str:
    """SQL with the columns of `covers`: one row per service (or one for all) and channel.

    Nothing is covered after the month of the import: what had not happened could not be reported.
    """
    columns = {name for name, _ in dataset.stored}
    ids = ", ".join(c if c in columns else f"NULL::VARCHAR AS {c}" for c in ("service_id", "e_service_id"))
    first, last = f"DATE '{cover.month_from}'", f"DATE '{min(cover.month_to, one.last_month)}'"
    rows = f"read_parquet({sql_path(one.path)}) WHERE {reported_condition(dataset)}"
    if cover.services == "own":
        month = f"date_trunc('month', {date_column(dataset)})::DATE"
        found = (
            f"SELECT {ids}, channel, min({month}) AS month_from, max({month}) AS month_to FROM {rows}"
            f" AND {month} BETWEEN {first} AND {last} AND list_contains($channels::VARCHAR[], channel) GROUP BY ALL"
        )
    else:
        services = f"SELECT DISTINCT {ids} FROM {rows}"
        if cover.services == "all":
            services = "SELECT NULL::VARCHAR AS service_id, NULL::VARCHAR AS e_service_id"
        elif cover.services == "named":
            services = "SELECT NULL::VARCHAR AS service_id, unnest($names::VARCHAR[]) AS e_service_id"
        found = (
            f"SELECT service_id, e_service_id, channel, {first} AS month_from, {last} AS month_to FROM ({services}),"
            f" (SELECT unnest($channels::VARCHAR[]) AS channel) WHERE {first} <= {last}"
        )
    told = f"SELECT {one.batch} AS batch, '{dataset.code}' AS dataset, service_id, e_service_id, channel, month_from, month_to"
    return f"{told} FROM ({found}) ORDER BY ALL"


def _without(spans: str, gaps: Sequence[Path]) -> str:
    """SQL for the spans cut where a refused row leaves the count unknown. NULL in a gap is "any"."""
    files = ", ".join(map(sql_path, gaps))
    return f"""
        WITH month_by_month AS (
            SELECT * EXCLUDE (month_from, month_to),
                   unnest(generate_series(month_from, month_to, INTERVAL 1 MONTH))::DATE AS month
            FROM ({spans})
        ), known AS (
            SELECT *, date_diff('month', DATE '1900-01-01', month)
                      - row_number() OVER (PARTITION BY service_id, e_service_id, channel ORDER BY month) AS run
            FROM month_by_month m
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
        FROM known GROUP BY batch, dataset, service_id, e_service_id, channel, run ORDER BY ALL"""
