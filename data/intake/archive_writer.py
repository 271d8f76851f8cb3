"""Writes entries of the archive: under a temporary name, flushed, then published by one rename."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from duckdb import DuckDBPyConnection

from data.archive.log import COMMIT, Archive
from data.archive.state import ArchiveState, BatchTable, ChangeKind, ProtectionChange
from data.base.atomic_files import flush, remove, sha256, sql_path, temporary_path, write_json
from data.coverage import Coverage, date_column
from data.intake.draft import Draft, FileDraft, TableDraft
from data.schema.id_matching import folded_sql


@dataclass(frozen=True)
class AcceptedFile:
    """A file of a draft that is to be imported: its tables, each with what it covers."""

    file: FileDraft
    choice: Literal["all", "good"]
    tables: tuple[tuple[TableDraft, Coverage | None], ...]
    accept_lower: bool = False  # lower counts replace higher ones


@contextmanager
def unfinished_entry(final: Path) -> Iterator[Path]:
    """A temporary path for the entry `final`; when the block fails, published or not, the entry is removed."""
    final.parent.mkdir(parents=True, exist_ok=True)
    path = temporary_path(final)
    remove(path)
    try:
        yield path
    except BaseException:
        if final.exists():  # published, and what came after failed
            final.rename(path)
        remove(path)
        raise


def batches_path(archive: Archive, state: ArchiveState, count: int) -> Path:
    """The path of the next entry with `count` batches. The name holds their numbers in case the content is damaged."""
    first = next_batch(state)
    return archive.folder / f"{state.entries + 1:06}-batches-{first}-{first + count - 1}"


def change_path(archive: Archive, state: ArchiveState, kind: ChangeKind, batch: int) -> Path:
    """The path of the next entry, which undoes or redoes a batch."""
    return archive.folder / f"{state.entries + 1:06}-{kind}-{batch}.json"


def protection_path(archive: Archive, state: ArchiveState, on: bool) -> Path:
    """The path of the next entry, which protects small numbers, or no longer does."""
    return archive.folder / f"{state.entries + 1:06}-protection-{'on' if on else 'off'}.json"


def next_batch(state: ArchiveState) -> int:
    """The number of the next batch."""
    return max((b.number for b in state.batches), default=0) + 1


def write_change(path: Path, who: str, now: datetime) -> None:
    """Write an undo or redo; its name holds which, and of what batch."""
    write_json(path, {"who": who, "at": now.isoformat()})


def write_protection(path: Path, change: ProtectionChange) -> None:
    """Write a change of the protection; its name holds which."""
    write_json(path, {name: value for name, value in change.as_json().items() if name != "on"})


def write_batches(path: Path, draft: Draft, files: Sequence[AcceptedFile], first: int, who: str, now: datetime) -> None:
    """Write one entry with one batch per file, numbered from `first`. OSError or duckdb.IOException on a full disk."""
    path.mkdir()
    batches = []
    numbers = {file.file.name: number for number, file in enumerate(files, first)}
    for number, file in enumerate(files, first):
        tables = [(_with_numbers(table, numbers), coverage) for table, coverage in file.tables]
        written = write_tables(path, draft.connection, tables, number, file.accept_lower)
        batches.append(_as_json(file, number, who, now, written))
    files_written = sorted(path.iterdir())
    for parquet in files_written:
        flush(parquet)
    sizes = {p.name: {"bytes": p.stat().st_size, "sha256": sha256(p)} for p in files_written}
    write_json(path / COMMIT, {"batches": batches, "files": sizes})
    flush(path)


def _with_numbers(table: TableDraft, numbers: Mapping[str, int]) -> TableDraft:
    """The table of a ledger with the numbers of the batches of the same draft that it replaces."""
    if table.ledger is None:
        return table
    also = tuple(numbers[name] for name in table.ledger.replaces_files if name in numbers)
    return replace(table, ledger=replace(table.ledger, replaces=(*table.ledger.replaces, *also), replaces_files=()))


def _as_json(
    accepted: AcceptedFile, number: int, who: str, now: datetime, tables: Sequence[BatchTable]
) -> dict[str, Any]:
    return {
        "number": number,
        "file": accepted.file.name,
        "checksum": accepted.file.checksum,
        "size": accepted.file.size,
        "who": who,
        "at": now.isoformat(),
        "choice": accepted.choice,
        "tables": [t.as_json() for t in tables],
    }


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
        gaps = f"{stem}.gaps.parquet" if coverage and table.good < table.rows else None
        if gaps:
            _copy(connection, _gaps(table), folder / gaps)
        keep_higher = table.from_source and table.dataset.code == "case_counts" and not accept_lower
        known = None if table.known_columns is None else tuple(sorted(table.known_columns))
        files = (f"{stem}.parquet", gaps)
        counts = (table.good, table.rows - table.good)
        written.append(
            BatchTable(table.dataset.code, table.sheet, *counts, coverage, *files, known, keep_higher, table.ledger)
        )
    return tuple(written)


def _good_rows(table: TableDraft, number: int, part: int) -> str:
    names = ", ".join(f'"{name}"' for name, _ in table.dataset.stored)
    extra = f"{number}::INTEGER AS batch, {part}::INTEGER AS _part, _row"
    return f"SELECT {names}, {extra} FROM {table.relation} WHERE _ok ORDER BY _row"


def _copy(connection: DuckDBPyConnection, query: str, path: Path) -> None:
    connection.execute(f"COPY ({query}) TO {sql_path(path)} (FORMAT parquet, COMPRESSION zstd)")


def _gaps(table: TableDraft) -> str:
    """SQL for the service, channel and month of each refused row; NULL stands for any.

    A service that no good row names may be personal data and is written as ''.
    """
    columns = {name for name, _ in table.dataset.stored}
    ids = [
        _id_of_good_rows(table, c) if c in columns else f"NULL::VARCHAR AS {c}" for c in ("service_id", "e_service_id")
    ]
    month = f"date_trunc('month', {date_column(table.dataset)})::DATE AS month"
    return f"SELECT DISTINCT {', '.join(ids)}, channel, {month} FROM {table.relation} WHERE NOT _ok"


def _id_of_good_rows(table: TableDraft, column: str) -> str:
    folded = folded_sql(column)
    known = f"{folded} IN (SELECT {folded} FROM {table.relation} WHERE _ok)"
    return f"CASE WHEN {known} THEN {column} WHEN {column} IS NOT NULL THEN '' END AS {column}"
