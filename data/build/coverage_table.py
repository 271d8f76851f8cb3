"""The tables `stated_covers` and `refusals`: where a missing row means 0, and where a row was refused and nothing is known.

Both have the ids as the files state them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from duckdb import DuckDBPyConnection

from data.archive.state import BatchTable
from data.base.atomic_files import sql_path
from data.coverage import Coverage, CoveringPart, date_column, month_of, spans_sql
from data.ledger_source import LedgerSource
from data.schema.catalogue import Dataset
from data.schema.id_matching import folded_sql

PLACES = "batch INTEGER, dataset VARCHAR, service_id VARCHAR, e_service_id VARCHAR, channel VARCHAR, month_from DATE, month_to DATE"
_PLACE = ("service_id", "e_service_id", "channel", "received_on")  # columns that say where a case lies


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
    part: int = 1  # its place among the tables of the batch
    rows: int = 0
    sha256: str = ""  # of the file
    chunk: Path | None = None  # the compacted file in which its rows lie, among others

    @property
    def key(self) -> tuple[int, int]:
        """What its rows carry: `batch` and `_part`."""
        return self.batch, self.part

    @property
    def identity(self) -> str:
        """A text that is equal for two parts exactly when the same is read from them: of the file, and how it is read."""
        read_as = self.known_columns, self.keep_higher, self.coverage, self.last_month, self.ledger
        return f"{self.sha256} {read_as}"


def batch_parts(
    batch: int, folder: Path, tables: Sequence[BatchTable], on: date, digests: Mapping[str, str] = {}
) -> tuple[BatchPart, ...]:
    """The parts of a batch that were written to `folder`; `on` is the day of the import, `digests` the files' SHA-256."""
    return tuple(
        BatchPart(
            dataset=table.dataset,
            batch=batch,
            path=folder / table.file,
            last_month=month_of(on),
            coverage=table.coverage,
            gaps=folder / table.gaps if table.gaps else None,
            known_columns=table.known_columns,
            keep_higher=table.keep_higher,
            ledger=table.ledger,
            part=part,
            rows=table.rows,
            sha256=digests.get(table.file, ""),
        )
        for part, table in enumerate(tables, 1)
    )


def read_rows(parts: Sequence[BatchPart]) -> str:
    """SQL for the rows of parts, of which the older have fewer columns."""
    rows = _read_files(dict.fromkeys(part.chunk or part.path for part in parts))
    if not any(part.chunk for part in parts):
        return rows
    wanted = ", ".join(map(str, (part.key for part in parts)))
    return f"(FROM {rows} SEMI JOIN (VALUES {wanted}) wanted(batch, _part) USING (batch, _part))"


def _read_files(paths: Iterable[Path]) -> str:
    return f"read_parquet([{', '.join(map(sql_path, paths))}], union_by_name = true)"


def insert_coverage(
    connection: DuckDBPyConnection, dataset: Dataset, parts: Sequence[BatchPart], fresh: Collection[int]
) -> None:
    """Insert what a table's parts of the batches `fresh` cover into `stated_covers`, where the rest stands already.

    And what all parts had refused rows of into `refusals`, batch by batch.
    """
    covers = [
        part
        for part in parts
        if part.batch in fresh and part.coverage and (part.coverage.channels or dataset.code == "case_counts")
    ]
    if covers:
        covering = [CoveringPart(*part.key, part.coverage, part.last_month) for part in covers if part.coverage]
        spans = spans_sql(dataset, f"FROM {read_rows(covers)}", covering)
        connection.execute(
            f"INSERT INTO stated_covers BY NAME SELECT '{dataset.code}' AS dataset, * FROM ({spans}) ORDER BY ALL"
        )
    for number in sorted({p.batch for p in parts if p.gaps}):
        own = [part for part in parts if part.batch == number]
        place = {"channel", date_column(dataset)}
        placed = [part for part in own if _has(part, place)]
        if any(part.gaps for part in placed):
            connection.execute(
                f"INSERT INTO refusals {_refusals(number, dataset, placed, _later(parts, number, place))}"
            )
        for part in own:
            if part.gaps and part not in placed:
                earlier = [p for p in parts if p.batch < number]
                later = _later(parts, number, {*_PLACE} & {*(part.known_columns or ())})
                connection.execute(f"INSERT INTO refusals {_refused_changes(part, dataset, earlier, later)}")


def _has(part: BatchPart, columns: Set[str]) -> bool:
    """Whether a part has these columns; without a list it has all."""
    return part.known_columns is None or columns <= {*part.known_columns}


def _later(parts: Sequence[BatchPart], batch: int, columns: Set[str]) -> list[BatchPart]:
    """The parts of later batches that have these columns."""
    return [part for part in parts if part.batch > batch and _has(part, columns)]


def _refused_changes(
    part: BatchPart, dataset: Dataset, earlier: Sequence[BatchPart], later: Sequence[BatchPart]
) -> str:
    """SQL with the columns of `refusals`: where the cases lie that refused rows would have changed, and where to.

    Of a file without the cases' channel or day, whose rows only change cases that `earlier` files have.
    """
    if not earlier:
        return "SELECT * FROM refusals WHERE false"
    before = ", ".join(f"arg_max({column}, batch) AS {column}" for column in _PLACE)
    return f"""
        WITH gaps AS (SELECT * FROM ({_uncorrected(dataset, [part], later)})), before AS (
            SELECT md5(case_id) AS case_digest, {before} FROM {read_rows(earlier)} GROUP BY ALL
        ), cases AS (
            SELECT gaps.*, before.service_id AS old_service, before.e_service_id AS old_e_service,
                   before.channel AS old_channel, date_trunc('month', received_on)::DATE AS old_month
            FROM gaps JOIN before USING (case_digest)
        ), places AS (
            SELECT old_service AS service_id, old_e_service AS e_service_id, old_channel AS channel, old_month AS month
            FROM cases
            UNION
            SELECT coalesce(service_id, old_service), coalesce(e_service_id, old_e_service),
                   coalesce(channel, old_channel), coalesce(month, old_month)
            FROM cases
        )
        SELECT {part.batch} AS batch, '{dataset.code}' AS dataset, service_id, e_service_id, channel, month, month
        FROM places
        WHERE coalesce(service_id, e_service_id) IS NOT NULL AND channel IS NOT NULL AND month IS NOT NULL ORDER BY ALL"""


def _refusals(batch: int, dataset: Dataset, parts: Sequence[BatchPart], later: Sequence[BatchPart]) -> str:
    """SQL with the columns of `refusals`: where the refused rows of a batch lie, its coverage being in `covers`.

    Where a row's channel or month could not be read, it may be any that the file covers for the service; where its
    service could not be read, it may be any service that the file covers. But it is no count that the file has a row of,
    and no case whose row a `later` file has, with its place.
    """
    same = " OR ".join(
        f"coalesce({folded_sql(f'g.{c}')} = {folded_sql(f'o.{c}')}, false)" for c in ("service_id", "e_service_id")
    )
    return f"""
        WITH gaps AS (
            SELECT *, coalesce(service_id, e_service_id) IS NULL AS anyones, row_number() OVER () AS number
            FROM (SELECT DISTINCT service_id, e_service_id, channel, month, assisted FROM ({_uncorrected(dataset, parts, later)}))
        ), own AS (
            SELECT service_id, e_service_id, coalesce(service_id, e_service_id) IS NULL AS everyones,
                   list(DISTINCT channel) AS channels, min(month_from) AS first, max(month_to) AS last
            FROM stated_covers WHERE batch = {batch} AND dataset = '{dataset.code}' GROUP BY ALL
        ), whole AS (
            SELECT list(DISTINCT channel) AS channels, min(month_from) AS first, max(month_to) AS last
            FROM stated_covers WHERE batch = {batch} AND dataset = '{dataset.code}'
        ), placed AS (
            SELECT if(g.anyones, o.service_id, g.service_id) AS service_id,
                   if(g.anyones, o.e_service_id, g.e_service_id) AS e_service_id,
                   g.channel, g.month, g.assisted, g.number, o.channels, o.first, o.last
            FROM gaps g JOIN own o ON g.anyones OR o.everyones OR {same}
            UNION ALL
            SELECT g.service_id, g.e_service_id, g.channel, g.month, g.assisted, g.number, w.channels, w.first, w.last
            FROM gaps g, whole w
            WHERE NOT g.anyones AND NOT EXISTS (FROM own o WHERE o.everyones OR {same})
        ), possible AS (
            SELECT service_id, e_service_id, unnest(if(channel IS NULL, channels, [channel])) AS channel,
                   coalesce(month, first) AS month_from, coalesce(month, last) AS month_to, assisted, number
            FROM placed WHERE coalesce(month, first) IS NOT NULL
        ), weighed AS (
            SELECT p.*, EXISTS (FROM ({_counted(dataset, parts)}) o WHERE ({same.replace("g.", "p.")})
                                AND o.channel = p.channel AND o.assisted = p.assisted
                                AND o.month = p.month_from AND o.month = p.month_to) AS has_row
            FROM possible p
        )
        SELECT DISTINCT {batch} AS batch, '{dataset.code}' AS dataset, service_id, e_service_id, channel, month_from, month_to
        FROM weighed QUALIFY NOT has_row OR bool_and(has_row) OVER (PARTITION BY number) ORDER BY ALL"""


def _uncorrected(dataset: Dataset, parts: Sequence[BatchPart], later: Sequence[BatchPart]) -> str:
    """SQL for the places of the refused rows, without those of cases that a later file has; older files have fewer columns."""
    rows = (
        "SELECT NULL::BOOLEAN AS assisted, NULL::VARCHAR AS case_digest WHERE false"
        f" UNION ALL BY NAME FROM {_read_files(part.gaps for part in parts if part.gaps)}"
    )
    if dataset.code != "cases" or not later:
        return rows
    corrected = f"SELECT md5(case_id) AS case_digest FROM {read_rows(later)}"
    return f"FROM ({rows}) ANTI JOIN ({corrected}) USING (case_digest)"


def _counted(dataset: Dataset, parts: Sequence[BatchPart]) -> str:
    """SQL for the cells that a batch has a count of; of other tables, none."""
    columns = "service_id, e_service_id, channel, month, assisted"
    if dataset.code != "case_counts":
        return (
            "SELECT NULL::VARCHAR AS service_id, NULL::VARCHAR AS e_service_id, NULL::VARCHAR AS channel,"
            " NULL::DATE AS month, NULL::BOOLEAN AS assisted WHERE false"
        )
    return f"SELECT {columns} FROM {read_rows(parts)}"
