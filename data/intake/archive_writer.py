"""Writing the archive: an entry is written beside, flushed, and published by one rename."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from duckdb import DuckDBPyConnection

from data.archive.log import COMMIT, Archive
from data.archive.state import ArchiveState, BatchTable, ChangeKind
from data.base.atomic_files import flush, remove, sha256, sql_path, temporary_path, write_json
from data.coverage import Coverage, date_column
from data.intake.draft import Draft, FileDraft, TableDraft
from data.schema.id_matching import folded_sql


@dataclass(frozen=True)
class AcceptedFile:
    """One file of a draft that was chosen: its tables with good rows, and what each covers."""

    file: FileDraft
    choice: Literal["all", "good"]
    tables: tuple[tuple[TableDraft, Coverage | None], ...]
    accept_lower: bool = False  # counts that have sunk in their source replace the higher ones


@contextmanager
def unfinished_entry(final: Path) -> Iterator[Path]:
    """Make room beside `final` for an entry; when the block fails for any reason, nothing of it stays."""
    final.parent.mkdir(parents=True, exist_ok=True)
    path = temporary_path(final)
    remove(path)
    try:
        yield path
    except BaseException:
        if final.exists():  # published, but what came after failed: by one rename it is unfinished again
            final.rename(path)
        remove(path)
        raise


def batches_path(archive: Archive, state: ArchiveState, count: int) -> Path:
    """Where the next entry with `count` batches goes. The name tells the numbers even if the content is lost."""
    first = next_batch(state)
    return archive.folder / f"{state.entries + 1:06}-batches-{first}-{first + count - 1}"


def change_path(archive: Archive, state: ArchiveState, kind: ChangeKind, batch: int) -> Path:
    """Where the next entry goes when it undoes or redoes a batch."""
    return archive.folder / f"{state.entries + 1:06}-{kind}-{batch}.json"


def next_batch(state: ArchiveState) -> int:
    """The number of the next batch."""
    return max((b.number for b in state.batches), default=0) + 1


def write_change(path: Path, who: str, now: datetime) -> None:
    """Write an undo or redo; what and which stand in the name."""
    write_json(path, {"who": who, "at": now.isoformat()})


def write_batches(path: Path, draft: Draft, taken: Sequence[AcceptedFile], first: int, who: str, now: datetime) -> None:
    """Write one entry with one batch per file, numbered from `first`. OSError or duckdb.IOException on a full disk."""
    path.mkdir()
    batches = []
    for number, one in enumerate(taken, first):
        tables = write_tables(path, draft.connection, one.tables, number, one.accept_lower)
        batches.append(_as_json(one, number, who, now, tables))
    kept = sorted(path.iterdir())
    for file in kept:
        flush(file)
    sizes = {f.name: {"bytes": f.stat().st_size, "sha256": sha256(f)} for f in kept}
    write_json(path / COMMIT, {"batches": batches, "files": sizes})
    flush(path)


def _as_json(one: AcceptedFile, number: int, who: str, now: datetime, tables: Sequence[BatchTable]) -> dict[str, Any]:
    return {
        "number": number,
        "file": one.file.name,
        "checksum": one.file.checksum,
        "size": one.file.size,
        "who": who,
        "at": now.isoformat(),
        "choice": one.choice,
        "tables": [t.as_json() for t in tables],
    }


def write_tables(
    folder: Path,
    connection: DuckDBPyConnection,
    tables: Sequence[tuple[TableDraft, Coverage | None]],
    number: int,
    lower: bool = False,
) -> tuple[BatchTable, ...]:
    """Write the good rows of a file's tables as Parquet; returns what was written."""
    return tuple(_write_table(folder, connection, t, cover, number, i, lower) for i, (t, cover) in enumerate(tables, 1))


def _write_table(
    folder: Path,
    connection: DuckDBPyConnection,
    table: TableDraft,
    cover: Coverage | None,
    number: int,
    part: int,
    lower: bool,
) -> BatchTable:
    stem = f"{number:06}-{part:02}-{table.dataset.code}"
    names = ", ".join(f'"{name}"' for name, _ in table.dataset.stored)
    rows = f"SELECT {names}, {number}::INTEGER AS batch, {part}::INTEGER AS _part, _row FROM {table.relation} WHERE _ok"
    _copy(connection, f"{rows} ORDER BY _row", folder / f"{stem}.parquet")
    gaps = f"{stem}.gaps.parquet" if cover and table.good < table.rows else None
    if gaps:
        _copy(connection, _gaps(table), folder / gaps)
    refused = table.rows - table.good
    told = None if table.known_columns is None else tuple(sorted(table.known_columns))
    keep_higher = table.from_source and table.dataset.code == "case_counts" and not lower
    return BatchTable(
        table.dataset.code, table.sheet, table.good, refused, cover, f"{stem}.parquet", gaps, told, keep_higher
    )


def _copy(connection: DuckDBPyConnection, query: str, path: Path) -> None:
    connection.execute(f"COPY ({query}) TO {sql_path(path)} (FORMAT parquet, COMPRESSION zstd)")


def _gaps(table: TableDraft) -> str:
    """SQL for where refused rows leave the count unknown: NULL where a refused row does not tell which.

    A service that no good row names is written as '': only its being another one matters, and it may be personal data.
    """
    columns = {name for name, _ in table.dataset.stored}
    ids = [_named(table, c) if c in columns else f"NULL::VARCHAR AS {c}" for c in ("service_id", "e_service_id")]
    month = f"date_trunc('month', {date_column(table.dataset)})::DATE AS month"
    return f"SELECT DISTINCT {', '.join(ids)}, channel, {month} FROM {table.relation} WHERE NOT _ok"


def _named(table: TableDraft, column: str) -> str:
    spelt = folded_sql(column)
    known = f"{spelt} IN (SELECT {spelt} FROM {table.relation} WHERE _ok)"
    return f"CASE WHEN {known} THEN {column} WHEN {column} IS NOT NULL THEN '' END AS {column}"
