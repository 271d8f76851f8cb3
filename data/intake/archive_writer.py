"""Writes entries of the archive: under a temporary name, flushed, then published by one rename."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from data.archive.log import Archive, seal_record
from data.archive.records import COMMIT, REPORT, Link, chained
from data.archive.state import ArchiveState, BatchTable, ChangeKind, ProtectionChange
from data.base.atomic_files import encode_json, flush, make_folder, publish, remove, sha256, temporary_path, write_json
from data.base.errors import CHAINED, ImportFailed, Notice
from data.intake.draft import AcceptedFile, Draft, TableDraft
from data.intake.table_writer import write_tables
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

    def write_folder(self, path: Path, raw: Mapping[str, Any]) -> None:
        """Write the record of an entry with files, which lie in the folder at the path: all are flushed, sized and digested."""
        files = sorted(path.iterdir())
        for file in files:
            flush(file)
        sizes = {file.name: {"bytes": file.stat().st_size, "sha256": sha256(file)} for file in files}
        self.write_record(path / COMMIT, {**raw, "files": sizes})
        flush(path)

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
    entry.write_folder(path, {"batches": batches})


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


def report_entry(archive: Archive, state: ArchiveState) -> NewEntry:
    """The next entry, which keeps a report; its number is the report's."""
    return NewEntry.after(archive, state, "report")


def write_report(
    entry: NewEntry, path: Path, title: str, content: Mapping[str, Any], moment: tuple[str, datetime, bool]
) -> None:
    """Write a report's content and record; `moment` is who freezes it, when, and whether small numbers are protected."""
    who, now, protected = moment
    path.mkdir()
    (path / REPORT).write_bytes(encode_json(content))
    of = content.get("period", {})
    named = {"title": title, "who": without_direction(who), "at": now.isoformat(), "protected": protected}
    named["months"] = [of.get("month_from", ""), of.get("month_to", "")]
    named["departments"] = list(of.get("departments", ()))
    entry.write_folder(path, named)
