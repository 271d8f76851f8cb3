"""Writes entries of the archive: under a temporary name, flushed, then published by one rename."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from data.archive.log import Archive, seal_record
from data.archive.records import COMMIT, Link, chained
from data.archive.state import ArchiveState, BatchTable, ChangeKind, ProtectionChange
from data.base.atomic_files import flush, make_folder, publish, remove, sha256, sql_path, temporary_path, write_json
from data.base.errors import CHAINED, ImportFailed, Notice
from data.checks.changes import keyed_rows
from data.coverage import Coverage, date_column
from data.intake.draft import AcceptedFile, Draft, TableDraft
from data.privacy import without_direction


@dataclass(frozen=True)
class NewEntry:
    """An entry to be written: its path when it is published, and the entry that it follows."""

    path: Path
    previous: Link | None

    @classmethod
    def after(cls, archive: Archive, state: ArchiveState, what: str) -> "NewEntry":
        """The entry after all of a whole archive; `what` ends its name."""
        return cls(archive.folder / f"{state.entries + 1:06}-{what}", state.links[-1] if state.links else None)

    def write_record(self, path: Path, raw: Mapping[str, Any]) -> None:
        """Write the entry's record at the path."""
        write_json(path, chained(raw, self.path.name, self.previous))

    @contextmanager
    def unfinished(self) -> Iterator[Path]:
        """A temporary path to write it at; removed when the block fails. Once `publish` has returned it is there to stay."""
        make_folder(self.path.parent)
        path = temporary_path(self.path)
        remove(path)
        try:
            yield path
        except BaseException:
            remove(path)
            raise

    def publish(self) -> None:
        """The commit point: the rename that adds the entry. OSError when it failed; then it is not there.

        ImportFailed when it is there, but the disk did not confirm that it stays.
        """
        try:
            publish(self.path)
        except BaseException as error:
            if self.path.exists():
                self._withdraw(error)
            raise

    def _withdraw(self, error: BaseException) -> None:
        try:
            self.path.rename(temporary_path(self.path))
        except (OSError, MemoryError):
            raise ImportFailed(ImportFailed.UNCERTAIN) from error
        with suppress(OSError, MemoryError):
            flush(self.path.parent)


def batches_entry(archive: Archive, state: ArchiveState, count: int) -> NewEntry:
    """The next entry, with `count` batches. The name holds their numbers in case the content is damaged."""
    first = next_batch(state)
    return NewEntry.after(archive, state, f"batches-{first}-{first + count - 1}")


def change_entry(archive: Archive, state: ArchiveState, kind: ChangeKind, batch: int) -> NewEntry:
    """The next entry, which undoes or redoes a batch."""
    return NewEntry.after(archive, state, f"{kind}-{batch}.json")


def protection_entry(archive: Archive, state: ArchiveState, on: bool) -> NewEntry:
    """The next entry, which protects small numbers, or no longer does."""
    return NewEntry.after(archive, state, f"protection-{'on' if on else 'off'}.json")


def next_batch(state: ArchiveState) -> int:
    """The number of the next batch."""
    return max((b.number for b in state.batches), default=0) + 1


def write_change(entry: NewEntry, path: Path, who: str, now: datetime) -> None:
    """Write an undo or redo; its name holds which, and of what batch."""
    entry.write_record(path, {"who": without_direction(who), "at": now.isoformat()})


def write_protection(entry: NewEntry, path: Path, change: ProtectionChange) -> None:
    """Write a change of the protection; its name holds which."""
    entry.write_record(path, {name: value for name, value in change.as_json().items() if name != "on"})


def add_seal(archive: Archive, state: ArchiveState, who: str, now: datetime) -> ArchiveState:
    """Add an entry that lists all whole ones before it, and gives up the rest; returns the state after it."""
    entry = NewEntry.after(archive, state, "seal.json")
    with entry.unfinished() as path:
        entry.write_record(path, seal_record(state, who, now))
        entry.publish()
    return archive.followed()


def with_chain(archive: Archive, state: ArchiveState, who: str, now: datetime) -> tuple[ArchiveState, list[Notice]]:
    """The state with a chain: an archive from before there were chains is sealed, and that is told."""
    return (state, []) if state.is_chained else (add_seal(archive, state, who, now), [Notice(CHAINED)])


def write_batches(
    entry: NewEntry, path: Path, draft: Draft, files: Sequence[AcceptedFile], moment: tuple[int, str, datetime]
) -> None:
    """Write one entry with one batch per file; `moment` is the first one's number, who imports and when.

    OSError or duckdb.IOException on a full disk.
    """
    first, who, now = moment
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
    entry.write_record(path / COMMIT, {"batches": batches, "files": sizes})
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
        "who": without_direction(who),
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
