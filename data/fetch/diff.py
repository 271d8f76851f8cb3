"""What a fetch brings that the database does not hold already, so that fetching the same twice changes nothing."""

from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from data.base.atomic_files import sql_path
from data.coverage import date_column
from data.schema import id_matching
from data.schema.catalogue import Column, Dataset, datasets

_READ = "read_csv({files}, header = true, all_varchar = true, union_by_name = true, delim = ',', quote = '\"', escape = '\"')"


@dataclass(frozen=True)
class Diff:
    """The rows that are left, and how many of them are new and how many say something else than before."""

    rows: int
    added: int
    changed: int


@contextmanager
def connect_with_known(known: Path | None) -> Iterator[DuckDBPyConnection]:
    """A database of one's own, in memory, with the known one attached as `known`."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with closing(duckdb.connect(":memory:", config=config)) as connection:
        connection.execute("SET enable_progress_bar = false")
        if known:
            connection.execute(f"ATTACH {sql_path(known)} AS known (READ_ONLY)")
        yield connection


def concatenate(connection: DuckDBPyConnection, files: Collection[Path], target: Path) -> Path:
    """Put CSV files with the same columns into one."""
    listed = f"[{', '.join(map(sql_path, files))}]"
    connection.execute(f"COPY (SELECT DISTINCT * FROM {_READ.format(files=listed)}) TO {sql_path(target)} (HEADER)")
    return target


def sum_counts(connection: DuckDBPyConnection, files: Collection[Path], target: Path) -> Path:
    """Put files with counts into one, and add up those that are of the same."""
    listed = f"[{', '.join(map(sql_path, files))}]"
    total = f"SELECT * REPLACE (sum(cases::BIGINT) AS cases) FROM {_READ.format(files=listed)} GROUP BY ALL"
    connection.execute(f"COPY ({total}) TO {sql_path(target)} (HEADER)")
    return target


def same_catalogue(connection: DuckDBPyConnection, installation: str, csv: Path) -> bool:
    """Whether a catalogue holds the same e-services, open and closed, as when it was last read."""
    enabled = _typed(datasets()["sightings"].column("enabled"))
    now = f"SELECT f.e_service_id, {enabled} AS enabled FROM {_READ.format(files=sql_path(csv))} f"
    last = "SELECT max(seen_on) FROM known.sightings WHERE installation = $name"
    before = f"SELECT e_service_id, enabled FROM known.sightings WHERE installation = $name AND seen_on = ({last})"
    differing = f"(({now}) EXCEPT ({before})) UNION ALL (({before}) EXCEPT ({now}))"
    found = connection.execute(f"SELECT count(*) = 0 FROM ({differing})", {"name": installation}).fetchone()
    return bool(found and found[0])


def keep_differences(
    connection: DuckDBPyConnection,
    known: bool,
    table: str,
    csv: Path,
    told: Collection[str],
    whole: tuple[date, date] | None = None,
) -> Diff:
    """Leave in the file only the rows that differ from the known ones in a column that is told, or fill a blank there.

    The rows of the months in `whole` stay, known or not: an import that says it completes a month must hold all of it,
    so that it still does when an earlier one is undone.
    """
    dataset = datasets()[table]
    connection.execute(f"CREATE OR REPLACE TEMP TABLE fetched AS FROM {_READ.format(files=sql_path(csv))}")
    given = [column for (column, *_) in connection.execute("DESCRIBE fetched").fetchall()]
    there, same = (_key_exists(dataset, given), _is_unchanged(dataset, given, told)) if known else ("false", "false")
    within = "false"
    if whole:
        month = f"date_trunc('month', {_typed(dataset.column(date_column(dataset)))})"
        within = f"coalesce({month} BETWEEN DATE '{whole[0]}' AND DATE '{whole[1]}', false)"
    judged = f"SELECT *, {there} AS _there, {same} AS _same FROM fetched f"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE judged AS {judged}")
    listed = ", ".join(f'"{code}"' for code in given)
    left = f"SELECT {listed} FROM judged f WHERE NOT _same OR {within}"
    connection.execute(f"COPY ({left}) TO {sql_path(csv)} (HEADER)")
    counts = "count(*) FILTER (NOT _same AND NOT _there), count(*) FILTER (NOT _same AND _there)"
    found = connection.execute(f"SELECT count(*) FILTER (NOT _same OR {within}), {counts} FROM judged f").fetchone()
    return Diff(*(found or (0, 0, 0)))


def _key_exists(dataset: Dataset, given: Collection[str]) -> str:
    """SQL for whether the row's key is known."""
    return f"EXISTS (FROM known.{dataset.code} k WHERE {_key(dataset, given)})"


def _is_unchanged(dataset: Dataset, given: Collection[str], told: Collection[str]) -> str:
    """SQL for whether the row says nothing that is not known."""
    same = [_equal_value(dataset.column(code), code in told) for code in given if code not in dataset.key]
    found = f"EXISTS (FROM known.{dataset.code} k WHERE {' AND '.join([_key(dataset, given), *same])})"
    if dataset.code != "case_counts":
        return found
    lowered = f"{_key(dataset, given)} AND k.later = {_typed(dataset.column('cases'))}"
    return f"({found} OR EXISTS (FROM known.lowered_counts k WHERE {lowered}))"


def _key(dataset: Dataset, given: Collection[str]) -> str:
    """SQL for whether a known row `k` has the key of `f`; a part that is not given is blank."""
    return " AND ".join(_equal_key(dataset, c) if c in given else f'k."{c}" IS NULL' for c in dataset.key)


def _equal_key(dataset: Dataset, code: str) -> str:
    """SQL for whether a key means the same in both."""
    column = dataset.column(code)
    ours, theirs = _typed(column), f'k."{code}"'
    if column.type == "id":
        ours, theirs = id_matching.folded_sql(ours), id_matching.folded_sql(theirs)
    return f"{ours} IS NOT DISTINCT FROM {theirs}"


def _equal_value(column: Column, told: bool) -> str:
    """SQL for whether a column brings nothing new. One that cannot be told only fills what nobody has told."""
    theirs = f'k."{column.code}"'
    same = f"{_typed(column)} IS NOT DISTINCT FROM {theirs}"
    return same if told else f"({theirs} IS NOT NULL OR {same})"


def _typed(column: Column) -> str:
    """SQL for a cell as it is stored."""
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
