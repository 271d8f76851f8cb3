"""The rows of a fetch that differ from those in the database, so that fetching the same twice changes nothing."""

from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from data.base.atomic_files import sql_path
from data.base.database_config import CONFIG
from data.coverage import date_column
from data.schema import id_matching
from data.schema.catalogue import Column, Dataset, datasets

_READ = "read_csv({files}, header = true, all_varchar = true, union_by_name = true, delim = ',', quote = '\"', escape = '\"')"


@dataclass(frozen=True)
class Diff:
    """How many rows differ from those in the database, and how many of them have a new or a known key."""

    rows: int
    added: int
    changed: int


@dataclass(frozen=True)
class Known:
    """An in-memory database; when `exists`, the current database is attached to it as `known`."""

    connection: DuckDBPyConnection
    installation: str
    exists: bool


@contextmanager
def open_known(path: Path | None, installation: str) -> Iterator[Known]:
    """Attach the database file at `path`, read-only; None when nothing was imported yet."""
    with closing(duckdb.connect(":memory:", config=CONFIG)) as connection:
        connection.execute("SET enable_progress_bar = false")
        if path:
            connection.execute(f"ATTACH {sql_path(path)} AS known (READ_ONLY)")
        yield Known(connection, installation, path is not None)


def concatenate(connection: DuckDBPyConnection, files: Collection[Path], target: Path) -> None:
    """Write the distinct rows of CSV files with the same columns to one file."""
    _copy(connection, f"SELECT DISTINCT * FROM {_read(files)}", target)


def sum_counts(connection: DuckDBPyConnection, files: Collection[Path], target: Path) -> None:
    """Write monthly counts from CSV files to one file, with counts of the same key summed."""
    _copy(connection, f"SELECT * REPLACE (sum(cases::BIGINT) AS cases) FROM {_read(files)} GROUP BY ALL", target)


def _copy(connection: DuckDBPyConnection, query: str, target: Path) -> None:
    connection.execute(f"COPY ({query}) TO {sql_path(target)} (HEADER)")


def _read(files: Collection[Path]) -> str:
    return _READ.format(files=f"[{', '.join(map(sql_path, files))}]")


def same_catalogue(known: Known, csv: Path) -> bool:
    """Whether a catalogue has the same e-services, open and closed, as the latest one in the database."""
    if not known.exists:
        return False
    enabled = _typed(datasets()["sightings"].column("enabled"))
    fetched = f"SELECT f.e_service_id, {enabled} AS enabled FROM {_read([csv])} f"
    latest = "SELECT max(seen_on) FROM known.sightings WHERE installation = $name"
    before = f"SELECT e_service_id, enabled FROM known.sightings WHERE installation = $name AND seen_on = ({latest})"
    different = f"(({fetched}) EXCEPT ({before})) UNION ALL (({before}) EXCEPT ({fetched}))"
    query = f"SELECT count(*) = 0 FROM ({different})"
    row = known.connection.execute(query, {"name": known.installation}).fetchone()
    return bool(row and row[0])


def keep_differences(
    known: Known, table: str, csv: Path, known_columns: Collection[str], complete: tuple[date, date] | None = None
) -> Diff:
    """Leave in the file only rows that differ from the database in a known column, or fill a blank in another.

    Rows of the months `complete` (first and last) are kept, known or not: an import that completes a month must have all
    of its rows, so that it still does when an earlier import is undone.
    """
    dataset, connection = datasets()[table], known.connection
    connection.execute(f"CREATE OR REPLACE TEMP TABLE fetched AS FROM {_read([csv])}")
    columns = [column for (column, *_) in connection.execute("DESCRIBE fetched").fetchall()]
    key_exists = f"EXISTS (FROM known.{table} k WHERE {_equal_keys(dataset, columns)})" if known.exists else "false"
    unchanged = _is_unchanged(dataset, columns, known_columns) if known.exists else "false"
    in_complete = "false"
    if complete:
        month = f"date_trunc('month', {_typed(dataset.column(date_column(dataset)))})"
        in_complete = f"coalesce({month} BETWEEN DATE '{complete[0]}' AND DATE '{complete[1]}', false)"
    compared = f"SELECT *, {key_exists} AS _exists, {unchanged} AS _unchanged FROM fetched f"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE compared AS {compared}")
    listed = ", ".join(f'"{code}"' for code in columns)
    kept = f"NOT _unchanged OR {in_complete}"
    _copy(connection, f"SELECT {listed} FROM compared f WHERE {kept}", csv)
    counts = "count(*) FILTER (NOT _unchanged AND NOT _exists), count(*) FILTER (NOT _unchanged AND _exists)"
    row = connection.execute(f"SELECT count(*) FILTER ({kept}), {counts} FROM compared f").fetchone()
    return Diff(*(row or (0, 0, 0)))


def _is_unchanged(dataset: Dataset, columns: Collection[str], known_columns: Collection[str]) -> str:
    """SQL for whether the row adds nothing to the known one."""
    equal = [_equal_value(dataset.column(code), code in known_columns) for code in columns if code not in dataset.key]
    known = f"EXISTS (FROM known.{dataset.code} k WHERE {' AND '.join([_equal_keys(dataset, columns), *equal])})"
    if dataset.code != "case_counts":
        return known
    lowered = f"{_equal_keys(dataset, columns)} AND k.later = {_typed(dataset.column('cases'))}"
    return f"({known} OR EXISTS (FROM known.lowered_counts k WHERE {lowered}))"


def _equal_keys(dataset: Dataset, columns: Collection[str]) -> str:
    """SQL for whether a known row `k` has the key of `f`; a key column that the file lacks is blank."""
    return " AND ".join(_equal_key(dataset, c) if c in columns else f'k."{c}" IS NULL' for c in dataset.key)


def _equal_key(dataset: Dataset, code: str) -> str:
    """SQL for whether one key column is equal in both rows."""
    column = dataset.column(code)
    fetched, known = _typed(column), f'k."{code}"'
    if column.type == "id":
        fetched, known = id_matching.folded_sql(fetched), id_matching.folded_sql(known)
    return f"{fetched} IS NOT DISTINCT FROM {known}"


def _equal_value(column: Column, is_known: bool) -> str:
    """SQL for whether a column adds nothing. One that the source does not know only fills blanks."""
    known = f'k."{column.code}"'
    equal = f"{_typed(column)} IS NOT DISTINCT FROM {known}"
    return equal if is_known else f"({known} IS NOT NULL OR {equal})"


def _typed(column: Column) -> str:
    """SQL for a cell of `f` in its stored type."""
    cell = f'f."{column.code}"'
    if column.default is not None:
        cell = f"coalesce({cell}, '{column.default}')"
    if column.values:
        plain = f"regexp_replace(lower(strip_accents({cell})), '[^a-z0-9]', '', 'g')"
        spellings = {v.code: ", ".join(f"'{s}'" for s in sorted(v.spellings)) for v in column.values}
        cases = " ".join(f"WHEN {plain} IN ({listed}) THEN '{code}'" for code, listed in spellings.items())
        cell = f"CASE {cases} END"
    elif column.type == "month":
        cell = f"{cell}[1:7] || '-01'"
    return f"try_cast({cell} AS {column.sql_type})"
