"""A draft: files that are read, recognised and checked, with their faults, before anything is imported."""

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Literal

from duckdb import DuckDBPyConnection

from data.base.fault import Change, Contradiction, Fault, NewRow, WithoutDepartment
from data.checks.table import CheckedTable
from data.coverage import Coverage
from data.ledger_source import LedgerAnswer
from data.mapping.model import ColumnMapping, Layout
from data.messages.templates import WARNINGS
from data.readers.errors import Unreadable


@dataclass(frozen=True)
class Source:
    """A file on disk, its name to the user, and what is decided about how it is read.

    `installation` and `family` (of e-services) say where an answer from the e-service platform comes from, when it does
    not say so itself. Sources of one `group` become one file with that name, and are imported together. `from_source`:
    the program fetched it from another system, which knows `known_columns` (None: all) and was asked for `coverage`.
    `table` and `mapping` go before what the file's headers say, and `encoding` before what the letters of a file that is
    not Unicode suggest. `ledger` is what the importer says of a ledger. A file that is `unreadable` is not read.
    """

    name: str
    path: Path
    installation: str | None = None
    family: int | None = None
    group: str | None = None
    known_columns: frozenset[str] | None = None
    coverage: Coverage | None = None
    from_source: bool = False
    table: str | None = None
    mapping: ColumnMapping | None = None
    ledger: LedgerAnswer | None = None
    unreadable: Unreadable | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class TableDraft(CheckedTable):
    """One checked table of a file, and what its rows suggest that it covers. Rows `left_out`, by number, are not imported."""

    coverage: Coverage | None = None
    left_out: frozenset[int] = frozenset()


@dataclass(frozen=True)
class FileDraft:
    """One file. When it has faults of its own, nothing in it can be imported.

    `layouts` are the headers and first rows of its sheets, for a mapping of the columns. `question` is what the importer
    must answer (`Source.ledger`) before it can be imported. With `empties` it can be imported without rows, since it
    removes others.
    """

    name: str
    checksum: str
    size: int
    tables: tuple[TableDraft, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    layouts: tuple[Layout, ...] = ()
    question: Fault | None = None
    empties: bool = False

    @property
    def all_faults(self) -> tuple[Fault, ...]:
        """The file's own faults and those that its tables list."""
        return (*self.faults, *(fault for table in self.tables for fault in table.faults))

    @property
    def fault_count(self) -> int:
        """The number of faults, listed or not."""
        return len(self.faults) + sum(table.fault_count for table in self.tables)

    @property
    def changes(self) -> tuple[Change, ...]:
        """The values that its tables change in the database, those that are listed."""
        return tuple(change for table in self.tables for change in table.changes)

    @property
    def change_count(self) -> int:
        """The number of values that it changes, listed or not."""
        return sum(table.change_count for table in self.tables)

    @property
    def new_rows(self) -> tuple[NewRow, ...]:
        """The rows that the database lacks, those that are listed: some of them, and none of a table where all are new."""
        return tuple(new for table in self.tables for new in table.new_rows)

    @property
    def new_count(self) -> int:
        """The number of new rows of the tables that have such, listed or not."""
        return sum(table.new_count or 0 for table in self.tables if table.new_rows)

    @property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """The values in which rows of one key differ, those that are listed."""
        return tuple(each for table in self.tables for each in table.contradictions)

    @property
    def without_department(self) -> tuple[WithoutDepartment, ...]:
        """The rows that belong to no department, those that are listed."""
        return tuple(each for table in self.tables for each in table.without_department)

    @property
    def without_department_count(self) -> int:
        """The number of rows that belong to no department, listed or not."""
        return sum(table.without_department_count for table in self.tables)

    @property
    def filled_tables(self) -> tuple[TableDraft, ...]:
        """The tables that have rows; all of them where none has."""
        return tuple(table for table in self.tables if table.rows) or self.tables

    @property
    def all_notes(self) -> tuple[Fault, ...]:
        """The notes of the file and its tables, which stop nothing; first those that ask for a look."""
        notes = (*self.notes, *(note for table in self.tables for note in table.notes))
        return tuple(sorted(notes, key=lambda note: note.code not in WARNINGS))


@dataclass(frozen=True)
class AcceptedFile:
    """A file of a draft that is to be imported: its tables, each with what it covers."""

    file: FileDraft
    choice: Literal["all", "good"]
    tables: tuple[tuple[TableDraft, Coverage | None], ...]
    accept_lower: bool = False  # lower counts replace higher ones


class Draft:
    """Checked files. A context manager: closing it closes the connection and removes temporary files.

    `folder` is where it lies as files, if it does: see `data.intake.transfer`.
    """

    def __init__(
        self,
        files: Sequence[FileDraft],
        connection: DuckDBPyConnection,
        resources: ExitStack,
        folder: Path | None = None,
    ) -> None:
        self.files = tuple(files)
        self.folder = folder
        self.connection = connection
        self._resources = resources

    def close(self) -> None:
        """Close the connection and remove temporary files; may be called again."""
        self._resources.close()

    def __enter__(self) -> "Draft":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def unique_names(names: Sequence[str]) -> list[str]:
    """The names, each made unique: a second "antal.csv" becomes "antal (2).csv"."""
    unique: list[str] = []
    for name in names:
        stem, dot, ending = name.rpartition(".")
        tries = (f"{stem or ending} ({n}){dot}{ending if stem else ''}" for n in count(2))
        unique.append(name if name not in unique else next(t for t in tries if t not in unique and t not in names))
    return unique


def merge_groups(files: Sequence[tuple[str | None, FileDraft]]) -> list[FileDraft]:
    """The files of (group, file), those of one group merged into one, in the place of the first."""
    groups: dict[str, list[FileDraft]] = {}
    for i, (group, file) in enumerate(files):
        groups.setdefault(group if group is not None else f"{i}\0", []).append(file)
    return [_merged(key, members) if "\0" not in key else members[0] for key, members in groups.items()]


def _merged(name: str, files: Sequence[FileDraft]) -> FileDraft:
    checksum = hashlib.sha256("".join(f.checksum for f in files).encode()).hexdigest()
    return FileDraft(
        name,
        checksum,
        sum(f.size for f in files),
        tuple(t for f in files for t in f.tables),
        tuple(fault for f in files for fault in f.faults),
        tuple(note for f in files for note in f.notes),
        tuple(layout for f in files for layout in f.layouts),
    )
